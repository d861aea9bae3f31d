"""The voucher as the printer and the eye get it: read back from the PDF and from the picture of its pages."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
import segno
from PySide6.QtGui import QImage, QRawFont

from helpers.vouchers import NAMES, VOUCHER, voucher
from travellr_desktop import paths
from travellr_desktop.services.voucher import (
    VoucherAgency,
    VoucherTraveller,
    render_voucher,
    voucher_pictures,
)

PPI = 144
MM = PPI / 25.4


def pages(pdf: bytes) -> list[str]:
    return [
        page.extract_text().replace("\N{NO-BREAK SPACE}", " ")
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]


def words(text: str) -> set[str]:
    return set(text.split())


def spans(pdf: bytes, wanted: str) -> list[float]:
    """The font sizes in which a text is printed."""
    sizes: list[float] = []

    def look(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if wanted in text:
            sizes.append(round(size * abs(tm[0] or 1) * abs(cm[0] or 1), 1))

    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=look)
    return sizes


class Picture:
    """A page as pixels, addressed in millimetres."""

    def __init__(self, png: bytes) -> None:
        image = QImage.fromData(png).convertToFormat(QImage.Format.Format_RGB888)
        self.width, self.height = image.width(), image.height()
        line, data = image.bytesPerLine(), bytes(image.constBits())
        self.rows = [data[y * line : y * line + 3 * self.width] for y in range(self.height)]

    def light(self, x: float, y: float) -> float:
        """From 0, black, to 255, white."""
        at = 3 * round(x * MM)
        return sum(self.rows[round(y * MM)][at : at + 3]) / 3

    def rows_with_ink(self, left: float, right: float, top: float, bottom: float) -> int:
        """How many pixel rows of a rectangle are not blank paper; hairlines do not count."""
        columns = slice(3 * round(left * MM), 3 * min(round(right * MM), self.width))
        rows = self.rows[round(top * MM) : round(bottom * MM)]
        return sum(min(row[columns]) < 200 for row in rows)

    def lowest_line(self) -> float:
        """How far down the last line across the left part is."""
        columns = slice(3 * round(13 * MM), 3 * round(135 * MM))
        return next(y / MM for y in range(self.height - 1, 0, -1) if max(self.rows[y][columns]) < 252)

    def coloured(self) -> list[tuple[float, float]]:
        """Where colours stand far apart from grey."""
        return [
            (at / 3 / MM, y / MM)
            for y, row in enumerate(self.rows)
            if row.strip(b"\xff")
            for at in range(0, len(row), 3)
            if max(row[at : at + 3]) - min(row[at : at + 3]) > 60
        ]


def test_a_voucher_is_one_a5_page_on_its_side() -> None:
    document = pypdf.PdfReader(io.BytesIO(render_voucher(VOUCHER)))
    assert len(document.pages) == 1
    box = document.pages[0].mediabox
    assert (float(box.width) / 72 * 25.4, float(box.height) / 72 * 25.4) == pytest.approx((210, 148), abs=0.1)


def test_a_voucher_says_every_fact() -> None:
    (text,) = pages(render_voucher(VOUCHER))
    for fact in (
        "Orjen Travel",
        "Kotor, old town · Desk 2",
        "Orjen Travel d.o.o., Riva 4, 85330 Kotor, Montenegro",
        "PIB 03214567 · VAT 30/31-01234-5 · +382 32 555 100",
        "BK-2026-001234",
        "Invoice 2-2026-000388",
        "Perast and the two islands",
        "Sveti Nikola Boats d.o.o. · 3 hours 45 minutes · English, French",
        "+382 69 555 207",
        "Friday 3 July 2026",
        "Fri 3 Jul, 09:30",
        "Back at 13:15, Perast time",
        "09:10",
        "Pier below the bell tower, Perast",
        "Green awning",
        "Zoë Lindqvist",
        "Đorđe Šćepanović",
        "Ida Lindqvist",
        "child, 9",
        "3 travellers",
        "2 adults, 1 child",
        "Entry to the island museum",
        "Drinking water",
        "Bring: sun hat, small change",
        "Free until Thu 2 Jul, 09:30",
        "Since then the whole price is kept",
        "€84.00",
        "€12.50",
        "7KQ4-M2XD",
        "12 Jun 2026, 11:20, Ana V.",
        "Printed 1 Jul 2026",
    ):
        assert fact in text
    assert "Sandbox" not in text


def test_a_numbered_seat_stands_with_its_traveller() -> None:
    travellers = (VoucherTraveller("Zoë Lindqvist", seat="4C"), VoucherTraveller("Ida", "child", 9, "4D"))
    (text,) = pages(render_voucher(voucher(travellers=travellers)))
    assert "adult · seat 4C" in text
    assert "child, 9 · seat 4D" in text


def test_times_are_the_departures_own_and_the_sale_is_in_the_agencys() -> None:
    start = datetime(2026, 1, 14, 20, 0, tzinfo=UTC)  # the next morning in Auckland
    data = voucher(
        starts_at=start,
        ends_at=start + timedelta(days=2, hours=5),
        be_there_at=start - timedelta(minutes=30),
        zone="Pacific/Auckland",
        zone_place="Auckland",
    )
    (text,) = pages(render_voucher(data))
    assert "Thursday 15 January 2026" in text
    assert "09:00" in text and "08:30" in text
    assert "Back Sat 17 Jan, 14:00, Auckland time" in text
    assert "2 days 5 hours" in text
    assert "12 Jun 2026, 11:20" in text


@pytest.mark.parametrize(
    ("minutes", "said"), [(45, "45 minutes"), (60, "1 hour"), (2880, "2 days"), (1500, "25 hours")]
)
def test_a_duration_is_said_in_its_two_largest_units(minutes: int, said: str) -> None:
    (text,) = pages(render_voucher(voucher(ends_at=VOUCHER.starts_at + timedelta(minutes=minutes))))
    assert f"· {said} ·" in text


def test_what_is_not_there_takes_other_words() -> None:
    (text,) = pages(
        render_voucher(voucher(invoice="", due="", languages=(), included=(), bring=(), meeting_hint=""))
    )
    assert "Sale SA-2026-000412" in text
    assert "nothing" in text
    assert "what to bring" not in text


@pytest.mark.parametrize(("travellers", "count"), [(1, 1), (4, 1), (5, 1), (8, 1), (9, 2), (14, 2), (60, 4)])
def test_every_traveller_is_named_and_only_more_than_eight_need_a_second_page(
    travellers: int, count: int
) -> None:
    said = pages(render_voucher(voucher(travellers)))
    assert len(said) == count
    people = "1 traveller" if travellers == 1 else f"{travellers} travellers"
    assert people in said[0]
    for name in NAMES[:travellers]:
        if name != "अमित कुमार":  # its vowel signs come back in another order
            assert words(name.replace("-", " ")) <= words(" ".join(said).replace("-", " "))
    if count > 1:
        assert f"and {travellers - 8} more, on page 2" in said[0]
        assert f"Page {count} / {count}" in said[-1]


def test_each_script_is_printed_in_a_face_that_has_it() -> None:
    document = pypdf.PdfReader(io.BytesIO(render_voucher(voucher(14))))
    faces = " ".join(
        str(font.get_object()["/BaseFont"])
        for page in document.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    )
    for face in (
        "Inter",
        "Arabic",
        "Hebrew",
        "Devanagari",
        "Thai",
        "Georgian",
        "Armenian",
        "CJKsc",
        "NotoEmoji",
    ):
        assert face in faces


def test_a_long_title_shrinks_until_it_fits_its_line() -> None:
    short, longer = "Kotor by night", "Njegoš Mausoleum, Lovćen and Cetinje by minibus"
    (big,) = spans(render_voucher(voucher(trip=short)), short)
    (small,) = spans(render_voucher(voucher(trip=longer)), longer)
    assert big == 21
    assert small in (15, 18)


def test_what_does_not_fit_goes_to_the_list_page_and_nothing_is_lost() -> None:
    lines = tuple(f"Included thing number {n}, described at some length" for n in range(12))
    said = pages(render_voucher(voucher(8, included=lines, trip="A title that goes on and on " * 4)))
    assert "see page 2" in said[0]
    for line in lines:
        assert line in " ".join(said[1:])


@pytest.mark.parametrize("travellers", [1, 4, 8, 14])
def test_no_text_reaches_into_the_margins_or_the_foot(travellers: int) -> None:
    long = "Wherever the road beside the old harbour wall ends and " * 4
    data = voucher(
        travellers,
        agency=VoucherAgency(long[:120], long[:100], long[:200], long[:200]),
        trip=long[:200],
        vendor_name=long[:200],
        meeting_place=long[:200],
        cancel_first=long[:90],
        cancel_second=long[:90],
        included=(long[:200],) * 4,
        paid="KWD 1,234,567.500",
        sandbox=True,
    )
    front = Picture(voucher_pictures(data, ppi=PPI)[0])
    foot = front.lowest_line()
    assert 80 < foot < 131
    assert front.rows_with_ink(12, 136, foot - 2, foot - 0.2) == 0, "air above the line over the foot"
    assert front.rows_with_ink(0, 11.5, 0, 148) == 0, "left margin"
    assert front.rows_with_ink(136.5, 143, 0, 148) == 0, "between the text and the perforation"
    assert front.rows_with_ink(203.5, 210, 0, 148) == 0, "right margin"


@pytest.mark.parametrize("sandbox", [False, True])
def test_the_qr_on_the_page_is_the_code_dark_on_white_with_four_modules_of_quiet(sandbox: bool) -> None:
    picture = Picture(voucher_pictures(voucher(sandbox=sandbox), ppi=PPI)[0])
    matrix = segno.make(VOUCHER.qr, error="q", micro=False, boost_error=False).matrix
    across = len(matrix) + 8
    module = 46 / across
    for row in range(across):
        for column in range(across):
            x, y = 156 + (column + 0.5) * module, 10 + (row + 0.5) * module
            grey = picture.light(x, y)
            inside = 4 <= row < across - 4 and 4 <= column < across - 4
            dark = bool(inside and matrix[row - 4][column - 4])
            assert (grey < 60) if dark else (grey > 250), (row, column)


def test_a_sandbox_voucher_says_so_above_the_qr_and_on_every_page() -> None:
    said = pages(render_voucher(voucher(14, sandbox=True)))
    assert [text.count("Sandbox, not valid") for text in said] == [1, 1]
    picture = Picture(voucher_pictures(voucher(sandbox=True), ppi=PPI)[0])
    assert picture.rows_with_ink(156, 202, 3, 10) > 20


def test_colour_is_in_the_mark_alone_so_that_a_grey_printer_loses_nothing() -> None:
    places = Picture(voucher_pictures(VOUCHER, ppi=PPI)[0]).coloured()
    assert places, "the mark is in colour"
    assert all(11.5 <= x <= 20.5 and 9.5 <= y <= 18.5 for x, y in places), "and nothing else"


def test_the_same_data_give_the_same_bytes() -> None:
    assert render_voucher(voucher(14)) == render_voucher(voucher(14))
    assert render_voucher(voucher(14)) != render_voucher(voucher(14, code="7KQ4-M2XE"))


def test_two_travellers_of_one_first_name_are_told_apart_on_the_boxes() -> None:
    travellers = (VoucherTraveller("Ana Đukić 🎉"), VoucherTraveller("Ana Vuković"), VoucherTraveller("Ana"))
    (text,) = pages(render_voucher(voucher(travellers=travellers)))
    assert "Ana Đ." in text and "Ana V." in text


def test_an_untranslated_language_is_printed_in_english_words_with_its_own_dates() -> None:
    (text,) = pages(render_voucher(VOUCHER, locale="de_AT"))
    assert "Still to pay" in text
    assert "Freitag 3 Juli 2026" in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"travellers": ()}, "at least one traveller"),
        ({"travellers": (VoucherTraveller("Zoë", "senior"),)}, "senior"),
        ({"starts_at": VOUCHER.starts_at.replace(tzinfo=None)}, "without its zone"),
        ({"ends_at": VOUCHER.starts_at - timedelta(minutes=1)}, "ends after"),
        ({"qr": ""}, "QR"),
        ({"qr": "x" * 121}, "QR"),
    ],
)
def test_a_voucher_that_cannot_be_right_is_not_made(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        voucher(**wrong)


def test_every_letter_of_the_demonstration_is_in_a_face_that_is_printed_with(qapp: object) -> None:
    faces = [QRawFont(str(path), 12) for path in paths.resource("fonts").rglob("*.[ot]tf")]
    assert all(face.isValid() for face in faces)
    demo = paths.resource("demo")
    letters = set("".join(file.read_text("utf-8") for file in demo.glob("*.toml"))) - {"\n"}
    assert not {
        letter for letter in letters if not any(face.supportsCharacter(ord(letter)) for face in faces)
    }
    assert not any(face.supportsCharacter(0x1A20) for face in faces), "a script that none of them has"
