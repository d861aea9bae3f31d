"""Card readers: which there are, which one stands at this desk, and what they ask for now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import NotFound
from travellr_desktop.events import SettingsChanged
from travellr_desktop.payments.gateway import PaymentGateway, Reader, ReaderActionState, TestCard
from travellr_desktop.payments.sandbox.cards import PRESENTED
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.desk_reader import DeskReader, desk_reader
from travellr_desktop.services.outcomes import SaleOutcome, read_outcome
from travellr_desktop.services.watching import Watched
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A reader of the agency. `is_asking`: it asks for a card now, for this desk or another; `is_here`: this desk
    uses it; `is_simulated`: it exists at the provider alone, and cards are held to it from here."""

    ref: str
    label: str
    device: str
    is_online: bool
    is_simulated: bool
    is_asking: bool
    is_here: bool


class ReaderService:
    def __init__(self, database: Database, gateway: PaymentGateway, charging: Charging) -> None:
        self._db = database
        self._gateway = gateway
        self._charging = charging
        self._watched = Watched()

    # which

    def readers(self, actor: Actor) -> tuple[ReaderRow, ...]:
        """All readers of the agency, asked of the provider. Raises what its silence raises (`GatewayBusy`,
        `GatewayRefused`, `OutcomeUnknown`)."""
        require(actor, Permission.PAYMENT_CREATE)
        found = self._gateway.readers()
        with self._db.read() as view:
            here = desk_reader(view)
        return tuple(_row(each, here) for each in found)

    def here(self, actor: Actor) -> DeskReader | None:
        """The reader that this desk uses; the provider is not asked."""
        require(actor, Permission.PAYMENT_CREATE)
        with self._db.read() as view:
            return desk_reader(view)

    def choose(self, actor: Actor, reader_ref: str | None) -> DeskReader | None:
        """This desk uses that reader from now on, None no reader at all. Raises `NotFound` for one that the agency does
        not have."""
        require(actor, Permission.SETTINGS_WRITE)
        reader = None if reader_ref is None else self._gateway.get_reader(reader_ref)
        with self._db.write(Commit.SETTINGS_SAVE, actor) as work:
            desk = work.agency.this_desk()
            desk.reader_ref = None if reader is None else reader.ref
            desk.reader_label = None if reader is None else reader.label
            work.audit("settings.save", "desk", desk.id, names=["reader"], reader=desk.reader_label)
            work.publish(SettingsChanged(aggregate_id=desk.id, timestamp=work.now, names=("reader",)))
            work.commit()
            return desk_reader(work)

    def add_simulated(self, actor: Actor, label: str) -> ReaderRow:
        """Make a reader to try things out with. Raises `OnlyInTests` where money is real, `InvalidInput`."""
        require(actor, Permission.SETTINGS_WRITE)
        name = clean_line(label, "label", 60)
        made = self._gateway.add_simulated_reader(name, key=f"reader-{uuid4()}")
        with self._db.read() as view:
            return _row(made, desk_reader(view))

    # what they ask for

    def cancel(self, actor: Actor, payment_id: UUID) -> SaleOutcome:
        """Have the reader stop, and say how the sale stands then: paid, where a card was faster; else its seats are
        held still, and it can be paid another way. Raises `NotFound`, and `WrongState` where no reader asks for it, or
        the card is being charged at this moment."""
        require(actor, Permission.PAYMENT_CREATE)
        self._charging.readers.cancel(actor, payment_id)
        return self._outcome(payment_id)

    def watch(self, payment_id: UUID) -> None:
        """Somebody looks at this payment: it is read often until `unwatch`. Asks nobody, and may be called anywhere."""
        self._watched.watch(payment_id)

    def unwatch(self, payment_id: UUID) -> None:
        """One who looked at it has left."""
        self._watched.unwatch(payment_id)

    def poll(self) -> int:
        """Read the payments at readers whose time has come. Returns how many. The program's own doing: nobody is
        asked."""
        with self._db.read() as view:
            now = view.clock.now()
            out = [payment.id for payment in view.payments.at_readers()]
        due = self._watched.due(out, now)
        for payment_id in due:
            self._charging.read(SYSTEM, payment_id)
        return len(due)

    # where no money is real

    def test_cards(self, actor: Actor) -> tuple[TestCard, ...]:
        """The cards that can be held to a simulated reader; none where money is real."""
        require(actor, Permission.PAYMENT_CREATE)
        if self._gateway.kind.is_real:
            return ()
        presented = {card.method for card in PRESENTED.values()}
        return tuple(card for card in self._gateway.test_cards() if card.payment_method in presented)

    def present(self, actor: Actor, payment_id: UUID, card: str) -> SaleOutcome:
        """Hold one of `test_cards` to the reader that asks for this payment, and say how the sale stands then. Raises
        `NotFound`, `OnlyInTests`, `ReaderRefused` where the reader asks for no card, `InvalidInput` for no card."""
        require(actor, Permission.PAYMENT_CREATE)
        with self._db.read() as view:
            reader_ref = view.payments.get(payment_id).reader_ref
        if reader_ref is None:
            raise NotFound("No card reader asks for this payment.")
        self._gateway.present_card(reader_ref, card, key=f"present-{uuid4()}")
        self._charging.read(actor, payment_id)
        return self._outcome(payment_id)

    def _outcome(self, payment_id: UUID) -> SaleOutcome:
        with self._db.read() as view:
            return read_outcome(view, view.payments.get(payment_id).sale_id)


def _row(reader: Reader, here: DeskReader | None) -> ReaderRow:
    return ReaderRow(
        ref=reader.ref,
        label=reader.label,
        device=reader.device,
        is_online=reader.is_online,
        is_simulated=reader.is_simulated,
        is_asking=reader.action is not None and reader.action.state is ReaderActionState.WAITING,
        is_here=here is not None and here.ref == reader.ref,
    )
