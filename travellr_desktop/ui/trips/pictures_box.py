"""The pictures of a trip: small ones in their order, each with its words. They are kept at once, not with the form."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.services.pictures import PictureView
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.theme import Theme

LARGE = QSize(336, 224)
"""What a small picture is made of: four times its size, for screens of any kind."""


def small(picture: PictureView) -> QImage:
    """A picture read no larger than it is shown. Takes its time with a large one: not on the window's thread."""
    buffer = QBuffer()
    buffer.setData(QByteArray(picture.data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    whole = QSize(picture.width, picture.height)
    if whole.width() > LARGE.width() and whole.height() > LARGE.height():
        reader.setScaledSize(whole.scaled(LARGE, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    return reader.read()


class Thumbnail(QWidget):
    """A picture cut to 3:2."""

    def __init__(self, picture: PictureView, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = image
        size = say("{0} by {1} pixels").format(picture.width, picture.height)
        self.setAccessibleName(picture.caption or say("Picture"))
        self.setToolTip(size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(Theme.current().px(84), Theme.current().px(56))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            around = QPainterPath()
            around.addRoundedRect(QRectF(self.rect()), 4, 4)
            painter.setClipPath(around)
            painter.fillRect(self.rect(), Theme.current().colour("pressed"))
            if not self._picture.isNull():
                fill = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
                left, top = (self.width() - fill.width()) / 2, (self.height() - fill.height()) / 2
                place = QRectF(left, top, fill.width(), fill.height())
                painter.drawImage(place, self._picture, QRectF(self._picture.rect()))


class PictureRow(QWidget):
    def __init__(self, box: PicturesBox, picture: PictureView, image: QImage, place: int, count: int) -> None:
        super().__init__()
        self.id = picture.id
        self._kept = picture.caption
        self.caption = Field(say("Words for picture {0}").format(place + 1), text=picture.caption)
        self.caption.edit.setMaxLength(200)
        self.caption.edit.editingFinished.connect(lambda: self._keep(box))
        up = IconButton("chevron-up", say("Earlier"))
        down = IconButton("chevron-down", say("Later"))
        away = IconButton("x", say("Remove the picture"))
        up.setEnabled(place > 0)
        down.setEnabled(place < count - 1)
        up.clicked.connect(lambda: box.shift(picture.id, -1))
        down.clicked.connect(lambda: box.shift(picture.id, 1))
        self.movers = {-1: up, 1: down}
        away.clicked.connect(lambda: box.remove_asked.emit(picture.id))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Thumbnail(picture, image))
        row.addWidget(self.caption, 1, Qt.AlignmentFlag.AlignBottom)
        for button in (up, down, away):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)

    def take(self, picture: PictureView) -> None:
        """The same picture as it is kept now; words that are being typed stay."""
        self._kept = picture.caption
        if not self.caption.edit.hasFocus():
            self.caption.set_text(picture.caption)

    def _keep(self, box: PicturesBox) -> None:
        words = self.caption.text().strip()
        if words != self._kept:
            self._kept = words
            box.caption_set.emit(self.id, words)


class PicturesBox(Section):
    """`show_pictures` fills it; of a trip that is not added yet there are none to add."""

    add_asked = Signal()
    caption_set = Signal(object, str)
    move_asked = Signal(object, int)
    remove_asked = Signal(object)

    def __init__(self) -> None:
        self.add = Button(say("Add a picture"), Kind.QUIET, icon="plus", height="control_small")
        super().__init__(say("Pictures"), action=self.add)
        self.add.clicked.connect(self.add_asked)
        self.rows: list[PictureRow] = []
        self._moved: tuple[UUID | None, int] = (None, 0)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.nothing = Label("", "small", "text_secondary", wrap=True)
        self.body.addLayout(self._list)
        self.body.addWidget(self.nothing)

    def show_pictures(self, pictures: Sequence[PictureView], images: Sequence[QImage]) -> None:
        """`images` are what `small` makes of each."""
        if [picture.id for picture in pictures] == self.shown() and pictures:
            for row, picture in zip(self.rows, pictures, strict=True):
                row.take(picture)
            return
        self._clear()
        for place, (picture, image) in enumerate(zip(pictures, images, strict=True)):
            row = PictureRow(self, picture, image, place, len(pictures))
            self.rows.append(row)
            self._list.addWidget(row)
        self.add.setVisible(True)
        self.nothing.setText(say("No picture yet. JPEG or PNG, half a megabyte at most."))
        self.nothing.setVisible(not pictures)
        self._focus_moved()

    def shift(self, picture_id: UUID, step: int) -> None:
        """Ask for a picture to stand earlier or later; the keyboard goes with it."""
        self._moved = picture_id, step
        self.move_asked.emit(picture_id, step)

    def _focus_moved(self) -> None:
        (picture_id, step), self._moved = self._moved, (None, 0)
        for row in self.rows:
            if row.id == picture_id:
                mover = row.movers[step]
                (mover if mover.isEnabled() else row.movers[-step]).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_none_yet(self) -> None:
        """The trip has to be there first."""
        self._clear()
        self.add.setVisible(False)
        self.nothing.setText(say("Pictures can be added once the trip is."))
        self.nothing.show()

    def shown(self) -> list[UUID]:
        return [row.id for row in self.rows]

    def _clear(self) -> None:
        for row in self.rows:
            row.caption.edit.blockSignals(True)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
