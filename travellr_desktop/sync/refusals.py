"""What can be in the way between a desk and its hub, in words for a person."""

from __future__ import annotations

from typing import ClassVar

from travellr_desktop.errors import Refusal

GOES_ON = "This desk works on by itself; nothing is lost."


class SyncRefusal(Refusal):
    """The hub cannot be worked with as it is. Trying again alone does not help. `at` is what of an address or a sign-in
    is at fault, where one was entered."""

    hint = GOES_ON
    at: ClassVar[str | None] = None

    def __init__(self, message: str, *, hint: str | None = None, field: str | None = None) -> None:
        super().__init__(message, hint=hint, field=field or self.at)


class HubConfused(SyncRefusal):
    """The hub, or what speaks in its place, gave an answer that it cannot mean."""


class OtherHub(SyncRefusal):
    """This address leads to another hub than the one that the file belongs to."""

    hint = f"{GOES_ON} Look at the address in Settings."


class OtherDesk(SyncRefusal):
    """These are the name and password of another desk."""

    hint = f"{GOES_ON} Look at the sign-in in Settings."
    at = "login"


class NotThePerson(SyncRefusal):
    """These are the name and password of somebody else, or of a desk."""

    hint = "Enter the name and password that were handed out to you."
    at = "login"


class FileCloned(SyncRefusal):
    """The hub knows this desk by another file: this one, or that one, is a copy or an old back-up."""

    hint = (
        "Enrol the one that is to stay anew, in Settings or with travellr sync enrol; what the other has that the hub "
        "has not is shown before."
    )


class HubRestored(SyncRefusal):
    """The hub was restored from a back-up: what it lost, its desks still have."""

    hint = "Take everything anew, in Settings or with travellr sync enrol: this desk tells what the hub has lost."


class FileDiffers(SyncRefusal):
    """The file has other rows than the hub, and nothing is left to be told: it was changed by hand, or is damaged."""

    hint = "Take everything anew, in Settings or with travellr sync enrol: what is untold is carried over."


class HubTooOld(SyncRefusal):
    """The hub does not know yet what this program writes."""

    hint = f"{GOES_ON} Ask whoever looks after the central database to install the newer version."


class HubTooNew(SyncRefusal):
    """The hub has things that this program does not know."""

    hint = f"{GOES_ON} Install the newer program at this desk."


class NotEnrolled(SyncRefusal):
    """This file belongs to no hub."""

    hint = "Enrol it in Settings, or with travellr sync enrol."
