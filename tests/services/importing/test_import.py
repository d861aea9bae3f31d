"""Files come in: good rows go in, faults are told by row and column, nothing is lost, doubled or half-done."""

from __future__ import annotations

import csv
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.catalogue import days_of, draft, problems, the_trip
from helpers.desk import CASH
from helpers.importing import Desktop, counts, many, told
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import Cancelled, InvalidInput, NotFound, NotPermitted
from travellr_desktop.events import RowsImported
from travellr_desktop.services.catalogue import InUse
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.services.importing.service import ImportOrder
from travellr_desktop.services.paged import ListQuery

VENDORS, TRIPS, DEPARTURES, TRAVELLERS = ImportKind


# travellers


def test_good_rows_go_in_and_each_fault_is_told_by_row_and_column(here: Desktop) -> None:
    report = here.bring(
        TRAVELLERS,
        "Name;E-mail;Phone;Date of birth;Country",
        "Ana Vuković;ana@example.com;+382 67 555 001;1980-02-01;ME",
        ";nobody;call me;2031-01-01;Atlantis",
        '"Bo\tBerg";bo@example.com;;;;',
        "Cy;cy@example.com;;;;extra",
        '"Di;open',
    )
    assert told(report) == [
        (3, "Country", "There is no such country."),
        (3, "Name", "This must not be empty."),
        (3, "E-mail", "This is not an email address."),
        (3, "Phone", "This is not a telephone number."),
        (3, "Date of birth", "This birthday is still to come."),
        (5, "", "There are more cells than columns (1)."),
        (6, "", "The quotes in this row do not match: line 6 was not read."),
    ]
    assert report.tally.faults[2].value == "nobody"
    assert here.travellers() == [("Ana Vuković", "ana@example.com"), ("Bo Berg", "bo@example.com")]
    assert not report.ok
    assert problems(here.desk) == []


def test_who_is_there_is_left_alone_or_changed_as_asked(here: Desktop) -> None:
    rows = ("name,email,phone,address", "Ana Vuković,ana@example.com,,Riva 1", "Bo,,067 555 002,", "Cy,,,")
    assert counts(here.bring(TRAVELLERS, *rows)) == (3, 0, 0, 0)
    other = (
        rows[0],
        "VUKOVIC Ana,ANA@example.com,+382 67 555 001,",
        "Bo,bo@example.com,+382 67 555 002,",
        rows[3],
    )
    assert counts(here.bring(TRAVELLERS, *other)) == (0, 0, 3, 0)
    assert counts(here.bring(TRAVELLERS, *other, update=True)) == (0, 2, 1, 0)
    with here.desk.database.read() as view:
        found = {row.email: row for row in view.travellers.find_all()[0]}
        ana, bo = found["ana@example.com"], found["bo@example.com"]
        assert (ana.name, ana.phone, ana.address) == ("VUKOVIC Ana", "+382 67 555 001", "Riva 1")
        assert bo.phone == "+382 67 555 002"
        (first,) = [
            row for row in view.journal.audit_of("traveller", ana.id) if row.action == "traveller.update"
        ]
        assert first.detail["before"]["name"] == "Ana Vuković"
    assert problems(here.desk) == []


def test_the_same_person_twice_in_a_file_is_a_fault_and_namesakes_are_not(here: Desktop) -> None:
    report = here.bring(TRAVELLERS, "name,email", "Ana,a@example.com", "ana,a@example.com", "Bo,", "Bo,")
    assert told(report) == [(3, "name", "The same person stands further up in this file.")]
    assert len(here.travellers()) == 3
    again = here.bring(TRAVELLERS, "name,email", "Bo,", "Ana,a@example.com", name="other.csv")
    assert counts(again) == (0, 0, 2, 0)


def test_families_share_an_email_and_stay_several_people(here: Desktop) -> None:
    rows = ("first name,surname,email", "Ana,Vuković,home@example.com", "Ivo,Vuković,home@example.com")
    here.bring(TRAVELLERS, *rows)
    assert [name for name, _ in here.travellers()] == ["Ana Vuković", "Ivo Vuković"]


def test_a_merged_traveller_is_not_brought_back(here: Desktop) -> None:
    desk = here.desk
    kept, other = (
        desk.traveller("Ana Vuković", email="a@example.com"),
        desk.traveller("Anna V", email="b@example.com"),
    )
    seen = desk.services.duplicates.preview(desk.agent, kept.id, other.id).seen
    desk.services.duplicates.merge(desk.agent, kept.id, other.id, seen=seen, key=uuid4())
    report = here.bring(TRAVELLERS, "name,email,phone", "Anna V,b@example.com,+382 67 555 001", update=True)
    assert counts(report) == (0, 0, 1, 0)


# again, stopped, taken back


def test_the_same_file_again_brings_nothing_in_twice(here: Desktop) -> None:
    heard: list[RowsImported] = []
    with here.desk.services.bus.subscribe(RowsImported, heard.append):
        first = here.bring(TRAVELLERS, *many(1200), "Guest,not an address")
        again = here.bring(TRAVELLERS, *many(1200), "Guest,not an address")
    assert counts(first) == (1200, 0, 0, 1)
    assert (first.total, [event.made for event in heard]) == (1201, [500, 500, 200])
    assert counts(again) == (0, 0, 0, 1)
    assert (again.id, again.earlier) == (first.id, 1200)
    assert "1,200 rows had come in by an earlier run" in again.sentence()
    once_more = here.bring(TRAVELLERS, *many(1200), "Guest,not an address", again=True)
    assert counts(once_more) == (0, 0, 1200, 1)


def test_what_went_in_before_it_was_stopped_stays_and_the_rest_follows(here: Desktop) -> None:
    order = here.order(TRAVELLERS, *many(1700))
    seen: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if done >= 1000:
            raise Cancelled

    stopped = here.desk.services.imports.run(here.desk.admin, order, stop)
    assert seen == [(500, 1700), (1000, 1700)]
    assert stopped.cancelled
    assert not stopped.ok
    assert stopped.tally.made == 1000
    assert "Stopped: what went in stays; 700 rows were not looked at." in stopped.sentence()
    rest = here.desk.services.imports.run(here.desk.admin, order)
    assert (rest.tally.made, rest.earlier, rest.cancelled) == (700, 1000, False)
    with here.desk.database.read() as view:
        assert view.travellers.count() == 1700
    assert problems(here.desk) == []


def test_an_import_is_taken_back_whole_and_can_come_again(here: Desktop) -> None:
    here.desk.traveller("Guest 3", email="guest3@example.com")
    report = here.bring(TRAVELLERS, *many(600), update=True)
    undone = here.desk.services.imports.undo(here.desk.admin, report.id)
    assert (undone.removed, undone.changed) == (599, 0)
    assert here.travellers() == [("Guest 3", "guest3@example.com")]
    with pytest.raises(NotFound):
        here.desk.services.imports.undo(here.desk.admin, report.id)
    assert counts(here.bring(TRAVELLERS, *many(600), update=True)) == (599, 0, 1, 0)
    assert problems(here.desk) == []


def test_an_import_whose_travellers_bought_since_stays(here: Desktop) -> None:
    report = here.bring(TRAVELLERS, *many(3))
    found = here.desk.services.travellers.search(here.desk.agent, "guest1")[0]
    here.desk.sell(here.desk.hold(here.desk.add_departure()), pay=CASH, traveller=found)
    with pytest.raises(InUse, match="1 booking and 1 sale of its travellers"):
        here.desk.services.imports.undo(here.desk.admin, report.id)
    assert len(here.travellers()) == 3


def test_a_dry_run_tells_the_same_and_writes_nothing(here: Desktop) -> None:
    rows = (*many(700), "Nobody,nowhere")
    dry = here.bring(TRAVELLERS, *rows, dry=True)
    assert here.travellers() == []
    assert dry.sentence().startswith("700 would be added, ")
    assert " 0 " not in dry.sentence(), "what did not happen is not counted up"
    real = here.bring(TRAVELLERS, *rows)
    assert (dry.tally, dry.dry) == (real.tally, True)


# looking first, mending after


def test_a_preview_shows_the_first_rows_their_problems_and_what_no_column_holds(here: Desktop) -> None:
    order = here.order(TRAVELLERS, "name\tborn\tshoe size", *(f"Guest {n}\t{n}\t42" for n in range(30)))
    seen = here.desk.services.imports.preview(here.desk.admin, order)
    assert (seen.encoding, seen.separator, seen.total) == ("utf-8-sig", "\t", 30)
    assert (seen.column_of("born"), seen.column_of("email")) == ("born", "")
    assert [row for row, _ in seen.rows] == list(range(2, 22))
    assert (len(seen.faults), seen.faults[0].column) == (20, "born")
    assert here.travellers() == []
    strange = here.order(TRAVELLERS, "who,what", "Ana,x")
    looked = here.desk.services.imports.preview(here.desk.admin, strange)
    assert [field.word for field in looked.missing] == ["Name"]
    with pytest.raises(InvalidInput, match="No column holds Name"):
        here.desk.services.imports.run(here.desk.admin, strange)
    named = here.bring(TRAVELLERS, "who,what", "Ana,x", named={"name": "who"})
    assert named.tally.made == 1


def test_faulty_rows_are_saved_mended_and_brought_in_again(here: Desktop, tmp_path: Path) -> None:
    order = here.order(TRAVELLERS, "name;email;note", "Ana;a@example.com;", 'Bo;nowhere;"two\nlines"', ";;x")
    report = here.desk.services.imports.run(here.desk.admin, order)
    faulty = tmp_path / "faulty.csv"
    assert here.desk.services.imports.save_faulty(here.desk.admin, order, report, faulty) == 2
    with faulty.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0] == ["name", "email", "note", "problem"]
    assert rows[1] == ["Bo", "nowhere", "two\nlines", "email: This is not an email address."]
    rows[1][1], rows[2][0] = "bo@example.com", "Cy"
    with faulty.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    mended = here.desk.services.imports.run(here.desk.admin, ImportOrder(TRAVELLERS, faulty))
    assert (mended.ok, mended.tally.made) == (True, 2)


# what is sold


def test_vendors_trips_and_departures_come_in_one_after_the_other(here: Desktop) -> None:
    desk = here.desk
    vendors = here.bring(
        VENDORS, "Company,Code,Commission,E-Mail", "Nomad,nomad,15 %,ops@example.com", "Mirko,,200,x"
    )
    assert told(vendors) == [
        (3, "Commission", "“200” is more than all."),
        (3, "E-Mail", "This is not an email address."),
    ]
    trips = here.bring(
        TRIPS,
        "Code;Vendor;Title;City;Price;Child price;Duration;Currency;Policy;VAT;Included",
        "TARA;NOMAD;Tara rafting;Žabljak;85,00;;8 h;EUR;strict;21 %;Guide | Lunch",
        "WALK;bokeška plovidba;Old town;Kotor;20;10;90;EUR;;;",
        "X;Nobody;Walk;Kotor;20;;90;;;;",
        "Y;NOMAD;;Kotor;twenty;;long;XXX;lenient;;",
    )
    assert told(trips)[0] == (4, "Vendor", "There is no vendor of this code or name.")
    assert {fault.column for fault in trips.tally.faults if fault.row == 5} == {
        "Title", "Currency", "Price", "Duration", "Policy",
    }  # fmt: skip
    assert trips.tally.made == 2
    departures = here.bring(
        DEPARTURES,
        "Trip,Date,Time,Seats",
        "TARA,2026-07-04,08:00,12",
        "old town,4.7.2026,10:00,20",
        "TARA,2027-03-28,02:30,12",
        "TARA,2026-06-01,08:00,12",
        "TARA,2026-07-05,08:00,0",
        "TARA,2026-07-04,08:00,14",
        "Nothing,2026-07-04,08:00,12",
    )
    assert [(row, column) for row, column, _ in told(departures)] == [
        (4, "Time"),
        (5, "Date"),
        (6, "Seats"),
        (7, "Time"),
        (8, "Trip"),
    ]
    assert days_of(desk) == ["04.07 08:00 12", "04.07 10:00 20"]
    with closing(desk.services.lists.trips(desk.admin, ListQuery("tara"))) as rows:
        (row,) = rows.first()
    assert (row.vendor, row.price.minor if row.price else None, row.duration_min) == ("Nomad", 8500, 480)
    assert desk.services.trips.detail(desk.admin, row.id).draft.included == ("Guide", "Lunch")
    assert problems(desk) == []


def test_what_is_found_by_its_code_is_changed_in_what_the_file_says(here: Desktop) -> None:
    desk = here.desk
    desk.services.trips.update(
        desk.admin, the_trip(desk), draft(desk, code="BLUE", description="Bring a towel.")
    )
    made = desk.add_departure(capacity=10)
    desk.sold(made, pay=CASH, adult=4)
    head = "code,vendor,title,place,price,duration"
    row = "blue,Bokeška Plovidba,Blue Cave at dawn,Kotor,50,180"
    assert counts(here.bring(TRIPS, head, row)) == (0, 0, 1, 0)
    assert counts(here.bring(TRIPS, head, row, update=True)) == (0, 1, 0, 0)
    after = desk.services.trips.detail(desk.admin, the_trip(desk)).draft
    assert (after.title, after.description, after.meeting_point) == (
        "Blue Cave at dawn",
        "Bring a towel.",
        "Riva, pier 2",
    )
    assert {kind.value: amount for kind, amount in after.prices.items()} == {
        "adult": 5000,
        "child": 2700,
        "infant": 0,
    }
    seats = ("trip,day,time,seats", "BLUE,2026-07-04,08:30,3")
    report = here.bring(DEPARTURES, *seats, update=True)
    assert told(report)[0][1] == "seats"
    assert "There are 4 seats sold" in told(report)[0][2]
    assert counts(here.bring(DEPARTURES, seats[0], "BLUE,2026-07-04,08:30,16", update=True)) == (0, 1, 0, 0)
    assert desk.services.timetable.departure(desk.admin, made).capacity == 16
    assert problems(desk) == []


def test_when_the_balance_of_a_trip_is_due_comes_in_and_is_changed(here: Desktop) -> None:
    desk = here.desk
    desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, code="BLUE"))

    def dues() -> tuple[int, int]:
        now = desk.services.trips.detail(desk.admin, the_trip(desk)).draft
        return now.deposit_bps, now.balance_days

    head = "code,vendor,title,place,price,duration,deposit,Restzahlung"
    row = "blue,Bokeška Plovidba,Blue Cave,Kotor,50,180"
    here.bring(TRIPS, head, f"{row},20 %,45", update=True)
    assert dues() == (2000, 45)
    here.bring(TRIPS, head, f"{row},,", update=True)  # what a row does not say stays
    assert dues() == (2000, 45)
    report = here.bring(TRIPS, head, f"{row},,1001", f"{row.replace('blue', 'red')},,soon", update=True)
    assert [(line, column) for line, column, _words in told(report)] == [
        (2, "Restzahlung"),
        (3, "Restzahlung"),
    ]
    assert dues() == (2000, 45)


def test_an_import_of_departures_is_taken_back_while_nobody_has_bought(here: Desktop) -> None:
    rows = (
        "trip,day,time,seats",
        "Blue Cave and Perast,2026-07-04,08:00,12",
        "Blue Cave and Perast,2026-07-05,08:00,12",
    )
    report = here.bring(DEPARTURES, *rows)
    with here.desk.database.read() as view:
        hold = here.desk.hold(view.departures.find_all()[0][0].id)
    with pytest.raises(InUse, match="1 hold"):
        here.desk.services.imports.undo(here.desk.admin, report.id)
    assert hold.seats == 2
    other = here.bring(DEPARTURES, rows[0], "Blue Cave and Perast,2026-07-06,08:00,12")
    assert here.desk.services.imports.undo(here.desk.admin, other.id).removed == 1
    for kind, row in (
        (TRIPS, "title,vendor,place,price,duration\nT,Bokeška Plovidba,P,1,60"),
        (VENDORS, "name\nNomad"),
    ):
        made = here.bring(kind, *row.split("\n"))
        assert here.desk.services.imports.undo(here.desk.admin, made.id).removed == 1
    assert problems(here.desk) == []


# who may, how much


def test_an_agent_brings_nothing_in(here: Desktop) -> None:
    order = here.order(TRAVELLERS, *many(1))
    with pytest.raises(NotPermitted):
        here.desk.services.imports.run(here.desk.agent, order)
    manager = Actor(here.desk.admin.user_id, "Mira", Role.MANAGER)
    assert here.desk.services.imports.run(manager, order).tally.made == 1
