"""The negative control of the calls: with one parameter more than Stripe knows, or one that is no number where a number
belongs, each of them fails, and has no effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from helpers.gateway_stages import STAGES
from helpers.gateway_world import Place, World
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.gateway import GatewayRefused
from travellr_desktop.payments.sandbox.operations import ROUTES, Operation, find_route

Spoil = Callable[[str], str]


class Spoiling(stripe.HTTPClient):
    """Passes requests on; what goes to one operation is spoilt on the way."""

    name = "spoiling"

    def __init__(self, wire: stripe.HTTPClient) -> None:
        super().__init__()
        self._wire = wire
        self._at: Operation | None = None
        self._spoil: Spoil = str
        self.spoilt = 0

    @contextmanager
    def at(self, operation: Operation, spoil: Spoil) -> Iterator[None]:
        self._at, self._spoil = operation, spoil
        yield
        self._at = None

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, **_: Any
    ) -> tuple[Any, int, Any]:
        address, _mark, query = url.partition("?")
        found = find_route(method, urlsplit(url).path)
        if found is not None and found[0] is self._at:
            before = query, post_data
            if method == "post":
                post_data = self._spoil(post_data or "")
            else:
                query = self._spoil(query)
            self.spoilt += before != (query, post_data)
        return self._wire.request(method, f"{address}?{query}" if query else address, headers, post_data)

    def close(self) -> None:
        self._wire.close()  # type: ignore[no-untyped-call]


def misspelt(form: str) -> str:
    return form + ("&" if form else "") + "amout=1"


def no_number(form: str) -> str:
    """`amount=500` becomes `amount=many`, `limit=100` as well."""
    parts = [part.partition("=") for part in form.split("&")]
    return "&".join(
        f"{name}=many"
        if name.endswith(("amount", "limit", "unit_amount]", "expires_at"))
        else f"{name}={value}"
        for name, _, value in parts
    )


@pytest.fixture
def wire() -> Spoiling:
    return Spoiling(stripe.RequestsClient(timeout=(5.0, 20.0)))


@pytest.fixture
def world(sandbox_file: Path, wire: Spoiling) -> Iterator[World]:
    with World(sandbox_file, wire=wire) as world:
        yield world


# of a probe the refusal is the answer
SPOILABLE = [place for place in sorted(STAGES) if place[0] != "probe_key"]
_WITH_AMOUNT = {
    Operation.INTENT_CREATE,
    Operation.REFUND_CREATE,
    Operation.SESSION_CREATE,
    Operation.TRANSFER_CREATE,
    Operation.REVERSAL_CREATE,
}
NUMBERED = [place for place in SPOILABLE if ROUTES[place[1]].listed or place[1] in _WITH_AMOUNT]


def _named(value: object) -> str:
    return f"{value[0]}: {value[1]}" if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize("place", SPOILABLE, ids=_named)
def test_a_parameter_that_stripe_does_not_know_fails(world: World, wire: Spoiling, place: Place) -> None:
    _fails_with(misspelt, world, wire, place)


@pytest.mark.parametrize("place", NUMBERED, ids=_named)
def test_a_parameter_that_is_no_number_fails(world: World, wire: Spoiling, place: Place) -> None:
    _fails_with(no_number, world, wire, place)


def _fails_with(spoil: Spoil, world: World, wire: Spoiling, place: Place) -> None:
    staged = STAGES[place](world)
    with wire.at(place[1], spoil), pytest.raises(Refusal) as caught:
        staged.call()
    assert type(caught.value) is GatewayRefused
    assert "did not accept" in str(caught.value)
    assert wire.spoilt == 1
    assert (staged.held(), staged.told()) == (staged.before, staged.before)
    staged.call()
    assert (staged.held(), staged.told()) == (staged.after, staged.after)
