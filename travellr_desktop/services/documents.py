"""Documents that are handed out: the voucher, from what was frozen at the sale, and the manifest of a departure."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from travellr_desktop.domain import cancellation
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import format_money
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import Actor, Permission, require, require_own
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.text import fold
from travellr_desktop.errors import DatabaseReadOnly, NotFound, WrongState
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services import owing
from travellr_desktop.services.board import Phase
from travellr_desktop.services.invoice_paper import invoice_pictures, render_invoice
from travellr_desktop.services.invoice_reading import detail_of
from travellr_desktop.services.manifest_paper import (
    ManifestPaper,
    PaperBooking,
    PaperTraveller,
    render_manifest,
)
from travellr_desktop.services.manifest_rows import read_manifest
from travellr_desktop.services.statements.exporting import FileForm, csv_bytes, xlsx_bytes
from travellr_desktop.services.statements.paper import render_statement, statement_pictures
from travellr_desktop.services.statements.reading import detail_of as statement_of
from travellr_desktop.services.statements.reading import own
from travellr_desktop.services.statements.views import StatementDetail
from travellr_desktop.services.till_figures import read_report
from travellr_desktop.services.till_paper import render_till
from travellr_desktop.services.typeset import template_words
from travellr_desktop.services.voucher import (
    VoucherAgency,
    VoucherData,
    VoucherTraveller,
    render_voucher,
    voucher_pictures,
)
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking
from travellr_desktop.storage.repositories.manifests import ManifestRepository
from travellr_desktop.storage.uow import Database, Reading

_PHASE_WORDS = {
    Phase.OPEN: "open",
    Phase.CLOSED: "closed",
    Phase.STOPPED: "stopped",
    Phase.BOARDING: "boarding",
    Phase.MANIFEST: "manifest_open",
    Phase.EMPTY: "empty",
    Phase.ON_THE_WAY: "on_the_way",
    Phase.DONE: "done",
    Phase.CANCELLED: "cancelled",
}
"""What the template calls each."""


class DocumentService:
    """Makes PDFs in the profile's `documents` folder."""

    def __init__(self, database: Database, folder: Path, *, locale: str, gateway: PaymentGateway) -> None:
        self._db = database
        self._folder = folder
        self._locale = locale
        self._gateway = gateway

    def voucher_pictures(self, actor: Actor, booking_id: UUID) -> tuple[bytes, ...]:
        """The pages of a booking's voucher as PNG, to be looked at; nothing is kept. Raises as `voucher`."""
        require(actor, Permission.DOCUMENT_PRINT)
        return voucher_pictures(self._read(booking_id), locale=self._locale)

    def voucher(self, actor: Actor, booking_id: UUID) -> Path:
        """The voucher of a booking as a PDF, named by its reference; made anew each time it is asked for.

        Raises `NotFound`, `WrongState` for a booking that is not confirmed, `DatabaseReadOnly` where the folder
        cannot be written."""
        require(actor, Permission.DOCUMENT_PRINT)
        data = self._read(booking_id)
        pdf = render_voucher(data, locale=self._locale)
        path = self._write(f"{data.reference}.pdf", pdf)
        with self._db.write(Commit.DOCUMENT_PRINT, actor) as work:
            work.audit("voucher.print", "booking", booking_id, reference=data.reference)
            work.commit()
        return path

    def manifest(self, actor: Actor, departure_id: UUID) -> Path:
        """The manifest of a departure as it stands, as a PDF named by day, time and trip; made anew each time. A
        vendor's person may have those of their own departures.

        Raises `NotFound`, `DatabaseReadOnly` where the folder cannot be written."""
        require(actor, Permission.BOOKING_READ)
        with self._db.read() as view:
            data = self._manifest(view, actor, departure_id)
        start = data.starts_at.astimezone(zone_of(data.zone))
        path = self._write(
            f"manifest-{start:%Y-%m-%d-%H%M}-{_file_word(data.trip) or departure_id.hex[-8:]}.pdf",
            render_manifest(data, locale=self._locale),
        )
        with self._db.write(Commit.DOCUMENT_PRINT, actor) as work:
            work.audit("manifest.print", "departure", departure_id, file=path.name)
            work.commit()
        return path

    def invoice_pictures(self, actor: Actor, invoice_id: UUID) -> tuple[bytes, ...]:
        """The pages of an invoice or a credit note as PNG, to be looked at; nothing is kept. Raises as `invoice`."""
        require(actor, Permission.DOCUMENT_PRINT)
        with self._db.read() as view:
            row = view.invoices.get_full(invoice_id)
            return invoice_pictures(detail_of(view, row), locale=row.locale)

    def invoice(self, actor: Actor, invoice_id: UUID) -> Path:
        """An invoice or a credit note as a PDF, named by its number: as it was issued, the same each time.

        Raises `NotFound`, `DatabaseReadOnly` where the folder cannot be written."""
        require(actor, Permission.DOCUMENT_PRINT)
        with self._db.read() as view:
            row = view.invoices.get_full(invoice_id)
            data = detail_of(view, row)
        path = self._write(f"{data.number}.pdf", render_invoice(data, locale=row.locale))
        with self._db.write(Commit.DOCUMENT_PRINT, actor) as work:
            work.audit("invoice.print", "invoice", invoice_id, number=data.number)
            work.commit()
        return path

    def statement_pictures(self, actor: Actor, statement_id: UUID) -> tuple[bytes, ...]:
        """The pages of a statement as PNG, to be looked at; nothing is kept. Raises as `statement`."""
        require(actor, Permission.EARNINGS_READ)
        return statement_pictures(self._statement(actor, statement_id))

    def statement(self, actor: Actor, statement_id: UUID, form: FileForm = FileForm.PDF) -> Path:
        """A statement as a file, named by its number: as it was issued, the same each time, but that a PDF says what
        became of its money. A vendor's person may have their own.

        Raises `NotFound`, also for another vendor's; `DatabaseReadOnly` where the folder cannot be written."""
        require(actor, Permission.EARNINGS_READ)
        data = self._statement(actor, statement_id)
        render = {FileForm.PDF: render_statement, FileForm.CSV: csv_bytes, FileForm.XLSX: xlsx_bytes}[form]
        path = self._write(f"{data.number}.{form.value}", render(data))
        with self._db.write(Commit.DOCUMENT_PRINT, actor) as work:
            work.audit("statement.print", "statement", statement_id, number=data.number, form=form.value)
            work.commit()
        return path

    def till_report(self, actor: Actor, session_id: UUID, *, read_id: UUID | None = None) -> Path:
        """A till session as a PDF: its Z, or with `read_id` an X of it that was kept, named by their numbers; of one
        that is open an X of now, named by the moment.

        Raises `NotFound`, `DatabaseReadOnly` where the folder cannot be written."""
        require(actor, Permission.TILL_KEEP)
        with self._db.read() as view:
            read = None if read_id is None else view.till.get_read(read_id)
            report = read_report(view, view.till.get(session_id), read)
            agency, zone = self._agency(view), view.agency.get().zone
        at = report.read_at.astimezone(zone_of(zone))
        name = report.name.replace(" ", "-")
        if report.is_open and read is None:
            name += f"-{at:%Y-%m-%d-%H%M}"
        sandbox = not self._gateway.kind.is_real
        path = self._write(
            f"{name}.pdf", render_till(report, agency, zone, locale=self._locale, sandbox=sandbox)
        )
        with self._db.write(Commit.DOCUMENT_PRINT, actor) as work:
            work.audit("till.print", "till_session", session_id, file=path.name)
            work.commit()
        return path

    def _manifest(self, view: Reading, actor: Actor, departure_id: UUID) -> ManifestPaper:
        departure = ManifestRepository(view.session).departure(departure_id)
        if departure is None:
            raise NotFound("There is no such departure.")
        require_own(actor, departure.trip.vendor_id, "departure")
        found = read_manifest(view, departure, staff=actor.vendor_id is None)
        words = template_words(self._locale, "manifest")
        trip, agency = departure.trip, view.agency.get()
        reason = (
            f": {found.reason}" if found.reason and found.phase in (Phase.STOPPED, Phase.CANCELLED) else ""
        )
        return ManifestPaper(
            agency=self._agency(view),
            trip=trip.title,
            vendor_name=trip.vendor.legal or trip.vendor.name,
            vendor_phone=trip.vendor.phone,
            starts_at=departure.starts_at,
            ends_at=departure.ends_at,
            be_there_at=departure.starts_at - timedelta(minutes=trip.meet_before_min),
            zone=departure.zone,
            zone_place=trip.place,
            meeting_place=trip.meeting_point,
            capacity=departure.capacity,
            plan_name=found.plan_name,
            note=departure.note,
            state=words[_PHASE_WORDS[found.phase]] + reason,
            bookings=tuple(
                PaperBooking(
                    booking.reference,
                    " · ".join(part for part in (booking.traveller_name, booking.phone) if part),
                    tuple(
                        PaperTraveller(
                            line.name,
                            line.type.value,
                            line.age,
                            line.seat,
                            line.checked_in_at,
                            line.absent,
                        )
                        for line in booking.lines
                    ),
                    due=format_money(booking.due, self._locale) if booking.due.minor else "",
                    paid=not booking.pending,
                    notes=booking.notes,
                )
                for booking in found.bookings
            ),
            printed_at=view.clock.now(),
            printed_by=actor.name,
            agency_zone=agency.zone,
            sandbox=not self._gateway.kind.is_real and not view.of_vendor,
        )

    def _agency(self, view: Reading) -> VoucherAgency:
        agency, desk = view.agency.get(), view.agency.this_desk()
        name = f"{desk.name} · Desk {desk.number}" if desk.name != f"Desk {desk.number}" else desk.name
        return VoucherAgency(
            name=agency.name,
            desk="" if view.of_vendor else name,
            legal=", ".join(filter(None, (agency.legal, *agency.address.splitlines(), agency.country))),
            contact=" · ".join(part for part in (agency.tax_number, agency.contact) if part),
        )

    def _read(self, booking_id: UUID) -> VoucherData:
        with self._db.read() as view:
            booking = view.bookings.get_full(booking_id)
            if booking.state not in (BookingState.CONFIRMED, BookingState.COMPLETED):
                raise WrongState(
                    f"{booking.reference} is not confirmed.", hint="A voucher is for a booking that is paid."
                )
            return self._voucher(view, booking)

    def _statement(self, actor: Actor, statement_id: UUID) -> StatementDetail:
        with self._db.read() as view:
            return statement_of(view, own(actor, view.statements.find_full(statement_id)))

    def _write(self, name: str, content: bytes) -> Path:
        path = self._folder / name
        partial = path.with_suffix(".partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(content)
            partial.replace(path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise DatabaseReadOnly(
                f"The document cannot be saved in {self._folder}.",
                hint="Make room there, or allow writing to it.",
            ) from error
        return path

    def _voucher(self, view: Reading, booking: Booking) -> VoucherData:
        agency = view.agency.get()
        trip, departure = booking.trip, booking.departure
        amounts = owing.owing(view, (booking,))[booking.id]
        due = amounts.due
        paid = booking.price - due - amounts.written_off
        first, second = cancellation.describe(
            cancellation.Policy.from_json(booking.policy),
            departure.starts_at,
            departure.zone,
            self._locale,
            booking.currency,
        )
        included = [line for line in trip.included.splitlines() if line]
        seller = booking.sale.seller
        lines = [line for line in booking.lines if line.ended_at is None]
        seats = view.seats.of_lines([line.id for line in lines])
        return VoucherData(
            agency=self._agency(view),
            reference=booking.reference,
            sale_reference=booking.sale.reference,
            trip=trip.title,
            vendor_name=booking.vendor.legal or booking.vendor.name,
            vendor_phone=booking.vendor.phone,
            languages=tuple(word.strip() for word in trip.languages.split(",") if word.strip()),
            starts_at=departure.starts_at,
            ends_at=departure.ends_at,
            be_there_at=departure.starts_at - timedelta(minutes=trip.meet_before_min),
            zone=departure.zone,
            zone_place=trip.place,
            meeting_place=trip.meeting_point,
            travellers=tuple(
                VoucherTraveller(line.name, line.traveller_type.value, line.age, seats.get(line.id, ""))
                for line in lines
            ),
            cancel_first=first,
            cancel_second=second,
            paid=format_money(Money(paid, booking.currency), self._locale),
            due=format_money(Money(due, booking.currency), self._locale) if due > 0 else "",
            due_until=_due_until(booking),
            code=booking.voucher_code,
            qr=f"TRAVELLR {booking.reference} {booking.voucher_code}",
            sold_at=booking.created_at,
            sold_by=seller.name if seller is not None else agency.name,
            printed_at=view.clock.now(),
            agency_zone=agency.zone,
            included=tuple(included),
            invoice=view.invoices.newest_number(booking.id),
            sandbox=not self._gateway.kind.is_real,
        )


def _file_word(title: str) -> str:
    """A title as a part of a file's name: plain letters and digits, at most 40; "" where it has none."""
    letters = "".join(ch if ch.isascii() and ch.isalnum() else " " for ch in fold(title))
    return "-".join(letters.split())[:40].strip("-")


def _due_until(booking: Booking) -> datetime | None:
    """The last moment at which the balance is in time, on the departure's clocks."""
    if booking.balance_due_at is None:
        return None
    return (booking.balance_due_at - timedelta(seconds=1)).astimezone(zone_of(booking.departure.zone))
