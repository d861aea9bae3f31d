"""Where card payments go, and the Stripe key that decides it. A key is used from the moment it is entered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock

from travellr_desktop.domain.permissions import Actor, Permission, allowed, require
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import WrongState
from travellr_desktop.events import SettingsChanged
from travellr_desktop.payments.door import GatewayDoor
from travellr_desktop.payments.factory import kind_of
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.payments.keyless import KeylessGateway
from travellr_desktop.services.pinning import refuse_other
from travellr_desktop.services.secrets import SecretName, SecretStore, checked_secret
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database, UnitOfWork

_KEY = SecretName.STRIPE_API_KEY


@dataclass(frozen=True, slots=True)
class ProviderView:
    """`kind` is where card payments go now; `keeps_to` is set once the profile has taken one, and stays. `where` says
    where the key is that is used ("not set"), `place` where the next would be kept; `lasts` whether it would still be
    there at the next start. `entered`: there is a key that can be forgotten. `key_missing`: payments went to Stripe,
    and there is no key now. `may_change` is False for who may not, and on a profile that stays in the sandbox."""

    kind: PaymentsKind
    keeps_to: PaymentsKind | None
    where: str
    place: str
    lasts: bool
    entered: bool
    key_missing: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The door to be changed, and what opens the gateway that goes with a key (the sandbox with None), sending
    nothing; it raises `SettingsInvalid` for what is no key, `StorageRefusal` for a sandbox that cannot be used."""

    door: GatewayDoor
    open: Callable[[str | None], PaymentGateway]


def first_gateway(
    database: Database, key: str | None, opened: Callable[[str | None], PaymentGateway]
) -> PaymentGateway:
    """The gateway of a program that starts with that key. A profile that has gone to Stripe, and has no key now, has
    one that sends nothing, so that the key can be entered.

    Raises `OtherPaymentsKind` where the key is of another kind than the card payments that were taken, and what
    `opened` raises."""
    with database.read() as view:
        keeps_to = view.agency.payments_kind()
        if key is None and keeps_to not in (None, PaymentsKind.SANDBOX):
            return KeylessGateway(keeps_to)
        refuse_other(view, kind_of(key))
    return opened(key)


class ProviderService:
    def __init__(
        self, database: Database, gateway: PaymentGateway, secrets: SecretStore, change: KeyChange | None
    ) -> None:
        """Without `change` the profile stays with the gateway it has."""
        self._db = database
        self._gateway = gateway
        self._secrets = secrets
        self._change = change
        self._one_at_a_time = Lock()

    @property
    def kind(self) -> PaymentsKind:
        """Where card payments go now. Asks nobody: may be read on any thread."""
        return self._gateway.kind

    @property
    def is_sandbox(self) -> bool:
        return self._gateway.is_sandbox

    def view(self, actor: Actor) -> ProviderView:
        """Anybody may see where the money goes; the key itself is never shown. May wait for the system keyring."""
        with self._db.read() as view:
            keeps_to = view.agency.payments_kind()
        kind = self._gateway.kind
        has_key = self._secrets.read(_KEY) is not None
        return ProviderView(
            kind=kind,
            keeps_to=keeps_to,
            where=self._secrets.where(_KEY),
            place=self._secrets.place(),
            lasts=self._secrets.lasts,
            entered=self._secrets.entered(_KEY),
            key_missing=kind is not PaymentsKind.SANDBOX and not has_key,
            may_change=self._change is not None and allowed(actor.role, Permission.SETTINGS_WRITE),
        )

    def set_key(self, actor: Actor, key: str) -> ProviderView:
        """Use this key from now on, and keep it.

        Raises `InvalidInput` or `SettingsInvalid` for what is no key, `OtherPaymentsKind` where the profile keeps to
        another kind, `WrongState` while somebody is at a payment or a refund. Then everything stays as it was."""
        require(actor, Permission.SETTINGS_WRITE)
        secret = checked_secret(_KEY, key)
        with self._one_at_a_time:
            self._go_to(actor, secret, "payments.key_set")
            self._secrets.write(_KEY, secret)
        return self.view(actor)

    def forget_key(self, actor: Actor) -> ProviderView:
        """Forget what was entered. Payments then go where the environment's key leads, or to the sandbox.

        Raises `OtherPaymentsKind` where the profile keeps to another kind than that, `WrongState` while somebody is
        at a payment or a refund. Then everything stays as it was."""
        require(actor, Permission.SETTINGS_WRITE)
        with self._one_at_a_time:
            self._go_to(actor, self._secrets.given(_KEY), "payments.key_forget")
            self._secrets.forget(_KEY)
        return self.view(actor)

    def _go_to(self, actor: Actor, key: str | None, action: str) -> None:
        if self._change is None:
            raise WrongState(
                "This profile stays in the sandbox.", hint="Enter the key in a profile of your own."
            )
        fresh = self._change.open(key)
        with ExitStack() as unused, self._db.write(Commit.SETTINGS_SAVE, actor) as work:
            unused.callback(fresh.close)
            refuse_other(work, fresh.kind)
            self._refuse_under_way(work)
            agency, was = work.agency.get(), self._gateway.kind
            work.audit(action, "agency", agency.id, kind=fresh.kind.value, was=was.value)
            work.publish(
                SettingsChanged(aggregate_id=agency.id, timestamp=work.now, names=("stripe_api_key",))
            )
            work.commit()
            # inside: the next payment of this program is created after it, for the new kind
            self._change.door.change(fresh)
            unused.pop_all()

    def _refuse_under_way(self, work: UnitOfWork) -> None:
        """Somebody may be between two calls about one payment. One that waits to be read again is no reason: it may
        wait for this very key."""
        busy = self._db.workers.busy
        if any(busy(row.worker, row.id) for row in work.payments.in_flight()) or any(
            busy(row.worker, row.id) for row in work.refunds.in_flight()
        ):
            raise WrongState(
                "A payment is still under way.", hint="Wait until its outcome is shown, then try again."
            )
