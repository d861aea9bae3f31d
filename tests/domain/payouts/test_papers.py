from __future__ import annotations

from datetime import date

from travellr_desktop.domain.payouts.papers import Paper, ends_soon, is_good, missing
from travellr_desktop.domain.payouts.words import VendorPaper

DAY = date(2026, 6, 18)
LAST, AFTER = date(2026, 6, 18), date(2026, 6, 19)


def test_a_paper_is_good_until_its_last_day_is_over() -> None:
    assert is_good(None, DAY)
    assert is_good(LAST, DAY)
    assert not is_good(LAST, AFTER)


def test_the_end_of_a_paper_is_told_a_month_before() -> None:
    assert ends_soon(date(2026, 7, 18), DAY)
    assert not ends_soon(date(2026, 7, 19), DAY)
    assert ends_soon(LAST, DAY)
    assert not ends_soon(LAST, AFTER)
    assert not ends_soon(None, DAY)


def test_one_good_paper_of_a_kind_is_enough_whatever_else_ran_out() -> None:
    papers = [
        Paper(VendorPaper.LICENCE, date(2026, 1, 1)),
        Paper(VendorPaper.LICENCE, None),
        Paper(VendorPaper.TAX_FORM, date(2026, 6, 17)),
    ]
    wanted = [VendorPaper.LICENCE, VendorPaper.TAX_FORM, VendorPaper.CONTRACT]
    assert missing(wanted, papers, DAY) == (VendorPaper.CONTRACT, VendorPaper.TAX_FORM)
    assert missing([], papers, DAY) == ()
    assert missing(wanted, papers, date(2026, 6, 17)) == (VendorPaper.CONTRACT,)
