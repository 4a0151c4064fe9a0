"""Policy files that a command may write again, as they are read.

Invariant: no link leads out of the folder that was given. Deliberately not here: writing (`infoshare.writing`).
"""

import os
import stat
from pathlib import Path

from infoshare.cli.files import CannotRead, PolicyPath
from infoshare.cli.terminal import quoted
from infoshare.files import LARGEST_FILE


def inside(file: PolicyPath) -> str:
    """Where the file really is. Raises CannotRead where a link leads out of the folder that was given."""
    if file.path.startswith("infoshare:"):
        raise CannotRead(f"{quoted(file.path)} comes with infoshare and is not changed", "copy it first")
    root = os.path.realpath(file.root if file.root is not None else Path(file.path).parent)
    place = os.path.realpath(file.path)
    if not Path(place).is_relative_to(root):
        raise CannotRead(
            f"{quoted(file.path)} is a link that leads out of {quoted(file.root or str(Path(file.path).parent))}",
            "name the file itself that it leads to",
        )
    return place


def read(name: str, place: str) -> bytes:
    """The bytes of a file, at most a little more than a policy may have. Raises CannotRead."""
    try:
        handle = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a name of a file"
        raise CannotRead(f"{quoted(name)} cannot be read: {reason.lower()}") from None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise CannotRead(f"{quoted(name)} is not a regular file", "give the name of a .policy file")
        return file.read(LARGEST_FILE + 1)
