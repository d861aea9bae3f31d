from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from helpers.provider import Provider
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import SettingsInvalid, StorageRefusal
from travellr_desktop.payments.factory import kind_of, open_gateway
from travellr_desktop.payments.gateway import GatewayRefused
from travellr_desktop.payments.sandbox.access import READ_ONLY_KEY
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.transport import Transport
from travellr_desktop.payments.stripe_gateway import StripeGateway
from travellr_desktop.payments.stripe_gateway_http import SandboxClient


def test_the_sandbox_opens_at_its_file(sandbox_file: Path) -> None:
    with closing(open_gateway(None, sandbox_file)) as gateway:
        assert gateway.is_sandbox
        Provider(gateway).paid()
    assert sandbox_file.exists()


def test_a_sandbox_that_is_no_database_is_refused_and_left_as_it_was(sandbox_file: Path) -> None:
    sandbox_file.write_text("not a database, and not a short text either " * 40)
    with pytest.raises(StorageRefusal) as caught:
        open_gateway(None, sandbox_file)
    assert str(sandbox_file) in str(caught.value)
    assert sandbox_file.read_text().startswith("not a database")


def test_cards_are_picked_by_name_in_test_mode_never_where_money_is_real(sandbox_file: Path) -> None:
    with closing(open_gateway("rk_test_a1", sandbox_file)) as gateway:
        assert not gateway.is_sandbox
        methods = [card.payment_method for card in gateway.test_cards()]
        assert "pm_card_visa" in methods and "pm_card_random" not in methods
    with closing(open_gateway(" rk_live_a1\n", sandbox_file)) as gateway:
        assert gateway.kind is PaymentsKind.LIVE
        assert gateway.test_cards() == ()
    assert not sandbox_file.exists()


@pytest.mark.parametrize("key", ["pk_test_a1", "pk_live_a1", "whsec_a1", "sk_live_", "sk_live_ключ", ""])
def test_what_is_no_secret_key_is_refused_without_being_told(key: str, sandbox_file: Path) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        open_gateway(key, sandbox_file)
    assert caught.value.field == "STRIPE_API_KEY"
    assert caught.value.hint
    assert "a1" not in str(caught.value) and "ключ" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (None, PaymentsKind.SANDBOX),
        ("sk_test_1", PaymentsKind.TEST),
        ("rk_test_live_1", PaymentsKind.TEST),
        ("sk_live_1", PaymentsKind.LIVE),
        (" rk_live_1\n", PaymentsKind.LIVE),
    ],
)
def test_the_key_says_where_payments_go(key: str | None, kind: PaymentsKind) -> None:
    assert kind_of(key) is kind


@pytest.mark.parametrize(
    ("key", "sentence"), [("sk_live_a1", "does not accept"), (READ_ONLY_KEY, "may not do this")]
)
def test_a_key_that_the_provider_refuses_is_said_in_a_plain_sentence(
    sandbox_file: Path, key: str, sentence: str
) -> None:
    client = SandboxClient(Transport(Sandbox(sandbox_file)))
    with (
        closing(StripeGateway(key, kind=PaymentsKind.TEST, http_client=client)) as gateway,
        pytest.raises(GatewayRefused, match=sentence),
    ):
        Provider(gateway).prepare()


def test_the_library_is_not_loaded_before_a_gateway_is_made() -> None:
    code = (
        "import sys, travellr_desktop.payments.factory, travellr_desktop.payments.stripe_gateway,"
        " travellr_desktop.payments.sandbox.control;"
        "sys.exit('stripe' in sys.modules or 'requests' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
