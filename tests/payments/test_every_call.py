"""Every call that the gateway makes of Stripe's library, over a real socket: it comes through, and each fault that it
can meet is heard for what it is. After each, what the gateway says and what the sandbox's file holds are the same:
nothing is lost, nothing is doubled."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

import travellr_desktop.payments.stripe_gateway as package
from helpers.gateway_stages import STAGES
from helpers.gateway_world import Place, Staged, World
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.gateway import (
    AuthenticationRequired,
    CardDeclined,
    ExpiredCard,
    GatewayBusy,
    InsufficientFunds,
    OutcomeUnknown,
    Power,
)
from travellr_desktop.payments.sandbox.faults import DECLINES, FaultKind, possible
from travellr_desktop.payments.sandbox.operations import Operation

HEARD: dict[FaultKind, type[Refusal]] = {
    FaultKind.INSUFFICIENT_FUNDS: InsufficientFunds,
    FaultKind.CARD_DECLINED: CardDeclined,
    FaultKind.EXPIRED_CARD: ExpiredCard,
    FaultKind.AUTHENTICATION_REQUIRED: AuthenticationRequired,
    # over a socket somebody took the connection: that nothing was sent is heard where nobody listens
    FaultKind.UNREACHABLE: OutcomeUnknown,
    FaultKind.REPLY_LOST_BEFORE: OutcomeUnknown,
    FaultKind.REPLY_LOST_AFTER: OutcomeUnknown,
    FaultKind.LATE: OutcomeUnknown,
    FaultKind.TRUNCATED: OutcomeUnknown,
    FaultKind.KEY_IN_USE: GatewayBusy,
    FaultKind.TOO_MANY_REQUESTS: GatewayBusy,
    FaultKind.SERVER_ERROR_BEFORE: OutcomeUnknown,
    FaultKind.SERVER_ERROR_AFTER: OutcomeUnknown,
}
HAPPENED = {
    FaultKind.REPLY_LOST_AFTER,
    FaultKind.LATE,
    FaultKind.TRUNCATED,
    FaultKind.SERVER_ERROR_AFTER,
    FaultKind.READER_TIMEOUT,
}
KEPT = {
    *DECLINES,
    FaultKind.SERVER_ERROR_AFTER,
    FaultKind.READER_OFFLINE,
    FaultKind.READER_BUSY,
    FaultKind.BALANCE_INSUFFICIENT,
}
"""The provider keeps that very answer under the key."""


def called_places() -> Iterator[Place]:
    """The gateway's methods and the calls `….v1.…` in them, as its source has them."""
    for file in sorted(Path(package.__file__).parent.glob("*.py")):
        for part in ast.parse(file.read_text(encoding="utf-8")).body:
            for method in part.body if isinstance(part, ast.ClassDef) else [part]:
                for name in _calls_of_the_library(method):
                    yield getattr(method, "name", ""), Operation(name)


def _calls_of_the_library(tree: ast.AST) -> Iterator[str]:
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in inner:
            names = _dotted(node)
            if "v1" in names:
                yield ".".join(names[names.index("v1") + 1 :])


def _dotted(node: ast.expr) -> list[str]:
    """The names of an attribute, the last ones where it is one of something that is called."""
    match node:
        case ast.Attribute(value=value, attr=name):
            return [*_dotted(value), name]
        case ast.Name(id=name):
            return [name]
    return []


PLACES = sorted(set(called_places()))


def _faults(place: Place) -> list[FaultKind]:
    return [kind for kind in FaultKind if possible(place[1], kind)]


def _named(value: object) -> str:
    return f"{value[0]}: {value[1]}" if isinstance(value, tuple) else str(value)


@pytest.fixture
def world(sandbox_file: Path) -> Iterator[World]:
    with World(sandbox_file) as world:
        yield world
        assert world.control.problems() == ()


def test_every_call_in_the_source_is_staged_and_nothing_else() -> None:
    assert sorted(STAGES) == PLACES


def test_every_write_carries_the_key_that_it_was_given() -> None:
    """But for the tries of a key, which have no effect that could be doubled."""
    bare = []
    for file in Path(package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and "v1" in (names := _dotted(node.func)):
                operation = Operation(".".join(names[names.index("v1") + 1 :]))
                options = [ast.unparse(each) for each in (*node.args, *node.keywords)]
                if operation.writes and not any("'idempotency_key'" in option for option in options):
                    bare.append((file.stem, operation))
    assert {file for file, _ in bare} == {"keys"}
    assert len(bare) == len(Power) - 1  # the balance is read


def test_no_call_hides_from_the_reading_of_the_source() -> None:
    """The control, and the ways around it: a request by its address, and a service by the text of its name."""
    source = """
def hidden(self):
    later = [lambda: self._client.v1.disputes.list({"limit": 1}).data]
    return partial(client.v1.charges.retrieve, "ch_1"), later
"""
    assert set(_calls_of_the_library(ast.parse(source))) == {"disputes.list", "charges.retrieve"}
    for file in Path(package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            assert getattr(node, "attr", "") not in {"raw_request", "rawRequest", "v2"}, file.name
            assert getattr(node, "value", "") != "v1", file.name


@pytest.mark.parametrize("place", PLACES, ids=_named)
def test_a_call_comes_through_once(world: World, place: Place) -> None:
    staged = STAGES[place](world)
    staged.call()
    assert (staged.held(), staged.told()) == (staged.after, staged.after)
    staged.call()
    assert (staged.held(), staged.told()) == (staged.after, staged.after)


def _meetings() -> Iterator[ParameterSet]:
    """Each call with each fault that it can meet. What happened and was not heard of is met by every write, and an
    answer that is kept by all; of all else a call meets every second fault, the next call the others: both for the
    soak."""
    for number, place in enumerate(PLACES):
        for turn, kind in enumerate(_faults(place)):
            always = kind in KEPT or (place[1].writes and kind in HAPPENED)
            marks = () if always or (number + turn) % 2 == 0 else (pytest.mark.soak,)
            yield pytest.param(place, kind, id=f"{_named(place)}-{_named(kind)}", marks=marks)


@pytest.mark.parametrize(("place", "kind"), list(_meetings()))
def test_a_fault_is_heard_for_what_it_is_and_the_same_again_heals_it(
    world: World, place: Place, kind: FaultKind
) -> None:
    staged = STAGES[place](world)
    if kind in staged.passes:
        world.control.arm(place[1], kind)
        staged.call()
        world.control.disarm()
        assert (staged.held(), staged.told()) == (staged.after, staged.after)
        return
    _meet(world, staged, place[1], kind)

    happened = place[1].writes and kind in HAPPENED
    now = staged.after if happened else staged.before
    assert (staged.held(), staged.told()) == (now, now)

    heard = staged.answers[kind] if kind in staged.answers else HEARD[kind]
    if kind in KEPT and heard is not None and not staged.heals:
        with pytest.raises(heard):
            staged.call()
    else:
        staged.call()
        now = staged.before if kind in DECLINES else staged.after
    assert (staged.held(), staged.told()) == (now, now)


def _meet(world: World, staged: Staged, operation: Operation, kind: FaultKind) -> None:
    """Make the call while the fault is on, and hear it."""
    if kind is FaultKind.LATE:
        world.hurry(operation)
    world.control.arm(operation, kind)
    heard = staged.answers[kind] if kind in staged.answers else HEARD[kind]
    if heard is None:
        staged.call()
    else:
        with pytest.raises(heard) as caught:
            staged.call()
        assert type(caught.value) is heard
        assert caught.value.hint
    if kind is FaultKind.LATE:
        world.rest()
        world.control.disarm()
    assert world.control.faults() == ()


WRITES = [place for place in PLACES if place[1].writes and place[0] != "probe_key"]


@pytest.mark.parametrize("place", WRITES, ids=_named)
def test_threads_with_one_key_have_one_effect(world: World, place: Place) -> None:
    staged, together = STAGES[place](world), threading.Barrier(4)

    def once() -> str:
        together.wait()
        try:
            staged.call()
        except GatewayBusy:
            return "busy"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        said = {future.result() for future in [pool.submit(once) for _ in range(4)]}
    assert "done" in said
    assert (staged.held(), staged.told()) == (staged.after, staged.after)
