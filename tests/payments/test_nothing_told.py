"""No key, card number or secret gets into a log, an error or a result, whatever goes wrong, with everything logged."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.gateway_calls import CALLS
from helpers.gateway_hand import new_key
from helpers.gateway_stages import STAGES
from helpers.gateway_world import World
from helpers.provider import NO_FUNDS
from travellr_desktop.errors import InvalidInput, NotFound, Refusal
from travellr_desktop.payments.gateway import PaymentRefused
from travellr_desktop.payments.sandbox.access import DESK_KEY
from travellr_desktop.payments.sandbox.cards import PRESENTED
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation

SECRET = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
UNKNOWN = "rk_live_51H7xQ2eZvKYlo2C0aT8s9u1"
WORDS = (
    SECRET,
    UNKNOWN,
    SECRET[8:],
    UNKNOWN[8:],
    DESK_KEY,
    "_secret_",
    "Authorization",
    "Bearer",
    *PRESENTED,
)
PERSON = ("mara@example.org", "+38269123456")


class Everything(logging.Handler):
    """All that any part of the program or of its libraries logs, tracebacks included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged() -> Iterator[Everything]:
    everything, root = Everything(), logging.getLogger()
    before = root.level
    root.addHandler(everything)
    root.setLevel(logging.DEBUG)
    yield everything
    root.setLevel(before)
    root.removeHandler(everything)


def told_by(error: BaseException) -> str:
    """An error with all that led to it, as a crash report would print it."""
    return "".join(traceback.format_exception(error))


def assert_nothing_in(text: str) -> None:
    for word in (*WORDS, *PERSON):
        assert word not in text, word


def test_nothing_is_told_by_any_call_that_comes_through(sandbox_file: Path, logged: Everything) -> None:
    with World(sandbox_file, SECRET) as world:
        said = [repr(STAGES[place](world).call()) for place in sorted(STAGES)]
    assert len(logged.lines) > len(STAGES)  # the connections at least
    for word in WORDS:
        assert word not in "\n".join((*said, *logged.lines)), word


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.REPLY_LOST_AFTER,
        FaultKind.TRUNCATED,
        FaultKind.TOO_MANY_REQUESTS,
        FaultKind.KEY_IN_USE,
        FaultKind.SERVER_ERROR_AFTER,
    ],
)
def test_nothing_is_told_by_an_error(sandbox_file: Path, logged: Everything, kind: FaultKind) -> None:
    with World(sandbox_file, SECRET) as world:
        for operation in (Operation.CUSTOMER_CREATE, Operation.READER_PRESENT, Operation.INTENT_CREATE):
            world.control.arm(operation, kind)
        reader, _ = _asking_past(world)
        for call in (
            CALLS["create_customer"],
            CALLS["prepare_payment"],
            lambda gateway: gateway.present_card(reader, "pm_card_visa", key=new_key()),
        ):
            with pytest.raises(Refusal) as caught:
                call(world.gateway)
            logged.lines.append(told_by(caught.value))
            assert "Stripe: " in logged.lines[-1]  # what it can be looked up by
    assert_nothing_in("\n".join(logged.lines))


def _asking_past(world: World) -> tuple[str, str]:
    armed = world.control.faults()
    world.control.disarm()
    found = world.asking()
    for fault in armed:
        world.control.arm(fault.operation, fault.kind)
    return found


def test_nothing_is_told_by_a_refusal(sandbox_file: Path, logged: Everything) -> None:
    with World(sandbox_file, SECRET) as world:
        ref = world.prepared()
        with pytest.raises(PaymentRefused) as declined:
            world.gateway.process_payment(ref, payment_method=NO_FUNDS, key=new_key())
        with pytest.raises(InvalidInput) as no_card:
            world.gateway.present_card("tmr_1", "pm_none", key=new_key())
        with pytest.raises(NotFound) as missing:
            world.gateway.get_customer("cus_none")
    errors = (declined.value, no_card.value, missing.value)
    assert_nothing_in("\n".join([*logged.lines, *map(told_by, errors)]))


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_key_that_is_not_known_is_not_told(sandbox_file: Path, logged: Everything, name: str) -> None:
    with World(sandbox_file, UNKNOWN) as world, pytest.raises(Refusal) as caught:
        CALLS[name](world.gateway)
    assert_nothing_in("\n".join([*logged.lines, told_by(caught.value), repr(caught.value)]))


def test_the_search_sees_what_the_library_would_log(sandbox_file: Path, logged: Everything) -> None:
    """The control: as the library logs by itself, names and card numbers are found."""
    with World(sandbox_file, SECRET) as world:
        reader, _ = world.asking()
        logging.getLogger("stripe").setLevel(logging.DEBUG)
        CALLS["create_customer"](world.gateway)
        world.gateway.present_card(reader, "pm_card_visa", key=new_key())
        logging.getLogger("stripe").setLevel(logging.WARNING)
    text = "\n".join(logged.lines)
    assert "mara%40example.org" in text or "mara@example.org" in text
    assert "4242424242424242" in text
