"""Reckoning a draft: every vendor with open lines, what they come to, and whether they are paid.

The file says what there is (`reckon`), the provider what can be paid to whom; `decide` puts both together and reads
neither, so that an approval comes to the same as the dry run that was seen, or says that it does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.deciding import (
    Case,
    Decided,
    Left,
    PaidTo,
    why_left_out,
    within_funds,
)
from travellr_desktop.domain.payouts.figures import Apart, Figures, PartSum, figures, total
from travellr_desktop.domain.payouts.iban import account_label, unreached
from travellr_desktop.domain.payouts.minimums import minimum_of
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut, LinePart, PayoutWay, VendorPaper
from travellr_desktop.domain.states import DisputeState
from travellr_desktop.payments.steps import step_of
from travellr_desktop.services.payouts.balances import Said
from travellr_desktop.services.payouts.views import NEXT_STEP, CurrencyRun, Funds, LeftRow, PayRow
from travellr_desktop.services.today import today
from travellr_desktop.storage.models import PayoutBatch
from travellr_desktop.storage.repositories.open_lines import ApartSum, DisputedSum, Key, VendorPaid
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the file says of a draft: cases by vendors' names, before the provider was asked. Amounts by currency are
    minor units."""

    batch_id: UUID
    at: datetime
    cases: tuple[Case, ...]
    free_at: Mapping[Key, datetime]
    disputes: Mapping[Key, UUID]
    promised: Mapping[str, int]
    waiting: Mapping[str, int]

    def accounts(self) -> list[str]:
        """The accounts that would be paid to, as far as the file says."""
        return [
            case.paid_to.account_ref
            for case in self.cases
            if case.paid_to is not None
            and case.paid_to.way is PayoutWay.TRANSFER
            and why_left_out(case) is None
        ]


def reckon(view: Reading, batch: PayoutBatch) -> Reckoned:
    """Every vendor who has open lines, of the batch's own if it is for some."""
    chosen = [UUID(each) for each in batch.vendors]
    found = _Found(view, batch, chosen)
    agency = view.agency.get()
    wanted = [VendorPaper(each) for each in agency.payout_papers]
    papers = view.open_lines.good_papers(wanted, today(view)) if wanted else {}
    kept_out = {
        vendor_id: row.reason
        for vendor_id, row in view.batches.exclusions(batch.id).items()
        if row.ended_at is None
    }
    cases: list[Case] = []
    for vendor in view.open_lines.vendors():
        for currency in found.currencies.get(vendor.id, ()):
            key = (vendor.id, currency)
            own = found.figures(key)
            held, disputed = found.held(key), found.disputed(key)
            other = batch.kind is not BatchKind.EXTRA and vendor.schedule.value != batch.kind.value
            if not own.lines and (other or not (held.lines or disputed.lines)):
                continue
            cases.append(
                Case(
                    vendor_id=vendor.id,
                    name=vendor.name,
                    currency=currency,
                    figures=own,
                    held=held,
                    disputed=disputed,
                    disputed_of=found.references(key),
                    minimum=minimum_of(currency, vendor.minimums, agency.payout_minimums),
                    paid_to=(to := paid_to(vendor)),
                    step=pays_in_steps(to, currency),
                    active=vendor.active,
                    unreached=_unreached(to, agency.iban, currency),
                    other_schedule=other,
                    by_hand=kept_out.get(vendor.id),
                    papers=tuple(kind for kind in wanted if kind not in papers.get(vendor.id, ())),
                )
            )
    return Reckoned(
        batch.id,
        view.clock.now(),
        tuple(cases),
        free_at={key: each.free_at for key, each in found.apart.items()},
        disputes=found.first_disputes(view),
        promised=view.open_lines.promised_back(),
        waiting=view.batches.not_left_yet(),
    )


def paid_to(vendor: VendorPaid) -> PaidTo | None:
    """Where a vendor is paid; None where no account is on file."""
    if vendor.way is PayoutWay.TRANSFER and vendor.account_ref:
        label = account_label(vendor.account_ref, "Stripe")
        return PaidTo(PayoutWay.TRANSFER, label, account_ref=vendor.account_ref)
    if vendor.way is PayoutWay.BANK and vendor.iban:
        label = account_label(vendor.iban, vendor.bic)
        return PaidTo(PayoutWay.BANK, label, iban=vendor.iban, bic=vendor.bic, holder=vendor.holder)
    return None


def _unreached(to: PaidTo | None, payer_iban: str, currency: str) -> str:
    """Why a bank that is on file cannot pay in a currency; "" where it can, and where there is none."""
    if to is None or to.way is not PayoutWay.BANK:
        return ""
    return unreached(to.iban, to.bic, payer_iban, currency)


def pays_in_steps(to: PaidTo | None, currency: str) -> int:
    """In which steps a vendor is paid: the provider's where it pays them; a bank pays each unit."""
    return step_of(currency) if to is not None and to.way is PayoutWay.TRANSFER else 1


class _Found:
    """Sums of open lines, those in dispute taken out of them."""

    def __init__(self, view: Reading, batch: PayoutBatch, chosen: Sequence[UUID]) -> None:
        lines = view.open_lines
        self._sums = lines.open_sums(batch.cutoff_at, chosen)
        self.apart: Mapping[Key, ApartSum] = lines.held_sums(batch.cutoff_at, chosen)
        self._disputed: dict[Key, list[DisputedSum]] = {
            key: each
            for key, each in lines.disputed(batch.cutoff_at).items()
            if not chosen or key[0] in chosen
        }
        many = {
            key
            for key, sums in self._sums.items()
            if any(each.part is LinePart.AGAIN and not each.carried for each in sums)
        }
        self._again = lines.again_bookings(batch.cutoff_at, many) if many else {}
        self.currencies: dict[UUID, list[str]] = defaultdict(list)
        for vendor_id, currency in sorted({*self._sums, *self.apart, *self._disputed}):
            self.currencies[vendor_id].append(currency)

    def figures(self, key: Key) -> Figures:
        sums = self._sums.get(key, ())
        taken_out = [_less(each.sum) for each in self._disputed.get(key, ()) if each.free]
        return figures((*sums, *taken_out), again=self._again.get(key, 0))

    def held(self, key: Key) -> Apart:
        apart = self.apart.get(key)
        if apart is None:
            return Apart()
        disputed = [each.sum for each in self._disputed.get(key, ()) if not each.free]
        return Apart(
            apart.amount - sum(each.amount for each in disputed),
            apart.lines - sum(each.lines for each in disputed),
        )

    def disputed(self, key: Key) -> Apart:
        found = [each.sum for each in self._disputed.get(key, ())]
        return Apart(sum(each.amount for each in found), sum(each.lines for each in found))

    def references(self, key: Key) -> tuple[str, ...]:
        return tuple(sorted({each.reference for each in self._disputed.get(key, ())}))

    def first_disputes(self, view: Reading) -> dict[Key, UUID]:
        """The first open dispute of each."""
        first = {key: found[0].booking_id for key, found in self._disputed.items()}
        parts = view.disputes.find_by_booking_ids(list(first.values()))
        of = {part.booking_id: part.dispute_id for part in parts if part.dispute.state is DisputeState.OPEN}
        return {key: of[booking_id] for key, booking_id in first.items()}


def _less(one: PartSum) -> PartSum:
    return PartSum(one.part, -one.amount, -one.commission, -one.lines, one.carried)


def decide(reckoned: Reckoned, said: Said) -> tuple[Decided, ...]:
    """Who is paid and who is not. Nobody is paid out of what was promised to travellers, or to payouts that were
    approved before."""
    decided = [_decided(case, said) for case in reckoned.cases]
    short: set[Key] = set()
    for currency, wanted in _transfers(decided).items():
        paid = within_funds(wanted, free_funds(reckoned, said, currency) or 0)
        short |= {key for key, _ in wanted if key not in paid}
    why = Left(LeftOut.NO_FUNDS, said.silent)
    return tuple(Decided(each.case, why) if each.case.key in short else each for each in decided)


def free_funds(reckoned: Reckoned, said: Said, currency: str) -> int | None:
    """What of the provider's balance can be paid out; None where the provider has never said what there is."""
    if said.balance is None or said.balance.available is None:
        return None
    there = said.balance.available.get(currency, 0)
    return there - reckoned.promised.get(currency, 0) - reckoned.waiting.get(currency, 0)


def _decided(case: Case, said: Said) -> Decided:
    if case.paid_to is not None and case.paid_to.way is PayoutWay.TRANSFER:
        case = replace(case, trouble=said.trouble(case.paid_to.account_ref))
    return Decided(case, why_left_out(case))


def _transfers(decided: Iterable[Decided]) -> dict[str, list[tuple[Key, int]]]:
    """By currency, in the order of the names."""
    found: dict[str, list[tuple[Key, int]]] = defaultdict(list)
    for each in decided:
        to = each.case.paid_to
        if each.left is None and to is not None and to.way is PayoutWay.TRANSFER:
            found[each.case.currency].append((each.case.key, each.case.paying.to_pay))
    return found


# as people see it


def by_currency(reckoned: Reckoned, decided: Sequence[Decided], said: Said) -> tuple[CurrencyRun, ...]:
    """The same as rows, a currency after the other."""
    transfers = {
        currency: sum(amount for _, amount in wanted) for currency, wanted in _transfers(decided).items()
    }
    runs = []
    for currency in sorted({each.case.currency for each in decided}):
        own = [each for each in decided if each.case.currency == currency]
        rows = tuple(_pay_row(reckoned, each.case) for each in own if each.left is None)
        left = tuple(_left_row(reckoned, each.case, each.left) for each in own if each.left is not None)
        sent = transfers.get(currency, 0)
        funds = _funds(reckoned, said, currency, sent)
        runs.append(CurrencyRun(currency, rows, left, total(row.figures for row in rows), funds))
    return tuple(runs)


def _pay_row(reckoned: Reckoned, case: Case) -> PayRow:
    assert case.paid_to is not None  # why_left_out sees to it
    return PayRow(
        vendor_id=case.vendor_id,
        name=case.name,
        currency=case.currency,
        figures=case.paying,
        held=Money(case.held.amount, case.currency),
        disputed=Money(case.disputed.amount, case.currency),
        free_at=reckoned.free_at.get(case.key),
        rest=Money(case.rest, case.currency),
        way=case.paid_to.way,
        label=case.paid_to.label,
    )


def _left_row(reckoned: Reckoned, case: Case, left: Left) -> LeftRow:
    return LeftRow(
        vendor_id=case.vendor_id,
        name=case.name,
        currency=case.currency,
        figures=case.figures,
        held=Money(case.held.amount, case.currency),
        disputed=Money(case.disputed.amount, case.currency),
        free_at=reckoned.free_at.get(case.key),
        reason=left.reason,
        detail=left.detail,
        would_be=Money(case.would_be, case.currency),
        next_step=NEXT_STEP[left.reason],
        minimum=None if case.least is None else Money(case.least, case.currency),
        dispute_id=reckoned.disputes.get(case.key) if left.reason is LeftOut.DISPUTED else None,
    )


def _funds(reckoned: Reckoned, said: Said, currency: str, transfers: int) -> Funds | None:
    free = free_funds(reckoned, said, currency)
    if free is None:
        return None
    promised, waiting = reckoned.promised.get(currency, 0), reckoned.waiting.get(currency, 0)
    return Funds(
        available=Money(free + promised + waiting, currency),
        promised=Money(promised, currency),
        waiting=Money(waiting, currency),
        transfers=Money(transfers, currency),
        stays=Money(free - transfers, currency),
    )
