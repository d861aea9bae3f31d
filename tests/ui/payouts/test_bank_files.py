"""Files for the bank beside a batch: made, saved, and what the bank did with them; by keys, over real services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from helpers.bank_paid import IBANS, asked_of_the_bank, at_banks, files, moved
from helpers.desk import Desk
from helpers.gui_thread import off_gui
from helpers.layout import faults
from helpers.office import Office, cut, office_at
from helpers.paying_out import approved, payouts
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.payouts.bank_views import FileForm
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.payouts.bank_file_dialogs import FieldQuestion
from travellr_desktop.ui.payouts.bank_files import BankFilesPart
from travellr_desktop.ui.payouts.bank_payments import PaymentsTable
from travellr_desktop.ui.theme import Theme

Key = Qt.Key


def three(desk: Desk) -> None:
    at_banks(desk, "Adria", "Boka", "Ćilim")
    approved(desk)


@dataclass
class Shown:
    office: Office
    part: BankFilesPart

    @property
    def batch(self) -> UUID:
        return off_gui(lambda: payouts(self.office.desk)[0].batch_id)

    def read(self) -> None:
        self.part.show_batch(self.batch)
        self.office.quiet()

    def buttons(self) -> dict[str, Button]:
        found = self.part.findChildren(Button)
        return {button.accessibleName(): button for button in found if button.isVisible()}

    def press(self, name: str) -> None:
        self.office.until(lambda: any(each.startswith(name) for each in self.buttons()))
        button = next(each for key, each in self.buttons().items() if key.startswith(name))
        button.setFocus()
        self.office.qtbot.keyClick(button, Key.Key_Space)

    def payments(self) -> list[PaymentsTable]:
        return [table for table in self.part.findChildren(PaymentsTable) if table.isVisible()]

    def came_back(self, vendor: str) -> None:
        """Enter on a payment of the newest file."""
        self.office.until(self.payments)
        table = self.payments()[0]
        table.go_to([row.payment.vendor for row in table.rows].index(vendor))
        self.office.qtbot.keyClick(table, Key.Key_Return)

    def question(self) -> Decision:
        self.office.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
        found = QApplication.activeModalWidget()
        assert isinstance(found, Decision)
        return found

    def dialog(self) -> QFileDialog:
        """Where to save the file."""
        self.office.until(lambda: bool(self.part.findChildren(QFileDialog)))
        return self.part.findChildren(QFileDialog)[-1]

    def words(self) -> str:
        labels = [label.text() for label in self.part.findChildren(Label) if label.isVisible()]
        return " | ".join(labels + [row.payment.failure for table in self.payments() for row in table.rows])

    def states(self) -> set[PayoutState]:
        return {row.state for row in off_gui(lambda: payouts(self.office.desk))}


@contextmanager
def shown_in(qtbot: QtBot, folder: Path, role: Role = Role.MANAGER) -> Iterator[Shown]:
    with office_at(qtbot, folder, prepare=three, role=role) as office:
        screen = office.go("settings")
        holder = QWidget(office.window)
        part = BankFilesPart(screen.context, Formats("en_GB", "Europe/Podgorica"), holder)
        shown = Shown(office, part)
        part.resize(QSize(520, 700))
        holder.resize(QSize(540, 720))
        holder.show()
        shown.read()
        yield shown
        holder.close()


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> Iterator[Shown]:
    with shown_in(qtbot, tmp_path) as made:
        yield made


def make(shown: Shown) -> None:
    shown.press("Make the file")
    question = shown.question()
    assert isinstance(question, FieldQuestion)
    shown.office.until(question.field.edit.hasFocus)
    shown.office.ctrl(Key.Key_Return)
    shown.dialog().reject()
    shown.office.quiet()
    shown.office.until(lambda: "to be carried out" in shown.words())


def test_the_file_is_made_on_a_bank_day_and_saved(shown: Shown, tmp_path: Path) -> None:
    assert "€229.50 for 3 vendors stand in no file yet" in shown.words()
    shown.press("Make the file")
    question = shown.question()
    assert isinstance(question, FieldQuestion)
    assert "€229.50" in question.windowTitle()
    shown.office.until(lambda: question.field.text() == "20/07/2026")
    question.field.set_text("17/07/2026")
    question.act.click()
    shown.office.until(lambda: "within 90 days" in question.field.error)
    question.field.set_text("22/07/2026")
    question.act.click()
    dialog = shown.dialog()
    assert dialog.selectedFiles()[0].endswith("-EUR-1.xml")
    dialog.reject()
    shown.office.until(lambda: "to be carried out on Wed 22 Jul" in shown.words())
    assert shown.states() == {PayoutState.SENDING}
    service = shown.office.desk.services.bank_files
    file = off_gui(lambda: service.of_batch(shown.office.desk.admin, shown.batch)).files[0]
    for form in FileForm:
        path = tmp_path / file.file_name(form)
        shown.part.save(file, form, path)
        shown.office.until(path.exists)
    shown.office.quiet()
    assert (tmp_path / file.file_name()).read_bytes() == off_gui(lambda: files(shown.office.desk))[0]


def test_what_the_bank_has_is_paid_once_somebody_says_so(shown: Shown) -> None:
    make(shown)
    shown.press("The bank has it")
    shown.question().keep.click()
    shown.office.until(lambda: QApplication.activeModalWidget() is None)
    assert shown.states() == {PayoutState.SENDING}
    shown.press("The bank has it")
    question = shown.question()
    question.act.click()
    shown.office.until(lambda: shown.states() == {PayoutState.PAID})
    shown.office.until(lambda: not any(name.startswith("The bank has it") for name in shown.buttons()))


def test_one_payment_comes_back_with_the_banks_words(shown: Shown) -> None:
    make(shown)
    shown.press("The bank has it")
    shown.question().act.click()
    shown.office.until(lambda: shown.states() == {PayoutState.PAID})
    shown.came_back("Boka")
    question = shown.question()
    assert isinstance(question, FieldQuestion)
    shown.office.until(question.field.edit.hasFocus)
    shown.office.ctrl(Key.Key_Return)
    shown.office.until(lambda: bool(question.field.error))
    shown.office.type("AC04 account closed")
    shown.office.ctrl(Key.Key_Return)
    shown.office.until(lambda: "AC04 account closed" in shown.words())
    assert shown.states() == {PayoutState.PAID, PayoutState.RETURNED}


def test_what_came_back_is_asked_of_with_the_pointer_and_not_twice(shown: Shown) -> None:
    make(shown)
    (table,) = shown.payments()
    back = table.visualRect(table.model().index(1, table.model().columnCount() - 1)).center()
    shown.office.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=back)
    question = shown.question()
    assert isinstance(question, FieldQuestion)
    shown.office.until(question.field.edit.hasFocus)
    shown.office.type("Unknown account")
    shown.office.ctrl(Key.Key_Return)
    shown.office.until(lambda: "Unknown account" in shown.words())
    shown.came_back(next(row.payment.vendor for row in shown.payments()[0].rows if not row.may_come_back))
    shown.office.quiet()
    assert QApplication.activeModalWidget() is None


def test_a_file_of_very_many_payments_is_no_higher_than_a_screen_and_has_no_widget_for_each(
    shown: Shown,
) -> None:
    make(shown)
    (payment, *_) = (row.payment for row in shown.payments()[0].rows)
    formats = Formats("en_GB", "Europe/Podgorica")

    def of(count: int) -> PaymentsTable:
        payments = [replace(payment, payout_id=uuid4()) for _ in range(count)]
        table = PaymentsTable("MANY", payments, formats, may_run=True)
        shown.office.qtbot.addWidget(table)
        return table

    few, many = of(20), of(2_000)
    assert many.sizeHint() == few.sizeHint()
    assert len(many.findChildren(QWidget)) == len(few.findChildren(QWidget))
    assert many.rows_model.rowCount() == 2_000


def test_a_refused_file_is_made_again(shown: Shown) -> None:
    make(shown)
    shown.press("It was refused")
    question = shown.question()
    assert isinstance(question, FieldQuestion)
    shown.office.until(question.field.edit.hasFocus)
    shown.office.type("No cover")
    shown.office.ctrl(Key.Key_Return)
    shown.office.until(lambda: "can be tried again" in shown.words())
    shown.press("Make another file")
    again = shown.question()
    again.act.click()
    shown.dialog().reject()
    shown.office.until(lambda: "-EUR-2" in shown.words())
    assert len(asked_of_the_bank(*off_gui(lambda: files(shown.office.desk)))) == 6


def test_whoever_cannot_be_paid_any_more_is_named(shown: Shown) -> None:
    desk = shown.office.desk
    off_gui(lambda: moved(desk, payouts(desk)[0].vendor_id, IBANS[2]))
    make(shown)
    shown.office.until(
        lambda: any("Not paid: Adria" in label.text() for label in shown.office.window.findChildren(Label))
    )


def test_a_batch_of_which_nothing_goes_by_the_bank_shows_nothing(shown: Shown) -> None:
    assert not shown.part.isHidden()
    shown.part.show_batch(None)
    assert shown.part.isHidden()


@pytest.mark.parametrize("scale", [1.0, pytest.param(2.0, marks=pytest.mark.soak)])
def test_everything_can_be_read(shown: Shown, scale: float) -> None:
    make(shown)
    shown.press("The bank has it")
    shown.question().act.click()
    shown.office.until(lambda: shown.states() == {PayoutState.PAID})
    Theme.current().set_text_scale(scale)
    shown.part.resize(QSize(int(520 * scale), 900))
    shown.office.until(lambda: not cut(shown.part))
    shown.came_back("Boka")
    question = shown.question()
    shown.office.until(lambda: not faults(question, over=question))
    question.reject()
