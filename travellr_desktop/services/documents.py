"""Documents that are handed out: the voucher, from what was frozen at the sale."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from travellr_desktop.domain import cancellation
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import format_money
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.states import BookingState
from travellr_desktop.errors import DatabaseReadOnly, WrongState
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services.voucher import (
    VoucherAgency,
    VoucherData,
    VoucherTraveller,
    render_voucher,
    voucher_pictures,
)
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking
from travellr_desktop.storage.uow import Database, Reading


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

    def _read(self, booking_id: UUID) -> VoucherData:
        with self._db.read() as view:
            booking = view.bookings.get_full(booking_id)
            if booking.state not in (BookingState.CONFIRMED, BookingState.COMPLETED):
                raise WrongState(
                    f"{booking.reference} is not confirmed.", hint="A voucher is for a booking that is paid."
                )
            return self._voucher(view, booking)

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
        agency, desk = view.agency.get(), view.agency.this_desk()
        trip, departure = booking.trip, booking.departure
        paid = view.payments.paid([booking.id])[booking.id]
        due = booking.price - paid
        first, second = cancellation.describe(
            cancellation.Policy.from_json(booking.policy),
            departure.starts_at,
            departure.zone,
            self._locale,
            booking.currency,
        )
        included = [line for line in trip.included.splitlines() if line]
        seller = booking.sale.seller
        return VoucherData(
            agency=VoucherAgency(
                name=agency.name,
                desk=f"{desk.name} · Desk {desk.number}" if desk.name != f"Desk {desk.number}" else desk.name,
                legal=agency.legal,
                contact=" · ".join(part for part in (agency.tax_number, agency.contact) if part),
            ),
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
                VoucherTraveller(line.name, line.traveller_type.value, line.age) for line in booking.lines
            ),
            cancel_first=first,
            cancel_second=second,
            paid=format_money(Money(paid, booking.currency), self._locale),
            due=format_money(Money(due, booking.currency), self._locale) if due > 0 else "",
            code=booking.voucher_code,
            qr=f"TRAVELLR {booking.reference} {booking.voucher_code}",
            sold_at=booking.created_at,
            sold_by=seller.name if seller is not None else agency.name,
            printed_at=view.clock.now(),
            agency_zone=agency.zone,
            included=tuple(included),
            sandbox=not self._gateway.kind.is_real,
        )
