"""No card number, key, passphrase or password is written anywhere: a full run with every log line on, then a search
through all that it left behind."""

from __future__ import annotations

import logging
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from helpers import disputed
from helpers.clock import START, HandClock
from helpers.desk import ADMIN, AGENT, PASSWORD, Desk, desk_at
from helpers.invoicing import issue, ready
from helpers.keys import LIVE_KEY, OTHER_TEST_KEY, SECRET_KEY, TEST_KEY, rolled
from helpers.leaked import leaked, leaked_in_files
from helpers.tilling import close_till, open_till
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.logs import start_logging
from travellr_desktop.paths import Profile
from travellr_desktop.payments.gateway import PaymentRequest
from travellr_desktop.payments.sandbox.cards import PRESENTED
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.secrets import Place
from travellr_desktop.ui.bug_report import BugReport

WORDS, OTHER_WORDS, WRONG_WORDS = (
    "lanterns over the quay",
    "an olive and two capers",
    "seven gulls in a bucket",
)
WRONG_PASSWORD = "harbour lights at noon"
CARD_NUMBER = "4242424242424242"
TYPED = (WORDS, OTHER_WORDS, WRONG_WORDS, PASSWORD, WRONG_PASSWORD)


def refused(*calls: object) -> None:
    for call in calls:
        with pytest.raises(Refusal):
            call()  # type: ignore[operator]


def a_days_keys(desk: Desk) -> None:
    """Keys of every kind are entered, refused, kept, locked away, ended."""
    provider, vault = desk.services.provider, desk.services.vault
    refused(
        lambda: provider.set_key(desk.admin, SECRET_KEY),
        lambda: provider.set_key(desk.admin, CARD_NUMBER),
        lambda: provider.set_key(desk.admin, "whsec_51HookHookHook"),
        lambda: provider.set_key(desk.admin, TEST_KEY, Place.VAULT, "short"),
        lambda: provider.set_key(desk.agent, TEST_KEY),
        lambda: desk.services.users.sign_in(AGENT, WRONG_PASSWORD),
    )
    desk.services.users.sign_in(ADMIN, PASSWORD)
    provider.set_key(desk.admin, TEST_KEY, Place.VAULT, WORDS)
    refused(
        lambda: vault.unlock(desk.agent, WRONG_WORDS),
        lambda: vault.change_passphrase(desk.admin, WRONG_WORDS, OTHER_WORDS),
    )
    vault.unlock(desk.agent, WORDS)
    vault.change_passphrase(desk.admin, WORDS, OTHER_WORDS)


def a_days_payments(desk: Desk) -> None:
    cards = desk.services.sales.ways(desk.agent)[0].cards
    assert len(cards) > 5
    departure = desk.add_departure(capacity=60)
    sold = [desk.sold(departure, pay=PayChoice(Way.CARD, card.payment_method), adult=1) for card in cards]
    paid = next(each for each in sold if each.refusal is None and each.payment_id is not None)
    desk.sold(departure, pay=PayChoice(Way.LINK), adult=1)
    desk.services.documents.voucher(desk.agent, paid.bookings[0].id)
    desk.cancel(paid.bookings[0].id)
    for number, card in PRESENTED.items():
        held_to_a_reader(desk, card.method, number)
    refused(lambda: desk.services.provider.set_key(desk.admin, LIVE_KEY))
    rolled.add(TEST_KEY)
    desk.sold(departure, pay=PayChoice(Way.CARD, cards[0].payment_method), adult=1)
    rolled.clear()
    desk.services.provider.set_key(desk.admin, OTHER_TEST_KEY)
    desk.services.payments.recover(start_up=True)
    assert desk.services.check.run().ok


def a_days_office(desk: Desk) -> None:
    """A dispute, the provider's list, an invoice on paper, the till until its Z: all that has lines of its own."""
    sale = disputed.sold(desk)
    ref = disputed.opened(desk, sale)
    desk.services.listening.poll()
    disputed.closed(desk, ref, won=False)
    desk.services.listening.poll()
    desk.services.matching.fetch()
    desk.services.matching.match(desk.admin, START.date(), START.date())
    ready(desk)
    (issued,) = issue(desk, desk.sold(desk.add_departure(), adult=1).bookings[0].id).documents
    desk.services.documents.invoice(desk.agent, issued.id)
    open_till(desk)
    report = close_till(desk)
    desk.services.documents.till_report(desk.agent, report.session_id)


def held_to_a_reader(desk: Desk, method: str, number: str) -> None:
    """The one time that a number of a card goes to the provider: its own, published for tests."""
    gateway = desk.program.gateway
    reader = gateway.add_simulated_reader(f"Riva {number[-4:]}", key=uuid4().hex)
    request = PaymentRequest(new_id(), Money(100, "EUR"), "Lagoon by kayak")
    prepared = gateway.prepare_reader_payment(request, key=uuid4().hex)
    gateway.process_on_reader(reader.ref, prepared.ref, key=uuid4().hex)
    gateway.present_card(reader.ref, method, key=uuid4().hex)


def what_goes_wrong(folder: Path) -> None:
    """Errors that nobody foresaw, with a key and a card in their words and in their variables."""
    key, card, words = SECRET_KEY, CARD_NUMBER, OTHER_WORDS

    def fail() -> None:
        raise RuntimeError(f"could not send {key} of {card} with {words} and password={PASSWORD!r}")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join(30)
    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
        logging.getLogger("travellr_desktop.anywhere").exception("while at %s with %s", key, words)
        (folder / "bug-report.txt").write_text(BugReport.of(error, "a sale").details(), encoding="utf-8")


def what_is_taken_out(desk: Desk) -> None:
    """Lists, the journal and a copy of the file."""
    folder = desk.profile.documents
    for name in ("bookings", "payments", "ledger", "travellers", "users", "audit"):
        with closing(getattr(desk.services.lists, name)(desk.admin, ListQuery())) as rows:
            desk.services.exports.to_csv(desk.admin, name, rows, folder / f"{name}.csv")
    with closing(desk.services.lists.ledger(desk.admin, ListQuery())) as rows:
        desk.services.workbooks.save(desk.admin, None, rows, folder / "journal.xlsx")
    with (
        closing(sqlite3.connect(desk.database.path)) as file,
        closing(sqlite3.connect(desk.profile.backups / "copy.db")) as copy,
    ):
        file.backup(copy)


@contextmanager
def everything_logged(profile: Profile) -> Iterator[None]:
    journal = start_logging(profile.make(), "DEBUG")
    try:
        yield
    finally:
        journal.close()


@pytest.fixture
def left_behind(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    """The profile after the run, with what was printed beside it. The files of the database that are open are there
    too: what was written last is in its log alone."""
    folder = tmp_path / "profile"
    with everything_logged(Profile.at(folder)), desk_at(folder, HandClock()) as desk:
        a_days_keys(desk)
        a_days_payments(desk)
        a_days_office(desk)
        what_goes_wrong(folder)
        what_is_taken_out(desk)
        for file in folder.glob("*.db*"):
            (folder / f"open-{file.name}").write_bytes(file.read_bytes())
    printed = capfd.readouterr()
    (folder / "stdout.txt").write_text(printed.out, encoding="utf-8")
    (folder / "stderr.txt").write_text(printed.err, encoding="utf-8")
    return folder


def test_nothing_that_is_secret_is_left_anywhere(left_behind: Path) -> None:
    """The sandbox's file is searched with the others: the provider's side too sees keys and numbers in passing only. It
    may keep the secrets of its own objects, which no other file has."""
    names = {file.name for file in left_behind.rglob("*") if file.is_file()}
    assert {"travellr.db", "open-travellr.db-wal", "sandbox.db", "keys.vault", "travellr.log"} <= names
    assert {"bug-report.txt", "journal.xlsx", "audit.csv", "copy.db", "stderr.txt"} <= names
    assert leaked_in_files(left_behind, TYPED) == []
    papers = [file for file in left_behind.rglob("*.pdf") if file.is_file()]
    assert len(papers) >= 3  # a voucher, an invoice, a Z
    # the run was logged, and what was to be hidden came by
    log = (left_behind / "logs" / "travellr.log").read_text(encoding="utf-8")
    assert log.count("•••") > 8
    assert "RuntimeError" in log


def test_the_run_would_have_told_without_the_journals_blots(tmp_path: Path) -> None:
    """The control: the same lines through a plain handler hold all that the search looks for."""
    plain = logging.FileHandler(tmp_path / "plain.log", encoding="utf-8")
    logger = logging.getLogger("travellr_desktop")
    logger.addHandler(plain)
    try:
        with everything_logged(Profile.at(tmp_path / "profile")):
            what_goes_wrong(tmp_path / "profile")
    finally:
        logger.removeHandler(plain)
        plain.close()
    found = leaked((tmp_path / "plain.log").read_text(encoding="utf-8"), TYPED)
    assert {SECRET_KEY, CARD_NUMBER, OTHER_WORDS, PASSWORD} <= set(found)


@pytest.mark.parametrize(
    ("line", "there"),
    [
        ("key rk_live_51Harbour was used", "rk_live_51Harbour"),
        ("sk_test_51Abcdefgh", "sk_test_51Abcdefgh"),
        ("whsec_51Abcdefgh", "whsec_51Abcdefgh"),
        ("pi_3Abc_secret_XyZ123", "pi_3Abc_secret_XyZ123"),
        ("card 4242 4242 4242 4242.", "4242 4242 4242 4242"),
        ('{"number": "378282246310005"}', "378282246310005"),
        (f"opened with {WORDS}", WORDS),
    ],
)
@pytest.mark.parametrize("name", ["logs/travellr.log", "travellr.db", "window.ini"])
def test_one_line_in_one_file_is_found(name: str, line: str, there: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"\x00\xff before\n" + line.encode() + b"\n after \x00")
    assert f"{name}: {there}" in leaked_in_files(tmp_path, TYPED)


def test_what_is_no_secret_is_not_taken_for_one() -> None:
    assert (
        leaked("rk_live_••• ••• 4242 BK-2026-000001 01935a7b-1234-7123-8123-424242424242 1763654400000") == []
    )
