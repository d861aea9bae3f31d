"""The sandbox in the settings: the random card, the wait, faults to come."""

from __future__ import annotations

import pytest

from helpers.gui_thread import may_block
from helpers.office import Office
from helpers.settings_page import (
    Key,
    section,
    settings,
)
from travellr_desktop.ui.settings import fault_words
from travellr_desktop.ui.settings.sandbox import SandboxSection


def test_the_random_card_and_the_wait_are_set(office: Office) -> None:
    sandbox = section(settings(office), SandboxSection)
    assert (sandbox.rate.text(), sandbox.latency.text()) == ("90", "0")
    office.tab_to(sandbox.rate.edit)
    office.type("55")
    office.tab_to(sandbox.latency.edit)
    office.type("250")
    office.key(Key.Key_Return)
    office.until(lambda: not sandbox.save.isEnabled() and not office.background.running)
    with may_block():
        view = office.desk.services.sandbox.view(office.desk.admin)
    assert (view.success_rate, view.latency_ms) == (0.55, 250)


@pytest.mark.parametrize("text", ["", "101", "-1", "9.5", "ninety", "٩٠", "1" * 9])
def test_a_share_that_is_none_is_refused_beside_its_field(office: Office, text: str) -> None:
    sandbox = section(settings(office), SandboxSection)
    office.tab_to(sandbox.rate.edit)
    office.type(text)
    office.key(Key.Key_Return)
    office.quiet()
    assert sandbox.rate.error == "Enter a whole number from 0 to 100."
    office.until(lambda: office.focus() is sandbox.rate.edit)
    assert sandbox.rate.text() == text


def test_a_fault_is_armed_listed_and_disarmed_by_keys(office: Office) -> None:
    sandbox = section(settings(office), SandboxSection)
    assert sandbox.none.isVisible()
    office.tab_to(sandbox.operation.box)
    office.key(Key.Key_Home)
    office.tab_to(sandbox.kind.box)
    sandbox.kind.set_value("reply_lost_after")
    office.tab_to(sandbox.arm)
    office.key(Key.Key_Space)
    office.until(lambda: sandbox.armed)
    assert (
        sandbox.armed[0].accessibleName().startswith("Preparing a payment · Reply lost, but done, the next")
    )
    assert not sandbox.none.isVisible()
    office.quiet()
    for _ in range(6):  # it stands above, in the head of the section
        if sandbox.disarm.hasFocus():
            break
        office.key(Key.Key_Backtab)
    office.until(sandbox.disarm.hasFocus)
    office.key(Key.Key_Space)
    office.until(lambda: not sandbox.armed)
    with may_block():
        assert office.desk.services.sandbox.view(office.desk.admin).faults == ()


def test_a_fault_that_cannot_be_is_told_beside_its_choices(office: Office) -> None:
    sandbox = section(settings(office), SandboxSection)
    sandbox.operation.set_value("payment_intents.retrieve")
    office.tab_to(sandbox.arm)
    office.key(Key.Key_Space)
    office.until(sandbox.problem.isVisible)
    assert sandbox.problem.text() == (
        "“Declined: insufficient funds” cannot happen while the program does this: reading a payment. "
        "Choose another."
    )
    sandbox.operation.set_value("payment_intents.confirm")
    assert not sandbox.problem.isVisible()


def test_everything_that_can_be_armed_is_offered_in_words(office: Office) -> None:
    with may_block():
        view = office.desk.services.sandbox.view(office.desk.admin)
    offered = {name: fault_words.operation(name) for name in view.operations}
    offered |= {name: fault_words.kind(name) for name in view.kinds}
    assert [name for name, words in offered.items() if "_" in words or words == name] == []
