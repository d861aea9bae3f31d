"""Paying by a file for the bank: each payout in one file, whoever asks how often, and its money back with the vendor
where it does not arrive."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from helpers.bank_paid import IBANS, PAYER, SHARE, asked_of_the_bank, at_banks, files, moved, not_once
from helpers.batches import approved_by, left, prepared
from helpers.catalogue import audit_of
from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_again
from helpers.paying_out import approved, at, batch_state, open_lines, payout_of, payouts, states
from helpers.refunding import colleague
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import LeftOut, PayoutWay
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.errors import CannotWrite, InvalidInput, NotFound, WrongState
from travellr_desktop.events import VendorPayout
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.payouts import standing
from travellr_desktop.services.payouts.bank_file import FileOrder, FilePayment, pain_001
from travellr_desktop.services.payouts.bank_files import FARTHEST, NoAccountToPayFrom, NothingByBank
from travellr_desktop.services.payouts.bank_views import BankFileView, FileForm, FileState
from travellr_desktop.services.payouts.means import means
from travellr_desktop.services.vendor_drafts import TermsDraft
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Statement


@pytest.fixture
def batch(desk: Desk) -> UUID:
    """Three vendors with 76.50 each, on Saturday 18 July."""
    at_banks(desk, "Adria", "Boka", "Ćilim")
    return approved(desk)


def made(desk: Desk, batch_id: UUID) -> BankFileView:
    file = desk.services.bank_files.make(desk.admin, batch_id, "EUR").file
    assert file is not None
    return file


def test_making_the_file_sends_its_payouts_on_their_way(desk: Desk, batch: UUID) -> None:
    heard: list[VendorPayout] = []
    to_make = desk.services.bank_files.of_batch(desk.admin, batch).to_make
    assert [(each.count, each.total) for each in to_make] == [(3, Money(3 * SHARE, "EUR"))]
    with desk.services.bus.subscribe(VendorPayout, heard.append):
        told = desk.services.bank_files.make(desk.admin, batch, "EUR")
    file = told.file
    assert file is not None and not told.again and told.refused == ()
    assert (file.total, file.count, file.state) == (Money(3 * SHARE, "EUR"), 3, FileState.MADE)
    assert [(each.vendor, each.state) for each in file.payouts] == [
        ("Adria", PayoutState.SENDING),
        ("Boka", PayoutState.SENDING),
        ("Ćilim", PayoutState.SENDING),
    ]
    assert at(desk, Account.PAYOUTS_IN_TRANSIT) == -3 * SHARE
    assert at(desk, Account.BANK) == 0
    assert [event.state for event in heard] == [PayoutState.SENDING] * 3
    assert desk.services.bank_files.of_batch(desk.admin, batch).to_make == ()
    assert not_once(desk) == []


def test_asked_for_again_it_is_the_same_file(desk: Desk, batch: UUID, clock: HandClock) -> None:
    first = made(desk, batch)
    content = desk.services.bank_files.content(desk.admin, first.id)
    clock.forward(timedelta(days=3))
    desk.services.payout_settings.save(desk.admin, replace(PAYER, iban=IBANS[0], bic=""))
    again = desk.services.bank_files.make(desk.admin, batch, "EUR")
    assert again.again and again.file == first
    assert desk.services.bank_files.content(desk.admin, first.id) == content
    assert not_once(desk) == []


def test_a_file_says_who_pays_whom_and_of_what(desk: Desk, batch: UUID) -> None:
    file = made(desk, batch)
    text = desk.services.bank_files.content(desk.admin, file.id).decode()
    with desk.database.read() as view:
        number = view.session.scalar(
            select(Statement.number).where(Statement.payout_id == file.payouts[0].payout_id)
        )
        reference = view.payouts.batch(batch).reference
    assert file.message_id == f"SANDBOX-{reference}-EUR-1"
    assert file.file_name() == f"SANDBOX-{reference}-EUR-1.xml"
    for part in (PAYER.iban, PAYER.bic, IBANS[0], "Adria d.o.o.", "Cilim d.o.o.", "76.50", "229.50"):
        assert f">{part}<" in text
    assert f">Statement {number}, {reference}<" in text
    lines = desk.services.bank_files.content(desk.admin, file.id, FileForm.CSV).decode().splitlines()
    assert lines[1].split(",")[:5] == [
        *(file.payouts[0].payout_id.hex, "Adria d.o.o.", IBANS[0], "", "76.50")
    ]


def test_the_bank_carries_it_out_on_a_day_it_works(desk: Desk, batch: UUID, clock: HandClock) -> None:
    assert clock.now().date() == date(2026, 7, 18), "a Saturday"
    assert desk.services.bank_files.earliest(desk.admin, "EUR") == date(2026, 7, 20)
    for wrong in (date(2026, 7, 17), date(2026, 7, 18) + FARTHEST + timedelta(days=1)):
        with pytest.raises(InvalidInput) as refused:
            desk.services.bank_files.make(desk.admin, batch, "EUR", execute_on=wrong)
        assert refused.value.field == "execute_on"
    assert files(desk) == []
    told = desk.services.bank_files.make(desk.admin, batch, "EUR", execute_on=date(2026, 7, 25))
    assert told.file is not None and told.file.execute_on == date(2026, 7, 27)


def test_what_the_bank_has_is_paid(desk: Desk, batch: UUID) -> None:
    file = made(desk, batch)
    told = desk.services.bank_files.arrived(desk.admin, file.id)
    assert told.state is FileState.ARRIVED
    assert states(desk) == {PayoutState.PAID: 3}
    assert (at(desk, Account.PAYOUTS_IN_TRANSIT), at(desk, Account.BANK)) == (0, -3 * SHARE)
    assert batch_state(desk, batch) is BatchState.DONE
    with desk.database.read() as view:
        assert {row.outcome for row in view.session.scalars(select(Statement))} == {"paid"}
    assert desk.services.bank_files.arrived(desk.admin, file.id) == told
    with pytest.raises(WrongState):
        desk.services.bank_files.refused(desk.admin, file.id, "wrong account")
    assert at(desk, Account.BANK) == -3 * SHARE
    assert not_once(desk) == []
    assert [action for action, _ in audit_of(desk, batch)] == ["bank_file.make", "bank_file.arrived"]


def test_what_the_bank_refused_is_owed_as_a_new_line_and_goes_into_no_file_by_itself(
    desk: Desk, batch: UUID
) -> None:
    file = made(desk, batch)
    with pytest.raises(InvalidInput):
        desk.services.bank_files.refused(desk.admin, file.id, " ")
    told = desk.services.bank_files.refused(desk.admin, file.id, "IBAN of the payer is closed")
    assert told.state is FileState.REFUSED
    assert {each.failure for each in told.payouts} == {"IBAN of the payer is closed"}
    assert states(desk) == {PayoutState.FAILED: 3}
    assert (at(desk, Account.PAYOUTS_IN_TRANSIT), at(desk, Account.BANK)) == (0, 0)
    assert [open_lines(desk, row.vendor_id) for row in payouts(desk)] == [SHARE] * 3
    assert desk.services.bank_files.refused(desk.admin, file.id, "once more") == told
    with pytest.raises(WrongState):
        desk.services.bank_files.arrived(desk.admin, file.id)
    assert desk.services.bank_files.make(desk.admin, batch, "EUR").again
    assert not_once(desk) == []
    # the new lines are paid by the next batch
    following = made(desk, approved(desk))
    assert following.total == Money(3 * SHARE, "EUR")
    assert not_once(desk) == []


def test_what_failed_is_tried_again_to_the_account_that_was_approved(desk: Desk, batch: UUID) -> None:
    first = made(desk, batch)
    desk.services.bank_files.refused(desk.admin, first.id, "No cover")
    moved(desk, first.payouts[0].vendor_id, IBANS[1])
    to_retry = desk.services.bank_files.of_batch(desk.admin, batch).to_retry
    assert [(each.count, each.total) for each in to_retry] == [(2, Money(2 * SHARE, "EUR"))]
    told = desk.services.bank_files.retry(desk.admin, batch, "EUR")
    second = told.file
    assert second is not None and not told.again and told.refused == ()
    assert second.message_id.endswith("-EUR-2")
    assert [each.vendor for each in second.payouts] == ["Boka", "Ćilim"], "the first has moved: another batch"
    assert not {each.payout_id for each in second.payouts} & {each.payout_id for each in first.payouts}
    text = desk.services.bank_files.content(desk.admin, second.id).decode()
    assert IBANS[1] in text and IBANS[0] not in text
    assert "Statement ST-" in text, "it names the statement of the payout that failed"
    assert desk.services.bank_files.of_batch(desk.admin, batch).to_retry == ()
    again = desk.services.bank_files.retry(desk.admin, batch, "EUR")
    assert again.again and again.file == second
    desk.services.bank_files.arrived(desk.admin, second.id)
    assert at(desk, Account.BANK) == -2 * SHARE
    assert not_once(desk) == []


def test_what_a_later_batch_pays_is_not_tried_again(desk: Desk, batch: UUID) -> None:
    first = made(desk, batch)
    with pytest.raises(WrongState):
        desk.services.bank_files.retry(desk.admin, batch, "EUR")
    desk.services.bank_files.refused(desk.admin, first.id, "No cover")
    approved(desk)
    with pytest.raises(WrongState):
        desk.services.bank_files.retry(desk.admin, batch, "EUR")
    assert not_once(desk) == []


def test_a_single_payment_that_came_back_is_owed_again(desk: Desk, batch: UUID) -> None:
    file = made(desk, batch)
    desk.services.bank_files.arrived(desk.admin, file.id)
    back = file.payouts[1]
    told = desk.services.bank_files.came_back(desk.admin, back.payout_id, "AC04 account closed")
    assert told.state is FileState.ARRIVED
    assert [each.state for each in told.payouts] == [
        *(PayoutState.PAID, PayoutState.RETURNED, PayoutState.PAID)
    ]
    assert told.payouts[1].failure == "AC04 account closed"
    assert (at(desk, Account.BANK), open_lines(desk, back.vendor_id)) == (-2 * SHARE, SHARE)
    with pytest.raises(WrongState):
        desk.services.bank_files.came_back(desk.admin, back.payout_id, "AC04")
    with desk.database.read() as view:
        said = view.session.scalar(select(Statement.outcome).where(Statement.payout_id == back.payout_id))
    assert said == "paid", "a statement keeps what it said"
    assert not_once(desk) == []


def test_a_payment_that_the_bank_left_out_has_not_left(desk: Desk, batch: UUID) -> None:
    file = made(desk, batch)
    told = desk.services.bank_files.came_back(desk.admin, file.payouts[0].payout_id, "Wrong name")
    assert told.payouts[0].state is PayoutState.FAILED
    assert told.state is FileState.MADE
    told = desk.services.bank_files.arrived(desk.admin, file.id)
    assert at(desk, Account.BANK) == -2 * SHARE
    assert batch_state(desk, batch) is BatchState.DONE
    assert not_once(desk) == []


def test_a_payout_that_is_in_no_file_cannot_come_back(desk: Desk, batch: UUID) -> None:
    with pytest.raises(WrongState):
        desk.services.bank_files.came_back(desk.admin, payouts(desk)[0].id, "closed")
    with pytest.raises(NotFound):
        desk.services.bank_files.came_back(desk.admin, uuid4(), "closed")


# who cannot be paid any more


def test_whoever_changed_banks_or_was_deactivated_since_the_approval_is_left_out(
    desk: Desk, batch: UUID
) -> None:
    adria, boka, _ = [row.vendor_id for row in payouts(desk)]
    moved(desk, adria, IBANS[2])
    desk.services.vendors.deactivate(desk.admin, boka)
    told = desk.services.bank_files.make(desk.admin, batch, "EUR")
    assert [(each.vendor, each.amount.minor) for each in told.refused] == [("Adria", SHARE), ("Boka", SHARE)]
    assert told.file is not None and told.file.total == Money(SHARE, "EUR")
    assert "changed after" in told.refused[0].why and "deactivated" in told.refused[1].why
    assert open_lines(desk, adria) == SHARE
    assert payout_of(desk, boka).state is PayoutState.FAILED
    assert not_once(desk) == []


def test_where_nobody_is_left_there_is_no_file(desk: Desk, batch: UUID) -> None:
    for row, iban in zip(payouts(desk), (IBANS[1], IBANS[2], IBANS[0]), strict=True):
        moved(desk, row.vendor_id, iban)
    told = desk.services.bank_files.make(desk.admin, batch, "EUR")
    assert told.file is None and len(told.refused) == 3
    assert files(desk) == []
    assert batch_state(desk, batch) is BatchState.DONE
    assert not_once(desk) == []


def test_a_currency_that_needs_a_bic_is_not_paid_without_one(desk: Desk, clock: HandClock) -> None:
    """Of 11251 yen a vendor has 80 %: 9000.8, thus 9001."""
    desk.services.payout_settings.save(desk.admin, PAYER)
    terms, departures = TermsDraft(way=PayoutWay.BANK, iban=IBANS[0], holder="Alpen"), []
    for name, bic in (("With a BIC", "COBADEFF"), ("Without one", "")):
        vendor = desk.services.vendors.create(desk.admin, VendorDraft(name))
        desk.services.vendor_terms.save(desk.admin, vendor, replace(terms, bic=bic))
        trip = desk.add_trip(name, currency="JPY", adult=11251, vendor_id=vendor)
        departures.append(desk.add_departure(trip))
        desk.sold(departures[-1], pay=CASH, adult=1)
    clock.forward(timedelta(days=30))
    for departure in departures:
        desk.services.bookings.complete(desk.admin, departure)
    told = desk.services.bank_files.make(desk.admin, approved(desk), "JPY")
    assert told.file is not None and told.file.total == Money(9001, "JPY")
    assert [each.why for each in told.refused] == [
        "In JPY the vendor's bank is not reached by the IBAN alone; its BIC is missing."
    ]
    assert ">9001<" in desk.services.bank_files.content(desk.admin, told.file.id).decode()
    assert not_once(desk) == []


def test_a_dry_run_says_so_before_anybody_approves_it_and_the_others_go_into_the_file(desk: Desk) -> None:
    """From the draft to the bank, with a second person: Adria's account is now in Kosovo, out of SEPA."""
    adria, boka = at_banks(desk, "Adria", "Boka")
    without_bic = TermsDraft(way=PayoutWay.BANK, iban="XK051212012345678906", holder="Adria")
    desk.services.vendor_terms.save(desk.admin, adria.vendor_id, replace(without_bic, bic="NLPRXKPR"))
    with desk.database.write(
        Commit.VENDOR_TERMS_SAVE, desk.admin
    ) as work:  # as of a file from before it was asked
        work.vendors.get(adria.vendor_id).bic = ""
        work.commit()
    batch_id = prepared(desk)
    row = left(desk, batch_id)["Adria"]
    assert row.reason is LeftOut.NO_ACCOUNT
    assert row.detail == "In EUR the vendor's bank is not reached by the IBAN alone; its BIC is missing."
    assert means(row, str, str) == row.detail
    approved_by(desk, colleague(desk), batch_id)
    file = made(desk, batch_id)
    assert [(each.vendor, each.label, each.amount.minor) for each in file.payouts] == [
        ("Boka", "••2606", SHARE)
    ]
    desk.services.bank_files.arrived(desk.admin, file.id)
    assert payout_of(desk, boka.vendor_id).state is PayoutState.PAID
    assert batch_state(desk, batch_id) is BatchState.DONE
    assert open_lines(desk, adria.vendor_id) == SHARE
    assert not_once(desk) == []


def test_without_an_account_of_the_agency_nothing_is_made(desk: Desk, batch: UUID) -> None:
    desk.services.payout_settings.save(desk.admin, PayoutRules())
    with pytest.raises(NoAccountToPayFrom):
        desk.services.bank_files.make(desk.admin, batch, "EUR")
    assert states(desk) == {PayoutState.APPROVED: 3}
    with pytest.raises(NothingByBank):
        desk.services.bank_files.make(desk.admin, batch, "USD")
    with pytest.raises(NotFound):
        desk.services.bank_files.make(desk.admin, uuid4(), "EUR")


# two at once


def test_two_managers_in_two_programs_make_one_file(desk: Desk, batch: UUID) -> None:
    with desk_again(desk.profile.folder, desk.clock) as other, ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda each: made(each, batch), (desk, other))
    assert first == second
    assert [len(asked_of_the_bank(content)) for content in files(desk)] == [3]
    assert not_once(desk) == []


def test_a_file_that_is_written_before_its_payouts_are_taken_pays_twice(desk: Desk, batch: UUID) -> None:
    """The negative control: whoever reads what is approved, writes a file, and says so afterwards."""

    def naively(each: Desk) -> bytes:
        rows = [row for row in payouts(each, batch) if row.state is PayoutState.APPROVED]
        payments = tuple(
            FilePayment(row.id.hex, row.label, row.iban or "", "", standing.money_of(row), "") for row in rows
        )
        order = FileOrder("M", each.clock.now(), "A", PAYER.iban, "", date(2026, 7, 20), payments)
        return pain_001(order).encode()

    with desk_again(desk.profile.folder, desk.clock) as other:
        written = [naively(desk), naively(other)]
    for row in payouts(desk, batch):
        with desk.database.write(Commit.PAYOUT_FILE, desk.admin) as work:
            standing.sending(work, work.payouts.get_full(row.id))
            work.commit()
    assert set(asked_of_the_bank(*written).values()) == {2}
    assert not_once(desk) != []


# on disk


def test_the_file_is_written_where_the_person_wants_it(desk: Desk, batch: UUID, tmp_path: Path) -> None:
    file = made(desk, batch)
    path = tmp_path / file.file_name()
    assert desk.services.bank_files.save(desk.admin, file.id, path) == path
    assert path.read_bytes() == files(desk)[0]
    with pytest.raises(CannotWrite):
        desk.services.bank_files.save(desk.admin, file.id, tmp_path / "nowhere" / "file.xml")
    with pytest.raises(NotFound):
        desk.services.bank_files.content(desk.admin, uuid4())
