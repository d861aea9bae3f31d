"""What the parts of the gateway share: the client, and the one way in which anything is sent.

Results are the port's, and so is every error. The library takes a moment to load and is loaded when the first gateway
is made.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol, TypedDict, TypeVar

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.gateway import TestCard
from travellr_desktop.payments.retries import NETWORK_RETRIES, RATE_LIMIT_WAITS
from travellr_desktop.payments.stripe_gateway.reading import HasId, reads

if TYPE_CHECKING:
    import stripe
    from stripe import HTTPClient

T = TypeVar("T")
Item = TypeVar("Item", bound=HasId)

PAGE = 100
"""How many objects of a list are asked for at a time: the most there may be."""


class Turn(TypedDict, total=False):
    """Where a part of a list begins: after the object of that id, or at the newest."""

    starting_after: str


class Part(Protocol[Item]):
    """A part of a list, as the library has it."""

    data: list[Item]
    has_more: bool


@reads
def part_of(part: Part[Item]) -> tuple[list[Item], str | None]:
    """What is in a part of a list, and after which object the next part begins, if there is one."""
    return part.data, part.data[-1].id if part.has_more else None


class Calling:
    """`kind` is what the key is of. `cards` may be picked by name; leave them empty where real money moves.
    `http_client` stands in for the network and is closed with the gateway. `sleep` spends the waits between
    repetitions of a request that met a rate limit."""

    def __init__(
        self,
        api_key: str,
        *,
        kind: PaymentsKind,
        cards: tuple[TestCard, ...] = (),
        http_client: HTTPClient | None = None,
        api_base: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        import stripe

        from travellr_desktop.payments.stripe_gateway_http import Watched, network_client

        stripe.enable_telemetry = False  # else it sends timings along, and keeps a file for them
        # below that the library tells all that it sends, names and card numbers too
        logging.getLogger("stripe").setLevel(logging.WARNING)
        self._http = Watched(http_client or network_client())
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={} if api_base is None else {"api": api_base},
            http_client=self._http,
            max_network_retries=NETWORK_RETRIES,
        )
        self._kind = kind
        self._is_restricted = api_key.startswith("rk_")
        self._cards = cards
        self._sleep = sleep

    @property
    def kind(self) -> PaymentsKind:
        return self._kind

    @property
    def is_sandbox(self) -> bool:
        return self._kind is PaymentsKind.SANDBOX

    @property
    def begins_payments(self) -> bool:
        return True

    def test_cards(self) -> tuple[TestCard, ...]:
        return self._cards

    def close(self) -> None:
        self._http.close()

    # for the parts

    def _call(
        self,
        send: Callable[[], T],
        *,
        refusal: Callable[[stripe.StripeError], Refusal] | None = None,
    ) -> T:
        """Send, wait and send again where there is a rate limit, and let no error of the library out."""
        from stripe import RateLimitError, StripeError

        from travellr_desktop.payments.stripe_gateway_errors import in_short, in_view_of_all_tries, refusal_of

        self._http.begin_call()
        for wait in (*RATE_LIMIT_WAITS, None):
            try:
                return send()
            except StripeError as error:
                if wait is None or not isinstance(error, RateLimitError):
                    told = (refusal or refusal_of)(error)
                    told = in_view_of_all_tries(told, error, unanswered=self._http.unanswered)
                    told.add_note(in_short(error))
                    # without the error itself: some carry all that was answered, with names and secrets
                    raise told from None
                self._sleep(wait)
        raise AssertionError("the last turn returns or raises")

    def _each(self, part: Callable[[Turn], Part[Item]]) -> Iterator[Item]:
        """All objects of a list, newest first. `part` asks for one part of it."""
        turn: Turn = {}
        while True:
            items, after = part_of(self._call(lambda: part(turn)))  # noqa: B023 - called at once
            yield from items
            if after is None:
                return
            turn = {"starting_after": after}
