"""Desks and a vendor's program do what comes, and now and then the program dies: whenever all is quiet, its file is
what the vendor sees at the hub, and says of their money what a desk says."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

from helpers.desk import CASH
from helpers.paying_out import approved
from helpers.three_towns import Killed
from helpers.vendor_place import VendorPlace
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import Refusal
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.storage.commits import Commit, Moment, set_failpoint

DAYS = 6
"""How many days of departures there are at first."""


class VendorPlay:
    def __init__(self, vendors: VendorPlace, seed: int) -> None:
        self.vendors, self.random = vendors, Random(seed)
        self.desk, self.own = vendors.kotor.desk, vendors.own
        self.departures: dict[UUID, list[UUID]] = {}
        self.bookings: list[UUID] = []
        self.done: list[str] = []
        today = vendors.place.clock.now().date()
        for number in range(DAYS):
            for of in (vendors.two.own, vendors.two.theirs):
                self._departure(of.trip, today + timedelta(days=2 + number))
        self.travellers = [self.desk.traveller(f"Olga {number}") for number in range(4)]
        vendors.quiet()

    def _departure(self, trip: UUID, day: date) -> None:
        found = self.desk.add_departure(trip_id=trip, day=day, capacity=40)
        self.departures.setdefault(trip, []).append(found)

    def step(self) -> None:
        word = self.random.choice("ssssccmmdpaqqtkxn")
        self.done.append(word)
        with suppress(Refusal):
            getattr(self, f"_{word}")()

    # what desks do

    def _s(self) -> None:
        """A sale: of one vendor, or of both in one basket."""
        some = self.random.sample(sorted(self.departures), self.random.choice((1, 1, 2)))
        holds = [self.desk.hold(self.random.choice(self.departures[trip])) for trip in some]
        sale = self.desk.sell(*holds, pay=CASH, traveller=self.random.choice(self.travellers))
        self.bookings += [booking.id for booking in sale.bookings]

    def _c(self) -> None:
        """A cancellation."""
        if self.bookings:
            self.desk.cancel(self.bookings.pop(self.random.randrange(len(self.bookings))))

    def _m(self) -> None:
        """A booking goes to the other vendor."""
        self.vendors.place.quiet()
        found = self.vendors.place.connection.execute(
            "SELECT id FROM agency.bookings WHERE state = 'confirmed' AND vendor_id = %s AND id = ANY (%s) "
            "ORDER BY id",
            (self.vendors.two.own.vendor, self.bookings),
        ).fetchall()
        if found:
            (booking,) = self.random.choice(found)
            self.bookings.remove(booking)
            self.vendors.move(booking)

    def _d(self) -> None:
        """Two days pass, and what has been is completed."""
        self.vendors.place.clock.forward(timedelta(days=2))
        for departures in self.departures.values():
            for departure in departures:
                with suppress(Refusal):
                    self.desk.services.bookings.complete(self.desk.admin, departure)

    def _p(self) -> None:
        """All that is free is paid, with statements."""
        batch = approved(self.desk)
        ((who,),) = self.vendors.kotor.lies("SELECT approved_by FROM payout_batches WHERE id = ?", batch.hex)
        self.vendors.place.connection.execute(
            "INSERT INTO hub.approvals (kind, id, user_id) VALUES ('payout_batch', %s, %s)",
            (batch, UUID(who)),
        )

    def _a(self) -> None:
        vendor = self.random.choice((self.vendors.two.own.vendor, self.vendors.two.theirs.vendor))
        draft = AdjustmentDraft(vendor, Money(self.random.randrange(100, 900), "EUR"), "Cleaned the boat")
        self.desk.services.adjustments.adjust(self.desk.admin, draft, key=uuid4())

    def _n(self) -> None:
        """A traveller is called otherwise."""
        one = self.random.choice(self.travellers)
        query = "UPDATE agency.travellers SET name = %s WHERE id = %s"
        self.vendors.place.connection.execute(query, (f"Olga {uuid4().hex[:6]}", one.id))
        self.vendors.place.connection.execute(
            "SELECT hub.own_op('test.named', jsonb_build_array(jsonb_build_object('t', 'travellers', "
            "'id', hub.digits(id), 'k', 'U', 'f', jsonb_build_object('name', name)))) "
            "FROM agency.travellers WHERE id = %s",
            (one.id,),
        )

    # what the vendor's program does

    def _t(self) -> None:
        self.own.turn()

    def _q(self) -> None:
        """The agency is quiet."""
        self.vendors.place.quiet()

    def _x(self) -> None:
        self.own.close()

    def _k(self) -> None:
        """It dies around a commit of a turn."""
        moment = self.random.choice(tuple(Moment))

        def die(_commit: Commit, now: Moment) -> None:
            if now is moment:
                raise Killed

        self.vendors.place.quiet()
        self.own.program.services.agency.view()  # open, before anything dies
        set_failpoint(die)
        try:
            with suppress(Killed):
                self.own.turn()
        finally:
            set_failpoint(None)
        self.own.close()

    # what holds

    def quiet(self) -> None:
        self.vendors.quiet()
        refused = self.vendors.place.connection.execute("SELECT reason FROM hub.conflicts").fetchall()
        assert refused == [], f"after {''.join(self.done)}: the desk has what the hub has not"
        here, there = self.own.dump(), self.own.view()
        differ = [table for table in there if here[table] != there[table]]
        assert differ == [], f"after {''.join(self.done)}: {differ}"
        report = self.own.program.services.check.run()
        assert report.problems == (), f"after {''.join(self.done)}: {report.as_text()}"
        who, vendor = self.vendors.person, self.vendors.two.own.vendor
        own, desk = self.own.program.services, self.desk.services
        assert own.earnings.overview(who, vendor) == desk.earnings.overview(who, vendor), "".join(self.done)
