"""Why a run over a file cannot begin, go on or end: what happened, and what to do.

Deliberately not here: faults of single cases, which are rows of the result (`piece`).
"""


class Refused(Exception):  # noqa: N818 - says what happened
    """A run that is refused or cannot go on; the message says why, the help what to do."""

    def __init__(self, message: str, *help_: str) -> None:
        self.help = help_
        super().__init__(message)


def reason_of(error: OSError | ValueError) -> str:
    """What the system says of a file, in lower case."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    return "not a name of a file"
