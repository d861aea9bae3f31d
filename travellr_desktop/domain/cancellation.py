"""What is kept and what goes back when a booking is cancelled.

A policy is data, frozen onto each booking when it is sold. Its tiers say what is kept of the price, by how long
before the departure the cancellation comes; that time is counted on the clock of the departure's own zone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeVar

from babel.dates import format_datetime

from travellr_desktop.domain.locales import locale_of
from travellr_desktop.domain.money import WHOLE_BPS, Money, check_bps, share
from travellr_desktop.domain.money_text import format_money
from travellr_desktop.domain.periods import to_utc, wall_clock_before
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.errors import InvalidInput

LONGEST_BEFORE = timedelta(days=1_000)
_MOMENT = timedelta(microseconds=1)


def _amount(minor: int, field: str) -> int:
    if type(minor) is not int or minor < 0:
        raise InvalidInput(f"An amount in minor units is a whole number from 0, not {minor!r}.", field=field)
    return minor


@dataclass(frozen=True, slots=True)
class KeepShare:
    """A share of the price, in basis points."""

    bps: int

    def __post_init__(self) -> None:
        check_bps(self.bps, "keep")


@dataclass(frozen=True, slots=True)
class KeepDeposit:
    """The deposit that was agreed when the booking was made."""


@dataclass(frozen=True, slots=True)
class KeepAmount:
    """A fixed amount, in minor units of the booking's currency."""

    minor: int

    def __post_init__(self) -> None:
        _amount(self.minor, "keep")


Keep = KeepShare | KeepDeposit | KeepAmount


@dataclass(frozen=True, slots=True)
class Tier:
    """Who cancels at least `before` the departure, and too late for the tier above, forfeits `keep`.

    `before` is clock time in the departure's zone: one day is the same time on the day before, across changes
    of the clocks too.
    """

    before: timedelta
    keep: Keep

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.before <= LONGEST_BEFORE or self.before.microseconds:
            raise InvalidInput(
                f"A tier begins from 0 to {LONGEST_BEFORE.days} days before departure.", field="tiers"
            )


@dataclass(frozen=True, slots=True)
class Policy:
    """Tiers from the earliest to the last, which is 0 before departure and holds ever after.

    A later tier never keeps less than an earlier one did: figures of one kind that fall are refused, and where
    kinds differ the higher counts (a deposit of 60 %, then half the price, is 60 % all along). `fixed_fee` (minor
    units of the booking's currency) is kept on top, the price being the limit; within `grace` after booking, and
    before departure, nothing is kept at all.
    """

    code: str
    name: str
    tiers: tuple[Tier, ...]
    fixed_fee: int = 0
    grace: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        if not self.code.strip() or not self.name.strip():
            raise InvalidInput("A cancellation policy needs a code and a name.", field="name")
        befores = [tier.before for tier in self.tiers]
        if not befores or befores[-1] != timedelta(0):
            raise InvalidInput("The last tier must hold until the departure.", field="tiers")
        if any(later >= earlier for earlier, later in pairwise(befores)):
            raise InvalidInput(
                "Tiers go from the earliest to the last, each nearer to departure.", field="tiers"
            )
        for figures in (
            [tier.keep.bps for tier in self.tiers if isinstance(tier.keep, KeepShare)],
            [tier.keep.minor for tier in self.tiers if isinstance(tier.keep, KeepAmount)],
        ):
            if figures != sorted(figures):
                raise InvalidInput("A later tier cannot keep less than an earlier one.", field="tiers")
        _amount(self.fixed_fee, "fixed_fee")
        if not timedelta(0) <= self.grace <= LONGEST_BEFORE or self.grace.microseconds:
            raise InvalidInput("The time to think it over is from nothing to 1000 days.", field="grace")

    def to_json(self) -> dict[str, Any]:
        """As plain data for JSON; durations in whole seconds."""
        return {
            "code": self.code,
            "name": self.name,
            "tiers": [
                {"before_seconds": _seconds(tier.before), "keep": _keep_to_json(tier.keep)}
                for tier in self.tiers
            ],
            "fixed_fee": self.fixed_fee,
            "grace_seconds": _seconds(self.grace),
        }

    @classmethod
    def from_json(cls, data: object) -> Policy:
        """The policy that `to_json` wrote. Raises `InvalidInput` for anything missing, unknown or mistyped."""
        fields = _exactly(data, {"code", "name", "tiers", "fixed_fee", "grace_seconds"})
        tiers = fields["tiers"]
        if not isinstance(tiers, list):
            raise _not_a_policy("its tiers are not a list")
        return cls(
            code=_typed(fields["code"], str),
            name=_typed(fields["name"], str),
            tiers=tuple(_tier_from_json(tier) for tier in tiers),
            fixed_fee=_typed(fields["fixed_fee"], int),
            grace=_duration(fields["grace_seconds"]),
        )


def _preset(code: str, name: str, *tiers: tuple[timedelta, Keep]) -> Policy:
    return Policy(code, name, tuple(Tier(before, keep) for before, keep in tiers))


_NOTHING, _HALF, _ALL = KeepShare(0), KeepShare(WHOLE_BPS // 2), KeepShare(WHOLE_BPS)

PRESETS: Mapping[str, Policy] = MappingProxyType(
    {
        preset.code: preset
        for preset in (
            _preset("flexible", "Flexible", (timedelta(hours=24), _NOTHING), (timedelta(0), _ALL)),
            _preset("moderate", "Moderate", (timedelta(days=4), _NOTHING), (timedelta(0), _ALL)),
            _preset(
                "strict",
                "Strict",
                (timedelta(days=7), _NOTHING),
                (timedelta(days=3), _HALF),
                (timedelta(0), _ALL),
            ),
            _preset(
                "tour",
                "Tour",
                (timedelta(days=60), KeepDeposit()),
                (timedelta(days=30), _HALF),
                (timedelta(0), _ALL),
            ),
        )
    }
)
"""The policies that ship with the program, by code."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What cancelling now would do to what was paid; minor units of `currency`.

    `kept` + `back` is what was paid, and `fixed_fee` the part of `kept` that is wholly the agency's. `tier` is
    None within the time of grace. Until `next_change` (included) nothing changes; just after it `next_back`
    would go back. Both are None if nothing more will ever be kept.
    """

    kept: int
    fixed_fee: int
    back: int
    currency: str
    tier: Tier | None
    in_grace: bool
    next_change: datetime | None
    next_back: int | None


def quote(
    policy: Policy,
    *,
    price: int,
    deposit: int,
    paid: int,
    currency: str,
    departs_at: datetime,
    zone: str,
    booked_at: datetime,
    now: datetime,
) -> Quote:
    """What is kept of `paid` (minor units) if a booking of `price` is cancelled at `now`.

    The fee is reckoned on the price, not on what was paid, so that nobody gains by paying late; no more than
    was paid is kept. Moments are aware. A deadline itself still belongs to the cheaper side.
    """
    for name, amount in (("price", price), ("deposit", deposit), ("paid", paid)):
        Money(_amount(amount, name), currency)
    departs_at, booked_at, now = to_utc(departs_at), to_utc(booked_at), to_utc(now)
    deadlines = [wall_clock_before(departs_at, tier.before, zone) for tier in policy.tiers]
    grace_ends = min(booked_at + policy.grace, departs_at)

    def place(moment: datetime) -> int | None:
        """Which tier holds, None in grace."""
        if policy.grace and moment <= grace_ends:
            return None
        return next((i for i, end in enumerate(deadlines) if moment <= end), len(deadlines) - 1)

    def kept_at(moment: datetime) -> int:
        index = place(moment)
        return 0 if index is None else min(paid, _fee(policy, index, price, deposit))

    kept, index = kept_at(now), place(now)
    later = sorted({grace_ends, *deadlines})
    change = next((end for end in later if end >= now and kept_at(end + _MOMENT) > kept), None)
    return Quote(
        kept=kept,
        fixed_fee=0 if index is None else min(policy.fixed_fee, kept),
        back=paid - kept,
        currency=currency,
        tier=None if index is None else policy.tiers[index],
        in_grace=index is None,
        next_change=change,
        next_back=None if change is None else paid - kept_at(change + _MOMENT),
    )


def describe(
    policy: Policy,
    departs_at: datetime,
    zone: str,
    locale: str = "en_GB",
    currency: str | None = None,
    *,
    now: datetime | None = None,
) -> tuple[str, str]:
    """The policy in two lines for a voucher, its dates in the departure's zone; the second may be empty.

    Amounts are named where `currency` says what they are in. With `now` it begins at what holds then: a time that
    is over is not offered.
    """
    deadlines = [wall_clock_before(departs_at, tier.before, zone) for tier in policy.tiers]
    last = len(deadlines) - 1
    start = 0 if now is None else next((i for i, end in enumerate(deadlines) if now <= end), last)

    def until(index: int) -> str:
        moment = deadlines[index].astimezone(zone_of(zone))
        same_year = moment.year == departs_at.astimezone(zone_of(zone)).year
        pattern = "EEE d MMM, HH:mm" if same_year else "EEE d MMM y, HH:mm"
        return format_datetime(moment, pattern, tzinfo=zone_of(zone), locale=locale_of(locale))

    def what(index: int) -> str:
        return _in_words(policy, index, lambda minor: _amount_in_words(minor, currency, locale))

    opening = f"{_capital(what(start))} is kept until" if what(start) else "Free until"
    opening = f"{opening} {until(start)}"
    if 0 < start == last and what(start):
        opening = f"{_capital(what(start))} is kept"  # nothing follows it
    clauses: list[str] = []
    for index in range(start + 1, len(policy.tiers)):
        kept = what(index) or "nothing"
        since = until(index - 1)
        clauses.append(f"from {since} {kept}" if clauses else f"From then on {kept} is kept")
    second = ", ".join(clauses)
    if policy.grace:
        hours = _seconds(policy.grace) // 3600
        free = f"Free within {hours} h of booking" if hours else "Free just after booking"
        second = f"{second}. {free}" if second else free
    return opening, second


def _fee(policy: Policy, index: int, price: int, deposit: int) -> int:
    def figure(keep: Keep) -> int:
        if isinstance(keep, KeepShare):
            return share(price, keep.bps)
        return deposit if isinstance(keep, KeepDeposit) else keep.minor

    return min(price, max(figure(tier.keep) for tier in policy.tiers[: index + 1]) + policy.fixed_fee)


def _in_words(policy: Policy, index: int, amount: Callable[[int], str]) -> str:
    """What a tier keeps, "" for nothing, and what it keeps at least because an earlier one did."""

    def plain(keep: Keep) -> str:
        if isinstance(keep, KeepDeposit):
            return "the deposit"
        if isinstance(keep, KeepAmount):
            return amount(keep.minor) if keep.minor else ""
        if keep == _HALF:
            return "half of the price"
        return f"{keep.bps / 100:g} % of the price" if keep.bps else ""

    own = policy.tiers[index].keep
    if own == _ALL:
        return "the whole price"  # nothing can be kept beyond it
    earlier = {
        type(tier.keep): tier.keep for tier in policy.tiers[:index] if type(tier.keep) is not type(own)
    }
    floor = " or ".join(filter(None, map(plain, earlier.values())))
    fee = f"a fee of {amount(policy.fixed_fee)}" if policy.fixed_fee else ""
    words = " and ".join(filter(None, (plain(own) or floor, fee)))
    return f"{words} (at least {floor})" if plain(own) and floor else words


def _amount_in_words(minor: int, currency: str | None, locale: str) -> str:
    return "a fixed amount" if currency is None else format_money(Money(minor, currency), locale)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _seconds(duration: timedelta) -> int:
    return duration // timedelta(seconds=1)


# JSON


def _keep_to_json(keep: Keep) -> dict[str, Any]:
    if isinstance(keep, KeepShare):
        return {"kind": "share", "bps": keep.bps}
    if isinstance(keep, KeepDeposit):
        return {"kind": "deposit"}
    return {"kind": "amount", "minor": keep.minor}


def _tier_from_json(data: object) -> Tier:
    fields = _exactly(data, {"before_seconds", "keep"})
    return Tier(_duration(fields["before_seconds"]), _keep_from_json(fields["keep"]))


def _keep_from_json(data: object) -> Keep:
    kind = data.get("kind") if isinstance(data, Mapping) else None
    if kind == "share":
        return KeepShare(_typed(_exactly(data, {"kind", "bps"})["bps"], int))
    if kind == "deposit":
        _exactly(data, {"kind"})
        return KeepDeposit()
    if kind == "amount":
        return KeepAmount(_typed(_exactly(data, {"kind", "minor"})["minor"], int))
    raise _not_a_policy(f"nothing is known of keeping {kind!r}")


def _exactly(data: object, keys: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping) or set(data) != keys:
        raise _not_a_policy(f"it needs {', '.join(sorted(keys))} and nothing else")
    return data


_T = TypeVar("_T", str, int)


def _typed(value: object, kind: type[_T]) -> _T:
    if type(value) is not kind:
        raise _not_a_policy(f"{value!r} is out of place")
    return value


def _duration(value: object) -> timedelta:
    seconds = _typed(value, int)
    if not 0 <= seconds <= _seconds(LONGEST_BEFORE):
        raise _not_a_policy(f"{seconds} seconds are out of range")
    return timedelta(seconds=seconds)


def _not_a_policy(why: str) -> InvalidInput:
    return InvalidInput(f"This is not a cancellation policy: {why}.", field="policy")
