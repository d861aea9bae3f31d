"""What a key of Stripe can do, tried out without changing anything.

Stripe looks at a key's rights before it looks at what is asked. So a write that names an object that does not exist,
or leaves out what it must have, is refused either way, and by which error tells whether the key may.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from travellr_desktop.payments.gateway import KeyProbe, Power
from travellr_desktop.payments.stripe_gateway.calling import Calling

if TYPE_CHECKING:
    from stripe.params import RefundCreateParams, TransferCreateParams

_NO_REFUND: RefundCreateParams = {"payment_intent": "pi_none"}
# without an amount, which it must have
_NO_TRANSFER: TransferCreateParams = {"currency": "eur", "destination": "acct_none"}


class KeyPart(Calling):
    def probe_key(self) -> KeyProbe:
        client = self._client
        tries: dict[Power, Callable[[], object]] = {
            Power.PAYMENTS: lambda: client.v1.payment_intents.cancel("pi_none"),
            Power.LINKS: lambda: client.v1.checkout.sessions.expire("cs_none"),
            Power.CUSTOMERS: lambda: client.v1.customers.update("cus_none"),
            Power.READERS: lambda: client.v1.terminal.readers.cancel_action("tmr_none"),
            Power.REFUNDS: lambda: client.v1.refunds.create(_NO_REFUND),
            Power.TRANSFERS: lambda: client.v1.transfers.create(_NO_TRANSFER),
            Power.BALANCE: client.v1.balance.retrieve,
        }
        powers = frozenset(power for power, attempt in tries.items() if self._may(attempt))
        return KeyProbe(self._kind, self._is_restricted, powers)

    def _may(self, attempt: Callable[[], object]) -> bool:
        import stripe

        def tried() -> bool:
            try:
                attempt()
            except stripe.PermissionError:
                return False
            except stripe.InvalidRequestError:
                return True
            return True

        return self._call(tried)
