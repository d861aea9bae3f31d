"""Ops that no desk's program would write, sent by hand on its sign-in: the hub takes none of them. Each has a control
in which the guard is taken away, and the same op is taken."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from helpers.guarded import Guarded, guarded, guarded_hub
from helpers.hub_sales import Sold, numbered, payment, refund, sale
from helpers.told_hub import AT, Json, changed, entry, insert, key, made, removed, told_template

__all__ = ["guarded", "guarded_hub", "told_template"]


def sold(here: Guarded, desk: int = 0) -> Sold:
    """A sale of a desk, at the hub and seen by all."""
    numbered(here.hub, desk, 1 + 1000 * desk)
    found, changes = sale(here.hub, here.tellers[desk], 1 + 1000 * desk)
    assert here.tellers[desk].tell(*changes)["outcome"] == "applied"
    for each in here.tellers:
        each.pull()
    return found


Op = Callable[[Guarded], tuple[int, list[Json]]]
"""Which desk says it, and what it says."""


def raises_its_own_grant(here: Guarded) -> tuple[int, list[Json]]:
    here.hub.admin.execute("UPDATE agency.grants SET seats = 2 WHERE id = %s", (here.hub.grants[1],))
    return 0, [changed("grants", here.hub.grants[0], seats=8)]


def takes_another_desks_grant(here: Guarded) -> tuple[int, list[Json]]:
    return 0, [changed("grants", here.hub.grants[1], seats=0)]


def holds_seats_of_another_desk(here: Guarded) -> tuple[int, list[Json]]:
    return 0, [here.hub.hold(1, 1)]


def makes_another_desks_hold_larger(here: Guarded) -> tuple[int, list[Json]]:
    hold = here.hub.hold(1, 1)
    assert here.tellers[1].tell(hold)["outcome"] == "applied"
    here.tellers[0].pull()
    return 0, [changed("holds", hold["id"], seats=3)]


def moves_a_booking_onto_another_desks_grant(here: Guarded) -> tuple[int, list[Json]]:
    one = sold(here)
    stands, sits = (changed("booking_lines", one.line, occupies=occupies) for occupies in (0, 1))
    return 0, [stands, changed("bookings", one.booking, grant_id=here.hub.grants[1]), sits]


def books_in_another_desks_ledger(here: Guarded) -> tuple[int, list[Json]]:
    return 0, [entry(here.tellers[1], 1)]


def opens_another_desks_till(here: Guarded) -> tuple[int, list[Json]]:
    said = {"number": 1, "state": "open", "from_seq": 0, "opened_seq": 0, "opened_at": AT}
    words = {"opened_reason": "", "closed_reason": ""}
    return 0, [made("till_sessions", key(), desk_id=here.tellers[1].desk, **said, **words)]


def sells_in_another_desks_name(here: Guarded) -> tuple[int, list[Json]]:
    numbered(here.hub, 0)
    _, changes = sale(here.hub, here.tellers[0])
    changes[0]["f"]["desk_id"] = here.tellers[1].desk
    return 0, changes[:1]


def gives_back_what_another_desk_sold(here: Guarded) -> tuple[int, list[Json]]:
    return 1, [refund(sold(here), here.tellers[1], 1000)]


def cancels_what_another_desk_sold(here: Guarded) -> tuple[int, list[Json]]:
    return 1, [changed("bookings", sold(here).booking, state="cancelled")]


def numbers_beyond_its_block(here: Guarded) -> tuple[int, list[Json]]:
    numbered(here.hub, 0)
    return 0, sale(here.hub, here.tellers[0], 101)[1]


def gives_itself_numbers(here: Guarded) -> tuple[int, list[Json]]:
    said = {"desk_id": here.tellers[0].desk, "kind": "BK", "year": 2026, "first": 1, "last": 9, "next": 1}
    return 0, [made("number_series", key(), **said)]


def grows_over_another_desks_numbers(here: Guarded) -> tuple[int, list[Json]]:
    numbered(here.hub, 1, 101)
    return 0, [changed("number_series", numbered(here.hub, 0), last=150)]


def takes_all_numbers_that_there_are(here: Guarded) -> tuple[int, list[Json]]:
    return 0, [changed("number_series", numbered(here.hub, 0), last=10**12)]


def gives_a_number_again(here: Guarded) -> tuple[int, list[Json]]:
    block = numbered(here.hub, 0)
    here.hub.admin.execute("UPDATE agency.number_series SET next = 9 WHERE id = %s", (block,))
    return 0, [changed("number_series", block, next=3)]


def brings_a_cancelled_booking_back(here: Guarded) -> tuple[int, list[Json]]:
    one = sold(here)
    ended = changed("bookings", one.booking, state="cancelled", ended_at=AT)
    assert here.tellers[0].tell(ended)["outcome"] == "applied"
    return 0, [changed("bookings", one.booking, state="confirmed")]


def begins_as_paid(here: Guarded) -> tuple[int, list[Json]]:
    one = sold(here)
    again = Sold(one.sale, one.booking, one.line, key())
    return 0, [payment(again, here.tellers[0], state="completed")]


def gives_back_more_than_came_in(here: Guarded) -> tuple[int, list[Json]]:
    one = sold(here)
    assert here.tellers[0].tell(refund(one, here.tellers[0], 4000))["outcome"] == "applied"
    return 0, [refund(one, here.tellers[0], 501)]


def gives_back_what_comes_in_afterwards(here: Guarded) -> tuple[int, list[Json]]:
    numbered(here.hub, 0)
    found, changes = sale(here.hub, here.tellers[0])
    return 0, [refund(found, here.tellers[0], 9000), *changes]


def gives_back_what_was_shared_out_before_it_came_in(here: Guarded) -> tuple[int, list[Json]]:
    """So the shares were held against nothing."""
    numbered(here.hub, 0)
    found, changes = sale(here.hub, here.tellers[0])
    share = next(each for each in changes if each["t"] == "payment_shares")
    share["f"]["amount"] = 9000
    others = [each for each in changes if each is not share]
    return 0, [share, *others, refund(found, here.tellers[0], 9000)]


def approves_its_own_refund(here: Guarded) -> tuple[int, list[Json]]:
    said = {"state": "approved", "asked": "{}", "currency": "EUR", "destination": "payment", "reason": ""}
    sums = {"amount": 4000, "policy_amount": 4000, "counted": 4000, "approval_above": 1000}
    who = {
        "requested_at": AT,
        "requested_by": here.tellers[0].actor,
        "decided_at": AT,
        "decided_by": here.hub.boss,
    }
    return 0, [made("refund_orders", key(), sale_id=sold(here).sale, **said, **sums, **who, decision="")]


def gives_back_in_another_currency(here: Guarded) -> tuple[int, list[Json]]:
    return 0, [refund(sold(here), here.tellers[0], 100, currency="USD")]


def makes_a_refund_larger(here: Guarded) -> tuple[int, list[Json]]:
    less = refund(sold(here), here.tellers[0], 100)
    assert here.tellers[0].tell(less)["outcome"] == "applied"
    return 0, [changed("refunds", less["id"], amount=9000)]


def makes_a_payment_larger(here: Guarded) -> tuple[int, list[Json]]:
    return 0, [changed("payments", sold(here).payment, amount=9000)]


def pays_out_more_than_is_owed(here: Guarded) -> tuple[int, list[Json]]:
    return pays_out(here, 800, here.hub.vendor)


def pays_out_what_another_vendor_is_owed(here: Guarded) -> tuple[int, list[Json]]:
    """Named before there is the payout that it is held against."""
    words = dict.fromkeys(("code", "legal", "email", "phone", "search"), "")
    terms = {"active": 1, "commission_bps": 1500, "holdback_days": 2}
    return pays_out(
        here, 900, insert(here.hub.admin, "vendors", name="Zeta", **words, **terms), lines_first=True
    )


def pays_out(
    here: Guarded, owed_amount: int, to: str, *, lines_first: bool = False
) -> tuple[int, list[Json]]:
    """900 to the agency's first vendor, made out and about to be sent, of what one is owed."""
    here.tellers[0].actor = here.hub.boss
    batch = insert(
        here.hub.admin,
        "payout_batches",
        reference="PB-2026-000001",
        kind="extra",
        state="draft",
        zone="UTC",
        first="2026-06-01",
        last="2026-06-08",
        cutoff_at=AT,
        vendors="[]",
        note="",
        sent_back="",
        created_at=AT,
        alone=1,
    )
    here.hub.admin.execute(
        "INSERT INTO hub.approvals (kind, id, user_id) VALUES ('payout_batch', %s, %s)",
        (batch, here.hub.boss),
    )
    approved = changed("payout_batches", batch, state="approved", approved_at=AT, approved_by=here.hub.boss)
    payout = key()
    owed = entry(
        here.tellers[0],
        1,
        event="trip_done",
        debit="traveller_funds",
        credit="vendor_payable",
        vendor_id=UUID(to),
        amount=owed_amount,
    )
    said = {"way": "bank", "label": "", "root_id": payout, "number": 1, "reads": 0, "created_at": AT}
    whose = {"batch_id": batch, "vendor_id": here.hub.vendor, "currency": "EUR", "state": "approved"}
    made_out = made("payouts", payout, amount=900, **said, **whose)
    lines = made("payout_lines", key(), payout_id=payout, ledger_id=owed["id"])
    payout_and_lines = (lines, made_out) if lines_first else (made_out, lines)
    assert here.tellers[0].tell(owed, approved, *payout_and_lines)["outcome"] == "applied"
    return 0, [changed("payouts", payout, state="sending")]


def skips_a_row_of_its_ledger(here: Guarded) -> tuple[int, list[Json]]:
    return 0, [entry(here.tellers[0], 2, prev_hash="1" * 64)]


def books_what_its_hash_does_not_say(here: Guarded) -> tuple[int, list[Json]]:
    false = entry(here.tellers[0], 1)
    false["f"]["amount"] = 900
    return 0, [false]


def changes_its_ledger(here: Guarded) -> tuple[int, list[Json]]:
    first = entry(here.tellers[0], 1)
    assert here.tellers[0].tell(first)["outcome"] == "applied"
    return 0, [changed("ledger", first["id"], amount=1)]


def removes_what_was_audited(here: Guarded) -> tuple[int, list[Json]]:
    row = key()
    said = {"at": AT, "action": "x", "entity": "x", "entity_id": key(), "detail": "{}"}
    assert here.tellers[0].tell(made("audit", row, **said))["outcome"] == "applied"
    return 0, [removed("audit", row)]


def makes_its_agent_an_administrator(here: Guarded) -> tuple[int, list[Json]]:
    here.tellers[0].actor = here.hub.boss  # it names whom it likes
    return 0, [changed("users", here.hub.person, role="admin")]


def adds_an_administrator(here: Guarded) -> tuple[int, list[Json]]:
    here.tellers[0].actor = here.hub.boss
    new = {"email": "x@x.example", "name": "X", "role": "admin", "password_hash": "x"}
    return 0, [made("users", key(), **new, must_change=0, active=1, created_at=AT)]


def drop(trigger: str, table: str) -> Callable[[Guarded], None]:
    return lambda here: here.without(f"DROP TRIGGER {trigger} ON agency.{table}")


def unsaid(function: str, old: str, new: str = "IF false THEN") -> Callable[[Guarded], None]:
    return lambda here: here.functions_without(function, old, new)


def nobodys(*tables: str) -> Callable[[Guarded], None]:
    named = ", ".join(f"'{table}'" for table in tables)
    return lambda here: here.without(f"UPDATE hub.tables SET owned = false WHERE name IN ({named})")


SELLER = unsaid("hub.refuse_elsewhere", "IF seller <> desk AND NOT hub.is_written_off(seller) THEN")
APPROVED = unsaid("hub.spend_approval", "IF NOT FOUND THEN")
HOSTILE: list[tuple[Op, str, str, Callable[[Guarded], None]]] = [
    (raises_its_own_grant, "seats", "", nobodys("grants")),
    (takes_another_desks_grant, "owner", "seats", nobodys("grants")),
    (holds_seats_of_another_desk, "owner", "grant_id", nobodys("holds")),
    (makes_another_desks_hold_larger, "owner", "seats", nobodys("holds")),
    (moves_a_booking_onto_another_desks_grant, "owner", "grant_id", nobodys("bookings")),
    (books_in_another_desks_ledger, "owner", "desk_id", nobodys("ledger")),
    (opens_another_desks_till, "owner", "desk_id", nobodys("till_sessions")),
    (sells_in_another_desks_name, "owner", "desk_id", nobodys("sales")),
    (gives_back_what_another_desk_sold, "owner", "booking_id", SELLER),
    (cancels_what_another_desk_sold, "owner", "state", SELLER),
    (numbers_beyond_its_block, "owner", "reference", nobodys("sales", "bookings")),
    (gives_itself_numbers, "owner", "first", nobodys("number_series")),
    (grows_over_another_desks_numbers, "owner", "last", nobodys("number_series")),
    (takes_all_numbers_that_there_are, "owner", "last", nobodys("number_series")),
    (gives_a_number_again, "owner", "next", nobodys("number_series")),
    (brings_a_cancelled_booking_back, "state", "state", drop("guard_step", "bookings")),
    (begins_as_paid, "state", "state", drop("guard_begins", "payments")),
    (gives_back_more_than_came_in, "money", "amount", drop("guard_refund", "refunds")),
    (gives_back_what_comes_in_afterwards, "missing", "payment_id", drop("guard_refund", "refunds")),
    (gives_back_what_was_shared_out_before_it_came_in, "money", "amount", drop("guard_refund", "refunds")),
    (approves_its_own_refund, "approval", "decided_by", drop("guard_approved_at_once", "refund_orders")),
    (gives_back_in_another_currency, "money", "currency", drop("guard_refund", "refunds")),
    (makes_a_refund_larger, "kept", "amount", drop("guard_kept", "refunds")),
    (makes_a_payment_larger, "kept", "amount", drop("guard_kept", "payments")),
    (pays_out_more_than_is_owed, "money", "amount", drop("guard_whole", "payouts")),
    (pays_out_what_another_vendor_is_owed, "money", "amount", drop("guard_whole", "payouts")),
    (skips_a_row_of_its_ledger, "chain", "seq", drop("guard_chain", "ledger")),
    (books_what_its_hash_does_not_say, "chain", "hash", drop("guard_chain", "ledger")),
    (changes_its_ledger, "kept", "", drop("only_added", "ledger")),
    (removes_what_was_audited, "kept", "", drop("only_added", "audit")),
    (makes_its_agent_an_administrator, "approval", "", APPROVED),
    (adds_an_administrator, "approval", "", APPROVED),
]
NAMES = [each[0].__name__ for each in HOSTILE]


@pytest.mark.parametrize(("op", "why", "field", "_without"), HOSTILE, ids=NAMES)
def test_it_is_refused(
    guarded: Guarded, op: Op, why: str, field: str, _without: Callable[[Guarded], None]
) -> None:
    desk, changes = op(guarded)
    assert guarded.tellers[desk].tell(*changes)["outcome"] == "refused"
    fault = guarded.fault(desk)
    assert (fault["why"], field in fault["fields"] or not field) == (why, True), fault


@pytest.mark.parametrize(("op", "_why", "_field", "without"), HOSTILE, ids=NAMES)
def test_without_its_guard_it_is_taken(
    guarded: Guarded, op: Op, _why: str, _field: str, without: Callable[[Guarded], None]
) -> None:
    desk, changes = op(guarded)
    without(guarded)
    assert guarded.tellers[desk].tell(*changes)["outcome"] == "applied", guarded.fault(desk)
