"""The Settings screen: one page of sections, and their list at the side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.events import Event
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.focus_chain import following
from travellr_desktop.ui.parts.pane import Divider, Pane, ScrollArea
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.settings.about import AboutSection
from travellr_desktop.ui.settings.agency import AgencySection
from travellr_desktop.ui.settings.central import CentralSection
from travellr_desktop.ui.settings.invoices import InvoicesSection
from travellr_desktop.ui.settings.look import LookSection
from travellr_desktop.ui.settings.nav import SectionList
from travellr_desktop.ui.settings.payments import PaymentsSection
from travellr_desktop.ui.settings.payouts import PayoutsSection
from travellr_desktop.ui.settings.readers import ReadersSection
from travellr_desktop.ui.settings.sandbox import SandboxSection
from travellr_desktop.ui.settings.section import SettingsSection
from travellr_desktop.ui.settings.selling import SellingSection
from travellr_desktop.ui.settings.you import YouSection
from travellr_desktop.ui.theme import Theme

WIDEST = 680
"""Lines longer than this are hard to read; what the window has beyond it stays empty."""


class SettingsScreen(Screen):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.sections: dict[str, SettingsSection] = {}
        self._dividers: dict[str, Divider] = {}
        self.nav = SectionList(self.tr("Sections"))
        self.nav.chosen.connect(self.show_section)
        self._content = QWidget()
        self._content.setProperty("part", "scrolled")
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(32, 24, 32, 32)
        self._column.setSpacing(28)
        for section in self._wanted():
            self._add(section)
        self._column.addStretch(1)
        self._scroll = ScrollArea(self._content)
        self._scroll.verticalScrollBar().valueChanged.connect(self._scrolled)
        page = Pane("surface")
        page_row = QHBoxLayout(page)
        page_row.setContentsMargins(0, 0, 0, 0)
        page_row.addWidget(self._scroll)
        self._page = page
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.nav)
        across.addWidget(page, 1)
        self._show_wanted()
        self._measure()
        context.theme.changed.connect(self._measure)

    def _wanted(self) -> Sequence[SettingsSection]:
        kinds: tuple[Callable[[Context], SettingsSection], ...] = (
            AgencySection,
            SellingSection,
            InvoicesSection,
            PayoutsSection,
            PaymentsSection,
            ReadersSection,
            CentralSection,
            SandboxSection,
            YouSection,
            LookSection,
            AboutSection,
        )
        if self.context.services.of_vendor:  # the agency's settings are not in a vendor's file
            kinds = (AgencySection, CentralSection, YouSection, LookSection, AboutSection)
        return [kind(self.context) for kind in kinds]

    def _add(self, section: SettingsSection) -> None:
        if self.sections:
            divider = Divider()
            self._dividers[section.key] = divider
            self._column.addWidget(divider)
        self.sections[section.key] = section
        self._column.addWidget(section)
        self.nav.add(section.key, section.title, section.icon)

    def _show_wanted(self) -> None:
        """The sandbox has settings while cards go to it, which a key that is entered may change."""
        for section in self.sections.values():
            self.nav.set_shown(section.key, section.wanted())
            section.setVisible(section.wanted())
            if section.key in self._dividers:
                self._dividers[section.key].setVisible(section.wanted())

    # going to a section

    def show_section(self, key: str, *, keyboard: bool = False) -> None:
        """Scroll a section to the top; its list item is marked. The focus stays where it is, or with `keyboard` goes
        to what is to be done there."""
        bar = self._scroll.verticalScrollBar()
        bar.setValue(self.sections[key].y() - self._column.contentsMargins().top())
        self.nav.set_current(key)
        if keyboard:
            self.sections[key].take_keyboard()

    def _scrolled(self, value: int) -> None:
        """Mark the section that is at the top, or the last one at the end."""
        if value >= self._scroll.verticalScrollBar().maximum() > 0:
            self.nav.set_current(list(self.sections)[-1])
            return
        line = value + self._scroll.viewport().height() // 4
        shown = {key: section for key, section in self.sections.items() if not section.isHidden()}
        seen = [key for key, section in shown.items() if section.y() <= line]
        self.nav.set_current(seen[-1] if seen else next(iter(self.sections)))

    # as a screen

    def refresh(self) -> None:
        super().refresh()
        self._show_wanted()
        for section in self.sections.values():
            if not section.isHidden():
                section.refresh()

    def cares(self, event: Event) -> bool:
        return any(section.cares(event) for section in self.sections.values())

    def panes(self) -> Sequence[QWidget]:
        return (self.nav, self._page)

    def primary(self) -> QAbstractButton | None:
        focus = QApplication.focusWidget()
        for section in self.sections.values():
            if focus is not None and section.isAncestorOf(focus):
                return section.primary()
        return self.sections[AgencySection.key].primary()

    def handlers(self) -> Mapping[Act, Handler]:
        return {Act.BACK: self._back}

    def focusNextPrevChild(self, ahead: bool) -> bool:
        """From the list Tab goes into the section that is marked, not to the top of the page."""
        if ahead and QApplication.focusWidget() in self.nav.items.values():
            inside = following(self.sections[self.nav.current])
            while inside is not None and self._content.isAncestorOf(inside):
                tab = inside.focusPolicy() & Qt.FocusPolicy.TabFocus
                if tab and inside.isEnabled() and inside.isVisible() and inside.focusProxy() is None:
                    inside.setFocus(Qt.FocusReason.TabFocusReason)
                    return True
                inside = following(inside)
        return super().focusNextPrevChild(ahead)

    def _back(self) -> None:
        self.nav.items[self.nav.current].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        theme = Theme.current()
        self.nav.setFixedWidth(min(theme.px(192), max(self.width() // 3, 192)))
        margins = self._column.contentsMargins()
        spare = self.width() - self.nav.width() - theme.px(WIDEST) - margins.left()
        margins.setRight(max(spare, 32))
        # room below, so that the last section can come to the top as the others do
        last = list(self.sections.values())[-1]
        wide = self.width() - self.nav.width() - margins.left() - margins.right()
        room = self.height() - last.heightForWidth(wide) - margins.top()
        margins.setBottom(max(room, 32))
        self._column.setContentsMargins(margins)
