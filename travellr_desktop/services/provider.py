"""Where card payments go, and the key of the provider that decides it. A key is tried before it is taken, and used from
then on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from threading import Lock

from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, allowed, require
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.errors import Refusal, WrongState
from travellr_desktop.events import SettingsChanged
from travellr_desktop.payments.door import GatewayDoor
from travellr_desktop.payments.factory import kind_of
from travellr_desktop.payments.gateway import (
    KeyProbe,
    KeyTooStrong,
    PaymentGateway,
    Power,
    refuse_unfit,
)
from travellr_desktop.payments.keyless import KeylessGateway
from travellr_desktop.payments.port.keys import NEEDED
from travellr_desktop.services.pinning import refuse_other
from travellr_desktop.services.secrets import Place, SecretName, SecretStore, checked_secret
from travellr_desktop.services.vault import VaultState
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database, UnitOfWork

log = logging.getLogger(__name__)

_KEY = SecretName.STRIPE_API_KEY
_LOCKED = "The payment key is locked away. Nothing was sent to Stripe."
_PASSPHRASE = "Enter the passphrase of the vault in Settings."


@dataclass(frozen=True, slots=True)
class PowerView:
    """One power of a key. `has` and `needs`: whether the key has it, and whether the profile's kind has use for it."""

    power: str
    has: bool
    needs: bool


@dataclass(frozen=True, slots=True)
class ProviderView:
    """`kind` is where card payments go now; `keeps_to` is set once the profile has taken one, and stays. `profile` is
    what the machine is for, and what its key may be good for. `powers` is what the key was found to be good for, empty
    where it was not tried since the program began.

    `where` says where the key is that is used ("not set"), `place` where the next would be kept if nobody says where;
    `lasts` whether it would still be there at the next start; `places` where it could be kept on this system. `vault`
    is how that stands. `entered`: there is a key that can be forgotten. `trouble` is why no card can be charged, if it
    is the key's doing, `said` the sentence for it where that is not the same every time. `may_change` is False for who
    may not, and on a profile that stays in the sandbox."""

    kind: PaymentsKind
    keeps_to: PaymentsKind | None
    profile: ProfileKind
    powers: tuple[PowerView, ...]
    where: str
    place: str
    lasts: bool
    places: tuple[Place, ...]
    vault: VaultState
    entered: bool
    trouble: KeyTrouble | None
    said: str
    may_change: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """What the profile has use for and its key cannot do."""
        return tuple(each.power for each in self.powers if each.needs and not each.has)


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The door to be changed, and what opens the gateway that goes with a key (the sandbox with None), sending
    nothing; it raises `SettingsInvalid` for what is no key, `StorageRefusal` for a sandbox that cannot be used."""

    door: GatewayDoor
    open: Callable[[str | None], PaymentGateway]


def first_gateway(
    database: Database, secrets: SecretStore | None, opened: Callable[[str | None], PaymentGateway]
) -> PaymentGateway:
    """The gateway of a program that starts with those secrets, or with none that count. A profile that has gone to
    Stripe and has no key now, or whose key is in a vault that is locked, has one that sends nothing, so that the key
    can be entered.

    Raises `OtherPaymentsKind` where the key is of another kind than the card payments that were taken, and what
    `opened` raises."""
    key = None if secrets is None else secrets.read(_KEY)
    with database.read() as view:
        keeps_to = view.agency.payments_kind()
        if key is None and secrets is not None and secrets.locked(_KEY):
            return KeylessGateway(keeps_to or _kind_told(secrets), _LOCKED, _PASSPHRASE)
        if key is None and keeps_to not in (None, PaymentsKind.SANDBOX):
            return KeylessGateway(keeps_to)
        refuse_other(view, kind_of(key))
    return opened(key)


def _kind_told(secrets: SecretStore) -> PaymentsKind:
    """Of a key in a locked vault. Where that cannot be read either: never the sandbox."""
    told = secrets.label(_KEY)
    return PaymentsKind.TEST if told == PaymentsKind.TEST else PaymentsKind.LIVE


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
        self._probe: KeyProbe | None = None
        self._too_strong = ""
        if change is not None:
            change.door.watch_key(self._key_heard_of)

    # reading

    @property
    def kind(self) -> PaymentsKind:
        """Where card payments go now. Asks nobody: may be read on any thread."""
        return self._gateway.kind

    @property
    def is_sandbox(self) -> bool:
        return self._gateway.is_sandbox

    def trouble(self) -> KeyTrouble | None:
        """Why no card can be charged, where it is the key's doing. May wait for the system keyring."""
        if self._change is None:
            return None
        if self._secrets.locked(_KEY):
            return KeyTrouble.LOCKED
        if self._too_strong:
            return KeyTrouble.TOO_STRONG
        if self._gateway.kind is PaymentsKind.SANDBOX:
            return None
        if self._secrets.read(_KEY) is None:
            return KeyTrouble.MISSING
        return None if self._change.door.key_taken else KeyTrouble.REFUSED

    def view(self, actor: Actor) -> ProviderView:
        """Anybody may see where the money goes; the key itself is never shown. May wait for the system keyring."""
        with self._db.read() as view:
            keeps_to, profile = view.agency.payments_kind(), view.agency.profile_kind()
        return ProviderView(
            kind=self._gateway.kind,
            keeps_to=keeps_to,
            profile=profile,
            powers=_powers(self._probe, profile),
            where=self._secrets.where(_KEY),
            place=self._secrets.place(),
            lasts=self._secrets.lasts,
            places=self._secrets.places,
            vault=self._secrets.vault_state(),
            entered=self._secrets.entered(_KEY),
            trouble=self.trouble(),
            said=self._too_strong,
            may_change=self._change is not None and allowed(actor.role, Permission.SETTINGS_WRITE),
        )

    # changing

    def set_key(
        self, actor: Actor, key: str, place: Place | None = None, passphrase: str = ""
    ) -> ProviderView:
        """Try this key and, if it may be used here, use it from now on and keep it in `place`, or in the best there is.
        `passphrase` is for a vault that is yet to be made. One that lacks something is taken: the view says what.

        Raises `InvalidInput` or `SettingsInvalid` for what is no key or no passphrase, `OtherPaymentsKind` where the
        profile keeps to another kind, `KeyTooStrong` for a key that can do more than the profile has use for, what the
        provider's refusal or silence raises, `WrongState` while somebody is at a payment or a refund or for a vault
        that is locked. Then everything stays as it was."""
        require(actor, Permission.SETTINGS_WRITE)
        change = self._may_change()
        secret = checked_secret(_KEY, key)
        with self._one_at_a_time:
            kept = self._secrets.refuse_place(place, passphrase)
            probe = self._tried(change, secret)
            self._go_to(actor, change.open(secret), "payments.key_set", probe)
            self._secrets.write(_KEY, secret, kept, passphrase=passphrase, label=probe.kind.value)
        return self.view(actor)

    def forget_key(self, actor: Actor) -> ProviderView:
        """Forget what was entered. Payments then go where the environment's key leads, or to the sandbox.

        Raises `OtherPaymentsKind` where the profile keeps to another kind than that, `WrongState` while somebody is
        at a payment or a refund. Then everything stays as it was."""
        require(actor, Permission.SETTINGS_WRITE)
        change = self._may_change()
        with self._one_at_a_time:
            self._go_to(actor, change.open(self._secrets.given(_KEY)), "payments.key_forget")
            self._secrets.forget(_KEY)
        self._try_quietly()
        return self.view(actor)

    def take_up(self, actor: Actor) -> ProviderView:
        """Use the key that there is now: the vault was opened, or thrown away. Nobody's permission is asked for what
        the key's owner has entered before.

        Raises `OtherPaymentsKind` for one of another kind than the profile's, `WrongState` while somebody is at a
        payment or a refund."""
        change = self._may_change()
        with self._one_at_a_time:
            fresh = first_gateway(self._db, self._secrets, change.open)
            self._go_to(actor, fresh, "payments.key_taken_up")
        self._try_quietly()
        return self.view(actor)

    def set_profile(self, actor: Actor, profile: ProfileKind) -> ProviderView:
        """Say what this machine is for. A key that is in use is tried first where it might be too strong for that.

        Raises `KeyTooStrong`, and what the provider's silence raises: then everything stays as it was."""
        require(actor, Permission.SETTINGS_WRITE)
        with self._one_at_a_time:
            with self._db.read() as view:
                was, keeps_to = view.agency.profile_kind(), view.agency.payments_kind()
            in_use = not self._gateway.is_sandbox and self._gateway.begins_payments
            if in_use and not NEEDED[profile] >= NEEDED[was]:
                self._probe = self._gateway.probe_key()
                _refuse_kind(self._probe, profile, keeps_to)
            if profile is not was:
                self._save_profile(actor, profile)
        if self._too_strong:
            self.take_up(actor)
        return self.view(actor)

    # trying

    def try_key(self) -> str:
        """Find out what the key in use can do, and stop using one that can do too much: for one that came with the
        environment, or was entered when the profile was of another kind. Says what was found, for the log.

        Raises what the provider's refusal or silence raises, and `WrongState` while somebody is at a payment."""
        with self._one_at_a_time:
            gateway = self._gateway
            if self._change is None or gateway.is_sandbox or not gateway.begins_payments:
                return "there is no key to try"
            probe = gateway.probe_key()
            with self._db.read() as view:
                keeps_to, profile = view.agency.payments_kind(), view.agency.profile_kind()
            try:
                found = refuse_unfit(probe, profile, keeps_to)
            except KeyTooStrong as refusal:
                said = f"{refusal} It is not used. Nothing was sent to Stripe."
                shut = KeylessGateway(probe.kind, said, KeyTooStrong.hint)
                self._go_to(SYSTEM, shut, "payments.key_too_strong", probe, said)
                return str(refusal)
            changed, self._probe = self._probe != probe, probe
        if changed:
            self._tell()
        return f"{len(found.missing)} powers are missing"

    def _try_quietly(self) -> None:
        try:
            self.try_key()
        except Refusal as refusal:
            log.warning("the payment key could not be tried: %s", refusal)

    def _tried(self, change: KeyChange, secret: str) -> KeyProbe:
        """What a key can do that is not in use. Raises as `set_key`."""
        with self._db.read() as view:
            keeps_to, profile = view.agency.payments_kind(), view.agency.profile_kind()
            refuse_other(view, kind_of(secret))
        with closing(change.open(secret)) as stranger:
            probe = stranger.probe_key()
        refuse_unfit(probe, profile, keeps_to)
        return probe

    def _key_heard_of(self, taken: bool) -> None:
        """A call was refused for its key, or one was answered again."""
        log.warning("the provider %s the payment key", "takes" if taken else "does not take")
        self._tell()

    # carrying out

    def _may_change(self) -> KeyChange:
        if self._change is None:
            raise WrongState(
                "This profile stays in the sandbox.", hint="Enter the key in a profile of your own."
            )
        return self._change

    def _go_to(
        self,
        actor: Actor,
        fresh: PaymentGateway,
        action: str,
        probe: KeyProbe | None = None,
        too_strong: str = "",
    ) -> None:
        change = self._may_change()
        with ExitStack() as unused, self._db.write(Commit.SETTINGS_SAVE, actor) as work:
            unused.callback(fresh.close)
            refuse_other(work, fresh.kind)
            if (
                self._gateway.begins_payments
            ):  # else nothing was sent that another gateway would have to go on with
                self._refuse_under_way(work)
            agency, was = work.agency.get(), self._gateway.kind
            work.audit(action, "agency", agency.id, kind=fresh.kind.value, was=was.value)
            work.publish(
                SettingsChanged(aggregate_id=agency.id, timestamp=work.now, names=("stripe_api_key",))
            )
            work.commit()
            self._probe, self._too_strong = probe, too_strong
            # inside: the next payment of this program is created after it, for the new kind
            change.door.change(fresh)
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

    def _save_profile(self, actor: Actor, profile: ProfileKind) -> None:
        with self._db.write(Commit.SETTINGS_SAVE, actor) as work:
            agency = work.agency.get()
            work.agency.set_profile_kind(profile)
            work.audit("settings.save", "agency", agency.id, names=["profile_kind"], profile=profile.value)
            work.publish(SettingsChanged(aggregate_id=agency.id, timestamp=work.now, names=("profile_kind",)))
            work.commit()

    def _tell(self) -> None:
        """The window reads again how the key stands; nothing in the file has changed."""
        with self._db.read() as view:
            agency = view.agency.find()
            now = view.clock.now()
        if agency is not None:
            self._db.bus.publish(
                SettingsChanged(aggregate_id=agency.id, timestamp=now, names=("stripe_api_key",))
            )


def _powers(probe: KeyProbe | None, profile: ProfileKind) -> tuple[PowerView, ...]:
    if probe is None:
        return ()
    return tuple(PowerView(each.value, each in probe.powers, each in NEEDED[profile]) for each in Power)


def _refuse_kind(probe: KeyProbe, profile: ProfileKind, keeps_to: PaymentsKind | None) -> None:
    """Raises as `refuse_unfit`, with what to do about a key that is in use."""
    try:
        refuse_unfit(probe, profile, keeps_to)
    except KeyTooStrong as refusal:
        hint = "Enter a key first that is good for no more than this kind needs, then choose the kind."
        raise KeyTooStrong(str(refusal), hint=hint, field="profile") from None
