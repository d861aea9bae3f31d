"""What many desks write: people, trips, vendors, notes, codes, departures."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from helpers.three_towns import DAY, FOREIGN
from helpers.towns_base import NOT_NOW, ONE, TOWN, TownsBase
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.services.travellers import TravellerDraft


class Writing(TownsBase):
    @rule(at=TOWN, which=ONE, phone=st.integers(0, 3), email=st.integers(0, 2))
    def change_a_traveller(self, at: int, which: int, phone: int, email: int) -> None:
        """One field, or both, so that two desks meet in the same one or pass each other."""
        town, service = self.towns[at], self.towns[at].desk.services.travellers
        traveller = self.of(town, "travellers", which)
        if traveller is None:
            return
        with suppress(*NOT_NOW):
            shown = service.find_by_id(town.desk.agent, traveller)
            draft = TravellerDraft(shown.name, email=shown.email, phone=shown.phone)
            if phone:
                draft = replace(draft, phone=f"+382 67 000 00{phone}")
            if email:
                draft = replace(draft, email=f"{FOREIGN}{email}@travellr.example")
            service.update(town.desk.agent, traveller, draft)
            self.did("traveller changed")

    @rule(at=TOWN, which=ONE)
    def rename_a_traveller(self, at: int, which: int) -> None:
        """What is searched by follows from the name."""
        town, service = self.towns[at], self.towns[at].desk.services.travellers
        traveller = self.of(town, "travellers", which)
        if traveller is not None:
            shown = service.find_by_id(town.desk.agent, traveller)
            first = shown.name.partition(" ")[0]
            draft = TravellerDraft(f"{first} {next(self.numbers)}", email=shown.email, phone=shown.phone)
            service.update(town.desk.agent, traveller, draft)
            self.did("traveller renamed")

    @rule(at=TOWN, price=st.integers(0, 3), words=st.booleans())
    def edit_the_trip(self, at: int, price: int, words: bool) -> None:
        town, service = self.towns[at], self.towns[at].desk.services.trips
        trip = self.of(town, "trips", 0)
        assert trip is not None
        draft = service.detail(town.desk.admin, trip).draft
        if price:
            draft = replace(draft, prices={**draft.prices, next(iter(draft.prices)): 4000 + 500 * price})
        if words:
            draft = replace(draft, meeting_point=f"Pier {next(self.numbers)}")
        service.update(town.desk.admin, trip, draft)
        if price or words:
            self.did("trip changed")

    @rule(at=TOWN, rate=st.booleans())
    def edit_the_vendor(self, at: int, rate: bool) -> None:
        town, service = self.towns[at], self.towns[at].desk.services.vendors
        vendor = self.of(town, "vendors", 0)
        assert vendor is not None
        draft = service.detail(town.desk.admin, vendor).draft
        number = next(self.numbers)
        changed = (
            {"commission_bps": 1000 + 100 * (number % 20)} if rate else {"phone": f"+382 69 555 {number:03}"}
        )
        service.update(town.desk.admin, vendor, replace(draft, **changed))
        self.did("vendor changed")

    @rule(at=TOWN, which=ONE)
    def write_a_note(self, at: int, which: int) -> None:
        town = self.towns[at]
        traveller = self.of(town, "travellers", which)
        if traveller is not None:
            town.desk.services.notes.add(
                town.desk.agent, f"{FOREIGN} {next(self.numbers)}", traveller_id=traveller
            )
            self.did("note written")

    @rule(at=TOWN, which=ONE)
    def take_a_note_back(self, at: int, which: int) -> None:
        town = self.towns[at]
        note = self.of(town, "notes", which)
        if note is not None:
            town.desk.services.notes.remove(town.desk.agent, note)
            self.did("note removed")

    @rule(at=TOWN, code=st.integers(1, 4))
    def promise_a_code(self, at: int, code: int) -> None:
        """There is one of each: who comes second is refused at their desk, or at the hub."""
        town = self.towns[at]
        draft = PromoDraft(
            f"SUMMER{code}", DiscountKind.PERCENT, DAY, DAY, f"Of {town.sign_in.name}", bps=500
        )
        with suppress(InvalidInput):
            town.desk.services.promos.save(town.desk.admin, draft)
            self.did("code promised")

    # departures

    @rule(at=TOWN, seats=st.integers(2, 9), trip=st.integers(0, 1))
    def make_a_departure(self, at: int, seats: int, trip: int = 0) -> None:
        town = self.towns[at]
        day = DAY + timedelta(days=next(self.numbers))
        town.desk.add_departure(self.of(town, "trips", trip), day=day, capacity=seats)
        self.did("departure made")

    @rule(at=TOWN, which=ONE, seats=st.integers(1, 11))
    def change_capacity(self, at: int, which: int, seats: int) -> None:
        town = self.towns[at]
        departure = self.of(town, "departures", which)
        if departure is None:
            return
        with suppress(*NOT_NOW, InvalidInput):
            town.desk.services.timetable.set_capacity(town.desk.admin, departure, seats)
            self.did("capacity changed")

    @rule(at=TOWN, which=ONE, stop=st.booleans())
    def stop_sales_or_go_on(self, at: int, which: int, stop: bool) -> None:
        town, service = self.towns[at], self.towns[at].desk.services.timetable
        departure = self.of(town, "departures", which)
        if departure is None:
            return
        with suppress(*NOT_NOW):
            if stop:
                service.stop(town.desk.admin, [departure], "A storm is coming")
            else:
                service.reopen(town.desk.admin, [departure])
            self.did("sales stopped or reopened")
