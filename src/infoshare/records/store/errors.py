"""Store errors: why a database refused or failed, what that means for the user, and what to do next.

Deliberately not here: how a driver's errors are read (the dialects).
"""

from collections.abc import Sequence
from enum import Enum

from infoshare.policy.decision import Decision
from infoshare.records.errors import RecordError


class Cause(Enum):
    """Why a database refused or failed: the message, and what to do next."""

    ABSENT = "there is no such ledger", "check the name, or make one with `infoshare record init`"
    DAMAGED = (
        "the ledger's file is damaged",
        "keep it as it is for whoever looks into it, and go on with a copy from before;"
        " receipts kept outside show what the copy lacks",
    )
    DENIED = (
        "the ledger cannot be opened",
        "check the rights to the file and its folder; in a database, that the user has one of the roles of the ledger",
    )
    FULL = "the disk is full", "make room, and then do it again"
    INPUT_OUTPUT = (
        "the disk did not keep what it was given",
        "check the disk or the connection, open the ledger again, and see with `infoshare record verify` that all is well",
    )
    LOCKED = "somebody else is writing to the ledger, and did not finish in time", "try again in a moment"
    MOVED = (
        "the ledger was moved, removed or replaced while it was open",
        "find out where it is now and who moved it; then open it there, and do this again",
    )
    NOT_A_LEDGER = "this is not a ledger", "make one with `infoshare record init`"
    NOT_ADMITTED = (
        "the database does not let this user in",
        "check the user's name and password: they belong in a password file or service file of PostgreSQL",
    )
    READ_ONLY = (
        "the ledger may be read but not written",
        "ask whoever keeps it for the right to write",
    )
    REFUSED = "the database refused it", "see with `infoshare record verify` that all is well"
    TAKEN = "there is something already where the ledger was to be made", "choose another name"
    UNCERTAIN = (
        "the disk did not keep what it was given, or the database went away",
        "open the ledger again, and see with `infoshare record list` whether it is there before you do it once more",
    )
    UNREACHABLE = (
        "the database cannot be reached",
        "check the address and the port, and that the server is running and takes one connection more",
    )


class StoreError(Exception):
    """A database that did not do what it was asked; nothing of the transaction is kept.

    Attributes:
        detail: in the words of the database, with nothing of a record in it.
    """

    def __init__(self, cause: Cause, detail: str) -> None:
        self.cause, self.detail = cause, detail
        why, self.help = cause.value
        super().__init__(f"{why} ({detail})")


class NotRecordedError(RecordError):
    """Nothing was recorded, and there is no receipt.

    Attributes:
        decision: what was decided, where something was: it is as good as before, but nobody can prove it.
    """

    decision: Decision | None = None


def not_recorded(error: StoreError) -> NotRecordedError:
    """The error for something that could not be added."""
    uncertain = error.cause is Cause.UNCERTAIN
    what = "it may not have been recorded" if uncertain else "nothing was recorded"
    return NotRecordedError.of("IS722", f"{what}: {error}", error.help)


def no_receipt(error: StoreError, ids: Sequence[str]) -> RecordError:
    """The error for something that was added, and whose receipt could then not be made."""
    return RecordError.of(
        "IS720",
        f"recorded as {', '.join(ids)}, but the receipt cannot be made: {error}",
        "do not record it again: infoshare record receipt LEDGER ID gives the receipt",
        error.help,
    )


def not_read(error: StoreError, where: str) -> RecordError:
    """The error for a ledger that cannot be opened or read."""
    return RecordError.of("IS720", f"`{where}`: {error}", error.help)
