"""Paying vendors by a file for the agency's bank.

    payout.file     the file, and with it each of its payouts on its way: once in one file, whoever asks how often
    payout.record   what the bank says of it: it has it, it refused it whole, or one payment came back

Making a file sends nothing; a person takes it to the bank. So nothing here is unknown: a payout is on its way until a
person says what the bank did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from travellr_desktop.domain import ledger, lengths
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.bank_days import bank_day
from travellr_desktop.domain.payouts.iban import clean_iban, unreached
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.states import PayoutState, advance
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import AnotherDeskHasIt, CannotWrite, InvalidInput, Refusal, WrongState
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services.authority import Authority, ClaimKind, DeskAlone, Word, refuse_unclaimed
from travellr_desktop.services.payouts import standing
from travellr_desktop.services.payouts.bank_file import (
    FORM,
    FileOrder,
    FilePayment,
    csv_of,
    pain_001,
)
from travellr_desktop.services.payouts.bank_views import (
    BankFileView,
    BatchFiles,
    FileForm,
    FileMade,
    Refused,
    ToMake,
    file_view,
)
from travellr_desktop.services.today import today
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Agency, BankFile, Payout
from travellr_desktop.storage.repositories.bank_files import BankFileRepository
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

FARTHEST = timedelta(days=90)
"""No bank keeps a payment for later than that."""


class NoAccountToPayFrom(Refusal):
    """The agency has not said from which account its bank pays."""

    hint = "Write the agency's IBAN in Settings: Payouts."


class NothingByBank(WrongState):
    """No payout of a batch goes by the bank in that currency, and none went."""

    hint = "Vendors who are paid by the bank have an IBAN on Vendors; the others are paid by transfers."


class BankFileService:
    def __init__(
        self, database: Database, gateway: PaymentGateway, authority: Authority | None = None
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._authority = authority or DeskAlone()

    def of_batch(self, actor: Actor, batch_id: UUID) -> BatchFiles:
        """What of a batch is to go by the bank, also once more, and the files made of it. Raises `NotFound`."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            view.payouts.batch(batch_id)
            repository = BankFileRepository(view.session)
            waiting, payer = repository.sums_to_make(batch_id), view.agency.get().iban
            again: dict[str, list[int]] = defaultdict(list)
            for row in repository.failed(batch_id):
                if _again_line(view, row, payer) is not None:
                    again[row.currency].append(row.amount)
            return BatchFiles(
                tuple(ToMake(count, Money(minor, currency)) for currency, count, minor in waiting),
                tuple(ToMake(len(each), Money(sum(each), code)) for code, each in sorted(again.items())),
                tuple(_view(view, file) for file in repository.of_batch(batch_id)),
            )

    def detail(self, actor: Actor, file_id: UUID) -> BankFileView:
        """Raises `NotFound`."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            return _view(view, BankFileRepository(view.session).get(file_id))

    def find(self, actor: Actor, message_id: str) -> BankFileView:
        """By what the bank knows it by, in any case. Raises `NotFound`."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            return _view(view, BankFileRepository(view.session).of_message(message_id.strip().upper()))

    def earliest(self, actor: Actor, currency: str) -> date:
        """The first day from today on, by the agency's calendar, on which banks carry out payments of a currency."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            return bank_day(today(view), currency)

    def make(
        self, actor: Actor, batch_id: UUID, currency: str, *, execute_on: date | None = None
    ) -> FileMade:
        """The file of a batch in one currency. All that is approved and stands in no file goes into one; where there is
        nothing of the kind, it is the newest that was made before, the same bytes. `execute_on` is moved to the next
        bank day; without it it is the first from today on.

        A vendor who cannot be paid any more as was approved is left out and has the money as a new line. Raises
        `NoAccountToPayFrom`, `NothingByBank`, `InvalidInput(field="execute_on")`, `NotFound`; `WaitsForCentral`, and
        `AnotherDeskHasIt` where other desks pay all of it."""
        require(actor, Permission.PAYOUT_RUN)
        ours = self._claim(batch_id, currency)
        with self._db.write(Commit.PAYOUT_FILE, actor) as work:
            work.payouts.batch(batch_id)
            repository = BankFileRepository(work.session)
            rows = [row for row in repository.to_make(batch_id, currency) if row.id in ours]
            if not rows:
                made = [file for file in repository.of_batch(batch_id) if file.currency == currency]
                if not made:
                    raise NothingByBank(f"No payout of this batch goes by the bank in {currency}.")
                return FileMade(_view(work, made[-1]), (), again=True)
            agency = work.agency.get()
            if not agency.iban:
                raise NoAccountToPayFrom("There is no account that vendors are paid from.")
            day = _execution_day(execute_on, today(work), currency)
            good, refused = _sorted_out(work, rows, agency.iban)
            play = self._gateway.is_sandbox
            file = _write(work, good, agency, day, play=play) if good else None
            told = None if file is None else _view(work, file)
            standing.end_batch(work, rows[0].batch)
            work.commit()
        return FileMade(told, refused, again=False)

    def _claim(self, batch_id: UUID, currency: str) -> set[UUID]:
        """What of a batch this desk may ask the bank for: all that no other desk has, or had and may have asked for."""
        with self._db.read() as view:
            rows = BankFileRepository(view.session).to_make(batch_id, currency)
            waiting = [(row.id, standing.money_of(row)) for row in rows]
        ours, theirs = set(), None
        for payout_id, amount in waiting:
            claim = self._authority.claim(ClaimKind.PAYOUT, payout_id, amount)
            if claim.word is Word.WAITS:
                refuse_unclaimed(claim)
            if claim.granted and not claim.taken_over:
                ours.add(payout_id)
            else:
                theirs = claim
        if theirs is not None and not ours:
            raise AnotherDeskHasIt(
                theirs.why or "A desk that was written off may have asked the bank for it."
            )
        return ours

    def retry(
        self, actor: Actor, batch_id: UUID, currency: str, *, execute_on: date | None = None
    ) -> FileMade:
        """Another file for what failed of a batch in one currency: each with a payout of its own, to the account that
        was approved. Who cannot be paid so any more, or is paid by a later batch by now, is left to that. Where all of
        it was tried again before, it is the file that was made then. Raises `WrongState` where nothing can be tried
        again, and as `make`."""
        require(actor, Permission.PAYOUT_RUN)
        with self._db.write(Commit.PAYOUT_RETRY, actor) as work:
            work.payouts.batch(batch_id)
            payer = work.agency.get().iban
            failed = BankFileRepository(work.session).failed(batch_id, currency)
            fresh = [row for row in failed if work.payouts.retried_by(row.id) is None]
            lines = [(row, _again_line(work, row, payer)) for row in fresh]
            for row, line in lines:
                if line is not None:
                    standing.again(work, row, line)
            if len(fresh) == len(failed) and all(line is None for _, line in lines):
                raise WrongState(
                    "Nothing of this batch can be tried again.",
                    hint="What is owed is paid by the next batch.",
                )
            work.commit()
        return self.make(actor, batch_id, currency, execute_on=execute_on)

    def content(self, actor: Actor, file_id: UUID, form: FileForm = FileForm.XML) -> bytes:
        """What is taken to the bank: of one file always the same bytes. Raises `NotFound`."""
        require(actor, Permission.PAYOUT_RUN)
        with self._db.read() as view:
            text = BankFileRepository(view.session).get(file_id).content
        return (text if form is FileForm.XML else csv_of(text)).encode()

    def save(self, actor: Actor, file_id: UUID, path: Path, form: FileForm = FileForm.XML) -> Path:
        """Write it where the person wants it. Raises `CannotWrite`, `NotFound`."""
        content = self.content(actor, file_id, form)
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CannotWrite(f"{path} cannot be written: {error.strerror}.") from error
        return path

    # what the bank says

    def arrived(self, actor: Actor, file_id: UUID) -> BankFileView:
        """The bank has it: what it asks for is paid. Said twice it changes nothing. Raises `WrongState` for a file that
        was refused, `NotFound`."""
        require(actor, Permission.PAYOUT_RUN)
        with self._db.write(Commit.PAYOUT_RECORD, actor) as work:
            file, rows = _open(work, file_id)
            waiting = [row for row in rows if row.state is PayoutState.SENDING]
            if not waiting and all(row.state is PayoutState.FAILED for row in rows):
                raise WrongState("The bank has refused this file.", hint="Its payouts can be tried again.")
            for row in waiting:
                standing.attempt(work, row, "file", "paid")
                standing.paid(work, row)
                standing.tell(work, row)
            return _recorded(work, file, rows, "bank_file.arrived", bool(waiting))

    def refused(self, actor: Actor, file_id: UUID, reason: str) -> BankFileView:
        """The bank refused it whole: nothing left, and each vendor has the money as a new line. Raises
        `InvalidInput(field="reason")`, `WrongState` once the bank has had it, `NotFound`."""
        require(actor, Permission.PAYOUT_RUN)
        why = clean_line(reason, "reason", lengths.REASON)
        with self._db.write(Commit.PAYOUT_RECORD, actor) as work:
            file, rows = _open(work, file_id)
            if any(row.state not in (PayoutState.SENDING, PayoutState.FAILED) for row in rows):
                raise WrongState(
                    "The bank has had this file.", hint="Say of single payments that they came back."
                )
            waiting = [row for row in rows if row.state is PayoutState.SENDING]
            for row in waiting:
                _fail(work, row, why)
            return _recorded(work, file, rows, "bank_file.refused", bool(waiting), why=why)

    def came_back(self, actor: Actor, payout_id: UUID, reason: str) -> BankFileView:
        """One payment did not arrive: the bank left it out, or sent it back later. The vendor has the money as a new
        line. Raises `InvalidInput(field="reason")`, `WrongState` for one that is in no file or came back before,
        `NotFound`."""
        require(actor, Permission.PAYOUT_RUN)
        why = clean_line(reason, "reason", lengths.REASON)
        with self._db.write(Commit.PAYOUT_RECORD, actor) as work:
            row = work.payouts.get_full(payout_id)
            if row.file_id is None or row.state not in (PayoutState.SENDING, PayoutState.PAID):
                raise WrongState("This payout is not with the bank.")
            if row.state is PayoutState.SENDING:
                _fail(work, row, why)
            else:
                _return(work, row, why)
            file, rows = _open(work, row.file_id)
            return _recorded(work, file, rows, "bank_file.came_back", True, payout=str(row.id), why=why)


def _execution_day(wanted: date | None, day: date, currency: str) -> date:
    wanted = wanted or day
    if not day <= wanted <= day + FARTHEST:
        raise InvalidInput(
            "The bank carries it out today or within 90 days.", hint="Choose another day.", field="execute_on"
        )
    return bank_day(wanted, currency)


def _sorted_out(
    work: UnitOfWork, rows: Sequence[Payout], payer_iban: str
) -> tuple[list[Payout], tuple[Refused, ...]]:
    """Those that may be paid as was approved, all of them on their way; the others failed at once."""
    good, refused = [], []
    for row in rows:
        standing.sending(work, row)
        why = _changed_since(row, payer_iban)
        if why:
            _fail(work, row, why)
            refused.append(Refused(row.id, row.vendor.name, standing.money_of(row), why))
        else:
            good.append(row)
    return good, tuple(refused)


def _again_line(view: Reading, failed: Payout, payer_iban: str) -> UUID | None:
    """The open line that a failed payout gave back; None where it was tried again, would fail again, or is paid by
    another batch."""
    if view.payouts.retried_by(failed.id) is not None or _changed_since(failed, payer_iban):
        return None
    line = view.payouts.failed_line(failed.id)
    return None if line is None or line.payout_id is not None else line.ledger_id


def _changed_since(row: Payout, payer_iban: str) -> str:
    """Why a vendor cannot be paid as was approved; "" where they can."""
    vendor = row.vendor
    if not vendor.active:
        return "The vendor was deactivated after the payout was approved."
    if not row.iban or vendor.payout_way is not PayoutWay.BANK or vendor.iban != row.iban:
        return "How the vendor is paid was changed after the payout was approved."
    try:
        clean_iban(row.iban)
    except InvalidInput as fault:
        return f"The vendor's account cannot be paid to: {fault}"
    return unreached(row.iban, row.bic or "", payer_iban, row.currency)


def _write(work: UnitOfWork, rows: Sequence[Payout], agency: Agency, day: date, *, play: bool) -> BankFile:
    """The file of payouts that are on their way, with their places in it. `play`: no money is behind it, and its name
    says so."""
    repository = BankFileRepository(work.session)
    batch, currency = rows[0].batch, rows[0].currency
    number = repository.count(batch.id, currency) + 1
    numbers = repository.statement_numbers(row.root_id for row in rows)
    order = FileOrder(
        message_id=f"{'SANDBOX-' * play}{batch.reference}-{currency}-{number}",
        made_at=work.now,
        payer=agency.name,
        iban=agency.iban,
        bic=agency.bic,
        execute_on=day,
        payments=tuple(_payment(row, numbers.get(row.root_id, "")) for row in rows),
    )
    file = repository.add(
        BankFile(
            batch_id=batch.id,
            message_id=order.message_id,
            form=FORM,
            currency=currency,
            total=sum(row.amount for row in rows),
            count=len(rows),
            execute_on=day,
            content=pain_001(order),
            made_at=work.now,
            made_by=work.actor.user_id,
        )
    )
    for row in rows:
        row.file_id, row.first_sent_at, row.desk_id = file.id, work.now, work.desk_id
        standing.attempt(work, row, "file", "made", key=row.id.hex, detail=order.message_id)
        work.payouts.update(row)
        standing.tell(work, row)
    work.audit(
        "bank_file.make", "payout_batch", batch.id, file=file.message_id, count=file.count, total=file.total
    )
    return file


def _payment(row: Payout, statement: str) -> FilePayment:
    about = f"Statement {statement}, {row.batch.reference}" if statement else row.batch.reference
    return FilePayment(
        end_to_end=row.id.hex,
        name=row.holder or row.vendor.name,
        iban=row.iban or "",
        bic=row.bic or "",
        amount=standing.money_of(row),
        text=about,
    )


def _fail(work: UnitOfWork, row: Payout, why: str) -> None:
    standing.attempt(work, row, "file", "refused", detail=why)
    standing.failed(work, row, why)
    standing.tell(work, row)


def _return(work: UnitOfWork, row: Payout, why: str) -> None:
    """The bank sent back what had been paid: the vendor has it as a new line. Its statement keeps saying what it said
    when it was issued; the next one tells."""
    row.state = advance(row.state, PayoutState.RETURNED)
    row.failure, row.ended_at = why, work.now
    standing.attempt(work, row, "file", "returned", detail=why)
    work.payouts.update(row)
    entry = ledger.payout_returned_entry(
        standing.money_of(row), vendor_id=row.vendor_id, available_at=work.now
    )
    standing.post(work, row, (entry,))
    standing.tell(work, row)


def _open(work: UnitOfWork, file_id: UUID) -> tuple[BankFile, Sequence[Payout]]:
    repository = BankFileRepository(work.session)
    return repository.get(file_id), repository.payouts(file_id)


def _recorded(
    work: UnitOfWork, file: BankFile, rows: Sequence[Payout], action: str, changed: bool, **detail: str
) -> BankFileView:
    """What was said of a file, written down where it was news."""
    if changed:
        work.audit(action, "payout_batch", file.batch_id, file=file.message_id, **detail)
        standing.end_batch(work, rows[0].batch)
    told = _view(work, file)
    if changed:
        work.commit()
    return told


def _view(view: Reading, file: BankFile) -> BankFileView:
    rows = BankFileRepository(view.session).payouts(file.id)
    return file_view(file, rows, view.users.names((file.made_by,)).get(file.made_by, ""))
