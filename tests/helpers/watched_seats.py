"""What people do with seats that are not sold: they are held, chosen, kept, waited for."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from helpers.plain_desk import Kept, Waiting, sitting
from helpers.watched_desk import LABELS, WatchedDesk, Why, few, parties, which
from travellr_desktop.domain.party import Party
from travellr_desktop.errors import HoldLapsed, InvalidInput, NotFound, Refusal, SeatsGone, WrongState

LASTS = timedelta(minutes=15)
LONGEST = timedelta(hours=2)

some_labels = st.lists(st.sampled_from((*LABELS, "2B")), min_size=1, max_size=3, unique=True)


class SeatRules(WatchedDesk):
    def taken_labels(self, but: Kept | None = None) -> set[str]:
        """Numbers that are taken, by others than one."""
        with self.desk.database.read() as view:
            seats = view.seats.taken_by(self.coach)
        return {seat.label for seat in seats if but is None or seat.hold_id != but.id}

    def not_mine_to_change(self, kept: Kept, sold: type[Refusal] | None = InvalidInput) -> Why:
        """Why a hold is not in the basket; `sold` is what is said of one that a sale waits on."""
        if kept.kind == "offer":
            return {NotFound}
        if kept.kind != "hold":
            return {WrongState}
        return set() if kept.sale is None or sold is None else {sold}

    def late(self, kept: Kept) -> Why:
        return {HoldLapsed} if kept.until <= self.clock.now() else set()

    # seats set aside

    @rule(number=which, party=parties)
    def hold(self, number: int, party: dict[str, int]) -> None:
        departure = self.place(number)
        why = self.closed(departure)
        if sitting(party) == 0:
            why.add(InvalidInput)
        if sitting(party) > self.plain.free(departure):
            why.add(SeatsGone)
        hold = self.tried(
            lambda: self.desk.services.holds.hold(self.desk.agent, departure, Party(**party), key=uuid4()),
            why,
        )
        if hold is not None:
            now = self.clock.now()
            self.plain.kept.append(Kept(departure, party, now + LASTS, id=hold.id, since=now))

    @rule(labels=some_labels)
    def hold_by_number(self, labels: list[str]) -> None:
        why = self.closed(self.coach)
        if "2B" in labels:
            why.add(InvalidInput)
        if self.taken_labels() & set(labels) or len(labels) > self.plain.free(self.coach):
            why.add(SeatsGone)
        party = Party(adult=len(labels))
        hold = self.tried(
            lambda: self.desk.services.holds.hold(
                self.desk.agent, self.coach, party, key=uuid4(), labels=labels
            ),
            why,
        )
        if hold is not None:
            assert hold.labels == tuple(labels)
            now = self.clock.now()
            self.plain.kept.append(
                Kept(self.coach, {"adult": len(labels)}, now + LASTS, id=hold.id, since=now)
            )

    @rule(number=which, labels=some_labels, best=st.booleans())
    def choose(self, number: int, labels: list[str], best: bool) -> None:
        kept = self.one(self.plain.kept, number)
        if kept is None or kept.id is None:
            return
        hold_id, seats = kept.id, self.desk.services.seats
        why = self.not_mine_to_change(kept) | self.late(kept)
        if kept.departure != self.coach:
            why.add(InvalidInput)
        if best:
            chosen = self.tried(lambda: seats.best(self.desk.agent, hold_id), why)
        else:
            if len(labels) != kept.seats or "2B" in labels:
                why.add(InvalidInput)
            if self.taken_labels(kept) & set(labels):
                why.add(SeatsGone)
            chosen = self.tried(lambda: seats.choose(self.desk.agent, hold_id, labels), why)
            assert chosen is None or chosen.labels == tuple(labels)

    @rule(number=which, party=parties)
    def resize(self, number: int, party: dict[str, int]) -> None:
        kept = self.one(self.plain.kept, number)
        if kept is None or kept.id is None:
            return
        hold_id, more = kept.id, sitting(party) - kept.seats
        why = self.not_mine_to_change(kept) | self.late(kept)
        if sitting(party) == 0:
            why.add(InvalidInput)
        if more > 0:
            why |= self.closed(kept.departure)
        if more > self.plain.free(kept.departure):
            why.add(SeatsGone)
        resized = self.tried(
            lambda: self.desk.services.holds.resize(self.desk.agent, hold_id, Party(**party), key=uuid4()),
            why,
        )
        if resized is not None:
            kept.party = party
            if more < 0:
                self.plain.offer(kept.departure, self.clock.now())

    @rule(number=which, other=which, count=few)
    def move(self, number: int, other: int, count: int) -> None:
        source, target = self.one(self.plain.kept, number), self.one(self.plain.kept, other)
        if source is None or target is None or source is target or source.id is None or target.id is None:
            return
        from_id, to_id = source.id, target.id
        here = source.departure == target.departure
        why = self.not_mine_to_change(source) | self.not_mine_to_change(target)
        why |= self.late(source) | self.late(target) | self.closed(target.departure)
        left = {**source.party, "adult": source.party.get("adult", 0) - count}
        if left["adult"] < 0 or (sitting(left) == 0 and left.get("infant")):
            why.add(InvalidInput)
        if not here and count > self.plain.free(target.departure):
            why.add(SeatsGone)
        moved = self.tried(
            lambda: self.desk.services.holds.move(
                self.desk.agent, from_id, to_id, Party(adult=count), key=uuid4()
            ),
            why,
        )
        if moved is not None:
            source.party = left
            target.party = {**target.party, "adult": target.party.get("adult", 0) + count}
            if sitting(left) == 0:
                self.plain.end(self.clock.now(), source)
            else:
                self.plain.offer(source.departure, self.clock.now())

    @rule(number=which)
    def extend(self, number: int) -> None:
        kept = self.one(self.plain.kept, number)
        if kept is None or kept.id is None:
            return
        hold_id, now = kept.id, self.clock.now()
        why = self.not_mine_to_change(kept, sold=None)
        if kept.since is not None and now >= kept.since + LONGEST:
            why.add(InvalidInput)
        extended = self.tried(lambda: self.desk.services.holds.extend(self.desk.agent, hold_id), why)
        if extended is not None:
            assert kept.since is not None
            kept.until = max(kept.until, min(now + LASTS, kept.since + LONGEST))

    @rule(number=which)
    def release(self, number: int) -> None:
        kept = self.one(self.plain.kept, number)
        if kept is None or kept.id is None:
            return
        hold_id, why = kept.id, self.not_mine_to_change(kept)
        self.tried(lambda: self.desk.services.holds.release(self.desk.agent, hold_id), why)
        if not why:
            self.plain.end(self.clock.now(), kept)

    # kept for somebody

    @rule(number=which, hours=st.sampled_from([1, 30, 200]), for_them=st.booleans())
    def keep_as_option(self, number: int, hours: int, for_them: bool) -> None:
        kept = self.one(self.plain.kept, number)
        if kept is None or kept.id is None:
            return
        hold_id, until, person = kept.id, self.clock.now() + timedelta(hours=hours), self.buyer.id
        why = self.closed(kept.departure) | self.late(kept)
        if kept.kind != "hold":
            why.add(NotFound)
        if kept.sale is not None:
            why.add(WrongState)
        if until > self.plain.trips[kept.departure].closes:
            why.add(InvalidInput)
        if kept.entry is not None and for_them:
            person = self.desk.services.waiting_list.detail(self.desk.agent, kept.entry).traveller_id
        elif kept.entry is not None:
            why.add(InvalidInput)  # it was offered to another
        option = self.tried(
            lambda: self.desk.services.options.keep(self.desk.agent, hold_id, until, person, key=uuid4()), why
        )
        if option is not None:
            kept.kind, kept.until = "option", until

    def not_kept(self, kept: Kept) -> Why:
        return set() if kept.kind in ("option", "offer") else {NotFound, WrongState}

    @rule(number=which, hours=st.sampled_from([1, 30, 200]))
    def extend_option(self, number: int, hours: int) -> None:
        kept = self.one(self.plain.kept, number)
        if kept is None or kept.id is None:
            return
        hold_id, until = kept.id, self.clock.now() + timedelta(hours=hours)
        why = self.not_kept(kept) | self.late(kept) | self.closed(kept.departure)
        if until > self.plain.trips[kept.departure].closes:
            why.add(InvalidInput)
        option = self.tried(lambda: self.desk.services.options.extend(self.desk.agent, hold_id, until), why)
        if option is not None:
            kept.until = until

    @rule(number=which)
    def take_up(self, number: int) -> None:
        kept = self.one(self.plain.kept, number)
        if kept is None or kept.id is None:
            return
        hold_id, now = kept.id, self.clock.now()
        why = self.not_kept(kept) | self.late(kept) | self.closed(kept.departure)
        taken = self.tried(
            lambda: self.desk.services.options.take_up(self.desk.agent, hold_id, key=uuid4()), why
        )
        if taken is not None:
            kept.kind, kept.since, kept.until = "hold", now, now + LASTS
            kept.party = {"adult": 0, "child": 0, "infant": 0, **kept.party}

    @rule(number=which)
    def give_up_option(self, number: int) -> None:
        kept = self.one(self.plain.kept, number)
        if kept is None or kept.id is None:
            return
        hold_id, why = kept.id, self.not_kept(kept)
        self.tried(lambda: self.desk.services.options.release(self.desk.agent, hold_id), why)
        if not why:
            self.plain.end(self.clock.now(), kept)

    # waiting

    @rule(number=which, count=st.integers(1, 5))
    def join(self, number: int, count: int) -> None:
        departure = self.place(number)
        self.people += 1
        person = self.desk.traveller(f"Traveller {self.people}")
        why = self.closed(departure)
        if count <= self.plain.free(departure) or count > self.plain.trips[departure].seats:
            why.add(InvalidInput)
        entry = self.tried(
            lambda: self.desk.services.waiting_list.join(
                self.desk.agent, departure, person.id, Party(adult=count), key=uuid4()
            ),
            why,
        )
        if entry is not None:
            self.plain.trips[departure].list.append(Waiting(entry.id, count))

    @rule(number=which)
    def withdraw(self, number: int) -> None:
        entries = [entry for trip in self.plain.trips.values() for entry in trip.list]
        entry = self.one([each for each in entries if each.state in ("waiting", "offered")], number)
        if entry is None:
            return
        offer = next((kept for kept in self.plain.kept if kept.entry == entry.id), None)
        why: Why = {WrongState} if offer is not None and offer.kind != "offer" else set()
        entry_id = entry.id
        self.tried(lambda: self.desk.services.waiting_list.withdraw(self.desk.agent, entry_id), why)
        if not why:
            entry.state = "withdrawn"
            if offer is not None:
                self.plain.end(self.clock.now(), offer)
