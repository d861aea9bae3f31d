"""How it is paid: tiles with digits, and below them the card where one is picked by name."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.ways import Way
from travellr_desktop.services.kept_cards import KeptCard
from travellr_desktop.services.sales import PayChoice, WayOffer
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choices import CheckBox, ComboBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.tile import Tile, Tiles
from travellr_desktop.ui.theme import Theme

ROOM = 18
"""So many letters of a reader's name stand on its tile."""

ICONS = {
    Way.CARD: "credit-card",
    Way.CASH: "banknote",
    Way.LINK: "qr-code",
    Way.READER: "smartphone-nfc",
    Way.SAVED: "wallet",
    Way.CREDIT: "hand-coins",
    Way.BANK: "landmark",
}


def digit_of(event: QKeyEvent) -> int | None:
    """1 to 7 where the key is one, without Ctrl or Alt."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    number = event.key() - Qt.Key.Key_0
    return number if not held and 1 <= number <= 7 else None


def verb_of(way: Way | None, otherwise: str) -> str:
    """What the button does that takes the money this way; `otherwise` where a card is charged, or nothing is chosen."""
    verbs = {Way.CASH: "Take cash", Way.LINK: "Make the link", Way.READER: "Ask for the card"}
    verbs |= {Way.CREDIT: "Spend credit", Way.BANK: "Record the transfer"}
    return QCoreApplication.translate("WaysToPay", verbs[way]) if way in verbs else otherwise


def fit_key(button: Button, key: str) -> None:
    """Show the key on a ticket's primary button, unless its words and an amount of many digits need the room."""
    button.set_key(key)
    if button.sizeHint().width() > Theme.current().size("ticket") - 32:
        button.set_key("")


class WaysToPay(QWidget):
    """Only the ways that are offered here. `changed` comes with another way or card.

    `wide` makes rows of them, for after a refusal; there the card chosen first is not the one that was refused.
    """

    changed = Signal()

    def __init__(self, *, wide: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide = wide
        self._short = False
        self._ways: tuple[WayOffer, ...] = ()
        self.tiles = Tiles(self.tr("Ways to pay"), columns=1 if wide else 2)
        self.card = ComboBox(self.tr("Card"))
        self.kept = ComboBox(self.tr("Saved card"))
        self.keep = CheckBox(self.tr("Keep the card for later payments"))
        self.keep.setToolTip(
            self.tr("Only with the traveller's consent, which is written down with its date")
        )
        self.reference = Field(self.tr("Reference of the transfer"))
        self.reference.edit.setMaxLength(80)
        self.reference.edited.connect(lambda _text: self.reference.set_error(None))
        self._hint = Label("", "small", "text_secondary", elide=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.tiles)
        self._column.addWidget(self.card)
        self._column.addWidget(self.kept)
        self._column.addWidget(self.keep)
        self._column.addWidget(self.reference)
        self._column.addWidget(self._hint)
        self.kept.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.keep.toggled.connect(lambda _on: self.changed.emit())
        self.kept.hide()
        self.keep.hide()
        self.reference.hide()
        self.card.currentIndexChanged.connect(self._card_changed)
        self.card.hide()
        self._hint.hide()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # content

    def set_ways(self, ways: tuple[WayOffer, ...], *, first: Way | None = None, refused: str = "") -> None:
        """The ways that are offered, with the first possible one chosen, or `first`. `refused` is the provider's
        name of a card that was just declined."""
        self._ways = ways
        columns = 1 if self._wide else 2 if len(ways) in (1, 2, 4) else 3
        fresh = Tiles(self.tr("Ways to pay"), columns=columns)
        self._column.replaceWidget(self.tiles, fresh)
        self.tiles.hide()
        self.tiles.deleteLater()
        self.tiles = fresh
        for number, offer in enumerate(ways, 1):
            tile = Tile(
                ICONS[offer.way],
                self._word(offer),
                str(number),
                hint=self._tile_hint(offer),
                wide=self._wide,
                short=self._short,
            )
            fresh.add(offer.way.value, tile)
        cards = next((offer.cards for offer in ways if offer.way is Way.CARD), ())
        self.card.blockSignals(True)
        self.card.clear()
        for card in cards:
            self.card.addItem(card.name, card.payment_method)
        others = [at for at, card in enumerate(cards) if card.payment_method != refused]
        self.card.setCurrentIndex(others[0] if others else -1)
        self.card.blockSignals(False)
        self.kept.blockSignals(True)
        self.kept.clear()
        for offer in ways:
            for each in offer.kept:
                self.kept.addItem(self._kept_words(each), each.id)
        self.kept.blockSignals(False)
        self.keep.setChecked(False)
        self.reference.set_text("")
        possible = [offer.way for offer in ways]
        chosen = first if first in possible else next(iter(possible), None)
        if chosen is not None:
            fresh.set_value(chosen.value)
        fresh.chosen.connect(self._way_changed)
        self._show_card()

    def choice(self) -> PayChoice | None:
        """What is chosen now; None where nothing can be."""
        key = self.tiles.value()
        if key is None:
            return None
        way = Way(key)
        if way is Way.SAVED:
            return PayChoice(way, kept=self.kept.currentData())
        if way is Way.BANK:
            return PayChoice(way, reference=self.reference.text().strip())
        if way is Way.LINK:
            return PayChoice(way, keep=self.keep.isChecked())
        return PayChoice(way, self.card.currentData() if way is Way.CARD else None)

    def check(self) -> bool:
        """Whether what is chosen says all that it must; what is missing is said and has the focus."""
        if self.way is not Way.BANK or self.reference.text().strip():
            return True
        self.reference.set_error(self.tr("As it stands on the account"))
        self.reference.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    @property
    def way(self) -> Way | None:
        key = self.tiles.value()
        return Way(key) if key is not None else None

    def choose_number(self, number: int) -> bool:
        """What a digit does; says whether there is such a way."""
        if not 1 <= number <= len(self._ways) or not self.isEnabled():
            return False
        self.tiles.set_value(self._ways[number - 1].way.value)
        self.tiles.focus_chosen()
        return True

    def set_short(self, short: bool) -> None:
        self._short = short
        self.tiles.set_short(short)

    # inside

    def _word(self, offer: WayOffer) -> str:
        if offer.way is Way.CASH:
            return self.tr("Cash")
        if offer.way is Way.LINK:
            return self.tr("Payment link")
        if offer.way is Way.READER:
            return self.tr("Card reader")
        if offer.way is Way.SAVED:
            return self.tr("Saved card")
        if offer.way is Way.CREDIT:
            return self.tr("Credit")
        if offer.way is Way.BANK:
            return self.tr("Bank transfer")
        return self.tr("Another card") if self._wide else self.tr("Test card")

    def _tile_hint(self, offer: WayOffer) -> str:
        if not self._wide:
            return ""
        if offer.way is Way.LINK:
            return self.tr("by phone")
        if offer.way is Way.SAVED:
            return offer.kept[0].label if offer.kept else ""
        if offer.way is Way.CREDIT:
            return self.tr("with the agency")
        if offer.way is Way.BANK:
            return self.tr("on the account")
        if offer.way is Way.READER:
            return offer.reader if len(offer.reader) <= ROOM else f"{offer.reader[:ROOM]}…"
        return self.tr("into the till") if offer.way is Way.CASH else self.card.currentText()

    def _kept_words(self, card: KeptCard) -> str:
        return self.tr("{0}, to {1}").format(
            card.label, f"{card.expires_month:02}/{card.expires_year % 100:02}"
        )

    def _way_changed(self, _key: str) -> None:
        self._show_card()
        self.changed.emit()

    def _card_changed(self, _at: int) -> None:
        self._show_card()
        self.changed.emit()

    def _show_card(self) -> None:
        by_card = self.way is Way.CARD and self.card.count() > 0
        cards = next((offer.cards for offer in self._ways if offer.way is Way.CARD), ())
        at = self.card.currentIndex()
        if self._wide and cards:
            self.tiles.tile(Way.CARD.value).set_hint(self.card.currentText())
        self._hint.setText(cards[at].hint if 0 <= at < len(cards) else "")
        self.card.setVisible(by_card)
        self.kept.setVisible(self.way is Way.SAVED)
        self.keep.setVisible(self.way is Way.LINK)
        self.reference.setVisible(self.way is Way.BANK)
        self._hint.setVisible(by_card)
