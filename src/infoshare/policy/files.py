"""Where the files of a policy come from: a disk, bytes in memory, or those that come with the package.

Invariants: nothing outside the root is ever opened, nor anything that is not a regular file; a file has one
identity under whatever spelling it is used. Nothing here needs `pathlib` for a shipped policy: importing it takes
longer than reading the policy. Deliberately not here: which files a policy uses (`collector`).
"""

import errno
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Protocol

from infoshare.diagnostic import did_you_mean, nearest
from infoshare.errors import Refused
from infoshare.values import frozen

LARGEST_FILE = 8 * 1024 * 1024
SHIPPED = "infoshare:"


@frozen
class Place:
    """Where a file is.

    Attributes:
        identity: the same for every spelling of the same file.
        shown: the path that people know it by.
        name: the path that the digest knows it by, relative to the root.
        real: the path that opens it, free of links; empty for a file in memory.
    """

    identity: str
    shown: str
    name: str
    real: str = ""


class NoFile(Refused):
    """A file that cannot be had, with the code of the diagnostic that says so."""

    def __init__(self, code: str, message: str, *help_: str) -> None:
        self.code = code
        super().__init__(message, *help_)


class FileSet(Protocol):
    """Somewhere that files come from. Every method raises NoFile."""

    def main(self) -> Place:
        """The file to load."""

    def used(self, path: str, by: Place) -> Place:
        """The file that another one names in `use`."""

    def read(self, place: Place) -> bytes:
        """Its bytes; read once, and at most a little more than `LARGEST_FILE` of them."""


@frozen
class FilesInMemory:
    """Files given as bytes. One that is not given is still found by `infoshare:NAME` if it is shipped."""

    sources: Mapping[str, bytes]
    main_path: str

    def main(self) -> Place:
        """The file named as the main one."""
        return self._at(self.main_path)

    def used(self, path: str, by: Place) -> Place:
        """Relative to the file that uses it."""
        if by.shown.startswith(SHIPPED) or path.startswith(SHIPPED):
            return self._at(_shipped_name(path))
        _check_relative(path)
        from pathlib import PurePosixPath

        parts = _normal([*PurePosixPath(by.shown).parent.parts, *path.split("/")])
        if parts is None:
            raise _outside(path)
        return self._at("/".join(parts))

    def read(self, place: Place) -> bytes:
        """The bytes as given."""
        return _read(place) if place.real else self.sources[place.identity]

    def _at(self, path: str) -> Place:
        if path in self.sources:
            return Place(path, path, path)
        if path.startswith(SHIPPED):
            return _shipped(path)
        raise NoFile("IS803", f"no file is named `{quoted(path)}`", *did_you_mean(path, self.sources))


@frozen
class FilesOnDisk:
    """A file on disk and those that it uses, none of them outside the root."""

    path: str | os.PathLike[str]
    root_path: str | os.PathLike[str] | None = None

    def main(self) -> Place:
        """The file itself, shown as it was given."""
        text = os.fsdecode(self.path)
        if text.startswith(SHIPPED):
            return _shipped(text)
        from pathlib import Path

        return self._inside(text, Path(text).as_posix())

    def used(self, path: str, by: Place) -> Place:
        """Relative to where the file that uses it really lies, whatever link led to it."""
        if by.shown.startswith(SHIPPED) or path.startswith(SHIPPED):
            return _shipped(path)
        _check_relative(path)
        from pathlib import PurePosixPath

        shown = os.path.normpath(PurePosixPath(by.shown).parent / path).replace(os.sep, "/")
        return self._inside(os.path.join(os.path.dirname(by.real), path), shown)  # `..` stays

    def read(self, place: Place) -> bytes:
        """Opened once; a file that changes meanwhile is the bytes that were read."""
        return _read(place)

    def _inside(self, path: str, shown: str) -> Place:
        from pathlib import Path

        spelled = Path(self.root_path if self.root_path is not None else Path(os.fsdecode(self.path)).parent)
        try:
            root, real = os.path.realpath(spelled), os.path.realpath(path)
        except ValueError:  # a NUL in it
            raise _unreadable(shown) from None
        if not _holds(root, real):
            raise _outside(shown)
        name = Path(os.path.relpath(real, root)).as_posix()
        if os.path.realpath(shown) != real:  # a link on the way made the spelling lead elsewhere
            shown = (spelled / name).as_posix()
        return Place(_identity(real), shown, name, real)


def _holds(root: str, real: str) -> bool:
    try:
        return os.path.commonpath([root, real]) == root
    except ValueError:  # on different drives
        return False


def _identity(real: str) -> str:
    """The same for two spellings on a disk that does not tell capital letters, or ways of writing é, apart."""
    try:
        status = os.stat(real)
    except (OSError, ValueError):
        return os.path.normcase(real)
    return f"{status.st_dev}:{status.st_ino}:{unicodedata.normalize('NFC', real).casefold()}"


def _shipped_name(path: str) -> str:
    return SHIPPED + path.removeprefix(SHIPPED).removesuffix(".policy")


def _shipped(path: str) -> Place:
    name = _shipped_name(path).removeprefix(SHIPPED)
    folder = shipped_folder()
    known = sorted(file.removesuffix(".policy") for file in policies_in(folder))
    if name not in known:
        help_ = did_you_mean(name.partition(".")[0], known) or (f"shipped policies are {', '.join(known)}",)
        raise NoFile("IS803", f"no shipped policy is named `{quoted(name)}`", *help_)
    real = os.path.realpath(os.path.join(folder, f"{name}.policy"))
    return Place(_identity(real), f"{SHIPPED}{name}", f"{SHIPPED}{name}", real)


def policies_below(folder: str) -> Iterator[str]:
    """Every `.policy` file in a folder and below it; hidden folders are passed over."""
    from pathlib import Path

    for where, folders, files in os.walk(folder):
        folders[:] = [inner for inner in folders if not inner.startswith(".")]
        yield from (str(Path(where, file)) for file in files if file.endswith(".policy"))


def shipped_folder() -> str:
    """Where the shipped policies are: in the package, or in a checkout beside `src`."""
    package = os.path.dirname(os.path.dirname(__file__))
    inside = os.path.join(package, "policies")
    return (
        inside if os.path.isdir(inside) else os.path.join(os.path.realpath(package), "..", "..", "policies")
    )


def policies_in(folder: str) -> list[str]:
    """The names of the policy files of a folder; none where it cannot be read."""
    try:
        return [name for name in os.listdir(folder) if name.endswith(".policy")]
    except OSError:
        return []


class NotRegularError(OSError):
    """A folder, a pipe or a device where a file was expected."""


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Opens a file to be read, never waiting as a pipe would.

    Raises:
        NotRegularError: it is a folder, a pipe or a device.
        OSError, ValueError: as `open` does.
    """
    # A pipe that nobody writes to would never come back; opening some devices does something.
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise NotRegularError(errno.EINVAL, "not a regular file")
    file = open(path, "rb", opener=_open_at_once)  # noqa: SIM115 - whoever asked for it closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # it was changed meanwhile
        file.close()
        raise NotRegularError(errno.EINVAL, "not a regular file")
    return file


def _read(place: Place) -> bytes:
    try:
        with open_regular(place.real) as file:
            return file.read(LARGEST_FILE + 1)
    except NotRegularError:
        message = f"`{quoted(place.shown)}` is not a regular file"
        raise NoFile("IS803", message, "give the name of a .policy file") from None
    except FileNotFoundError:
        folder, name = os.path.split(place.real)
        near = policies_in(folder)
        help_ = did_you_mean(name, near)
        stem, known = name.removesuffix(".policy"), policies_in(shipped_folder())
        shipped = None if help_ and f"{stem}.policy" not in known else nearest(f"{stem}.policy", known)
        if shipped:
            shown = SHIPPED + shipped.removesuffix(".policy")
            help_ = (*help_, f"did you mean `{shown}`, which comes with infoshare?")
        help_ = help_ or ("check the spelling and the folder",)
        raise NoFile("IS803", f"there is no file `{quoted(place.shown)}`", *help_) from None
    except (OSError, ValueError):
        raise _unreadable(place.shown) from None


def _open_at_once(path: str, flags: int) -> int:
    """Opens without waiting for somebody at the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _unreadable(shown: str) -> NoFile:
    return NoFile("IS803", f"`{quoted(shown)}` cannot be read", "check the name, and that you may read it")


def _check_relative(path: str) -> None:
    if path.startswith(("/", "~")) or not path or any(character in path for character in "\\:\0"):
        help_ = (
            'write the name of a file beside this one, such as "vocabulary.policy", or "infoshare:vocabulary"'
        )
        raise NoFile("IS805", f"`{quoted(path)}` is not a path relative to this file", help_)


def _outside(path: str) -> NoFile:
    help_ = "move it inside, or load with a root that holds both"
    return NoFile("IS804", f"`{quoted(path)}` lies outside the folder that was loaded", help_)


def _normal(parts: list[str]) -> list[str] | None:
    found: list[str] = []
    for part in parts:
        if part in ("", "."):
            continue
        if part == "..":
            if not found:
                return None
            found.pop()
        else:
            found.append(part)
    return found


def quoted(text: str) -> str:
    """A path, safe to show."""
    clean = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return clean if len(clean) <= 200 else clean[:197] + "…"
