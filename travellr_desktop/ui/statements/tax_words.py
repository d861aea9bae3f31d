"""Thresholds of tax forms in a sentence each, and how a vendor stands to one."""

from __future__ import annotations

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.tax import Counts, Threshold
from travellr_desktop.services.tax_totals import TaxRow, TaxYear
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.statements.words import say


def threshold_words(threshold: Threshold, words: Words) -> str:
    """`1099-K (US): gross above US$20,000.00, and more than 200 payments`."""
    counted = say("gross") if threshold.counts is Counts.GROSS else say("paid out")
    amount = words.money(Money(threshold.amount, threshold.currency))
    pattern = say("{0} from {1}") if threshold.reached_at else say("{0} above {1}")
    limit = pattern.format(counted, amount)
    if threshold.transactions:
        limit = say("{0}, and more than {1} payments").format(limit, f"{threshold.transactions:,}")
    return f"{threshold.form} ({threshold.country}): {limit}"


def year_words(year: TaxYear, words: Words) -> tuple[str, str]:
    """What the totals are, and which thresholds are known."""
    first = say("For your adviser, no tax advice.")
    over = "" if year.over else " " + say("{0} is not over yet.").format(year.year)
    if not year.thresholds:
        known = say("No thresholds are known for {0}.").format(year.year)
    else:
        known = ". ".join(threshold_words(each, words) for each in year.thresholds) + "."
    counted = say("By the day of payment in {0}, before refunds and commission.").format(year.zone)
    return first + over, f"{counted} {known}"


def standing(row: TaxRow, threshold: Threshold) -> tuple[str, bool]:
    """Whether a vendor is beyond a threshold, in words."""
    if threshold.currency != row.gross.currency:
        return say("only for {0}").format(threshold.currency), False
    if threshold.form in row.forms:
        return say("above"), True
    return say("not above"), False
