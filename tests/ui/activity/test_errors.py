"""Errors of the program: none, one with its report, how many."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from helpers.activity_page import Key, activity, journal, said
from helpers.office import Office
from travellr_desktop.logs import Journal, start_logging


@pytest.fixture
def journal_of_errors(office: Office) -> Iterator[Journal]:
    """Errors are kept as the program keeps them."""
    kept = start_logging(office.desk.profile)
    office.desk.services.activity._errors = kept.recent_errors
    yield kept
    kept.close()


def test_no_errors_is_said_plainly(office: Office) -> None:
    page = journal(office, activity(office), "errors")
    assert page.list._nothing.accessibleName().startswith("No errors yet None since the program was opened.")


def test_an_error_shows_with_its_report_to_copy(office: Office, journal_of_errors: Journal) -> None:
    screen = activity(office)
    log = logging.getLogger("travellr_desktop.services.sales")
    try:
        raise RuntimeError("password=swordfish went wrong")
    except RuntimeError:
        log.exception("the sale could not be told")
    page = journal(office, screen, "errors")
    assert said(page, "what") == ["The sale could not be told"]
    assert said(page, "about") == ["services.sales"]
    page.list.table.setFocus()
    office.key(Key.Key_Down)
    office.until(page.panel.isVisible)
    office.tab_to(page.panel.copy)
    office.key(Key.Key_Space)
    assert "Traceback" in office.clipboard()
    assert "swordfish" not in office.clipboard()


def test_the_number_of_errors_stands_on_its_segment_without_asking(
    office: Office, journal_of_errors: Journal
) -> None:
    screen = activity(office)
    logging.getLogger("travellr_desktop.storage").error("the backup could not be written")
    office.until(lambda: screen.running.views._buttons["errors"].accessibleName() == "Errors 1")
