"""Pictures of trips are known by their bytes."""

from __future__ import annotations

import struct
from uuid import uuid4

import pytest

from helpers.catalogue import audit_of, problems, the_trip
from helpers.desk import Desk
from helpers.pictures import jpeg, png
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.services.pictures import LARGEST, MOST


def shown(desk: Desk) -> list[str]:
    return [each.caption for each in desk.services.pictures.of_trip(desk.agent, the_trip(desk))]


def test_pictures_come_back_as_they_were_given_in_their_order(desk: Desk) -> None:
    pictures, trip = desk.services.pictures, the_trip(desk)
    first = pictures.add(desk.admin, trip, png(30, 20), "The cave")
    second = pictures.add(desk.admin, trip, jpeg(), "The boat")
    assert (first.media_type, first.width, first.height, first.data) == ("image/png", 30, 20, png(30, 20))
    assert (second.media_type, second.width, second.height) == ("image/jpeg", 1, 1)
    assert shown(desk) == ["The cave", "The boat"]
    pictures.set_order(desk.admin, trip, [second.id, first.id])
    pictures.set_caption(desk.admin, second.id, " The  old boat ")
    assert shown(desk) == ["The old boat", "The cave"]
    removed = pictures.remove(desk.admin, second.id)
    assert shown(desk) == ["The cave"]
    pictures.add(desk.admin, trip, removed.data, removed.caption)
    assert shown(desk) == ["The cave", "The old boat"]
    assert [action for action, _ in audit_of(desk, trip)][-5:] == [
        "trip.picture_add",
        "trip.picture_order",
        "trip.picture_caption",
        "trip.picture_remove",
        "trip.picture_add",
    ]
    assert problems(desk) == []


HUGE = png()[:16] + struct.pack(">II", 60_000, 60_000) + png()[24:]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(40),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        png()[:-20],
        png()[:20],
        jpeg()[:-2],
        b"\xff\xd8\xff\xd9",
        HUGE,
        png()[:16] + bytes(8) + png()[24:],
        png() + bytes(LARGEST),
    ],
)
def test_what_is_no_picture_is_refused_at_its_field(desk: Desk, data: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        desk.services.pictures.add(desk.admin, the_trip(desk), data)
    assert refusal.value.field == "picture"
    assert shown(desk) == []


def test_a_trip_has_so_many_pictures_and_no_more(desk: Desk) -> None:
    for number in range(MOST):
        desk.services.pictures.add(desk.admin, the_trip(desk), png(), f"{number}")
    with pytest.raises(InvalidInput):
        desk.services.pictures.add(desk.admin, the_trip(desk), png())
    with pytest.raises(InvalidInput):
        desk.services.pictures.set_order(desk.admin, the_trip(desk), [])


def test_a_vendors_person_sees_those_of_their_own_trips(desk: Desk) -> None:
    desk.services.pictures.add(desk.admin, the_trip(desk), png())
    own = Actor(uuid4(), "Nikola", Role.VENDOR, desk.vendor_id)
    other = Actor(uuid4(), "Other", Role.VENDOR, uuid4())
    assert len(desk.services.pictures.of_trip(own, the_trip(desk))) == 1
    with pytest.raises(NotFound):
        desk.services.pictures.of_trip(other, the_trip(desk))
