"""Cancellation policies of every shape, for hypothesis."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from travellr_desktop.domain.cancellation import KeepAmount, KeepDeposit, KeepShare, Policy, Tier

keeps = st.one_of(
    st.builds(KeepShare, st.integers(0, 10_000)),
    st.builds(KeepDeposit),
    st.builds(KeepAmount, st.integers(0, 20_000)),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    earlier = draw(st.lists(st.integers(1, 90 * 86_400), max_size=4, unique=True))
    befores = [*sorted(earlier, reverse=True), 0]
    drawn: list[KeepShare | KeepDeposit | KeepAmount] = [draw(keeps) for _ in befores]
    shares = iter(sorted(keep.bps for keep in drawn if isinstance(keep, KeepShare)))
    amounts = iter(sorted(keep.minor for keep in drawn if isinstance(keep, KeepAmount)))

    def rising(keep: KeepShare | KeepDeposit | KeepAmount) -> KeepShare | KeepDeposit | KeepAmount:
        if isinstance(keep, KeepShare):
            return KeepShare(next(shares))
        return KeepAmount(next(amounts)) if isinstance(keep, KeepAmount) else keep

    return Policy(
        "any",
        "Any",
        tuple(
            Tier(timedelta(seconds=before), rising(keep)) for before, keep in zip(befores, drawn, strict=True)
        ),
        fixed_fee=draw(st.one_of(st.just(0), st.integers(0, 3_000))),
        grace=timedelta(hours=draw(st.sampled_from([0, 0, 1, 24, 2_000]))),
    )
