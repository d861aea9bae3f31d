"""Which of the papers that an agency wants from its vendors are there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from travellr_desktop.domain.payouts.words import VendorPaper

ENDS_SOON = timedelta(days=30)
"""How long before its end one is told that a paper runs out."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper on file; good until the end of `expires_on`, or for ever."""

    kind: VendorPaper
    expires_on: date | None


def is_good(expires_on: date | None, day: date) -> bool:
    """Whether a paper is good on a day."""
    return expires_on is None or day <= expires_on


def ends_soon(expires_on: date | None, day: date) -> bool:
    """Whether a paper that is good on a day will not be for long."""
    return expires_on is not None and day <= expires_on <= day + ENDS_SOON


def missing(wanted: Iterable[VendorPaper], papers: Iterable[Paper], day: date) -> tuple[VendorPaper, ...]:
    """Of the papers that are wanted those of which none is good on a day, in the order of their kinds."""
    there = {paper.kind for paper in papers if is_good(paper.expires_on, day)}
    lacks = set(wanted) - there
    return tuple(kind for kind in VendorPaper if kind in lacks)
