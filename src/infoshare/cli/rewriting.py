"""Policy files that a command writes again: read, and put back in one step.

Invariants: no link leads out of the folder that was given; a file is the old one or the new one, never a part;
one that changed since it was read is left alone. Deliberately not here: what is changed in it.
"""

import contextlib
import os
import stat
import tempfile
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


def replace(name: str, place: str, before: bytes, after: bytes) -> None:
    """Puts the new file in the place of the old one in one step: whoever reads it sees the one or the other."""
    if not os.access(place, os.W_OK):
        raise CannotRead(f"{quoted(name)} may not be written", "check the permissions of the file")
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".infoshare-", suffix=".tmp", dir=Path(place).parent)
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(stat.S_IMODE(Path(place).stat().st_mode))
        if read(name, place) != before:
            raise CannotRead(f"{quoted(name)} was changed meanwhile, and is left as it is", "run fmt again")
        Path(temporary).replace(place)
    except OSError as error:
        raise CannotRead(
            f"{quoted(name)} cannot be written: {(error.strerror or 'it failed').lower()}"
        ) from None
    finally:
        with contextlib.suppress(OSError, ValueError):
            Path(temporary).unlink()
