"""By which way something is paid: a tile a way, and the card where one is picked by name."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.ways import Way
from travellr_desktop.services.sales import PayChoice, WayOffer
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.tile import Tile, Tiles

_LOOK = {
    Way.CARD: ("credit-card", "Card"),
    Way.CASH: ("banknote", "Cash"),
    Way.LINK: ("qr-code", "Link"),
    Way.READER: ("smartphone-nfc", "Reader"),
    Way.SAVED: ("wallet", "Saved"),
    Way.CREDIT: ("hand-coins", "Credit"),
    Way.BANK: ("landmark", "Bank"),
}


class PayWay(QWidget):
    """`choice` is what is chosen; cash at first, where it is offered. `reference` is there where a transfer is, `kept`
    the cards that are kept for the traveller."""

    changed = Signal()

    def __init__(self, ways: tuple[WayOffer, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = Tiles(self.tr("Ways to pay"), columns=max(len(ways), 1))
        self.cards = ComboBox(self.tr("Card"))
        self.kept = ComboBox(self.tr("Saved card"))
        for offer in ways:
            icon, word = _LOOK[offer.way]
            self.tiles.add(offer.way.value, Tile(icon, word, short=True))
            for card in offer.cards:
                self.cards.addItem(f"{card.name}, {card.hint}", card.payment_method)
            for kept in offer.kept:
                self.kept.addItem(kept.label, kept.id)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tiles)
        column.addWidget(self.cards)
        column.addWidget(self.kept)
        self.reference: Field | None = None
        if any(offer.way is Way.BANK for offer in ways):
            self.reference = self._reference()
            column.addWidget(self.reference)
        self.tiles.chosen.connect(self._chosen)
        if any(offer.way is Way.CASH for offer in ways):
            self.tiles.set_value(Way.CASH.value)
        self._show_cards()

    @property
    def way(self) -> Way:
        return Way(self.tiles.value() or Way.CASH)

    @property
    def choice(self) -> PayChoice:
        if self.way is Way.CARD:
            return PayChoice(Way.CARD, str(self.cards.currentData()))
        if self.way is Way.SAVED:
            return PayChoice(Way.SAVED, kept=self.kept.currentData())
        if self.way is Way.BANK:
            return PayChoice(Way.BANK, reference="" if self.reference is None else self.reference.text())
        return PayChoice(self.way)

    def refuse(self, words: str) -> None:
        """Say what is wrong with the reference, where it was typed."""
        if self.reference is not None:
            self.reference.set_error(words)

    def _reference(self) -> Field:
        field = Field(self.tr("Reference of the transfer"))
        field.edit.setMaxLength(80)
        field.edited.connect(lambda _text: field.set_error(None))
        field.hide()
        return field

    def _show_cards(self) -> None:
        self.cards.setVisible(self.way is Way.CARD)
        self.kept.setVisible(self.way is Way.SAVED)

    def _chosen(self, _way: str) -> None:
        self._show_cards()
        if self.reference is not None:
            self.reference.setVisible(self.way is Way.BANK)
        self.changed.emit()
