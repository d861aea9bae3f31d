"""The books, checked from the window."""

from __future__ import annotations

from helpers.activity_page import Key, activity
from helpers.gui_thread import may_block
from helpers.office import Office
from helpers.raw import raw
from travellr_desktop.ui.activity.books import ProblemLine


def test_control_enter_checks_the_books(office: Office) -> None:
    screen = activity(office)
    with may_block():
        # the payment whose reply was lost is still open
        office.desk.services.payments.recover()
        expected = office.desk.services.check.run()
    assert expected.ok, expected.as_text()
    office.ctrl(Key.Key_Return)
    office.until(screen.running.books.note.isVisible)
    assert screen.running.books.note.tone == "ok"
    says = screen.running.books.note.accessibleName()
    assert says == f"The books are right {expected.ledger.entries} ledger entries, nothing out of place."
    assert screen.running.books.when.text().startswith("Checked Thu 18 Jun, 10:52:00, took ")
    assert not screen.running.books.copy.isVisible()


def test_what_does_not_agree_is_named_and_can_be_copied(office: Office) -> None:
    screen = activity(office)
    with may_block(), raw(office.desk.profile.database) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE ledger SET amount = amount + 1 WHERE rowid = 1")
    office.ctrl(Key.Key_Return)
    books = screen.running.books
    office.until(books.note.isVisible)
    office.quiet()
    assert books.note.tone == "bad"
    assert len(books.problems) == len(books._report.problems if books._report else ())
    ledger = next(line for line in books.problems if line.problem.table == "ledger")
    office.tab_to(ledger.copy)
    office.key(Key.Key_Space)
    assert office.clipboard() == str(ledger.problem)
    office.tab_to(books.copy)
    office.key(Key.Key_Space)
    assert ledger.problem.row in office.clipboard()
    assert office.clipboard().count("\n") >= len(books.problems)


def test_a_second_check_takes_the_place_of_the_first(office: Office) -> None:
    screen = activity(office)
    for _ in range(2):
        office.ctrl(Key.Key_Return)
        office.quiet()
    books = screen.running.books
    office.until(lambda: len(books.findChildren(ProblemLine)) == len(books.problems))
    assert len(books.problems) == len(books._report.problems if books._report else ())
