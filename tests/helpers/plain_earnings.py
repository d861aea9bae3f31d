"""What vendors have earned and where it is, reckoned a second time from what happened alone: bookings and their lines,
payments, refunds, disputes, adjustments and payouts. The ledger, what is kept of it for reading, and statements are not
looked at, and nothing of the program is imported.

Each step is a statement of SQL that makes a table of its own, in the order in which a bookkeeper would do it by hand:

    came_in    what travellers paid for a booking
    back       what was promised back, before or after its end, and at whose cost
    lost       what banks have taken for good, before or after its end
    facts      a booking with all of that, and what of it is there for the price
    moved      what vendors were given and gave up, when, and from when on it may be paid out
    put        each of that in the payout that pays it, with what is too little to be paid put into the next

A share is rounded once, halves up; of what comes in parts the sum is rounded, and each part is the difference to what
was there before. All amounts are minor units of their currency, moments are text in UTC.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

Key = tuple[str, str]
"""A vendor's id (hex) and a currency."""


def _share(amount: str, bps: str) -> str:
    return f"((2 * ({amount}) * {bps} + 10000) / 20000)"


def _of(amount: str, part: str, whole: str) -> str:
    """What of an amount goes with a part of a whole; nothing of nothing."""
    return f"coalesce((2 * ({amount}) * ({part}) + ({whole})) / (2 * nullif({whole}, 0)), 0)"


def _net(part: str, own: str, bps: str) -> str:
    """The vendor's: the rate is taken off before the agency's own discount, which is the agency's to bear."""
    before = f"(({part}) + ({own}))"
    return f"min({before} - {_share(before, bps)}, {part})"


STEPS: Mapping[str, str] = {
    "came_in": """
        SELECT s.booking_id AS booking, sum(s.amount) AS amount
        FROM payment_shares s JOIN payments p ON p.id = s.payment_id
        WHERE p.state = 'completed' GROUP BY s.booking_id
    """,
    # a refund that stands for one that failed promises nothing more
    "back": """
        SELECT r.booking_id AS booking, r.created_at AS at, r.amount - r.beyond AS within, r.amount AS whole,
          r.beyond, o.borne_by, b.state = 'confirmed' OR r.created_at < b.ended_at
          OR (b.state = 'cancelled' AND r.created_at = b.ended_at) AS before
        FROM refunds r JOIN bookings b ON b.id = r.booking_id LEFT JOIN refund_orders o ON o.id = r.order_id
        WHERE r.retry_of IS NULL
    """,
    "lost": """
        SELECT p.booking_id AS booking, d.ended_at AS at, p.amount,
          b.state = 'confirmed' OR d.ended_at < b.ended_at AS before
        FROM disputes d JOIN dispute_parts p ON p.dispute_id = d.id JOIN bookings b ON b.id = p.booking_id
        WHERE d.state = 'lost' AND d.taken_at IS NOT NULL AND p.amount > 0
    """,
    # who left before: what was kept of each, and how much of that is a fee, which is the agency's
    "gone": """
        SELECT l.booking_id AS booking, l.ended_at AS at, l.position, l.kept, l.price, l.own_discount AS own,
          min(json_extract(b.policy, '$.fixed_fee'), l.kept) AS fee
        FROM booking_lines l JOIN bookings b ON b.id = l.booking_id WHERE l.ended_at IS NOT NULL
    """,
    "facts": """
        SELECT b.id, b.vendor_id AS vendor, b.currency, b.state, b.price, b.commission_bps AS bps, b.ended_at,
          json_extract(b.policy, '$.fixed_fee') AS fee,
          strftime('%Y-%m-%dT%H:%M:%f000Z', d.ends_at, '+' || b.holdback_days || ' days') AS free_at,
          (SELECT coalesce(sum(l.own_discount), 0) FROM booking_lines l
           WHERE l.booking_id = b.id AND l.ended_at IS NULL) AS own,
          coalesce((SELECT amount FROM came_in WHERE booking = b.id), 0)
          - (SELECT coalesce(sum(within), 0) FROM back WHERE booking = b.id AND before)
          - (SELECT coalesce(sum(amount), 0) FROM lost WHERE booking = b.id AND before)
          - (SELECT coalesce(sum(kept), 0) FROM gone WHERE booking = b.id) AS there,
          EXISTS (SELECT 1 FROM disputes x JOIN dispute_parts y ON y.dispute_id = x.id
                  WHERE y.booking_id = b.id AND x.state = 'open') AS disputed
        FROM bookings b JOIN departures d ON d.id = b.departure_id
    """,
    "to_come": f"""
        SELECT vendor, currency, disputed,
          {_net("min(there, price)", _of("own", "min(there, price)", "price"), "bps")} AS amount
        FROM facts WHERE state = 'confirmed' AND there > 0
    """,
    # what was kept of a booking, part after part: of those who left, and of the whole when it was cancelled
    "kept": f"""
        SELECT f.id AS booking, g.at, g.position, g.kept, g.kept - g.fee AS shared,
          {_of("g.own", "g.kept - g.fee", "g.price")} AS own
        FROM gone g JOIN facts f ON f.id = g.booking
        UNION ALL
        SELECT id, ended_at, 1000000, there, there - min(fee, there),
          {_of("own", "there - min(fee, there)", "max(price, there)")}
        FROM facts WHERE state = 'cancelled' AND there > 0
    """,
    "kept_share": f"""
        SELECT booking, at, kept, {_net("parts", "owns", "bps")} AS net
        FROM (SELECT k.*, f.bps, sum(shared) OVER so_far AS parts, sum(k.own) OVER so_far AS owns
              FROM kept k JOIN facts f ON f.id = k.booking
              WINDOW so_far AS (PARTITION BY booking ORDER BY k.at, k.position))
    """,
    "kept_whole": "SELECT booking, sum(kept) AS kept, max(net) AS net FROM kept_share GROUP BY booking",
    # what was taken back of what was earned or kept, by refunds that both bear and by banks, one after the other
    "taken": """
        SELECT booking, at, sum(amount) OVER (PARTITION BY booking ORDER BY at ROWS UNBOUNDED PRECEDING) AS so_far
        FROM (SELECT booking, at, whole AS amount FROM back WHERE NOT before AND borne_by IS NULL
              UNION ALL SELECT booking, at, amount FROM lost WHERE NOT before)
    """,
    # first of what was earned, as it was divided; then of what was kept of those who had left, or of the cancelled
    "given_up": f"""
        SELECT booking, at, earned - CASE WHEN earned = price THEN whole
            WHEN own > 0 THEN min(earned - {_net("earned", _of("own", "earned", "price"), "bps")}, whole)
            ELSE min({_share("earned", "bps")}, whole) END + {_of("kept_net", "kept_lost", "kept")} AS net
        FROM (SELECT t.booking, t.at, f.price, f.bps, f.own, coalesce(k.kept, 0) AS kept,
                coalesce(k.net, 0) AS kept_net, min(t.so_far, e.price) AS earned,
                e.price - {_net("e.price", "f.own", "f.bps")} AS whole,
                min(max(t.so_far - e.price, 0), coalesce(k.kept, 0)) AS kept_lost
              FROM taken t JOIN facts f ON f.id = t.booking LEFT JOIN kept_whole k ON k.booking = t.booking
              JOIN (SELECT id, CASE WHEN state IN ('completed', 'no_show') THEN price ELSE 0 END AS price
                    FROM facts) e ON e.id = t.booking)
    """,
    "moved": f"""
        SELECT vendor, currency, id AS booking, ended_at AS at, free_at, {_net("price", "own", "bps")} AS amount,
          'earned' AS why, NULL AS of
        FROM facts WHERE state IN ('completed', 'no_show')
        UNION ALL
        SELECT f.vendor, f.currency, f.id, k.at, f.free_at,
          k.net - coalesce(lag(k.net) OVER (PARTITION BY k.booking ORDER BY k.at, k.net), 0), 'kept', NULL
        FROM kept_share k JOIN facts f ON f.id = k.booking
        UNION ALL
        SELECT f.vendor, f.currency, f.id, g.at, f.free_at,
          coalesce(lag(g.net) OVER (PARTITION BY g.booking ORDER BY g.at, g.net), 0) - g.net, 'given up', NULL
        FROM given_up g JOIN facts f ON f.id = g.booking
        UNION ALL
        SELECT f.vendor, f.currency, f.id, r.at,
          CASE WHEN f.state IN ('completed', 'no_show') AND f.ended_at <= r.at
            OR EXISTS (SELECT 1 FROM kept_share k WHERE k.booking = f.id AND k.at <= r.at AND k.net > 0)
            THEN f.free_at ELSE r.at END, -r.beyond, 'goodwill', NULL
        FROM back r JOIN facts f ON f.id = r.booking WHERE r.borne_by = 'vendor' AND r.beyond > 0
        UNION ALL
        SELECT vendor_id, currency, NULL, at, at, amount, 'adjusted', NULL FROM vendor_adjustments
        UNION ALL
        SELECT vendor_id, currency, NULL, ended_at, ended_at, amount, 'came back', id
        FROM payouts WHERE state IN ('failed', 'returned')
        UNION ALL
        SELECT p.vendor_id, t.currency, NULL, t.ended_at, t.ended_at, t.amount, 'came back', NULL
        FROM take_backs t JOIN payouts p ON p.id = t.payout_id WHERE t.state = 'done'
    """,
    # a payout takes all that was there and free by its cut-off and that no bank had; a retry what the failed gave back
    "placed": """
        SELECT m.*, coalesce((SELECT r.id FROM payouts r WHERE r.retry_of = m.of), (
            SELECT p.id FROM payouts p JOIN payout_batches b ON b.id = p.batch_id
            WHERE p.vendor_id = m.vendor AND p.currency = m.currency AND p.retry_of IS NULL
              AND b.approved_at > m.at AND b.cutoff_at >= m.free_at AND NOT EXISTS (
                SELECT 1 FROM disputes d JOIN dispute_parts x ON x.dispute_id = d.id WHERE x.booking_id = m.booking
                AND d.taken_at < b.approved_at AND (d.ended_at IS NULL OR d.ended_at > b.approved_at))
            ORDER BY b.approved_at LIMIT 1)) AS payout,
          coalesce((SELECT f.disputed FROM facts f WHERE f.id = m.booking), 0) AS disputed
        FROM moved m
    """,
    # the provider pays these dinars in steps of ten: of all that was in its payouts so far less than a step stays, goes
    # out of each, and into the next
    "rests": """
        SELECT vendor, currency, payout, at, free_at, so_far % 10 AS rest,
          lead(payout) OVER (PARTITION BY vendor, currency ORDER BY at) AS following
        FROM (SELECT p.vendor_id AS vendor, p.currency, p.id AS payout, b.approved_at AS at, b.cutoff_at AS free_at,
                sum(m.amount) OVER (PARTITION BY p.vendor_id, p.currency ORDER BY b.approved_at) AS so_far
              FROM payouts p JOIN payout_batches b ON b.id = p.batch_id
              JOIN (SELECT payout, sum(amount) AS amount FROM placed GROUP BY payout) m ON m.payout = p.id
              WHERE p.retry_of IS NULL AND p.way = 'transfer' AND p.currency IN ('BHD', 'JOD', 'KWD', 'OMR', 'TND'))
    """,
    "put": """
        SELECT vendor, currency, amount, free_at, payout, disputed FROM placed
        UNION ALL SELECT vendor, currency, -rest, free_at, payout, 0 FROM rests WHERE rest <> 0
        UNION ALL SELECT vendor, currency, rest, free_at, following, 0 FROM rests WHERE rest <> 0
    """,
}
"""Tables by their names, in the order in which they are made."""

_INDEXED = {"came_in": "booking", "back": "booking", "lost": "booking", "gone": "booking", "facts": "id"}
_INDEXED |= {"kept_share": "booking", "kept_whole": "booking"}

_PLACES = """
SELECT vendor, currency, 'disputed', amount FROM to_come WHERE disputed
UNION ALL SELECT vendor, currency, 'not_travelled', amount FROM to_come WHERE NOT disputed
UNION ALL
SELECT vendor, currency, CASE WHEN disputed THEN 'disputed' WHEN free_at > :now THEN 'holdback' ELSE 'available' END,
  amount FROM put WHERE payout IS NULL
UNION ALL
SELECT vendor_id, currency, CASE WHEN state = 'approved' THEN 'available' WHEN state IN ('sending', 'unknown')
  THEN 'in_transit' ELSE 'paid' END, amount FROM payouts WHERE state NOT IN ('failed', 'returned')
UNION ALL
SELECT p.vendor_id, t.currency, 'paid', -t.amount FROM take_backs t JOIN payouts p ON p.id = t.payout_id
WHERE t.state = 'done'
"""
_EARNED = """
SELECT vendor, currency, sum(amount) FROM (
  SELECT vendor, currency, amount FROM moved WHERE why <> 'came back'
  UNION ALL SELECT vendor, currency, amount FROM to_come) GROUP BY vendor, currency
"""
_PAID_WRONG = """
SELECT p.id, p.amount, coalesce(sum(m.amount), 0) FROM payouts p LEFT JOIN put m ON m.payout = p.id
GROUP BY p.id HAVING p.amount <> coalesce(sum(m.amount), 0) ORDER BY p.id
"""


@dataclass
class Places:
    """Of a vendor and currency: what was `earned`, and where it is."""

    earned: int = 0
    paid: int = 0
    in_transit: int = 0
    available: int = 0
    not_travelled: int = 0
    holdback: int = 0
    disputed: int = 0

    @property
    def held(self) -> int:
        return self.not_travelled + self.holdback + self.disputed


@dataclass
class PlainEarnings:
    """`wrong` are payouts that do not pay what was free: id, amount, and what it should have been. `kinds` is how often
    each kind of movement is there, `carried` how often something too little to be paid went to the next payout."""

    of: dict[Key, Places]
    wrong: list[tuple[str, int, int]]
    kinds: dict[str, int]
    carried: int


def reckoned(path: Path, now: str, steps: Mapping[str, str] = STEPS) -> PlainEarnings:
    """All vendors of a file, as of a moment (UTC, as the file spells it)."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("PRAGMA temp_store = MEMORY")
        for name, query in steps.items():
            connection.execute(f"CREATE TEMP TABLE {name} AS {query}")
            if name in _INDEXED:
                connection.execute(f"CREATE INDEX temp.ix_{name} ON {name} ({_INDEXED[name]})")
        found: dict[Key, Places] = {}
        for vendor, currency, amount in connection.execute(_EARNED):
            found.setdefault((vendor, currency), Places()).earned = amount
        for vendor, currency, place, amount in connection.execute(_PLACES, {"now": now}):
            places = found.setdefault((vendor, currency), Places())
            setattr(places, place, getattr(places, place) + amount)
        wrong = list(connection.execute(_PAID_WRONG))
        kinds = dict(connection.execute("SELECT why, count(*) FROM moved WHERE amount <> 0 GROUP BY why"))
        ((carried,),) = connection.execute(
            "SELECT count(*) FROM rests WHERE rest <> 0 AND following IS NOT NULL"
        )
        return PlainEarnings(found, wrong, kinds, carried)


def tables_read(steps: Mapping[str, str] = STEPS) -> Iterator[str]:
    """What the statements read from: every name that follows FROM or JOIN."""
    words = " ".join([*steps.values(), _PLACES, _EARNED, _PAID_WRONG]).replace("(", " ").split()
    for word, following in pairwise(words):
        if word in ("FROM", "JOIN") and following != "SELECT":
            yield following.strip("),")
