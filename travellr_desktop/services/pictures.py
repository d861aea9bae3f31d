"""Pictures of trips: JPEG and PNG, known by what is in the file and not by its name."""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.events import Change
from travellr_desktop.services.catalogue import told
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import TripPicture
from travellr_desktop.storage.uow import Database, UnitOfWork

LARGEST = 512 * 1024
"""Bytes of one picture: it travels with its trip to every desk."""

MOST_PIXELS = 40_000_000
"""A small file can unfold to more than a machine can hold."""

MOST = 12

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Markers in a JPEG after which its size stands."""


@dataclass(frozen=True, slots=True)
class PictureView:
    """`data` is the file as it was given; `width` and `height` are in pixels."""

    id: UUID
    caption: str
    media_type: str
    data: bytes
    width: int
    height: int


class PictureService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def of_trip(self, actor: Actor, trip_id: UUID) -> tuple[PictureView, ...]:
        """The pictures of a trip in their order. Raises `NotFound`."""
        require(actor, Permission.DEPARTURE_READ)
        with self._db.read() as view:
            trip = view.trips.get(trip_id)
            if actor.vendor_id is not None and trip.vendor_id != actor.vendor_id:
                raise NotFound("There is no such trip.")
            return tuple(_view(picture) for picture in view.trips.pictures(trip_id))

    def add(self, actor: Actor, trip_id: UUID, data: bytes, caption: str = "") -> PictureView:
        """Add a picture after the others. Raises `InvalidInput(field="picture")` for what is no JPEG or PNG, is cut
        off or too large; `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        media_type, _, _ = measured(data)
        words = clean_line(caption, "caption", 200, required=False)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            work.trips.get(trip_id)
            there = work.trips.pictures(trip_id)
            if len(there) >= MOST:
                raise InvalidInput(
                    f"A trip has {MOST} pictures at most.", hint="Remove one first.", field="picture"
                )
            picture = TripPicture(
                trip_id=trip_id,
                position=max((each.position for each in there), default=0) + 1,
                caption=words,
                media_type=media_type,
                data=base64.b64encode(data).decode("ascii"),
            )
            work.session.add(picture)
            work.session.flush()
            _changed(work, trip_id, "trip.picture_add", picture=str(picture.id))
            work.commit()
        return _view(picture)

    def set_caption(self, actor: Actor, picture_id: UUID, caption: str) -> None:
        """Raises `InvalidInput`, `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        words = clean_line(caption, "caption", 200, required=False)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            picture = _get(work, picture_id)
            before, picture.caption = picture.caption, words
            _changed(work, picture.trip_id, "trip.picture_caption", before=before, after=words)
            work.commit()

    def set_order(self, actor: Actor, trip_id: UUID, ids: Sequence[UUID]) -> None:
        """Put the pictures of a trip into this order; `ids` names each of them once. Raises `InvalidInput`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            there = {picture.id: picture for picture in work.trips.pictures(trip_id)}
            if sorted(ids) != sorted(there):
                raise InvalidInput("The pictures have changed meanwhile.", hint="Read them again.")
            for position, picture_id in enumerate(ids, 1):
                there[picture_id].position = position
            _changed(work, trip_id, "trip.picture_order", pictures=[str(each) for each in ids])
            work.commit()

    def remove(self, actor: Actor, picture_id: UUID) -> PictureView:
        """Raises `NotFound`. Returns what was removed: `add` undoes it."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            picture = _get(work, picture_id)
            removed = _view(picture)
            work.session.delete(picture)
            _changed(work, picture.trip_id, "trip.picture_remove", picture=str(picture_id))
            work.commit()
        return removed


def measured(data: bytes) -> tuple[str, int, int]:
    """Media type, width and height of a picture. Raises `InvalidInput(field="picture")`."""
    if len(data) > LARGEST:
        raise InvalidInput(
            f"The picture has {len(data) / 1024:,.0f} KB, {LARGEST // 1024} at most.",
            hint="Save it smaller: 1600 pixels wide is plenty.",
            field="picture",
        )
    found = _png(data) if data.startswith(_PNG) else _jpeg(data)
    if found is None:
        raise InvalidInput(
            "This is not a whole JPEG or PNG picture, whatever its name says.",
            hint="Open it in a picture program and save it as JPEG.",
            field="picture",
        )
    width, height = found[1:]
    if width < 1 or height < 1 or width * height > MOST_PIXELS:
        raise InvalidInput(
            f"A picture of {width:,} by {height:,} pixels cannot be shown.",
            hint="Save it smaller: 1600 pixels wide is plenty.",
            field="picture",
        )
    return found


def _png(data: bytes) -> tuple[str, int, int] | None:
    if len(data) < 33 or data[12:16] != b"IHDR" or b"IEND" not in data[-16:]:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return "image/png", width, height


def _jpeg(data: bytes) -> tuple[str, int, int] | None:
    if not data.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in data[-64:]:
        return None
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # a byte that only fills
            place += 1
            continue
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return "image/jpeg", width, height
        place += 2 + length
    return None


def _get(work: UnitOfWork, picture_id: UUID) -> TripPicture:
    found = work.session.get(TripPicture, picture_id)
    if found is None:
        raise NotFound("There is no such picture.")
    return found


def _changed(work: UnitOfWork, trip_id: UUID, action: str, **detail: object) -> None:
    work.audit(action, "trip", trip_id, **detail)
    told(work, "trip", trip_id, Change.UPDATED)


def _view(picture: TripPicture) -> PictureView:
    data = base64.b64decode(picture.data)
    _, width, height = measured(data)
    return PictureView(picture.id, picture.caption, picture.media_type, data, width, height)
