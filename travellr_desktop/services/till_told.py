"""The till as the command line tells it: how it stands, or the open session figure by figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import format_money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.till import TillService
from travellr_desktop.services.till_figures import TillFigures, TillReport
from travellr_desktop.services.till_forms import TillStatus


@dataclass(frozen=True, slots=True)
class TillTold:
    """What `travellr till` says: `whole` with every figure of the session that is open."""

    status: TillStatus
    whole: bool = False

    @property
    def ok(self) -> bool:
        return True

    def as_json(self) -> Mapping[str, Any]:
        report = self.status.open
        return {
            "ok": True,
            "desk": self.status.desk_name,
            "number": self.status.number,
            "open": report is not None,
            "expected": {
                each.currency: plain_decimal(each)
                for each in (
                    [figures.expected for figures in report.figures]
                    if report is not None
                    else [drawer.expected for drawer in self.status.drawers]
                )
            },
            **(_session(report) if report is not None and self.whole else {}),
        }

    def as_text(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        report, number = self.status.open, f"{self.status.number:04}"
        if report is None:
            yield f"Till {number} of {self.status.desk_name} is not open."
            for drawer in self.status.drawers:
                yield f"  in the drawer  {_money(drawer.expected)}"
            return
        yield f"Till {number} of {self.status.desk_name}, open since {report.opened_at:%Y-%m-%d %H:%M} UTC"
        for figures in report.figures:
            if self.whole:
                for words, amount in _parts(figures):
                    yield f"  {words:<14} {_money(amount)}"
            yield f"  {'expected':<14} {_money(figures.expected)}"


def tell_till(till: TillService, *, whole: bool) -> TillTold:
    """How the till of this desk stands. Raises `TillNotOpen` for the `whole` of one that is closed."""
    if whole:
        till.x_read(SYSTEM)
    return TillTold(till.status(SYSTEM), whole)


def _parts(figures: TillFigures) -> tuple[tuple[str, Money], ...]:
    day = figures.day
    return (
        ("float", day.opened_with),
        ("differed", figures.differed),
        ("cash sales", day.cash_sales),
        ("cash refunds", -day.cash_refunds),
        ("paid out", -day.paid_out),
        ("dropped", -day.dropped),
        ("added", day.added),
    )


def _session(report: TillReport) -> dict[str, Any]:
    return {
        "opened_at": report.opened_at.isoformat(),
        "opened_by": report.opened_by,
        "figures": {
            figures.currency: {
                words.replace(" ", "_"): plain_decimal(amount)
                for words, amount in (*_parts(figures), ("expected", figures.expected))
            }
            for figures in report.figures
        },
        "ways": [
            {
                "way": each.way.value,
                "currency": each.taken.currency,
                "payments": each.payments,
                "taken": plain_decimal(each.taken),
                "refunded": plain_decimal(each.refunded),
            }
            for each in report.ways
        ],
    }


def _money(amount: Money) -> str:
    return format_money(amount)
