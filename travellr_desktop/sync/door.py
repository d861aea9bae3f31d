"""The services' `CentralDoor`, answered by the hub: the thread that keeps in touch, the inbox, coming and going."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import WrongState
from travellr_desktop.services.authority import ApprovalKind
from travellr_desktop.services.central.door import Address, Arrived, Found, Gone, Progress, SignIn
from travellr_desktop.services.central.joining import JoinPlan
from travellr_desktop.services.central.link import Link
from travellr_desktop.services.central.said import named_row
from travellr_desktop.services.secrets import SecretName, SecretStore
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync import vendors
from travellr_desktop.sync.connecting import HubSignInRefused, connect
from travellr_desktop.sync.cycle import look
from travellr_desktop.sync.first_sync import first_sync
from travellr_desktop.sync.hub import Hello, Hub, Outcome
from travellr_desktop.sync.joining import is_first, join, join_beside, make_ready, plan
from travellr_desktop.sync.leaving import leave
from travellr_desktop.sync.refusals import NotEnrolled, NotThePerson, OtherDesk
from travellr_desktop.sync.worker import Worker

ADDRESS, STANDING = "address", "standing"
"""Names under which the file keeps where the hub is, and what it said."""

VENDOR = "vendor"
"""Of which kind the hub says a vendor's person is."""

_UNAPPROVED, _ACCOUNTS = "approval", "users"
"""What a fault says of a person's account that nobody has approved."""


class HubDoor:
    """`arrival` is where a new file is put for the next start to take; `told` hears how it stands,
    `inbox_changed` that other things wait. Nothing is done before `start`, and nothing of it goes on after `stop`."""

    def __init__(
        self,
        database: Database,
        secrets: SecretStore,
        arrival: Path,
        told: Callable[[Link], None],
        inbox_changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._db = database
        self._secrets = secrets
        self._arrival = arrival
        self._told = told
        self._inbox_changed = inbox_changed
        self._worker: Worker | None = None
        self._runs = False
        self._people: dict[UUID, SignIn] = {}  # in memory alone

    # in touch

    def start(self) -> None:
        """Keep in touch from now on, where the file belongs to a hub."""
        self._runs = True
        if self._worker is None and self._belongs():
            self._worker = Worker(self._db, self.connect, told=self._told, inbox_changed=self._inbox_changed)
            self._worker.start()

    def stop(self) -> None:
        self._runs = False
        self._stop_worker()

    def _stop_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()

    def _belongs(self) -> bool:
        with self._db.read() as view:
            return view.agency.find() is not None and Outgoing(view.connection).standing().hub_id is not None

    def link(self) -> Link | None:
        return self._worker.link if self._worker is not None else None

    def reached(self) -> bool:
        """As `authority.Line`: not where nothing keeps in touch."""
        link = self.link()
        return link is not None and link.reached

    def wake(self) -> None:
        if self._worker is not None:
            self._worker.wake()

    @contextmanager
    def borrowed(self) -> Iterator[Hub]:
        """As `authority.Line`. Where nothing runs, a connection for this call alone."""
        if self._worker is not None:
            with self._worker.borrowed() as hub:
                yield hub
            return
        with closing(self.connect()) as hub:
            yield hub

    def catch_up(self, hub: Hub) -> None:
        if self._worker is not None:
            self._worker.catch_up(hub)

    def connect(self) -> Hub:
        """A connection to the hub that the file belongs to. Raises as `connecting.connect`, `NotEnrolled`, and
        `HubSignInRefused` where the password is not to be had."""
        kept = self._kept()
        password = self._secrets.read(SecretName.HUB_PASSWORD)
        if password is None:
            raise HubSignInRefused(
                "The password for the central database is not to be had.",
                hint="Unlock the vault or the keyring, set HUB_PASSWORD, or enter it again in Settings.",
            )
        return self._reach(_address(kept), password, insecure=bool(kept["insecure"]))

    # where it is

    def address(self) -> Address | None:
        try:
            return _address(self._kept())
        except NotEnrolled:
            return None

    def _kept(self) -> Mapping[str, Any]:
        with self._db.read() as view:
            kept = Outgoing(view.connection).copy(ADDRESS)
        if kept is None:
            raise NotEnrolled("This desk works by itself.")
        found: Mapping[str, Any] = json.loads(kept)
        return found

    # the inbox

    def settle(self, entry: str, actor: UUID | None) -> None:
        with self.borrowed() as hub:
            hub.settle(int(entry), actor)
            self._look(hub)

    def retry(self, entry: str, values: Mapping[str, Any], actor: UUID | None) -> str:
        one = self._entry(entry)
        row = named_row(one)
        patch = [{"t": row[0], "id": row[1], "f": dict(values)}] if values and row is not None else []
        fault = one.get("fault") or {}
        if fault.get("why") == _UNAPPROVED and fault.get("t") == _ACCOUNTS and actor is not None:
            self._approve_account(UUID(fault["id"]), actor)
        with self.borrowed() as hub:
            answer = hub.retry(UUID(one["desk_id"]), one["op_no"], patch, actor)[0]
            self._look(hub)
        return answer.reason if answer.outcome in (Outcome.REFUSED, Outcome.PARKED) else ""

    def _approve_account(self, person: UUID, actor: UUID) -> None:
        """Where they have signed in here: trying it again is what they decide."""
        own = self.as_person(actor)
        if own is not None:
            with own as hub:
                hub.approve(ApprovalKind.USER.value, person)

    def drop(self, entry: str, reason: str, actor: UUID | None) -> None:
        one = self._entry(entry)
        with self.borrowed() as hub:
            hub.drop(UUID(one["desk_id"]), one["op_no"], actor, reason)
            self._look(hub)

    def write_off(self, desk: UUID, actor: UUID | None) -> int:
        with self.borrowed() as hub:
            departures = hub.write_off(desk, actor)
            self._look(hub)
        return departures

    def _entry(self, entry: str) -> Mapping[str, Any]:
        with self._db.read() as view:
            kept = Outgoing(view.connection).copy(STANDING)
        for one in json.loads(kept or "{}").get("conflicts", ()):
            if one["id"] == entry:
                found: Mapping[str, Any] = one
                return found
        raise WrongState("It was settled in the meantime.")

    def _look(self, hub: Hub) -> None:
        self.catch_up(hub)
        look(self._db, hub)

    # coming and going

    def try_address(self, sign_in: SignIn) -> Found:
        with self._reached(sign_in) as (_hub, hello):
            return Found(
                hello.desk_name,
                hello.has_agency,
                hello.agency,
                encrypted=not sign_in.insecure,
                of_vendor=hello.kind == VENDOR,
            )

    def enrol(self, sign_in: SignIn, progress: Progress) -> Arrived:
        with self._db.read() as view:
            agency = view.agency
            profile, payments = agency.profile_kind(), agency.payments_kind()
        copies = {ADDRESS: _kept_as(sign_in)}
        with self._frozen(), self._reached(sign_in) as (hub, hello):
            self._keep_password(sign_in)  # who opens the new file, another program maybe, finds it there
            if hello.kind == VENDOR:
                rows = vendors.first_sync(hub, self._arrival, copies=copies, progress=progress)
                return self._arrived(rows, again=True)
            came = first_sync(
                hub,
                self._arrival,
                profile_kind=profile,
                payments_kind=payments,
                copies=copies,
                before=self._db,
                progress=progress,
            )
        return self._arrived(came.rows, again=True)

    @contextmanager
    def _frozen(self) -> Iterator[None]:
        """What is written now would be in neither file. Where it fails all goes on as before."""
        self._stop_worker()
        before = self._entered()
        try:
            self._db.freeze()
            yield
        except BaseException:
            self._db.thaw()
            self._put_back(before)
            if self._runs:
                self.start()
            raise

    def plan_join(self, sign_in: SignIn, progress: Progress) -> JoinPlan:
        with self._reached(sign_in) as (hub, hello):
            _brings(hello)
            return plan(self._db, hub, progress)

    def join(self, sign_in: SignIn, progress: Progress) -> Arrived:
        with self._reached(sign_in) as (hub, hello):
            _brings(hello)
            if not is_first(self._db, hub, hello):
                return self._join_beside(sign_in, hub, progress)
            joined = join(self._db, hub, progress)
        with self._db.write(Commit.SYNC_LOOKED, SYSTEM) as work:
            Outgoing(work.connection).keep_copy(ADDRESS, _kept_as(sign_in), work.now)
            work.commit()
        self._keep_password(sign_in)
        if self._runs:
            self.start()
        return self._arrived(joined.rows, again=False)

    def _join_beside(self, sign_in: SignIn, hub: Hub, progress: Progress) -> Arrived:
        make_ready(self._db)
        with self._frozen():
            self._keep_password(sign_in)
            copies = {ADDRESS: _kept_as(sign_in)}
            came = join_beside(self._db, hub, self._arrival, copies=copies, progress=progress)
        return self._arrived(came.rows, again=True)

    # people

    def sign_in(self, person: UUID, login: str, password: str) -> None:
        kept = self._kept()
        address = replace(_address(kept), login=login)
        with closing(self._reach(address, password, insecure=bool(kept["insecure"]))) as hub:
            hello = hub.hello()
        if hello.kind != "person" or hello.user_id != person:
            raise NotThePerson("This sign-in is not yours.")
        self._people[person] = SignIn(address, password, insecure=bool(kept["insecure"]))

    def signed_in(self, person: UUID) -> bool:
        return person in self._people

    def as_person(self, person: UUID) -> AbstractContextManager[Hub] | None:
        """A connection by a person's own sign-in; None where they have not signed in here."""
        own = self._people.get(person)
        return None if own is None else closing(self._reach(own.address, own.password, insecure=own.insecure))

    @staticmethod
    def _reach(address: Address, password: str, *, insecure: bool) -> Hub:
        return Hub(connect(url_of(address), password, insecure_loopback=insecure))

    def leave(self) -> Gone:
        self._stop_worker()
        self._people.clear()
        try:
            gone = leave(self._db, self.connect)
        except BaseException:
            if self._runs:
                self.start()
            raise
        self._secrets.forget(SecretName.HUB_PASSWORD)
        return gone

    def differences(self) -> tuple[tuple[str, str], ...] | None:
        with closing(self.connect()) as hub:
            return vendors.differences(self._db, hub)

    def _keep_password(self, sign_in: SignIn) -> None:
        self._secrets.write(SecretName.HUB_PASSWORD, sign_in.password)

    def _arrived(self, rows: int, *, again: bool) -> Arrived:
        return Arrived(rows, again=again, forgets=not self._secrets.lasting(SecretName.HUB_PASSWORD))

    def _entered(self) -> str | None:
        """The password that somebody entered, not that of the environment."""
        entered = self._secrets.entered(SecretName.HUB_PASSWORD)
        return self._secrets.read(SecretName.HUB_PASSWORD) if entered else None

    def _put_back(self, password: str | None) -> None:
        if self._entered() == password:
            return
        if password is None:
            self._secrets.forget(SecretName.HUB_PASSWORD)
        else:
            self._secrets.write(SecretName.HUB_PASSWORD, password)

    @contextmanager
    def _reached(self, sign_in: SignIn) -> Iterator[tuple[Hub, Hello]]:
        """Raises as `connecting.connect`, with the field at fault, and `OtherDesk` where the sign-in is a person's of
        the agency."""
        reached = self._reach(sign_in.address, sign_in.password, insecure=sign_in.insecure)
        with closing(reached) as hub:
            hello = hub.hello()
            if hello.kind not in ("desk", VENDOR):
                raise OtherDesk(
                    "This sign-in is a person's, and no desk's.",
                    hint="They enter it at a desk that is enrolled: Settings, Central database. A desk's is made with "
                    "travellr central add-desk.",
                )
            yield hub, hello


def _brings(hello: Hello) -> None:
    if hello.kind == VENDOR:
        raise OtherDesk(
            "This sign-in is a vendor's, who takes what is theirs and brings nothing.",
            hint="Take everything from there in a profile of its own, with travellr sync enrol.",
        )


def url_of(address: Address) -> str:
    """The address as libpq takes it, without a password."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    trust = "" if address.certificate is None else f"?sslrootcert={quote(str(address.certificate), safe='')}"
    login, database = quote(address.login, safe=""), quote(address.database, safe="")
    return f"postgresql://{login}@{host}:{address.port}/{database}{trust}"


def _address(kept: Mapping[str, Any]) -> Address:
    certificate = Path(kept["certificate"]) if kept["certificate"] else None
    return Address(kept["host"], kept["port"], kept["database"], kept["login"], certificate)


def _kept_as(sign_in: SignIn) -> str:
    where = sign_in.address
    return json.dumps(
        {
            "host": where.host,
            "port": where.port,
            "database": where.database,
            "login": where.login,
            "certificate": str(where.certificate) if where.certificate else "",
            "insecure": sign_in.insecure,
        }
    )
