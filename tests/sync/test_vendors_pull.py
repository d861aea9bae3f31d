"""What a vendor's person is told of what desks do: rows that they see, and that they see no more."""

from __future__ import annotations

from contextlib import ExitStack
from random import Random

import pytest

from helpers.told_hub import AT, Json, Teller, ToldHub, changed, key, made, removed, told, told_template, who
from helpers.vendor_file import booking, discount, line, moved, sale, vendor_file

__all__ = ["told", "told_template"]


def _kinds(rows: list[Json]) -> dict[str, list[bool]]:
    """By table, of each row that was told whether it is there."""
    found: dict[str, list[bool]] = {}
    for row in rows:
        found.setdefault(row["t"], []).append(row["f"] is not None)
    return found


def _tell(teller: Teller, *changes: Json) -> None:
    event = {"event_name": "SECRET", "aggregate_id": key(), "timestamp": AT, "payload": {"SECRET": 1}}
    answer = teller.tell(*changes, events=[event], name="SECRET.op")
    assert answer["outcome"] == "applied", answer
    teller.call("publish()")


def test_of_a_basket_each_vendor_is_told_their_booking(told: ToldHub) -> None:
    desk = told.tellers[0]
    with vendor_file(told, "Boka", told.vendor) as ours, vendor_file(told, "Tara") as theirs:
        lena = made("travellers", key(), **who("Lena"))
        marko = made("travellers", key(), **{**who("Marko SECRET"), "email": "SECRET@travellr.example"})
        basket = sale(desk.desk, marko["id"])
        one, other = booking(ours, basket["id"], lena["id"]), booking(theirs, basket["id"], marko["id"])
        _tell(desk, lena, marko, basket, one, other, line(one["id"], "Lena"), line(other["id"], "SECRET"))
        came = ours.pull()
        assert _kinds(came) == {
            "travellers": [True],
            "sales": [True],
            "bookings": [True],
            "booking_lines": [True],
        }
        assert "SECRET" not in "".join(ours.said)
        assert other["id"] not in "".join(ours.said)
        assert "email" not in ours.rows["travellers", lena["id"]]
        assert {row["id"] for row in theirs.pull()}.isdisjoint({one["id"], lena["id"]})
        assert ours.rows == ours.seen() and theirs.rows == theirs.seen()


def test_whom_they_did_not_know_comes_with_the_booking_that_was_made_before_or_later(told: ToldHub) -> None:
    desk = told.tellers[0]
    with vendor_file(told, "Boka", told.vendor) as ours:
        lena = made("travellers", key(), **who("Lena"))
        _tell(desk, lena)
        assert ours.pull() == []
        basket = sale(desk.desk, lena["id"])
        _tell(desk, basket, one := booking(ours, basket["id"], lena["id"]))
        assert _kinds(ours.pull()) == {"bookings": [True], "sales": [True], "travellers": [True]}
        _tell(desk, changed("travellers", lena["id"], phone="+382 1", email="SECRET@x.example"))
        assert ours.pull() == [
            {"t": "travellers", "id": lena["id"], "f": ours.rows["travellers", lena["id"]]}
        ]
        _tell(desk, petar := made("travellers", key(), **who("Petar")))
        _tell(desk, changed("bookings", one["id"], traveller_id=petar["id"]))
        came = {(row["t"], row["id"]): row["f"] is not None for row in ours.pull()}
        assert came["travellers", petar["id"]] and came["bookings", one["id"]]
        assert not came["travellers", lena["id"]]
        assert ("travellers", lena["id"]) not in ours.rows
        _tell(desk, changed("travellers", lena["id"], phone="SECRET"))
        assert "SECRET" not in "".join(ours.said)
        assert ours.rows == ours.seen()


def test_a_booking_that_goes_to_another_vendor_is_gone_with_all_that_was_seen_through_it(
    told: ToldHub,
) -> None:
    desk = told.tellers[0]
    with vendor_file(told, "Boka", told.vendor) as ours, vendor_file(told, "Tara") as theirs:
        lena = made("travellers", key(), **who("Lena"))
        basket = sale(desk.desk, lena["id"])
        one = booking(ours, basket["id"], lena["id"])
        _tell(desk, lena, basket, one, line(one["id"], "Lena"), discount(basket["id"], one["id"], own=False))
        ours.pull()
        theirs.pull()
        before = len(ours.said)
        _tell(desk, changed("bookings", one["id"], **moved(theirs)))
        went = ["booking_lines", "bookings", "discounts", "sales", "travellers"]
        assert _kinds(ours.pull()) == {table: [False] for table in went}
        assert theirs.vendor not in "".join(ours.said[before:])
        assert _kinds(theirs.pull()) == {table: [True] for table in went}
        assert ours.rows == ours.seen() and theirs.rows == theirs.seen()
        _tell(desk, changed("bookings", one["id"], **moved(ours)))  # and comes back
        ours.pull()
        theirs.pull()
        assert ours.rows == ours.seen() and theirs.rows == theirs.seen()


def test_what_was_removed_is_told_to_whom_it_was_seen_by(told: ToldHub) -> None:
    boss = told.tellers[0]
    boss.actor = told.boss
    with vendor_file(told, "Boka", told.vendor) as ours, vendor_file(told, "Tara") as theirs:
        price = {"traveller_type": "adult", "amount": 4500, "takes_seat": 1}
        season = {"name": "Summer", "first_day": "2027-06-01", "last_day": "2027-08-31"}
        one = made("trip_prices", key(), trip_id=ours.trip, **price)
        of = made("trip_seasons", key(), trip_id=ours.trip, **season)
        in_season = made("season_prices", key(), season_id=of["id"], traveller_type="adult", amount=5500)
        _tell(boss, one, of, in_season)
        ours.pull()
        _tell(boss, removed("season_prices", in_season["id"]), removed("trip_seasons", of["id"]))
        _tell(boss, removed("trip_prices", one["id"]))
        assert _kinds(ours.pull()) == {
            "trip_prices": [False],
            "trip_seasons": [False],
            "season_prices": [False],
        }
        assert theirs.pull() == []
        assert ours.rows == ours.seen()


def test_what_the_agency_gives_of_its_own_share_comes_and_goes(told: ToldHub) -> None:
    desk = told.tellers[0]
    with vendor_file(told, "Boka", told.vendor) as ours:
        basket = sale(desk.desk, told.traveller)
        one = booking(ours, basket["id"], told.traveller)
        shared, own = (discount(basket["id"], one["id"], own=each) for each in (False, True))
        _tell(desk, basket, one, shared, own)
        ours.pull()
        assert ("discounts", shared["id"]) in ours.rows
        assert own["id"] not in "".join(ours.said)
        _tell(desk, changed("discounts", shared["id"], own=1), changed("discounts", own["id"], own=0))
        ours.pull()
        assert ("discounts", shared["id"]) not in ours.rows
        assert ours.rows == ours.seen()


def test_what_is_for_one_desk_alone_and_what_was_refused_is_not_told(told: ToldHub) -> None:
    desk = told.tellers[0]
    with vendor_file(told, "Boka", told.vendor) as ours:
        trip = changed("trips", ours.trip, title="SECRET")
        assert desk.tell(trip)["outcome"] == "refused"  # an agent changes no trips
        desk.call("drop(%s, %s, %s)", desk.desk, desk.next_op - 1, told.boss)
        assert desk.pull() != []
        assert ours.pull() == []
        assert ours.rows == ours.seen()


def test_a_hub_that_forgets_who_saw_a_row_leaves_it_in_their_file(told: ToldHub) -> None:
    """The control of the tests above and below."""
    desk = told.tellers[0]
    told.admin.execute("ALTER TABLE agency.bookings DISABLE TRIGGER leaves_view_turned")
    with vendor_file(told, "Boka", told.vendor) as ours, vendor_file(told, "Tara") as theirs:
        basket = sale(desk.desk, told.traveller)
        _tell(desk, basket, one := booking(ours, basket["id"], told.traveller))
        ours.pull()
        _tell(desk, changed("bookings", one["id"], **moved(theirs)))
        ours.pull()
        assert ("bookings", one["id"]) in ours.rows
        assert ours.rows != ours.seen()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_a_file_is_what_can_be_read(told: ToldHub, seed: int) -> None:
    """Desks sell, move, give discounts and change travellers as it comes; two vendors pull now and then."""
    random = Random(seed)
    desk = told.tellers[0]
    with ExitStack() as stack:
        vendors = [
            stack.enter_context(vendor_file(told, "Boka", told.vendor)),
            stack.enter_context(vendor_file(told, "Tara")),
        ]
        basket = sale(desk.desk, told.traveller)
        people, bookings, given = [told.traveller], list[str](), list[str]()
        _tell(desk, basket)
        for _ in range(40):
            match random.choice("pbbbmmtdlx"):
                case "p":
                    people.append(key())
                    _tell(desk, made("travellers", people[-1], **who("Somebody")))
                case "b":
                    new = booking(random.choice(vendors), basket["id"], random.choice(people))
                    bookings.append(new["id"])
                    _tell(desk, new, line(new["id"], "Somebody"))
                case "m" if bookings:
                    _tell(desk, changed("bookings", random.choice(bookings), **moved(random.choice(vendors))))
                case "t" if bookings:
                    whom = random.choice(people)
                    _tell(desk, changed("bookings", random.choice(bookings), traveller_id=whom))
                case "d" if bookings:
                    new = discount(basket["id"], random.choice(bookings), own=random.random() < 0.3)
                    given.append(new["id"])
                    _tell(desk, new)
                case "l" if given:
                    _tell(desk, changed("discounts", random.choice(given), own=int(random.random() < 0.5)))
                case "x":
                    random.choice(vendors).pull(most=random.choice((1, 3, 500)))
        for each in vendors:
            each.pull()
            assert each.rows == each.seen()
