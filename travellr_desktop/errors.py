"""The three kinds of errors.

* `Cancelled`: the user stopped it. Silent.
* `Refusal` and its children: the user can act. Shown in plain words beside the work, with what to do next.
* anything else: a bug. Logged with its traceback and shown with a way to report it.
"""

from __future__ import annotations


class Cancelled(Exception):
    """The user stopped what was running; nothing is said about it."""


class Refusal(Exception):
    """Something the user can act on.

    `str(error)` says in one sentence what happened; `hint` says what to do next; `field` names the input at
    fault (`"email"`, `"amount"`), or is None; `code` is a stable word for logs and `--json`. Where a whole form was
    read, `others` are what else is wrong with it.
    """

    hint: str = ""
    others: tuple[Refusal, ...] = ()

    def __init__(self, message: str, *, hint: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        if hint is not None:
            self.hint = hint
        self.field = field

    @property
    def code(self) -> str:
        return type(self).__name__

    @property
    def together(self) -> tuple[Refusal, ...]:
        """This one, then the others."""
        return (self, *self.others)


class InvalidInput(Refusal):
    """A value that cannot be taken as it is; `field` names it."""

    hint = "Correct the marked field."


class NotPermitted(Refusal):
    """The person's role does not allow this."""

    hint = "Ask a manager."


class NotFound(Refusal):
    """There is no such thing, or none that this person may see: the two are never told apart."""

    hint = "It may have been removed. Search again."


class WrongState(Refusal):
    """The thing has moved on since it was read."""

    hint = "Read it again."


class ChangedMeanwhile(Refusal):
    """Somebody else changed the same row between reading and writing."""

    hint = "Read it again, then repeat the change."


# selling


class SeatsGone(Refusal):
    """Fewer seats are free than were asked for."""

    hint = "Choose fewer seats or another departure."


class SalesClosed(Refusal):
    """The departure's cut-off has passed, or it is not sold."""

    hint = "Choose another departure."


class HoldLapsed(Refusal):
    """The hold ended before it was used."""

    hint = "Hold the seats again."


class DiscountAboveLimit(NotPermitted):
    """More than the agency lets an agent take off."""

    hint = "Give less, or ask a manager."


class DiscountBeyondCommission(InvalidInput):
    """The agency would bear more of a discount than it earns."""

    hint = "Give less, or share it with the vendor."


class PromoRefused(InvalidInput):
    """A promo code that takes nothing off this sale; its children say why."""

    hint = "Sell without the code, or take another one."

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint, field="promo")


class PromoUnknown(PromoRefused):
    """There is no such code, or it is not given any more."""

    hint = "Check the spelling."


class PromoNotNow(PromoRefused):
    """The code's first day is to come, or its last day is over."""


class PromoUsedUp(PromoRefused):
    """As many sales as it was meant for have used the code."""


class PromoElsewhere(PromoRefused):
    """The code is for another trip or vendor."""


class PromoOtherCurrency(PromoRefused):
    """The code takes off an amount in another currency."""


class WaitsForCentral(Refusal):
    """What was asked needs the word of the agency's central database, which does not answer now."""

    hint = "Try again when there is a connection; nothing was done."


class AnotherDeskHasIt(Refusal):
    """Another desk of the agency does this, or has what was asked for."""

    hint = "See there how it stands."


class HeldElsewhere(AnotherDeskHasIt):
    """Seats are out of another desk's grant, which may be selling them while nobody here would know."""

    hint = "Sell them there, or hold others here."


class SoldElsewhere(AnotherDeskHasIt):
    """Another desk sold it: two that give back, or change, without knowing of each other would do so twice."""

    hint = "Have it done there; where that desk is gone for good, it is written off first."


class NumbersUsedUp(WaitsForCentral):
    """This desk has no number left to give of a series; `kind` and `year` say of which."""

    hint = "New numbers come by themselves as soon as there is a connection."

    def __init__(self, kind: str, year: int) -> None:
        super().__init__(f"This desk has used up its numbers of {kind} in {year}.")
        self.kind = kind
        self.year = year


class AlreadyRefunded(Refusal):
    """All that was paid has gone back, or is on its way."""

    hint = "Nothing is left to give back."


class TillNotOpen(Refusal):
    """The agency takes cash into an open till only."""

    hint = "Open the till on Day close; what is held stays held."


class TillBeyondLimit(NotPermitted):
    """More than may be paid out of the till without a manager, or to where only a manager may."""

    hint = "Ask a manager to do it."


# commands with a key


class DisputeOpen(WrongState):
    """A traveller's bank has taken a payment back and has not decided yet: nothing of it is given back meanwhile."""

    hint = "Wait until the bank has decided. What is cancelled with nothing given back can be cancelled now."


class RequestInProgress(Refusal):
    """The same command, with the same key, is still running."""

    hint = "Wait for the first one; its result will be shown."


class KeyReused(Refusal):
    """The key was used before for a command with other content."""

    hint = "Start the form anew."


# people


class SignInRefused(Refusal):
    """Wrong email or password, a deactivated person, or too soon after failures.

    `wait_seconds` is how long the next try is refused, 0 if it may come at once.
    """

    hint = "Check the email and the password."

    def __init__(self, message: str, *, wait_seconds: int = 0, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.wait_seconds = wait_seconds


class WeakPassword(InvalidInput):
    """Shorter than ten characters, or one of the common ones."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="password", hint="Take a few words that only you would put together.")


# the machine


class StorageRefusal(Refusal):
    """The database file cannot be used as it is."""


class DatabaseTooNew(StorageRefusal):
    hint = "Start the newer program, or choose another profile. The file was left untouched."


class DatabaseDamaged(StorageRefusal):
    hint = "Restore the newest file from the profile's backups folder."


class DatabaseReadOnly(StorageRefusal):
    hint = "Give yourself the right to write to the profile folder, or choose another profile."


class DatabaseBusy(StorageRefusal):
    hint = "Close the other program that has the file open, then try again."


class DiskFull(StorageRefusal):
    hint = "Make room on the disk, then try again. Nothing was half-written."


class DatabaseClosed(StorageRefusal):
    """The program has let go of the file: it ends, or opens another one."""


class DatabaseReplaced(StorageRefusal):
    """A file from the central database takes the place of this one. A window opens it by itself."""

    hint = "Start the program again where it does not go on by itself."


class VendorsFile(StorageRefusal):
    """The file is a copy of what a vendor sees at the agency's central database."""

    hint = "Ask the agency to change it: what they change comes here by itself."


class CannotWrite(Refusal):
    """A file that the person asked for cannot be written where they want it."""

    hint = "Choose another folder."


class ResourceMissing(Refusal):
    """A file that ships with the program is not there."""

    hint = "Install the program again."


class SettingsInvalid(Refusal):
    """A setting in the environment or the settings file cannot be understood; `field` names it."""

    hint = "Correct the setting, then start again."


class OtherPaymentsKind(SettingsInvalid):
    """The key is of another kind than the card payments of the profile: sandbox, test and live are never mixed."""

    hint = "Real money needs a profile of its own: start Travellr with --profile DIR."
