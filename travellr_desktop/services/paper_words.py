"""What documents on paper share in words: counts, dates and lengths of time in the language of a template."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any


class PaperWords:
    """The fixed words of a template in one language, with numbers and dates put into them. Every document has its
    patterns `time`, `short_date` and `short_day` among its words."""

    def __init__(self, words: Mapping[str, Any], locale: str) -> None:
        from babel import Locale

        self._words = words
        self._locale = Locale.parse(locale.replace("-", "_"))

    def __call__(self, key: str, **values: object) -> str:
        return str(self._words[key]).format(**values)

    def count(self, key: str, n: int) -> str:
        forms: Mapping[str, str] = self._words[key]
        return forms.get(self._locale.plural_form(n), forms["other"]).format(n=n)

    def pick(self, key: str, which: str, **values: object) -> str:
        """One of several sentences under a key."""
        sentences: Mapping[str, str] = self._words[key]
        return sentences[which].format(**values)

    def date(self, pattern: str, moment: datetime) -> str:
        from babel.dates import format_datetime

        return format_datetime(moment, self._words[pattern], tzinfo=moment.tzinfo, locale=self._locale)

    def date_and_time(self, moment: datetime) -> str:
        """`18 Jun 2026, 10:42`."""
        return f"{self.date('short_date', moment)}, {self.date('time', moment)}"

    def duration(self, length: timedelta) -> str:
        """Days and hours, or hours and minutes; the smaller unit only where there is some of it."""
        from babel.units import format_unit

        minutes = round(length.total_seconds() / 60)
        days, hours = divmod(round(minutes / 60), 24)
        parts = (
            [("day", days), ("hour", hours)]
            if minutes >= 2880
            else [("hour", minutes // 60), ("minute", minutes % 60)]
        )
        said = [format_unit(n, f"duration-{unit}", locale=self._locale) for unit, n in parts if n]
        return " ".join(said)

    def plain(self) -> dict[str, str]:
        return {key: value for key, value in self._words.items() if isinstance(value, str)}


def isolated(text: str) -> str:
    """First-strong isolate: a right-to-left name does not turn its neighbours round."""
    return f"\N{FIRST STRONG ISOLATE}{text.strip()}\N{POP DIRECTIONAL ISOLATE}"
