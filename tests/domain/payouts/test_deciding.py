"""Who is left out, for which reason, and what an approver has seen."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from travellr_desktop.domain.payouts.deciding import (
    Case,
    Decided,
    Left,
    PaidTo,
    differing,
    digest,
    kept_detail,
    kept_minimum,
    why_left_out,
    within_funds,
)
from travellr_desktop.domain.payouts.figures import Apart, Figures
from travellr_desktop.domain.payouts.words import LeftOut, PayoutWay, VendorPaper

VENDOR, OTHER, BATCH = UUID(int=1), UUID(int=2), UUID(int=3)
ACCOUNT = PaidTo(PayoutWay.TRANSFER, "••8812", account_ref="acct_8812")
BANK = PaidTo(PayoutWay.BANK, "NLBM ••8812", iban="ME25505000012345678951", bic="NLBMMEPG", holder="Kajak")
FINE = Case(
    VENDOR,
    "Kajak Perast",
    "EUR",
    Figures(1, 1, 10_000, -2_000),
    minimum=5_000,
    paid_to=ACCOUNT,
)
APART = Figures()


def test_who_has_earned_enough_and_has_an_account_is_paid() -> None:
    assert why_left_out(FINE) is None
    assert why_left_out(replace(FINE, minimum=8_000)) is None
    assert why_left_out(replace(FINE, paid_to=BANK)) is None


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"other_schedule": True}, Left(LeftOut.OTHER_SCHEDULE)),
        ({"by_hand": "Insolvent"}, Left(LeftOut.BY_HAND, "Insolvent")),
        ({"figures": APART, "held": Apart(500, 1)}, Left(LeftOut.HOLDBACK)),
        (
            {
                "figures": APART,
                "held": Apart(500, 1),
                "disputed": Apart(9, 2),
                "disputed_of": ("BK-2026-000001", "BK-2026-000007"),
            },
            Left(LeftOut.DISPUTED, "BK-2026-000001, BK-2026-000007"),
        ),
        ({"figures": Figures(0, 1, refunds=-4_200)}, Left(LeftOut.NEGATIVE)),
        ({"active": False}, Left(LeftOut.INACTIVE)),
        ({"active": False, "minimum": None}, Left(LeftOut.INACTIVE)),
        ({"active": False, "figures": Figures(0, 1, refunds=-4_200)}, Left(LeftOut.NEGATIVE)),
        ({"minimum": None}, Left(LeftOut.NO_MINIMUM)),
        ({"minimum": 8_001}, Left(LeftOut.BELOW_MINIMUM)),
        ({"paid_to": None}, Left(LeftOut.NO_ACCOUNT)),
        ({"unreached": "No BIC."}, Left(LeftOut.NO_ACCOUNT, "No BIC.")),
        (
            {"papers": (VendorPaper.CONTRACT, VendorPaper.LICENCE)},
            Left(LeftOut.DOCUMENT_MISSING, "contract, licence"),
        ),
        ({"trouble": "individual.id_number"}, Left(LeftOut.ACCOUNT_NOT_READY, "individual.id_number")),
    ],
)
def test_each_reason(change: dict[str, object], left: Left) -> None:
    assert why_left_out(replace(FINE, **change)) == left  # type: ignore[arg-type]


def test_whoever_pays_in_steps_pays_nothing_below_the_first() -> None:
    fils = replace(FINE, currency="KWD", figures=Figures(0, 1, adjustments=9), minimum=0)
    assert why_left_out(fils) is None
    assert why_left_out(replace(fils, step=10)) == Left(LeftOut.BELOW_MINIMUM)
    assert replace(fils, step=10).least == 10
    ten = replace(fils, step=10, figures=Figures(0, 1, adjustments=10))
    assert (why_left_out(ten), ten.paying.to_pay, ten.rest) == (None, 10, 0)
    assert replace(FINE, step=10).least == 5_000
    assert replace(FINE, step=10, minimum=None).least is None


def test_enough_is_what_is_owed_not_what_of_it_can_be_paid() -> None:
    # 8.009 are owed and enough; 8.000 are paid although 8.005 was agreed
    dinars = replace(FINE, figures=Figures(1, 1, 10_009, -2_000), minimum=8_005, step=10)
    assert why_left_out(dinars) is None
    assert (dinars.paying.to_pay, dinars.rest, dinars.would_be) == (8_000, 9, 8_009)


def test_an_approver_who_saw_another_rest_saw_something_else() -> None:
    dinars = replace(FINE, figures=Figures(1, 1, 10_009, -2_000))
    assert digest(BATCH, decided(dinars)) != digest(BATCH, decided(replace(dinars, step=10)))


def test_the_minimum_of_who_was_below_it_is_kept_with_the_reason() -> None:
    below = Left(LeftOut.BELOW_MINIMUM)
    assert kept_minimum(below.reason, kept_detail(below, 8_001)) == 8_001
    assert kept_minimum(below.reason, kept_detail(below, 0)) == 0
    assert kept_minimum(below.reason, "") is None  # of a batch that kept none
    by_hand = Left(LeftOut.BY_HAND, "1200")
    assert kept_detail(by_hand, 8_001) == "1200"
    assert kept_minimum(by_hand.reason, "1200") is None


def test_lines_that_come_to_nothing_are_never_paid() -> None:
    nothing = replace(FINE, figures=Figures(1, 2, 10_000, -2_000, -8_000))
    assert why_left_out(replace(nothing, minimum=0)) == Left(LeftOut.BELOW_MINIMUM)
    assert why_left_out(replace(FINE, minimum=0)) is None


def test_the_first_reason_is_told() -> None:
    everything = Case(VENDOR, "", "JPY", Figures(0, 1, refunds=-1), by_hand="Insolvent", trouble="closed")
    assert why_left_out(everything) == Left(LeftOut.BY_HAND, "Insolvent")
    assert why_left_out(replace(everything, by_hand=None)) == Left(LeftOut.NEGATIVE)


def test_what_is_left_out_with_them() -> None:
    assert FINE.would_be == 8_000
    assert replace(FINE, figures=APART, held=Apart(500, 1), disputed=Apart(-20, 1)).would_be == 480


def test_funds_are_given_in_order_and_nobody_is_paid_in_part() -> None:
    wanted = [("a", 300), ("b", 500), ("c", 200), ("d", 1)]
    assert within_funds(wanted, 501) == {"a", "c", "d"}
    assert within_funds(wanted, 1_001) == {"a", "b", "c", "d"}
    assert within_funds(wanted, 0) == set()
    assert within_funds(wanted, -50) == set()


def decided(*cases: Case) -> list[Decided]:
    return [Decided(case, why_left_out(case)) for case in cases]


SEEN = decided(FINE, replace(FINE, vendor_id=OTHER, minimum=9_000))


def test_the_same_dry_run_has_the_same_mark_in_any_order() -> None:
    assert digest(BATCH, SEEN) == digest(BATCH, reversed(SEEN))
    assert digest(BATCH, SEEN) != digest(OTHER, SEEN)
    assert differing(SEEN, list(reversed(SEEN))) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"figures": replace(FINE.figures, bookings=2, lines=2)},
        {"figures": replace(FINE.figures, refunds=-1)},
        {"figures": replace(FINE.figures, gross=10_001, commission=-2_001)},
        {"paid_to": replace(ACCOUNT, account_ref="acct_other")},
        {"paid_to": BANK},
        {"minimum": 8_001},
        {"by_hand": "Insolvent"},
        {"currency": "USD"},
    ],
)
def test_whatever_would_be_done_differently_has_another_mark(change: dict[str, object]) -> None:
    now = [*decided(replace(FINE, **change)), SEEN[1]]  # type: ignore[arg-type]
    assert digest(BATCH, now) != digest(BATCH, SEEN)
    assert (VENDOR, now[0].case.currency) in differing(SEEN, now)


def test_another_holder_or_bank_has_another_mark() -> None:
    seen = decided(replace(FINE, paid_to=BANK))
    for other in (replace(BANK, holder="Somebody"), replace(BANK, iban="ME0"), replace(BANK, bic="X")):
        assert digest(BATCH, decided(replace(FINE, paid_to=other))) != digest(BATCH, seen)


def test_what_is_shown_beside_has_no_part_in_the_mark() -> None:
    beside = [
        *decided(replace(FINE, held=Apart(7, 1), disputed=Apart(9, 2)), SEEN[1].case),
        *decided(replace(FINE, vendor_id=UUID(int=9), figures=APART, held=Apart(1, 1))),
        *decided(replace(FINE, vendor_id=UUID(int=8), other_schedule=True)),
    ]
    assert digest(BATCH, beside) == digest(BATCH, SEEN)
    assert differing(SEEN, beside) == ()


def test_who_is_gone_differs_too() -> None:
    assert differing(SEEN, SEEN[:1]) == ((OTHER, "EUR"),)
    assert differing([], SEEN) == ((VENDOR, "EUR"), (OTHER, "EUR"))
