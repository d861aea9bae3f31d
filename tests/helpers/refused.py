"""What the file must refuse, as statements that the sqlite3 module runs."""

from __future__ import annotations

# what the statements below speak of
FULL = "(SELECT id FROM departures WHERE capacity = 4)"
GRANT = f"(SELECT id FROM grants WHERE departure_id = {FULL})"
SOLD = f"(SELECT id FROM bookings WHERE departure_id = {FULL})"
HELD = "(SELECT id FROM holds WHERE state = 'active' ORDER BY id LIMIT 1)"
OTHER = "(SELECT id FROM departures WHERE capacity = 10 ORDER BY id LIMIT 1)"
DESK = "(SELECT id FROM desks)"
PAID = "(SELECT id FROM payments WHERE state = 'completed' ORDER BY id LIMIT 1)"
FAILED = "(SELECT id FROM payments WHERE state = 'failed')"
UNPAID = "(SELECT id FROM bookings WHERE state = 'pending')"
REFUND = "(SELECT id FROM refunds)"
KEPT = "(SELECT id FROM bookings WHERE state = 'cancelled')"
NEW = "lower(hex(randomblob(16)))"
NOW = "'2026-06-18T08:42:00.000000Z'"


def hold(seats: str, *, departure: str = FULL, grant: str = GRANT, state: str = "'active'") -> str:
    return (
        "INSERT INTO holds (id, version, departure_id, grant_id, seats, party, state, expires_at, created_at) "
        f"VALUES ({NEW}, 1, {departure}, {grant}, {seats}, '{{}}', {state}, {NOW}, {NOW})"
    )


def line(
    occupies: str, *, booking: str = SOLD, takes_seat: str = "1", price: str = "0", more: str = ""
) -> str:
    kind, age, name = "'adult'", "NULL", "'Somebody'"
    ended = "NULL"
    if more == "ended":
        ended = NOW
    elif "=" in more:
        which, given = more.split("=", 1)
        kind, age, name = (
            given if which == word else default
            for word, default in (("kind", kind), ("age", age), ("name", name))
        )
    return (
        "INSERT INTO booking_lines (id, version, booking_id, position, name, traveller_type, age, price, "
        f"takes_seat, occupies, ended_at) VALUES ({NEW}, 1, {booking}, 9, {name}, {kind}, {age}, {price}, "
        f"{takes_seat}, {occupies}, {ended})"
    )


def refund(amount: str, *, payment: str = PAID, booking: str = SOLD, currency: str = "'EUR'") -> str:
    return (
        "INSERT INTO refunds (id, version, booking_id, payment_id, amount, currency, state, reason, created_at, "
        f"reads) VALUES ({NEW}, 1, {booking}, {payment}, {amount}, {currency}, 'approved', '', {NOW}, 0)"
    )


def payment(
    amount: str,
    *,
    way: str = "'cash'",
    state: str = "'created'",
    currency: str = "'EUR'",
    row_id: str = NEW,
) -> str:
    return (
        "INSERT INTO payments (id, version, sale_id, way, amount, currency, state, label, created_at, reads) "
        f"VALUES ({row_id}, 1, (SELECT sale_id FROM bookings WHERE id = {SOLD}), {way}, {amount}, {currency}, "
        f"{state}, '', {NOW}, 0)"
    )


def share(amount: str, *, booking: str = SOLD) -> str:
    """Of the payment of 100 that the test adds."""
    return (
        "INSERT INTO payment_shares (id, version, payment_id, booking_id, amount) "
        f"VALUES ({NEW}, 1, 'p2', {booking}, {amount})"
    )


def entry(
    *,
    seq: str = "(SELECT max(seq) + 1 FROM ledger)",
    prev: str = "(SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1)",
    amount: str = "100",
    debit: str = "'till'",
    credit: str = "'traveller_funds'",
    row_id: str = NEW,
    verb: str = "INSERT",
) -> str:
    return (
        f"{verb} INTO ledger (id, version, desk_id, seq, event, debit, credit, amount, currency, at, prev_hash, "
        f"hash) VALUES ({row_id}, 1, {DESK}, {seq}, 'payment', {debit}, {credit}, {amount}, 'EUR', {NOW}, "
        f"{prev}, {NEW} || {NEW})"
    )


def user(role: str, vendor: str) -> str:
    return (
        "INSERT INTO users (id, version, email, name, role, vendor_id, password_hash, active, created_at) "
        f"VALUES ({NEW}, 1, 'x@example.com', 'X', {role}, {vendor}, '', 1, {NOW})"
    )


def grant(seats: str, *, departure: str = OTHER, taken: str = "0") -> str:
    """For another desk, which the test adds."""
    return (
        "INSERT INTO grants (id, version, departure_id, desk_id, seats, taken) "
        f"VALUES ({NEW}, 1, {departure}, 'd2', {seats}, {taken})"
    )


def booking(*, departure: str, grant: str, sale: str, currency: str = "currency") -> str:
    """A copy of the sold one, with something else in it."""
    return (
        "INSERT INTO bookings (id, version, reference, voucher_code, sale_id, departure_id, trip_id, vendor_id, "
        "traveller_id, grant_id, state, currency, price, tax, tax_bps, deposit, commission_bps, holdback_days, "
        f"policy, created_at, end_reason) SELECT {NEW}, 1, 'BK-X', 'CODE-X', {sale}, {departure}, trip_id, "
        f"vendor_id, traveller_id, {grant}, 'pending', {currency}, price, tax, tax_bps, deposit, commission_bps, "
        f"holdback_days, policy, created_at, '' FROM bookings WHERE id = {SOLD}"
    )


def up(table: str, to: str, where: str) -> str:
    """A change that raises the version as it must."""
    return f"UPDATE {table} SET {to}, version = version + 1 WHERE {where}"


REFUSED: dict[str, tuple[str, str]] = {
    # seats
    "a hold of more seats than the grant has left": (hold("2"), "not_oversold"),
    "a hold that grows beyond the grant": (up("holds", "seats = 3", f"id = {HELD}"), "not_oversold"),
    "a hold of no seats": (hold("0"), "seats_positive"),
    "a hold of less than no seats": (hold("-5"), "seats_positive"),
    "a hold of one departure on the grant of another": (
        hold("1", departure=OTHER),
        "grant is of another departure",
    ),
    "a hold that moves to another departure": (
        up("holds", f"departure_id = {OTHER}", f"id = {HELD}"),
        "a hold stays where it is",
    ),
    "a hold that lives again": (
        up("holds", "state = 'active'", "id = (SELECT id FROM holds WHERE state = 'consumed' LIMIT 1)"),
        "holds: no such step",
    ),
    "a line that takes more than one seat": (line("2"), "a line takes one seat, or none"),
    "a line that gives seats to the grant": (line("-1"), "a line takes one seat, or none"),
    "a line that sits without needing a seat": (line("1", takes_seat="0"), "a line takes one seat, or none"),
    "a line that gets up twice": (
        up("booking_lines", "occupies = -1", f"booking_id = {SOLD}"),
        "a line takes one seat, or none",
    ),
    "a line that moves to another booking": (
        up("booking_lines", f"booking_id = {KEPT}", f"booking_id = {SOLD}"),
        "a line stays on its booking",
    ),
    "seats counted down by hand": ("UPDATE grants SET taken = 0", "seats are counted, not set"),
    "seats counted up by hand": (
        f"UPDATE grants SET taken = 4 WHERE id = {GRANT}",
        "seats are counted, not set",
    ),
    "a grant that begins with seats taken": (grant("0", taken="1"), "seats are counted, not set"),
    "a grant below what is taken": (up("grants", "seats = 2", f"id = {GRANT}"), "not_oversold"),
    "a grant beyond the capacity": (up("grants", "seats = 5", f"id = {GRANT}"), "more seats granted"),
    "a second grant beyond the capacity": (grant("1"), "more seats granted"),
    "a grant that moves to another departure": (
        up("grants", f"departure_id = {FULL}", f"departure_id = {OTHER}"),
        "grants is there already|a grant stays where it is",
    ),
    "a grant that moves to another desk": (up("grants", "desk_id = 'd2'", "1"), "a grant stays where it is"),
    "a capacity below what is granted": (up("departures", "capacity = 3", f"id = {FULL}"), "capacity below"),
    "a departure without seats": (up("departures", "capacity = 0", f"id = {FULL}"), "capacity"),
    "a departure that ends before it starts": (
        up("departures", "ends_at = '2020-01-01T00:00:00.000000Z'", f"id = {FULL}"),
        "times_in_order",
    ),
    "a booking on the grant of another departure": (
        booking(departure=OTHER, grant=GRANT, sale="sale_id"),
        "grant is of another departure",
    ),
    "a booking that leaves the grant it sits on": (
        up("bookings", f"grant_id = (SELECT id FROM grants WHERE departure_id = {OTHER})", f"id = {SOLD}"),
        "grant is of another departure|stays on it",
    ),
    "a booking that takes its seats to another departure": (
        up(
            "bookings",
            f"departure_id = {OTHER}, grant_id = (SELECT id FROM grants WHERE departure_id = {OTHER})",
            f"id = {SOLD}",
        ),
        "a booking that sits on a grant stays on it",
    ),
    # money
    "a payment of nothing": (payment("0"), "amount_positive"),
    "a payment of less than nothing": (payment("-1"), "amount_positive"),
    "a payment in another currency than its sale": (payment("100", currency="'USD'"), "one currency"),
    "a payment whose amount changes": (
        up("payments", "amount = amount + 1", f"id = {PAID}"),
        "keeps its amount",
    ),
    "a payment whose currency changes": (
        up("payments", "currency = 'USD'", f"id = {PAID}"),
        "keeps its amount",
    ),
    "a payment that is deleted": (f"DELETE FROM payments WHERE id = {FAILED}", "never deleted"),
    "a share of nothing": (share("0"), "amount_positive"),
    "shares beyond the payment": (share("101"), "shares beyond the payment"),
    "a share for a booking of another sale": (share("1", booking=UNPAID), "bookings of its sale"),
    "a share that grows": (
        up("payment_shares", "amount = amount + 1", f"payment_id = {PAID}"),
        "a share stays as it was taken",
    ),
    "a share that shrinks under its refunds": (
        up("payment_shares", "amount = 1", f"booking_id = {KEPT}"),
        "a share stays as it was taken",
    ),
    "a share that is deleted": (f"DELETE FROM payment_shares WHERE booking_id = {KEPT}", "never deleted"),
    "a refund beyond what was paid": (refund("9001"), "refund beyond what was paid"),
    "a refund beyond what is left after another": (
        refund("4501", booking=KEPT, payment=f"(SELECT payment_id FROM refunds WHERE id = {REFUND})"),
        "refund beyond what was paid",
    ),
    "a refund to a payment of another booking": (refund("1", booking=KEPT), "refund beyond what was paid"),
    "a refund of a payment that failed": (
        refund(
            "1",
            payment=FAILED,
            booking=f"(SELECT booking_id FROM payment_shares WHERE payment_id = {FAILED})",
        ),
        "only a completed payment is refunded",
    ),
    "a refund in another currency": (refund("1", currency="'USD'"), "in its own currency"),
    "a refund of nothing": (refund("0"), "amount_positive"),
    "a refund of less than nothing": (refund("-1"), "amount_positive"),
    "a refund that grows": (up("refunds", "amount = amount + 1", "1"), "a refund stays as it was promised"),
    "a refund that changes its currency": (up("refunds", "currency = 'USD'", "1"), "a refund stays"),
    "a refund that is deleted": ("DELETE FROM refunds", "never deleted"),
    "a booking in another currency than its sale": (
        booking(departure="departure_id", grant="grant_id", sale="sale_id", currency="'USD'"),
        "one currency",
    ),
    "a booking whose currency changes": (up("bookings", "currency = 'USD'", f"id = {SOLD}"), "one currency"),
    "a sale whose currency changes": (up("sales", "currency = 'USD'", "1"), "one currency"),
    "a booking of less than nothing": (up("bookings", "price = -1", f"id = {SOLD}"), "price_not_negative"),
    "a booking with more tax than price": (
        up("bookings", "tax = price + 1", f"id = {SOLD}"),
        "price_not_negative",
    ),
    "a booking that gives away more than all": (
        up("bookings", "commission_bps = 10001", f"id = {SOLD}"),
        "commission_share",
    ),
    "a booking that is deleted": (f"DELETE FROM bookings WHERE id = {SOLD}", "never deleted"),
    "a line of less than nothing": (line("0", price="-1"), "price_not_negative|kept_of_price"),
    "a line that keeps more than its price": (
        up("booking_lines", "kept = price + 1", f"booking_id = {SOLD}"),
        "kept_of_price",
    ),
    "a line whose agency bears more than was taken off": (
        up("booking_lines", "own_discount = discount + 1", f"booking_id = {SOLD}"),
        "discount_parts",
    ),
    "a price of less than nothing": (up("trip_prices", "amount = -1", "1"), "amount_not_negative"),
    "an attempt that is deleted": ("DELETE FROM attempts", "never deleted"),
    # the ledger
    "an entry of nothing": (entry(amount="0"), "amount_positive"),
    "an entry of less than nothing": (entry(amount="-1"), "amount_positive"),
    "an entry within one account": (entry(credit="'till'"), "two_accounts"),
    "an entry of an unknown account": (entry(debit="'pocket'"), "debit_known"),
    "an entry that leaves a gap": (entry(seq="(SELECT max(seq) + 2 FROM ledger)"), "follows the last one"),
    "an entry in the place of another": (entry(seq="1"), "ledger"),
    "an entry that follows another than the last": (
        entry(prev="(SELECT hash FROM ledger WHERE seq = 1)"),
        "follows the last one",
    ),
    "an entry that replaces another": (
        entry(row_id="(SELECT id FROM ledger WHERE seq = 1)", verb="INSERT OR REPLACE"),
        "ledger is there already",
    ),
    "an entry that changes": (
        "UPDATE ledger SET amount = amount + 1 WHERE seq = 1",
        "only ever added to|must rise by one",
    ),
    "an entry that changes with a new version": (up("ledger", "amount = 1", "seq = 1"), "only ever added to"),
    "an entry that is deleted": ("DELETE FROM ledger WHERE seq = 1", "only ever added to"),
    # what was done
    "an audit row that changes": (up("audit", "action = 'nothing'", "1"), "only ever added to"),
    "an audit row that is deleted": ("DELETE FROM audit", "only ever added to"),
    "an audit row that is replaced": (
        f"REPLACE INTO audit (id, version, at, action, entity, entity_id, detail) "
        f"SELECT id, 1, {NOW}, 'nothing', 'x', id, '{{}}' FROM audit LIMIT 1",
        "audit is there already",
    ),
    "an op that changes": ("UPDATE ops SET name = 'nothing'", "never changed"),
    "an op that is deleted": ("DELETE FROM ops WHERE op_no = 1", "never changed"),
    "an op that is replaced": (
        "REPLACE INTO ops SELECT 1, desk_id, incarnation, 'x', actor_id, schema_version, at, body_hash, seen FROM ops "
        "WHERE op_no = 1",
        "without a gap",
    ),
    "an op that leaves a gap": (
        "INSERT INTO ops SELECT op_no + 2, desk_id, incarnation, 'x', actor_id, schema_version, at, body_hash, seen "
        "FROM ops ORDER BY op_no DESC LIMIT 1",
        "without a gap",
    ),
    "a number that is given twice": ("UPDATE this_desk SET next_op = next_op - 1", "without a gap"),
    "a number that is left out": ("UPDATE this_desk SET next_op = next_op + 1", "without a gap"),
    "a file that belongs to no desk": ("DELETE FROM this_desk", "belongs to a desk"),
    "payments that turn real": ("UPDATE this_desk SET payments_kind = 'live'", "never mixed"),
    "payments of no kind any more": ("UPDATE this_desk SET payments_kind = NULL", "never mixed"),
    "a profile of a kind there is not": ("UPDATE this_desk SET profile_kind = 'all'", "profile_kind_known"),
    "a change that changes": ("UPDATE changes SET fields = '{}'", "never changed"),
    "a change that is deleted": ("DELETE FROM changes", "never changed"),
    "a change added to a sealed op": (
        "INSERT INTO changes (op_no, table_name, row_id, kind, base_version, fields) "
        "VALUES (1, 'trips', 'x', 'U', 1, '{}')",
        "this op is sealed",
    ),
    # words that are not known
    "an unknown state of a hold": (hold("1", state="'lost'"), "state_known"),
    "an unknown state of a payment": (payment("1", state="'maybe'"), "state_known"),
    "an unknown way to pay": (payment("1", way="'barter'"), "way_known"),
    "an unknown state of a departure": (
        up("departures", "state = 'sunk'", f"id = {FULL}"),
        "state_known|no such step",
    ),
    "an unknown kind of hold": (up("holds", "kind = 'hope'", f"id = {HELD}"), "kind_known"),
    "an unknown type of traveller": (line("0", more="kind='ghost'"), "traveller_type_known"),
    "an age of nobody": (line("0", more="age=131"), "age_of_a_person"),
    "a name of no letters": (line("0", more="name=''"), "name_length"),
    "a name of 201 letters": (line("0", more=f"name='{'x' * 201}'"), "name_length"),
    "an unknown role": (user("'owner'", "NULL"), "role_known"),
    "a vendor's person without a vendor": (user("'vendor'", "NULL"), "vendor_person_has_vendor"),
    "an agent with a vendor": (user("'agent'", "(SELECT id FROM vendors)"), "vendor_person_has_vendor"),
    # versions
    "a change that keeps the version": (
        "UPDATE trips SET title = 'X'",
        "version of a row of trips must rise",
    ),
    "a change that lowers the version": ("UPDATE trips SET title = 'X', version = 0", "must rise by one"),
    "a change that leaves a version out": (
        "UPDATE trips SET title = 'X', version = version + 2",
        "must rise by one",
    ),
    "a row that becomes another": (up("trips", f"id = {NEW}", "1"), "must rise by one"),
    "a row that takes another's place": ("REPLACE INTO vendors SELECT * FROM vendors LIMIT 1", "already"),
    # what does not exist
    "a line of no booking": (line("0", booking="'nobody'"), "FOREIGN KEY"),
    "a hold of no departure": (hold("1", departure="'nowhere'", grant="'nothing'"), "FOREIGN KEY"),
}
