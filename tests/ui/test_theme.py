"""The look as values: tokens, contrast, fonts, icons, and the live switch."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from travellr_desktop.paths import resource
from travellr_desktop.ui.theme import Mode, Palette, Theme, Tokens, load_tokens, sheet
from travellr_desktop.ui.theme.icons import Icons

TOKENS = load_tokens()
PALETTES = pytest.mark.parametrize("palette", [TOKENS.light, TOKENS.dark], ids=["light", "dark"])


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    made = Theme(mode=Mode.LIGHT)
    made.apply(qapp)
    return made


def luminance(value: str) -> float:
    """WCAG relative luminance of `#RRGGBB`."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(value[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_pairs(palette: Palette) -> list[tuple[str, str, str]]:
    """(what, foreground, background) of every text that stands on something."""
    role = palette.role
    plain = ("canvas", "surface", "raised", "subtle", "hover", "pressed", "selection")
    pairs = [
        (f"{ink} on {ground}", role[ink], role[ground])
        for ink in ("text", "text_secondary", "text_muted", "accent_text")
        for ground in plain
        if not (ink in ("text_muted", "accent_text") and ground == "pressed")
    ]
    pairs += [
        (f"{ink} on {ground}", role[ink], role[ground])
        for ink, ground in (
            ("on_accent", "accent"),
            ("on_accent", "accent_hover"),
            ("on_accent", "accent_pressed"),
            ("on_bad", "bad_solid"),
            ("on_tooltip", "tooltip"),
            ("on_selection", "selection"),
            ("on_selection", "selection_strong"),
            ("text_secondary", "disabled_fill"),
        )
    ]
    for name, status in palette.status.items():
        pairs += [
            (f"{name} on {ground}", status.text, role[ground]) for ground in ("surface", "raised", "subtle")
        ]
        pairs += [
            (f"{name} on its fill", status.text, status.fill),
            (f"text on {name}", role["text"], status.fill),
        ]
    return pairs


@PALETTES
def test_every_text_is_readable_on_what_it_stands_on(palette: Palette) -> None:
    failing = {what: contrast(ink, ground) for what, ink, ground in text_pairs(palette)}
    assert {what: round(ratio, 2) for what, ratio in failing.items() if ratio < 4.5} == {}


@PALETTES
def test_borders_focus_and_series_stand_out(palette: Palette) -> None:
    role = palette.role
    pairs = {
        f"{line} on {ground}": contrast(role[line], role[ground])
        for line in ("border_control", "focus", "accent")
        for ground in ("surface", "raised", "canvas")
    }
    pairs |= {f"series {colour}": contrast(colour, role["surface"]) for colour in palette.series}
    assert {what: round(ratio, 2) for what, ratio in pairs.items() if ratio < 3} == {}


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_tokens_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TOKENS.text_family = "Comic"  # type: ignore[misc]
    with pytest.raises(TypeError):
        TOKENS.light.role["text"] = "#FF0000"  # type: ignore[index]


def test_both_modes_name_the_same_colours() -> None:
    assert TOKENS.light.role.keys() == TOKENS.dark.role.keys()
    assert TOKENS.light.status.keys() == TOKENS.dark.status.keys()
    assert len(TOKENS.light.series) == len(TOKENS.dark.series)


def test_tokens_that_lack_a_value_or_have_a_strange_one_are_refused(tmp_path: Path) -> None:
    raw = json.loads(resource("style", "tokens.json").read_text(encoding="utf-8"))
    del raw["hold"]
    lacking = tmp_path / "lacking.json"
    lacking.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(KeyError, match="hold"):
        load_tokens(lacking)
    raw = json.loads(resource("style", "tokens.json").read_text(encoding="utf-8"))
    raw["status"]["paid"]["blink"] = True
    strange = tmp_path / "strange.json"
    strange.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(TypeError, match="blink"):
        load_tokens(strange)


def named_icons(tokens: Tokens) -> set[str]:
    looks = {look.icon for look in tokens.status.values()}
    return looks | set(tokens.nav_icon.values()) | set(tokens.pay_icon.values())


def test_every_icon_the_tokens_name_is_there(theme: Theme) -> None:
    missing = {name for name in named_icons(TOKENS) if not (resource("icons") / f"{name}.svg").is_file()}
    assert missing == set()


def test_every_icon_draws_something_in_its_colour(theme: Theme) -> None:
    icons = Icons(resource("icons"))
    for path in sorted(resource("icons").glob("*.svg")):
        image = icons.pixmap(path.stem, QColor("#FF0000"), 24, 1.0).toImage()
        inked = [
            image.pixelColor(x, y)
            for x in range(24)
            for y in range(24)
            if image.pixelColor(x, y).alpha() > 200
        ]
        assert inked, path.name
        assert all(colour.red() > 240 and colour.green() < 16 for colour in inked), path.name


def test_every_status_has_a_colour_of_the_palette() -> None:
    assert {look.colour for look in TOKENS.status.values()} <= TOKENS.light.status.keys()


def test_licences_stand_beside_what_they_cover() -> None:
    assert "SIL OPEN FONT LICENSE" in resource("fonts", "OFL.txt").read_text(encoding="utf-8").upper()
    assert "ISC License" in resource("icons", "LICENSE.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("role", sorted(TOKENS.type))
def test_roles_use_the_bundled_families_at_their_sizes(theme: Theme, role: str) -> None:
    font, spec = theme.font(role), TOKENS.type[role]
    wanted = TOKENS.display_family if spec.display else TOKENS.text_family
    assert QFontInfo(font).family() == wanted
    assert font.pixelSize() == spec.px
    assert int(font.weight()) == spec.weight


@pytest.mark.parametrize("role", sorted(TOKENS.type))
def test_figures_are_tabular(theme: Theme, role: str) -> None:
    metrics = QFontMetricsF(theme.font(role))
    assert metrics.horizontalAdvance("1111") == pytest.approx(metrics.horizontalAdvance("8888"))


def test_references_have_a_slashed_zero(theme: Theme) -> None:
    def drawn(reference: bool) -> QImage:
        image = QImage(20, 24, QImage.Format.Format_Grayscale8)
        image.fill(255)
        with QPainter(image) as painter:
            painter.setFont(theme.font("total", reference=reference))
            painter.drawText(2, 20, "0")
        return image

    assert drawn(True) != drawn(False)


def test_the_sheet_leaves_sizes_to_the_fonts(theme: Theme) -> None:
    for palette, dark in ((TOKENS.light, False), (TOKENS.dark, True)):
        text = sheet.build(TOKENS, palette, dark=dark, scale=1.0)
        assert "font" not in text
        assert "None" not in text


def test_text_scale_reaches_fonts_lines_and_sizes(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.set_text_scale(2.0)
    assert theme.font("body").pixelSize() == 2 * TOKENS.type["body"].px
    assert theme.line("body") == 2 * TOKENS.type["body"].line
    assert theme.size("control") == 2 * TOKENS.size["control"]
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_text_scale(2.0)


@pytest.mark.parametrize("scale", [0.5, 2.1])
def test_an_absurd_text_scale_is_refused(theme: Theme, scale: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        theme.set_text_scale(scale)


def test_switching_dresses_the_running_application(theme: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel("Kotor")
    label.setProperty("tone", "text_muted")
    qtbot.addWidget(label)
    label.show()
    day = label.grab().toImage()
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == TOKENS.light.role["canvas"].lower()
    with qtbot.waitSignal(theme.changed):
        theme.set_mode(Mode.DARK)
    assert theme.dark
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == TOKENS.dark.role["canvas"].lower()
    assert TOKENS.dark.role["text_muted"] in qapp.styleSheet()
    night = label.grab().toImage()
    assert day != night


def test_icons_are_drawn_again_after_a_switch_and_kept_until_then(theme: Theme) -> None:
    first = theme.pixmap("search", "text", 16, 1.0)
    assert theme.pixmap("search", "text", 16, 1.0).cacheKey() == first.cacheKey()
    theme.set_mode(Mode.DARK)
    assert theme.pixmap("search", "text", 16, 1.0).cacheKey() != first.cacheKey()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_icons_have_the_very_pixels_of_the_screen(theme: Theme, ratio: float) -> None:
    picture = theme.pixmap("printer", "accent", 16, ratio)
    assert picture.width() == round(16 * ratio)
    assert picture.deviceIndependentSize().width() == pytest.approx(16)


def test_tones_reach_roles_statuses_and_series(theme: Theme) -> None:
    assert theme.colour("wait.fill").name() == TOKENS.light.status["wait"].fill.lower()
    assert theme.colour("chart1").name() == TOKENS.light.series[0].lower()
    assert theme.colour("scrim").alpha() == int(TOKENS.light.role["scrim"][7:], 16)
    with pytest.raises(KeyError):
        theme.colour("mauve")


def test_reduced_motion_stops_movements_but_not_waiting(qapp: QApplication) -> None:
    calm = Theme(mode=Mode.LIGHT, reduced_motion=True)
    assert calm.duration("pane_ms") == 0
    assert calm.duration("toast_stays_ms") == TOKENS.motion["toast_stays_ms"]


def test_no_part_can_be_made_before_a_theme_is_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Theme, "_current", None)
    with pytest.raises(RuntimeError, match="apply"):
        Theme.current()


@pytest.mark.parametrize(
    "name",
    ["ليلى حداد", "דוד כהן", "प्रिया शर्मा", "ณัฐพล", "ნინო", "Արամ", "王小明", "さくら", "김민준", "🌊😀"],
)
def test_a_name_in_another_script_is_no_row_of_boxes(theme: Theme, name: str) -> None:
    metrics = QFontMetricsF(theme.font("body"))
    assert all(metrics.inFontUcs4(ord(sign)) for sign in name)


def test_what_no_face_covers_is_known_to_be_missing(theme: Theme) -> None:
    assert not QFontMetricsF(theme.font("body")).inFontUcs4(0x10FFF0)
