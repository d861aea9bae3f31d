"""The Stripe key while the program runs, and the kind that a profile keeps to from its first card payment."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from helpers.books import booking_state, charged, payment_state, refund_states
from helpers.clock import HandClock
from helpers.desk import CASH, VISA, Desk, desk_again, no_wait, open_at
from helpers.keyrings import MemoryKeyring
from helpers.keys import LIVE_KEY, OTHER_TEST_KEY, TEST_KEY
from helpers.raw import dump, rows, value
from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.domain.states import BookingState, PaymentState, RefundState
from travellr_desktop.domain.ways import PaymentsKind, Way
from travellr_desktop.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    OtherPaymentsKind,
    SettingsInvalid,
    WrongState,
)
from travellr_desktop.events import Event, SettingsChanged
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.payments.sandbox.cards import stripe_test_cards
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.transport import Transport
from travellr_desktop.payments.stripe_gateway import StripeGateway
from travellr_desktop.payments.stripe_gateway_http import SandboxClient
from travellr_desktop.services.outcomes import OutcomeState
from travellr_desktop.services.provider import ProviderService
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.secrets import SecretName
from travellr_desktop.storage.commits import Commit, Moment, set_failpoint

PATIENCE = 20
CONFIRM = Operation.INTENT_CONFIRM


def stripe_at(file: Path, kind: PaymentsKind) -> PaymentGateway:
    """The gateway as it is with a key of that kind; what answers is a sandbox."""
    client = SandboxClient(Transport(Sandbox(file)))
    cards = stripe_test_cards() if kind is PaymentsKind.TEST else ()
    return StripeGateway(SANDBOX_KEY, kind=kind, cards=cards, http_client=client, sleep=no_wait)


def kept_kind(desk: Desk) -> str | None:
    kind: str | None = value(desk.database.path, "SELECT payments_kind FROM this_desk")
    return kind


def audited(desk: Desk) -> list[tuple[str, str]]:
    query = "SELECT action, detail FROM audit WHERE action LIKE 'payments.%' ORDER BY at"
    return [(str(action), str(detail)) for action, detail in rows(desk.database.path, query)]


@pytest.fixture
def told(desk: Desk) -> Iterator[list[Event]]:
    heard: list[Event] = []

    def hear(event: SettingsChanged) -> None:
        heard.append(event)

    subscription = desk.services.bus.subscribe(SettingsChanged, hear)
    yield heard
    desk.services.bus.unsubscribe(subscription)


# a key that is entered


def test_a_key_for_this_session_only_is_used_at_once(desk: Desk, told: list[Event]) -> None:
    assert desk.services.is_sandbox
    view = desk.services.provider.set_key(desk.admin, f" {TEST_KEY}\n")
    assert (view.kind, view.keeps_to, view.where) == (PaymentsKind.TEST, None, "kept for this session only")
    assert (view.entered, view.lasts, view.trouble) == (True, False, None)
    assert not desk.services.is_sandbox
    card = desk.services.sales.ways(desk.agent)[0]
    assert VISA in [each.payment_method for each in card.cards]
    assert "pm_card_random" not in [each.payment_method for each in card.cards]
    with pytest.raises(NotFound):
        desk.services.sandbox.view(desk.admin)
    assert [event.payload["names"] for event in told] == [["stripe_api_key"]]
    ((action, detail),) = audited(desk)
    assert action == "payments.key_set"
    assert "test" in detail
    assert not any("Morning" in line for line in dump(desk.database.path))


def test_a_live_key_offers_no_cards_and_vouchers_are_valid(desk: Desk) -> None:
    sale = desk.sold(desk.add_departure(), pay=CASH, adult=1)
    voucher = desk.services.documents.voucher_pictures(desk.agent, sale.bookings[0].id)
    desk.services.provider.set_key(desk.admin, LIVE_KEY)
    assert [each.way for each in desk.services.sales.ways(desk.agent)] == [Way.CASH, Way.LINK]
    assert desk.services.documents.voucher_pictures(desk.agent, sale.bookings[0].id) != voucher


def test_a_test_card_that_is_still_on_the_screen_does_not_make_a_profile_live(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure(), adult=1)
    desk.services.provider.set_key(desk.admin, LIVE_KEY)
    with pytest.raises(InvalidInput, match="here the money is real"):
        desk.sell(hold)
    assert kept_kind(desk) is None
    assert value(desk.database.path, "SELECT count(*) FROM payments") == 0


def test_a_key_is_kept_in_the_keyring_where_there_is_one(desk: Desk) -> None:
    keyring = desk.services.secrets._keyring = MemoryKeyring()
    view = desk.services.provider.set_key(desk.admin, TEST_KEY)
    assert view.lasts
    assert list(keyring.kept.values()) == [TEST_KEY]


@pytest.mark.parametrize(
    "key", ["", "pk_live_51", "sk_live_ключ", "4242424242424242", "sk_test_" + "x" * 1000]
)
def test_what_is_no_key_changes_nothing(key: str, desk: Desk, told: list[Event]) -> None:
    with pytest.raises((InvalidInput, SettingsInvalid)):
        desk.services.provider.set_key(desk.admin, key)
    assert desk.services.is_sandbox
    assert desk.services.secrets.read(SecretName.STRIPE_API_KEY) is None
    assert (told, audited(desk)) == ([], [])


def test_who_may_not_change_settings_may_not_enter_a_key(desk: Desk) -> None:
    provider = desk.services.provider
    with pytest.raises(NotPermitted):
        provider.set_key(desk.agent, TEST_KEY)
    with pytest.raises(NotPermitted):
        provider.forget_key(desk.agent)
    assert not desk.services.provider.view(desk.agent).may_change
    assert desk.services.provider.view(desk.admin).may_change


def test_a_demonstration_stays_in_the_sandbox(desk: Desk) -> None:
    provider = ProviderService(desk.database, desk.program.gateway, desk.services.secrets, None)
    assert not provider.view(desk.admin).may_change
    with pytest.raises(WrongState, match="stays in the sandbox"):
        provider.set_key(desk.admin, TEST_KEY)
    assert desk.services.secrets.read(SecretName.STRIPE_API_KEY) is None


def test_without_a_card_payment_the_kind_changes_freely(desk: Desk) -> None:
    desk.sold(desk.add_departure(), pay=CASH, adult=1)
    kinds = [desk.services.provider.set_key(desk.admin, key).kind for key in (TEST_KEY, LIVE_KEY, TEST_KEY)]
    assert kinds == [PaymentsKind.TEST, PaymentsKind.LIVE, PaymentsKind.TEST]
    assert desk.services.provider.forget_key(desk.admin).kind is PaymentsKind.SANDBOX
    assert kept_kind(desk) is None
    assert desk.services.sandbox.view(desk.admin).succeeded == 0
    desk.sold(desk.add_departure(), adult=1)
    assert kept_kind(desk) == "sandbox"


# a profile that has taken a card payment


@pytest.mark.parametrize("key", [TEST_KEY, LIVE_KEY])
def test_a_profile_of_the_sandbox_refuses_a_key(key: str, desk: Desk, told: list[Event]) -> None:
    desk.sold(desk.add_departure(), adult=1)
    with pytest.raises(OtherPaymentsKind, match="in the sandbox and stays there") as refused:
        desk.services.provider.set_key(desk.admin, key)
    assert "--profile DIR" in refused.value.hint
    assert refused.value.field == "stripe_api_key"
    assert desk.services.is_sandbox
    assert desk.services.secrets.read(SecretName.STRIPE_API_KEY) is None
    assert (told, audited(desk)) == ([], [])
    assert desk.sold(desk.add_departure(), adult=1).state is OutcomeState.PAID


def test_a_declined_card_counts_too(desk: Desk) -> None:
    desk.sold(desk.add_departure(), pay=PayChoice(Way.CARD, "pm_card_visa_chargeDeclined"), adult=1)
    with pytest.raises(OtherPaymentsKind):
        desk.services.provider.set_key(desk.admin, LIVE_KEY)


def test_a_profile_of_test_mode_takes_another_test_key_and_nothing_else(desk: Desk) -> None:
    provider = desk.services.provider
    provider.set_key(desk.admin, TEST_KEY)
    desk.sold(desk.add_departure(), adult=1)
    assert kept_kind(desk) == "test"
    assert provider.set_key(desk.admin, OTHER_TEST_KEY).keeps_to is PaymentsKind.TEST
    with pytest.raises(OtherPaymentsKind, match="for real money") as refused:
        provider.set_key(desk.admin, LIVE_KEY)
    assert refused.value.hint.startswith("Real money needs a profile of its own")
    with pytest.raises(OtherPaymentsKind, match="go to the sandbox"):
        provider.forget_key(desk.admin)
    assert desk.services.secrets.read(SecretName.STRIPE_API_KEY) == OTHER_TEST_KEY
    assert desk.services.provider.kind is PaymentsKind.TEST


def test_an_unknown_payment_does_not_stand_in_the_way_of_the_key_that_reads_it(
    desk: Desk, clock: HandClock
) -> None:
    provider = desk.services.provider
    provider.set_key(desk.admin, TEST_KEY)
    with desk.sandbox() as sandbox:
        sandbox.arm(CONFIRM, FaultKind.REPLY_LOST_AFTER)
    unknown = desk.sold(desk.add_departure(), adult=1)
    assert unknown.state is OutcomeState.UNKNOWN
    provider.set_key(desk.admin, OTHER_TEST_KEY)
    clock.forward(timedelta(minutes=1))
    assert desk.services.payments.recover(start_up=False).payments == 1


def test_while_somebody_is_at_a_charge_the_key_stays(agency: Path, tmp_path: Path) -> None:
    reached, let_go = threading.Event(), threading.Event()

    def wait(_seconds: float) -> None:
        reached.set()
        assert let_go.wait(PATIENCE)

    with desk_again(_copy(agency, tmp_path), sleep=wait) as desk:
        hold = desk.hold(desk.add_departure(), adult=1)
        traveller = desk.traveller()
        with desk.sandbox() as sandbox:
            sandbox.set_latency(1000)
        with ThreadPoolExecutor(1) as pool:
            sale = pool.submit(desk.sell, hold, traveller=traveller)
            assert reached.wait(PATIENCE)
            with pytest.raises(WrongState, match="still under way"):
                desk.services.provider.forget_key(desk.admin)
            with pytest.raises(OtherPaymentsKind):
                desk.services.provider.set_key(desk.admin, TEST_KEY)
            let_go.set()
            assert sale.result(PATIENCE).state is OutcomeState.PAID
        assert desk.services.provider.forget_key(desk.admin).kind is PaymentsKind.SANDBOX
        assert charged(desk) == (4500, 0)


# a door that is behind the times


def test_of_two_programs_the_first_card_payment_decides(desk: Desk, clock: HandClock) -> None:
    with desk_again(desk.profile.folder, clock) as other:
        other.services.provider.set_key(other.admin, LIVE_KEY)
        desk.sold(desk.add_departure(), adult=1)
        hold = other.hold(other.add_departure(), adult=1)
        with pytest.raises(OtherPaymentsKind):
            other.sell(hold)
        counted = value(desk.database.path, "SELECT count(*) FROM payments")
        assert counted == 1
        assert other.sell(hold, pay=CASH).state is OutcomeState.PAID
        other.services.provider.forget_key(other.admin)
        assert other.sold(other.add_departure(), adult=1).state is OutcomeState.PAID


@pytest.fixture
def strange(desk: Desk, tmp_path: Path) -> PaymentGateway:
    """A gateway of another kind than the desk's, with nothing behind it that the desk knows."""
    return stripe_at(tmp_path / "strange.db", PaymentsKind.LIVE)


def test_a_charge_through_a_door_that_has_changed_is_not_sent(desk: Desk, strange: PaymentGateway) -> None:
    def change(commit: Commit, moment: Moment) -> None:
        if (commit, moment) == (Commit.SALE_PLACE, Moment.AFTER):
            desk.program.gateway.change(strange)

    set_failpoint(change)
    try:
        outcome = desk.sold(desk.add_departure(), adult=1)
    finally:
        set_failpoint(None)
    assert outcome.state is OutcomeState.DECLINED
    assert outcome.refusal is not None
    assert outcome.refusal.code == "OtherPaymentsKind"
    assert charged(desk) == (0, 0)
    assert value(desk.profile.folder.parent / "strange.db", "SELECT count(*) FROM intents") == 0
    back_to_the_sandbox(desk)


def test_through_a_door_of_another_kind_nothing_is_read_closed_or_given_back(
    desk: Desk, clock: HandClock, strange: PaymentGateway
) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(CONFIRM, FaultKind.REPLY_LOST_AFTER)
    unknown = desk.sold(desk.add_departure(), adult=1)
    paid = desk.sold(desk.add_departure(), adult=2)
    desk.program.gateway.change(strange)
    booking = paid.bookings[0].id
    desk.cancel(booking)
    assert booking_state(desk, booking) is BookingState.CANCELLED
    clock.forward(timedelta(minutes=1))
    desk.services.payments.recover(start_up=True)
    assert payment_state(desk, unknown.payment_id) is PaymentState.UNKNOWN
    assert refund_states(desk, booking) == [(RefundState.APPROVED, 9000)]
    assert value(desk.profile.folder.parent / "strange.db", "SELECT count(*) FROM intents") == 0
    back_to_the_sandbox(desk)
    desk.services.payments.recover(start_up=True)
    assert payment_state(desk, unknown.payment_id) is PaymentState.COMPLETED
    assert refund_states(desk, booking) == [(RefundState.COMPLETED, 9000)]
    assert charged(desk) == (13500, 9000)


def back_to_the_sandbox(desk: Desk) -> None:
    door = desk.program.gateway
    door.change(stripe_at(desk.profile.sandbox, PaymentsKind.SANDBOX))


# the start


def _copy(agency: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(agency, tmp_path / "profile"))


@pytest.mark.parametrize("key", [TEST_KEY, LIVE_KEY])
def test_a_profile_of_the_sandbox_does_not_open_with_a_key(key: str, agency: Path, tmp_path: Path) -> None:
    folder = _copy(agency, tmp_path)
    with desk_again(folder) as desk:
        desk.sold(desk.add_departure(), adult=1)
        file = desk.database.path
    before = dump(file)
    with pytest.raises(OtherPaymentsKind) as refused:
        open_at(folder, stripe_api_key=SecretStr(key))
    assert "--profile DIR" in refused.value.hint
    assert key not in str(refused.value)
    assert dump(file) == before
    with desk_again(folder) as desk:
        assert desk.services.check.run().ok


def test_a_key_of_the_environment_is_what_forgetting_goes_back_to(agency: Path, tmp_path: Path) -> None:
    with desk_again(_copy(agency, tmp_path), stripe_api_key=SecretStr(TEST_KEY)) as desk:
        assert desk.services.provider.view(desk.admin).where.startswith("from the environment")
        assert desk.services.provider.set_key(desk.admin, LIVE_KEY).kind is PaymentsKind.LIVE
        view = desk.services.provider.forget_key(desk.admin)
        assert (view.kind, view.entered) == (PaymentsKind.TEST, False)


def test_a_profile_of_test_mode_opens_without_its_key_and_waits_for_it(
    agency: Path, tmp_path: Path, clock: HandClock
) -> None:
    """A key that was for one session only is gone: it can be entered again, and nothing is lost until then."""
    folder = _copy(agency, tmp_path)
    with desk_again(folder, clock) as desk:
        desk.services.provider.set_key(desk.admin, TEST_KEY)
        with desk.sandbox() as sandbox:
            sandbox.arm(CONFIRM, FaultKind.REPLY_LOST_AFTER)
        unknown = desk.sold(desk.add_departure(), adult=1)
        booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    with desk_again(folder, clock) as desk:
        view = desk.services.provider.view(desk.admin)
        assert (view.kind, view.keeps_to) == (PaymentsKind.TEST, PaymentsKind.TEST)
        assert view.trouble is KeyTrouble.MISSING
        assert [each.way for each in desk.services.sales.ways(desk.agent)] == [Way.CASH]
        refused = desk.sold(desk.add_departure(), adult=1)
        assert refused.refusal is not None
        assert refused.refusal.sentence == "No payment key is set. Nothing was sent to Stripe."
        desk.cancel(booking)
        desk.services.payments.recover(start_up=True)
        assert payment_state(desk, unknown.payment_id) is PaymentState.UNKNOWN
        assert refund_states(desk, booking) == [(RefundState.APPROVED, 9000)]
        with pytest.raises(OtherPaymentsKind):
            desk.services.provider.set_key(desk.admin, LIVE_KEY)
        assert desk.services.provider.set_key(desk.admin, TEST_KEY).trouble is None
        clock.forward(timedelta(hours=2))
        desk.services.payments.recover(start_up=True)
        assert payment_state(desk, unknown.payment_id) is PaymentState.COMPLETED
        assert refund_states(desk, booking) == [(RefundState.COMPLETED, 9000)]
        assert charged(desk) == (13500, 9000)
        assert desk.services.check.run().ok
