from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from helpers.provider import Provider
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import SettingsInvalid, StorageRefusal
from travellr_desktop.payments.factory import GatewaySettings, checked_key, kind_of, open_gateway
from travellr_desktop.payments.gateway import GatewayRefused
from travellr_desktop.payments.sandbox.server import READ_ONLY_KEY, Sandbox
from travellr_desktop.payments.sandbox.transport import Transport
from travellr_desktop.payments.stripe_gateway import StripeGateway
from travellr_desktop.payments.stripe_gateway_http import SandboxClient


def test_the_sandbox_opens_at_its_file(sandbox_file: Path) -> None:
    with closing(open_gateway(GatewaySettings(PaymentsKind.SANDBOX, sandbox_file))) as gateway:
        assert gateway.is_sandbox
        Provider(gateway).paid()
    assert sandbox_file.exists()


def test_the_sandbox_needs_a_file() -> None:
    with pytest.raises(SettingsInvalid):
        open_gateway(GatewaySettings(PaymentsKind.SANDBOX))


def test_a_sandbox_that_is_no_database_is_refused_and_left_as_it_was(sandbox_file: Path) -> None:
    sandbox_file.write_text("not a database, and not a short text either " * 40)
    with pytest.raises(StorageRefusal) as caught:
        open_gateway(GatewaySettings(PaymentsKind.SANDBOX, sandbox_file))
    assert str(sandbox_file) in str(caught.value)
    assert sandbox_file.read_text().startswith("not a database")


def test_cards_are_picked_by_name_in_test_mode_never_where_money_is_real() -> None:
    with closing(open_gateway(GatewaySettings(PaymentsKind.TEST, api_key="rk_test_a1"))) as gateway:
        assert not gateway.is_sandbox
        methods = [card.payment_method for card in gateway.test_cards()]
        assert "pm_card_visa" in methods and "pm_card_random" not in methods
    with closing(open_gateway(GatewaySettings(PaymentsKind.LIVE, api_key="rk_live_a1"))) as gateway:
        assert gateway.test_cards() == ()


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (PaymentsKind.LIVE, "sk_test_a1"),
        (PaymentsKind.LIVE, "rk_test_a1"),
        (PaymentsKind.TEST, "sk_live_a1"),
        (PaymentsKind.TEST, "rk_live_a1"),
        (PaymentsKind.TEST, "pk_test_a1"),
        (PaymentsKind.LIVE, "pk_live_a1"),
        (PaymentsKind.LIVE, "whsec_a1"),
        (PaymentsKind.LIVE, "sk_live_"),
        (PaymentsKind.LIVE, "sk_live_ключ"),
        (PaymentsKind.LIVE, ""),
        (PaymentsKind.LIVE, None),
    ],
)
def test_a_key_of_another_kind_is_refused_without_being_told(kind: PaymentsKind, key: str | None) -> None:
    settings = GatewaySettings(kind, api_key=key)
    with pytest.raises(SettingsInvalid) as caught:
        open_gateway(settings)
    assert caught.value.field == "stripe_api_key"
    assert caught.value.hint
    if key:
        assert key not in str(caught.value) + repr(settings)


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


def test_a_key_pasted_with_spaces_is_taken() -> None:
    assert checked_key(PaymentsKind.LIVE, " rk_live_a1\n") == "rk_live_a1"


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
