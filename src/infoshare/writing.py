"""The one way to write a file: new unless forced, whole or not at all, and never over what the command reads.

Invariants: no symbolic link is followed; nothing is written over an input, a ledger, its keys or what its database
keeps beside it, whatever is forced; a file gets its name only when it is whole and on the disk; one that holds facts
can be read by its owner alone. Deliberately not here: what is written, and standard output (`infoshare.cli.terminal`).
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import attrs

from infoshare.errors import Refused
from infoshare.policy.files import open_regular
from infoshare.text import quoted

_PRIVATE, _PUBLIC = 0o600, 0o666
_DATABASE = b"SQLite format 3\0"
_BESIDE_A_DATABASE = ("-wal", "-shm", "-journal")
_KEYS_OF_A_LEDGER = ("case.key", "log.key")
_FORCE = "name another file, or say --force to write over it"


class NotWritten(Refused):
    """Output that could not be written when work was done for it already; what was done stays done."""

    def although(self, *done: str) -> "NotWritten":
        """The same where something stays done: what it is, and how to go on from there, which is not to begin anew."""
        return NotWritten(str(self), *done)


def reason_of(error: OSError | ValueError) -> str:
    """Why the system refuses a file, in lower case; a ValueError is a name that no file can have."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    return "not a name of a file"


@attrs.frozen
class Output:
    """A file that is to be written, which was looked at before any work was done for it.

    Attributes:
        path: as it was given.
        inputs: files that it may not be, under whatever name.
        force: whether a file that is there is written over.
        private: whether it holds facts, so that its owner alone may read it.
    """

    path: str
    inputs: tuple[str, ...] = ()
    force: bool = False
    private: bool = False

    @classmethod
    def at(
        cls, path: str, *, inputs: Iterable[str] = (), force: bool = False, private: bool = False
    ) -> "Output":
        """An output to write later.

        Raises:
            Refused: it may not be written there.
        """
        output = cls(path, tuple(inputs), force, private)
        output.check()
        return output

    def apart_from(self, inputs: Iterable[str]) -> "Output":
        """The same, now that more is known of what is read.

        Raises:
            Refused: it is one of these.
        """
        return Output.at(self.path, inputs=(*self.inputs, *inputs), force=self.force, private=self.private)

    def check(self) -> None:
        """Looks again whether it may be written there. Raises Refused."""
        try:
            self._check()
        except (OSError, ValueError) as error:
            raise self._refused(f"cannot be written: {reason_of(error)}") from None

    def write(self, data: bytes) -> None:
        """Writes all of it, or nothing.

        Raises:
            NotWritten: somebody else made the file meanwhile, or the system refuses.
        """
        with self.open() as file:
            file.write(data)

    @contextlib.contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """A new file beside it, which gets its name when the block ends without an error, and else is gone.

        Raises:
            NotWritten: somebody else made the file meanwhile, or the system refuses.
        """
        try:
            mode = _PRIVATE if self.private else _mode_of(self.path)
            with _beside(self.path, mode) as (file, new):
                yield file
                _close(file)
                self.publish(new)
        except OSError as error:
            raise self._failed(error) from None

    def publish(self, whole: str | os.PathLike[str]) -> None:
        """Gives a file that is whole, and lies on the same disk, this name.

        Raises:
            NotWritten: somebody else made a file of this name meanwhile, or the system refuses.
        """
        try:
            self.check()
            if self.force:
                os.replace(whole, self.path)
            else:
                _name_unless_taken(whole, self.path)
            sync_folder(_folder(self.path))
        except Refused as error:
            raise NotWritten(str(error), *error.help) from None
        except FileExistsError:
            raise NotWritten(f"{quoted(self.path)} is there meanwhile", _FORCE) from None
        except OSError as error:
            raise self._failed(error) from None

    def _check(self) -> None:
        if not self.path:
            raise Refused("the file to write has no name", "give it one")
        there = _status(self.path)
        mode = stat.S_IFREG if there is None else there.st_mode
        if stat.S_ISLNK(mode):
            raise self._refused("is a link, and links are not followed", "name the file itself")
        if stat.S_ISDIR(mode):
            raise self._refused("is a folder", "name a file in it")
        if not stat.S_ISREG(mode):
            raise self._refused("is not a regular file", "name a new file")
        if any(_is_same(self.path, each) for each in self.inputs):
            raise self._refused("is what this command reads, and is not written over", "name another file")
        self._check_records()
        folder = _folder(self.path)
        if not os.path.isdir(folder):
            raise self._refused(
                f"cannot be written: there is no folder {quoted(folder)}",
                "make it, or name a file elsewhere",
            )
        if there is not None and not self.force:
            raise self._refused("is there already", _FORCE)
        if not (os.access(folder, os.W_OK | os.X_OK) and (there is None or os.access(self.path, os.W_OK))):
            raise self._refused("may not be written", "check the permissions, or name another file")

    def _check_records(self) -> None:
        """Keeps every ledger safe, also one that this command knows nothing of."""
        folder = _folder(self.path)
        base = next(
            (self.path.removesuffix(end) for end in _BESIDE_A_DATABASE if self.path.endswith(end)), ""
        )
        if _head(self.path).startswith(_DATABASE):
            raise self._refused(
                "is a ledger or another database, and is not written over", "name another file"
            )
        if base and _head(base).startswith(_DATABASE):
            raise self._refused(f"belongs to the database {quoted(base)}", "name another file")
        if any(os.path.lexists(os.path.join(folder, key)) for key in _KEYS_OF_A_LEDGER):
            raise self._refused("would lie among the keys of a ledger", "name a file in another folder")
        if b"PRIVATE KEY-----" in _head(self.path):
            raise self._refused("holds a private key, and is not written over", "name another file")

    def _refused(self, why: str, *help_: str) -> Refused:
        return Refused(f"{quoted(self.path)} {why}", *help_)

    def _failed(self, error: OSError) -> NotWritten:
        return NotWritten(
            f"{quoted(self.path)} cannot be written: {reason_of(error)}",
            "nothing is left of it; make room or mend what the system says, and try again",
        )


def rewrite(path: str, shown: str, before: bytes, after: bytes, *, private: bool = False) -> None:
    """Puts new bytes in the place of those that were read, in one step: a reader sees the ones or the others.

    Args:
        path: where the file really is, free of links.
        shown: what to call it.
        private: whether it holds facts; else it may be read by whom it could be before.

    Raises:
        Refused: it may not be written, or holds something else meanwhile.
        NotWritten: the system refuses.
    """
    name = quoted(shown)
    if not os.access(path, os.W_OK):
        raise Refused(f"{name} may not be written", "check the permissions of the file")
    try:
        with _beside(path, _PRIVATE if private else _mode_of(path)) as (file, new):
            file.write(after)
            _close(file)
            with open(path, "rb") as now:
                changed = now.read(len(before) + 1) != before
            if changed:
                raise Refused(f"{name} was changed meanwhile, and is left as it is", "try again")
            os.replace(new, path)
            sync_folder(_folder(path))
    except OSError as error:
        raise NotWritten(f"{name} cannot be written: {reason_of(error)}", "it is left as it was") from None


def sync_folder(folder: str | os.PathLike[str]) -> None:
    """Forces the names in a folder to the disk, where a system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _beside(path: str, mode: int) -> Iterator[tuple[BinaryIO, str]]:
    """A new file in the same folder, open to be written, and its path; gone at the end unless it was renamed."""
    new = os.path.join(_folder(path), f".infoshare-{secrets.token_hex(8)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(new, flags, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            if mode not in {_PRIVATE, _PUBLIC}:  # that of the file whose place it takes
                os.chmod(new, mode)
            yield file, new
    finally:
        with contextlib.suppress(OSError):
            os.unlink(new)


def _close(file: BinaryIO) -> None:
    """Closes a file once all of it is on the disk."""
    file.flush()
    os.fsync(file.fileno())
    file.close()


def _name_unless_taken(whole: str | os.PathLike[str], path: str) -> None:
    """Names a file by a link, which fails where a name is taken, so that two programs never write over one another."""
    try:
        os.link(whole, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a disk without hard links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.replace(whole, path)
    else:
        os.unlink(whole)


def _folder(path: str) -> str:
    return os.path.dirname(path) or "."


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _mode_of(path: str) -> int:
    there = _status(path)
    return _PUBLIC if there is None else stat.S_IMODE(there.st_mode)


def _is_same(path: str, other: str) -> bool:
    try:
        return os.path.samefile(path, other)
    except (OSError, ValueError):
        return False


def _head(path: str) -> bytes:
    """The beginning of a regular file; nothing where there is none, or it may not be read."""
    try:
        with open_regular(path) as file:
            return file.read(4096)
    except (OSError, ValueError):
        return b""
