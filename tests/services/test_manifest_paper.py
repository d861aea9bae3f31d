"""The manifest as the printer gets it: read back from the PDF, and made by the service for a real departure."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pypdf
import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from helpers.vouchers import NAMES
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import NotFound
from travellr_desktop.services.manifest_paper import (
    ManifestPaper,
    PaperBooking,
    PaperTraveller,
    render_manifest,
)
from travellr_desktop.services.voucher import VoucherAgency

LEAVES = datetime(2026, 6, 18, 8, 30, tzinfo=UTC)
HERE = LEAVES - timedelta(minutes=19)
PAPER = ManifestPaper(
    agency=VoucherAgency("Orjen Travel", "Kotor · Desk 2", "Orjen Travel d.o.o.", "PIB 03214567"),
    trip="Blue Cave and Perast",
    vendor_name="Bokeška Plovidba",
    vendor_phone="+382 69 555 812",
    starts_at=LEAVES,
    ends_at=LEAVES + timedelta(hours=3),
    be_there_at=LEAVES - timedelta(minutes=15),
    zone="Europe/Podgorica",
    zone_place="Kotor",
    meeting_place="Riva, pier 2",
    capacity=12,
    plan_name="Lastva",
    note="Spare life jackets for children",
    state="Manifest open",
    bookings=(
        PaperBooking(
            "BK-2026-004120",
            "Elin Sandberg · +46 70 555 01 23",
            (
                PaperTraveller("Elin Sandberg", "adult", None, "4A", HERE),
                PaperTraveller("Tuva Sandberg", "child", 8, "4B"),
            ),
            notes=1,
        ),
        PaperBooking(
            "BK-2026-004139",
            "Hana Kovačević",
            (PaperTraveller("Hana Kovačević", "adult", absent=True),),
            due="€30.00",
        ),
        PaperBooking(
            "BK-2026-004148", "Ruth Baum", (PaperTraveller("Ruth Baum", "adult"),), due="€45.00", paid=False
        ),
    ),
    printed_at=LEAVES + timedelta(minutes=12),
    printed_by="Ana Vuković",
    agency_zone="Europe/Podgorica",
    sandbox=True,
)


def pages(pdf: bytes) -> list[str]:
    found = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [page.extract_text().replace("\N{NO-BREAK SPACE}", " ") for page in found]


def test_it_says_who_is_on_it_where_it_leaves_and_what_is_owed() -> None:
    (page,) = pages(render_manifest(PAPER))
    for fact in (
        "Blue Cave and Perast",
        "Bokeška Plovidba",
        "Thursday 18 June 2026",
        "10:30",
        "10:15",
        "Back at 13:30, Kotor time",
        "Riva, pier 2",
        "2 adults, 1 child",
        "1 of 3",
        "Manifest open",
        "+382 69 555 812",
        "Spare life jackets for children",
        "BK-2026-004120",
        "Elin Sandberg · +46 70 555 01 23",
        "4A",
        "child, 8",
        "10:11",
        "no-show",
        "Take €30.00",
        "Not paid: €45.00, not on board",
        "1 note at the desk",
        "Printed 18 Jun 2026, 10:42, Ana Vuković",
        "Page 1 / 1",
        "Sandbox, not valid",
    ):
        assert fact in page, fact


def test_only_in_the_sandbox_it_says_so() -> None:
    (page,) = pages(render_manifest(replace(PAPER, sandbox=False)))
    assert "Sandbox" not in page


def test_the_same_manifest_gives_the_same_bytes() -> None:
    assert render_manifest(PAPER) == render_manifest(PAPER)


def test_a_long_list_goes_on_over_pages_with_every_name_once() -> None:
    names = [f"{name} {number}" for number in range(10) for name in NAMES]
    bookings = tuple(
        PaperBooking(f"BK-2026-{number:06}", "", (PaperTraveller(name, "adult"),))
        for number, name in enumerate(names)
    )
    found = pages(render_manifest(replace(PAPER, bookings=bookings)))
    assert len(found) > 2
    whole = "\n".join(found)
    assert all(whole.count(f"BK-2026-{number:06}") == 1 for number in range(len(names)))
    assert all("Thursday 18 June 2026, 10:30" in page for page in found)
    assert f"Page {len(found)} / {len(found)}" in found[-1]


def test_an_empty_one_says_that_nobody_is_on_it() -> None:
    (page,) = pages(render_manifest(replace(PAPER, bookings=(), vendor_phone="", note="", plan_name="")))
    assert "Nobody is on this departure." in page


def test_times_are_those_of_the_place_over_midnight_and_over_a_change_of_the_clocks() -> None:
    start = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # 00:30 of the 25th; at 3 the clocks go back to 2
    data = replace(
        PAPER, starts_at=start, be_there_at=start - timedelta(hours=1), ends_at=start + timedelta(hours=4)
    )
    (page,) = pages(render_manifest(data))
    assert "Sunday 25 October 2026" in page
    assert "23:30" in page
    assert "Back at 03:30" in page


def test_a_time_without_its_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="zone"):
        replace(PAPER, starts_at=LEAVES.replace(tzinfo=None))


def test_the_service_prints_a_departure_as_it_stands(desk: Desk, clock: HandClock) -> None:
    boat = desk.add_departure(day=date(2026, 6, 18), at=time(12, 0))
    desk.sold(boat, adult=2, pay=CASH)
    line = desk.services.manifests.manifest(desk.agent, boat).bookings[0].lines[0]
    desk.services.manifests.check_in(desk.agent, [line.id])
    path = desk.services.documents.manifest(desk.agent, boat)
    assert path.name == "manifest-2026-06-18-1200-blue-cave-and-perast.pdf"
    (page,) = pages(path.read_bytes())
    for fact in ("Blue Cave and Perast", "1 of 2", "10:42", "Boarding", "Sandbox, not valid", "Ana Vuković"):
        assert fact in page, fact
    assert desk.services.documents.manifest(desk.agent, boat) == path
    with desk.database.read() as view:
        assert [row.action for row in view.journal.audit_of("departure", boat)][-2:] == ["manifest.print"] * 2


def test_a_vendors_person_prints_their_own_only(desk: Desk) -> None:
    boat = desk.add_departure(desk.add_trip("محمد عبد الرحمن"), day=date(2026, 6, 18), at=time(12, 0))
    own = Actor(desk.agent.user_id, "Nikola", Role.VENDOR, desk.vendor_id)
    assert desk.services.documents.manifest(own, boat).name == f"manifest-2026-06-18-1200-{boat.hex[-8:]}.pdf"
    with pytest.raises(NotFound):
        desk.services.documents.manifest(Actor(uuid4(), "Other", Role.VENDOR, uuid4()), boat)
