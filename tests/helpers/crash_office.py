"""What is played of the office in a process that is killed on the way (`helpers.crashes`): what is saved, merged,
brought in and printed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from helpers.clock import START
from helpers.crash_sales import buyer, departures, key, sold, two_sales
from helpers.desk import AGENT, CASH, PASSWORD, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import SignInRefused, WrongState
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.services.importing.service import ImportOrder
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.rates import RateDraft
from travellr_desktop.services.timetable import DepartureDraft
from travellr_desktop.services.travellers import TravellerDraft


def office(desk: Desk) -> None:
    """What is saved in the office; each is looked for before it is done again."""
    services, admin = desk.services, desk.admin
    view = services.agency.view()
    assert view is not None
    if view.legal != "d.o.o.":
        services.agency.save(admin, AgencyDraft(view.name, view.desk_name, "d.o.o.", "", "", view.zone))
    if "Night" not in desk.trips:
        desk.add_trip("Night")
    with desk.database.read() as reading:
        trips = {trip.title: trip.id for trip in reading.trips.find_all()[0]}
        departures_there = {d.trip_id for d in reading.departures.find_all()[0]}
    if trips["Night"] not in departures_there:
        draft = DepartureDraft(date(2026, 7, 9), START.time(), 5)
        services.timetable.add_departures(admin, trips["Night"], [draft])
    row = buyer(desk)
    services.travellers.update(desk.agent, row.id, TravellerDraft("Henrik S.", phone=row.phone))
    services.users.update(admin, desk.agent.user_id or UUID(int=0), name="Ana V.")
    try:
        services.users.sign_in(AGENT, "not the password at all")
    except SignInRefused:
        pass
    services.users.sign_in(AGENT, PASSWORD)


def agreed_with_a_vendor(desk: Desk) -> None:
    """A rate, one that is taken back before it begins, and money for something the vendor did."""
    rates = desk.services.rates
    rates.agree(desk.admin, RateDraft(desk.vendor_id, 1500, date(2026, 6, 1)))
    coming = rates.agree(desk.admin, RateDraft(desk.vendor_id, 1200, date(2026, 8, 1), note="By letter"))
    rates.take_back(desk.admin, coming.id)
    draft = AdjustmentDraft(desk.vendor_id, Money(12_000, "EUR"), "Cleaned the boat")
    desk.services.adjustments.adjust(desk.admin, draft, key=key("adjust"))


def left_alone(desk: Desk) -> None:
    """Two sold departures that complete themselves, an hour after their end."""
    two_sales(desk)
    rules = desk.services.agency.rules(desk.admin)
    desk.services.agency.save_rules(desk.admin, replace(rules, completes_after=1))


def complete_themselves(desk: Desk) -> None:
    desk.services.completing.complete_due()


def twice_there(desk: Desk) -> None:
    """Who bought stands in the file a second time."""
    departures(desk)
    sold(desk, CASH, 0)
    draft = TravellerDraft("Henrik Soderberg", phone="070 555 01 23")
    desk.services.travellers.create(desk.agent, draft, key=key("buyer again"))


def merge_and_split(desk: Desk) -> None:
    """Two records are merged the wrong way round, split, and merged again."""
    with desk.database.read() as view:
        one, other = sorted(row.id for row in view.travellers.find_all()[0])
    wrong = desk.services.duplicates.merge(desk.agent, other, one, key=key("merge"))
    try:
        desk.services.duplicates.split(desk.agent, wrong.merge_id)
    except WrongState:
        pass  # done already
    desk.services.duplicates.merge(desk.agent, one, other, key=key("merge again"))


def bring_in(desk: Desk) -> None:
    """More travellers than go into one batch, some faulty, some who can only be told apart by their row."""
    file = desk.profile.folder / "travellers.csv"
    rows = [f"Guest {number % 505},guest{number % 505}@example.com" for number in range(510)]
    rows[7], rows[502] = "Nobody,not an address", "Namesake,"
    file.write_text("\n".join(["name,email", "Namesake,", *rows]))
    report = desk.services.imports.run(desk.admin, ImportOrder(ImportKind.TRAVELLERS, file))
    assert report.tally.faulty == 6


def papers(desk: Desk) -> None:
    with desk.database.read() as view:
        booking = view.bookings.find_all()[0][0]
    desk.services.documents.voucher(desk.agent, booking.id)
    rows = desk.services.lists.bookings(desk.agent, ListQuery())
    desk.services.exports.to_csv(desk.agent, "bookings", rows, desk.profile.folder / "bookings.csv")
    rows.close()
    desk.services.upkeep.clean_up()
