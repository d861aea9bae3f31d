"""What a key can do is tried without changing anything, and a key that can do too much is not kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from helpers.canned import canned, stripe_error
from helpers.gateway_hand import Hand
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.errors import OtherPaymentsKind
from travellr_desktop.payments.gateway import (
    GatewayRefused,
    KeyProbe,
    KeyTooStrong,
    Power,
    fitness,
    refuse_unfit,
)
from travellr_desktop.payments.port.keys import NEEDED, told
from travellr_desktop.payments.sandbox.access import DESK_KEY, OFFICE_KEY, READ_ONLY_KEY
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.transport import Transport
from travellr_desktop.payments.stripe_gateway import StripeGateway
from travellr_desktop.payments.stripe_gateway_http import SandboxClient

DESK, OFFICE, STANDALONE = ProfileKind.DESK, ProfileKind.OFFICE, ProfileKind.STANDALONE
LIVE, TEST = PaymentsKind.LIVE, PaymentsKind.TEST


@contextmanager
def with_key(file: Path, key: str, kind: PaymentsKind = TEST) -> Iterator[StripeGateway]:
    client = SandboxClient(Transport(Sandbox(file)))
    with closing(StripeGateway(key, kind=kind, http_client=client, sleep=lambda _: None)) as gateway:
        yield gateway


def restricted(*powers: Power, kind: PaymentsKind = TEST) -> KeyProbe:
    return KeyProbe(kind, True, frozenset(powers))


@pytest.mark.parametrize(
    ("key", "is_restricted", "powers"),
    [
        (DESK_KEY, True, NEEDED[DESK]),
        (OFFICE_KEY, True, NEEDED[OFFICE]),
        (READ_ONLY_KEY, True, {Power.BALANCE}),
        ("sk_test_whole", False, set(Power)),
    ],
)
def test_a_key_is_tried_for_what_it_can_do(
    sandbox_file: Path, key: str, is_restricted: bool, powers: set[Power]
) -> None:
    with with_key(sandbox_file, key) as gateway:
        assert gateway.probe_key() == KeyProbe(TEST, is_restricted, frozenset(powers))


def test_trying_a_key_changes_nothing(sandbox_file: Path, hand: Hand) -> None:
    payment = hand.paid()
    hand.asking()
    with SandboxControl(sandbox_file) as control:
        before = (control.counts(), control.balances(), hand.gateway.events(), hand.gateway.readers())
        with with_key(sandbox_file, OFFICE_KEY) as gateway:
            gateway.probe_key()
        assert before == (
            control.counts(),
            control.balances(),
            hand.gateway.events(),
            hand.gateway.readers(),
        )
    assert hand.gateway.get_payment_status(payment).refunded.minor == 0


def test_a_key_that_the_provider_does_not_know_is_refused_as_a_whole(sandbox_file: Path) -> None:
    with (
        with_key(sandbox_file, "rk_live_somebody", LIVE) as gateway,
        pytest.raises(GatewayRefused, match="does not accept the payment key") as caught,
    ):
        gateway.probe_key()
    assert "somebody" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "powers"),
    [
        (403, stripe_error("more_permissions_required"), set()),
        (404, stripe_error("resource_missing"), set(Power)),
        (400, stripe_error("parameter_missing", param="amount"), set(Power)),
    ],
)
def test_what_stripe_says_to_a_try_is_what_the_key_may(status: int, body: object, powers: set[Power]) -> None:
    with closing(canned(status, body)) as gateway:
        assert gateway.probe_key().powers == powers


# a profile's kind against a key


@pytest.mark.parametrize(
    ("key", "profile", "fits"),
    [
        (DESK_KEY, DESK, True),
        (DESK_KEY, OFFICE, True),  # too weak is said, and not refused
        (DESK_KEY, STANDALONE, True),
        (OFFICE_KEY, DESK, False),
        (OFFICE_KEY, OFFICE, True),
        (OFFICE_KEY, STANDALONE, True),
        (READ_ONLY_KEY, DESK, False),
        ("sk_test_whole", DESK, False),
        ("sk_test_whole", OFFICE, False),
        ("sk_test_whole", STANDALONE, False),
    ],
)
def test_a_key_of_each_kind_against_a_profile_of_each_kind(
    sandbox_file: Path, key: str, profile: ProfileKind, fits: bool
) -> None:
    with with_key(sandbox_file, key) as gateway:
        probe = gateway.probe_key()
    assert fitness(probe, profile, None).fits is fits
    if fits:
        refuse_unfit(probe, profile, TEST)
    else:
        with pytest.raises(KeyTooStrong) as caught:
            refuse_unfit(probe, profile, TEST)
        assert caught.value.field == "stripe_api_key" and caught.value.hint


def test_a_desks_key_lacks_at_the_office_what_vendors_are_paid_with() -> None:
    found = refuse_unfit(restricted(*NEEDED[DESK]), OFFICE, None)
    assert found.missing == {Power.TRANSFERS, Power.BALANCE}
    assert not found.excess


@pytest.mark.parametrize("profile", ProfileKind)
@pytest.mark.parametrize("power", Power)
def test_one_power_too_many_is_refused_by_its_name(profile: ProfileKind, power: Power) -> None:
    probe = restricted(*NEEDED[profile], power)
    if power in NEEDED[profile]:
        assert refuse_unfit(probe, profile, None).fits
        return
    with pytest.raises(KeyTooStrong, match=power.value):
        refuse_unfit(probe, profile, None)


@pytest.mark.parametrize("profile", ProfileKind)
@pytest.mark.parametrize("power", Power)
def test_one_power_too_few_is_told_and_not_refused(profile: ProfileKind, power: Power) -> None:
    found = refuse_unfit(restricted(*(NEEDED[profile] - {power})), profile, None)
    assert found.missing == NEEDED[profile] & {power}


@pytest.mark.parametrize(
    ("kind", "keeps_to", "mixed"),
    [
        (LIVE, TEST, True),
        (TEST, LIVE, True),
        (TEST, PaymentsKind.SANDBOX, True),
        (LIVE, LIVE, False),
        (TEST, None, False),
        (LIVE, None, False),
    ],
)
def test_live_and_test_are_never_mixed(
    kind: PaymentsKind, keeps_to: PaymentsKind | None, mixed: bool
) -> None:
    probe = restricted(*NEEDED[DESK], kind=kind)
    assert fitness(probe, DESK, keeps_to).other_kind is mixed
    if mixed:
        with pytest.raises(OtherPaymentsKind, match="this profile has taken") as caught:
            refuse_unfit(probe, DESK, keeps_to)
        assert caught.value.field == "stripe_api_key"
    else:
        refuse_unfit(probe, DESK, keeps_to)


def test_powers_are_told_in_words_in_one_order() -> None:
    assert told({Power.REFUNDS, Power.PAYMENTS, Power.LINKS}) == "payments, links and refunds"
    assert told({Power.BALANCE}) == "balance"
    assert told(set()) == ""
