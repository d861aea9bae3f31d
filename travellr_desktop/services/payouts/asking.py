"""Asking the provider of very many accounts: a few at a time, with how far it is, and given up where nobody answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import islice

from travellr_desktop.services.payouts.accounts import AccountKnown, VendorAccounts

Told = Callable[[int, int], object]
"""How many accounts were answered for, of how many that are asked of. Called on the thread that asks for all of them;
it may raise `Cancelled`."""

AT_ONCE = 4
"""How many are asked of at a time; a provider does not like many more."""

SILENT = 2 * AT_ONCE
"""After so many in a row without an answer the others are not asked of: each would take its whole time-out."""


def ask_each(
    accounts: VendorAccounts, refs: Sequence[str], told: Told | None = None
) -> dict[str, AccountKnown]:
    """What the provider says of each. Where `told` raises, no other is asked of and what is on its way is waited for:
    `accounts` remembers what was answered."""
    if not refs:
        return {}
    found: dict[str, AccountKnown] = {}
    silent, why, waiting = 0, "", iter(refs)
    if told is not None:
        told(0, len(refs))
    with ThreadPoolExecutor(min(AT_ONCE, len(refs)), thread_name_prefix="accounts") as pool:
        running = {pool.submit(accounts.ask, ref) for ref in islice(waiting, AT_ONCE)}
        while running:
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for each in ended:
                known = each.result()
                found[known.ref] = known
                silent, why = (silent + 1, known.silent) if known.silent else (0, "")
            if told is not None:
                told(len(found), len(refs))
            if silent < SILENT:
                running |= {pool.submit(accounts.ask, ref) for ref in islice(waiting, len(ended))}
    return found | {ref: accounts.unanswered(ref, why) for ref in refs if ref not in found}
