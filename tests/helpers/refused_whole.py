"""What the file must refuse of numbered seats, allowances, seasons, promo codes and changes, as `refused` does of the
rest."""

from __future__ import annotations

from helpers.refused import DESK, FULL, HELD, NEW, NOW, SOLD, line, up

NUMBERED = "(SELECT id FROM departures WHERE plan_id IS NOT NULL)"
SITTING = f"(SELECT id FROM holds WHERE departure_id = {NUMBERED})"
TRIP = "(SELECT trip_id FROM trip_seasons)"
ALLOWED = "(SELECT departure_id FROM allowances)"


def allowance(seats: str, *, departure: str = FULL, reason: str = "'why'") -> str:
    return (
        "INSERT INTO allowances (id, version, departure_id, desk_id, seats, reason, created_at) "
        f"VALUES ({NEW}, 1, {departure}, {DESK}, {seats}, {reason}, {NOW})"
    )


def season(first: str, last: str) -> str:
    """Of the trip that has a winter from January to February."""
    return (
        "INSERT INTO trip_seasons (id, version, trip_id, name, first_day, last_day) "
        f"VALUES ({NEW}, 1, {TRIP}, 'Another', {first}, {last})"
    )


def discount(booking: str, *, amount: str = "100") -> str:
    """By the code that may be used once, and was."""
    return (
        "INSERT INTO discounts (id, version, sale_id, booking_id, kind, bps, amount, own, reason, parts, promo_id, "
        f"created_at) SELECT {NEW}, 1, sale_id, id, 'amount', 0, {amount}, 0, 'x', '{{}}', "
        f"(SELECT id FROM promo_codes), {NOW} FROM bookings WHERE id = {booking}"
    )


def seat(
    label: str,
    *,
    departure: str = NUMBERED,
    hold: str = SITTING,
    line: str = "NULL",
    verb: str = "INSERT",
) -> str:
    return (
        f"{verb} INTO seats (id, version, departure_id, label, hold_id, line_id, position) "
        f"VALUES ({NEW}, 1, {departure}, {label}, {hold}, {line}, 2)"
    )


REFUSED: dict[str, tuple[str, str]] = {
    "a seat without owner": (seat("'1B'", hold="NULL"), "one_owner"),
    "a seat with two owners": (
        seat("'1B'", line=f"(SELECT id FROM booking_lines WHERE booking_id = {SOLD} LIMIT 1)"),
        "one_owner",
    ),
    "a seat that is not on the plan": (seat("'9Z'"), "no such seat to sell"),
    "a seat that is blocked": (seat("'2B'"), "no such seat to sell"),
    "a numbered seat where seats are not numbered": (
        seat("'1A'", departure=FULL, hold=HELD),
        "no such seat to sell",
    ),
    "a seat that becomes another's that is blocked": (up("seats", "label = '2B'", "1"), "no such seat"),
    "a seat for somebody of another departure": (seat("'1B'", hold=HELD), "of another departure"),
    "a seat that goes to somebody of another departure": (
        up("seats", f"hold_id = {HELD}", "1"),
        "of another departure",
    ),
    "another plan under a seat that is taken": (
        up("departures", "plan_id = NULL", f"id = {NUMBERED}"),
        "seats of this plan are taken",
    ),
    "a plan for a departure that is sold": (
        up("departures", "plan_id = (SELECT id FROM seat_plans)", f"id = {FULL}"),
        "seats of this plan are taken",
    ),
    "a plan without a seat that is taken": (
        up("seat_plans", """layout = replace(layout, '"1A"', '"7A"')""", "1"),
        "stays on its plan",
    ),
    "a line that was taken off and sits": (line("1", more="ended"), "a line takes one seat, or none"),
    "a line that is taken off and keeps its seat": (
        up("booking_lines", f"ended_at = {NOW}", f"booking_id = {SOLD}"),
        "a line takes one seat, or none",
    ),
    "an allowance of nothing": (allowance("0"), "seats_not_nothing"),
    "an allowance without a reason": (allowance("1", reason="''"), "reason_length"),
    "fewer seats allowed than are granted": (allowance("-1"), "an allowance that is in use"),
    "fewer seats allowed than there ever were": (
        allowance("-2", departure=ALLOWED),
        "an allowance that is in use",
    ),
    "an allowance that changes": (up("allowances", "seats = 9", "1"), "only ever added to"),
    "an allowance that is deleted": ("DELETE FROM allowances", "only ever added to"),
    "somebody who waits for no seat": (up("waiting_list", "seats = 0", "1"), "seats_positive"),
    "somebody who waited and is deleted": ("DELETE FROM waiting_list", "never deleted"),
    # prices
    "a season within another": (season("'2027-01-10'", "'2027-01-20'"), "do not overlap"),
    "a season around another": (season("'2026-12-01'", "'2027-03-31'"), "do not overlap"),
    "a season that begins on another's last day": (
        season("'2027-02-28'", "'2027-03-31'"),
        "do not overlap",
    ),
    "a season that ends before it begins": (season("'2027-03-02'", "'2027-03-01'"), "days_in_order"),
    "a discount of nothing": (discount(SOLD, amount="0"), "amount_positive|used up"),
    "a code that is used up": (discount(SOLD), "the code is used up"),
    "a discount that is deleted": ("DELETE FROM discounts", "never deleted"),
    "a change of a booking that is deleted": ("DELETE FROM amendments", "never deleted"),
    "a merging that is deleted": ("DELETE FROM traveller_merges", "never deleted"),
    "a traveller merged into themself": (up("travellers", "merged_into = id", "1"), "not_into_itself"),
}
