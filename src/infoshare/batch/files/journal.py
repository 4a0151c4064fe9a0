"""The folder beside a result in which a run is kept until it is whole: parts, and a journal of them.

The journal begins with a key of the run's own. The next line binds the run: policy, day, cases and options; then
comes a line for each part, written when the part is on the disk; so whatever stops the program, what the journal says
is there. The key seals each line with the lines before it (HMAC-SHA-256). Invariants: a run goes on only with the very same things
that it began with; two programs never work on one run; of what was altered or damaged, and of what follows it,
nothing is believed; no link is followed, and no file of somebody else is read or deleted.

Who may write into the folder's parent can delete a run or put an older one of the same in its place, and so cause
work to be done again; the key is for the owner's eyes, so nobody else can make a journal, or a part, that is believed.
The owner and the system's administrators hold the key and can make anything: against them there is no guard here.
Deliberately not here: what is in a part.
"""

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any, BinaryIO, Self

import attrs

from infoshare.batch.files.decided import Tally
from infoshare.diagnostic import Diagnostic
from infoshare.errors import Refused
from infoshare.text import quoted
from infoshare.writing import NotWritten, Output, reason_of, sync_folder

FORMAT = "infoshare.batch/2"
_JOURNAL, _JOINED = "journal", "joined"
_OURS = re.compile(r"journal|joined|part-[0-9]{6}|journal\.ndjson|(joined|part-[0-9]{6})\.new")
"""Names of files that a run makes, or one of an earlier version made."""

_WORDS = {
    "format": "by another version of infoshare",
    "software": "by another version of infoshare or pyarrow",
    "policy": "with another policy, or the policy was changed",
    "as_of": "for another day",
    "presume": "with or without --no-presumptions",
    "cases": "with other cases, or the file was changed",
    "options": "with other options",
}
_RESTART = "say --restart to throw it away and begin anew, or name another file with -o"
AGAIN = "what is decided is kept: run the same command again, and it goes on from there"


@attrs.frozen
class Part:
    """A part that is whole.

    Attributes:
        mark: where its reader goes on behind it.
        faults: the first rows that were not decided, by the number of the case.
    """

    file: str
    size: int
    sha256: str
    mark: int
    tally: Tally
    faults: tuple[tuple[int, Diagnostic], ...] = ()

    @staticmethod
    def of(line: Mapping[str, Any]) -> "Part":
        """A line of the journal. Raises KeyError, TypeError or ValueError for anything else."""
        faults = tuple(
            (case, Diagnostic(code, said, help=tuple(help_), path=at))
            for case, code, at, said, help_ in line["faults"]
        )
        return Part(line["file"], line["size"], line["sha256"], line["mark"], Tally(**line["tally"]), faults)

    def to_dict(self) -> dict[str, Any]:
        """The line of the journal."""
        faults = [(case, d.code, d.path, d.message, d.help) for case, d in self.faults]
        return {**attrs.asdict(self, recurse=False), "tally": self.tally.to_dict(), "faults": faults}


class Journal:
    """A run on the disk.

    Args:
        output: the result; the folder lies beside it.

    Attributes:
        binding: what the run was begun with; None where there is no run to go on with.
        parts: what is kept of it.
        distrusted: whether something was kept that was altered or damaged, and is decided again.
    """

    def __init__(self, output: Output) -> None:
        self.output = output
        self.folder = f"{output.path}.unfinished"
        self.binding: Mapping[str, Any] | None = None
        self.parts: list[Part] = []
        self.distrusted = False
        self._ends: list[int] = []  # where the line of each part ends, that of the binding before them
        self._seals: list[str] = [""]
        self._key = b""
        self._published: Mapping[str, int] | None = None
        self._file: IO[bytes] | None = None
        self._is_mine = False  # whether this program may throw it away

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_mine and not (self.parts and self.binding):
            self.drop()  # nothing that another try could go on with
        self.close()

    @property
    def cases(self) -> int:
        """How many cases are decided and kept."""
        return sum(part.tally.cases for part in self.parts)

    def look(self, *, restart: bool) -> None:
        """Reads what an earlier run left.

        Args:
            restart: whether it will be thrown away, so that it need not be believed.

        Raises:
            Refused: somebody else is at work on it, or it is not to be believed.
        """
        if not os.path.lexists(self.folder):
            return
        self._check_folder()
        try:
            self._file = self._opened(_JOURNAL, os.O_RDWR, "r+b")
        except FileNotFoundError:
            if self._is_there("journal.ndjson") and not restart:
                raise self._refused("it was begun by another version of infoshare") from None
            return
        except OSError as error:  # a link, a folder, or not to be read
            raise Refused(
                f"the journal of an unfinished run in {quoted(self.folder)} cannot be opened: {reason_of(error)}",
                "move it away, or name another file with -o",
            ) from None
        self._lock()
        lines = self._file.read().split(b"\n")[:-1]
        if len(lines) < 2 or restart:
            return
        self._key = lines[0]
        self._read(lines[1:])
        if self.binding is None:
            raise self._refused("its journal was altered or damaged")

    def check(self, binding: Mapping[str, Any], *, by_rows: bool) -> None:
        """Holds what the run was begun with against what it is to go on with, and that its parts are there.

        Args:
            by_rows: whether a mark is the number of cases up to it.

        Raises:
            Refused: it is another run.
        """
        known = self.binding or {}
        different = next((key for key, value in binding.items() if known.get(key) != value), None)
        if different is not None:
            if not self.parts:
                self.begin(binding)
                return
            decided = f"{self.cases:,} {'case is' if self.cases == 1 else 'cases are'} decided in it"
            raise self._refused(
                f"it was begun {_WORDS[different]}; {decided}", "give the same again to go on with it"
            )
        self._is_mine = True
        if self.is_published():  # some parts may be gone already
            return
        mark = cases = 0
        for place, part in enumerate(self.parts):
            cases += part.tally.cases
            in_order = part.file == _name(place) and part.mark > mark and part.tally.cases > 0
            if not (in_order and (part.mark == cases or not by_rows) and self._is_whole(part)):
                self.distrusted = True
                del self.parts[place:]
                break
            mark = part.mark
        self._forget_behind(len(self.parts))

    def begin(self, binding: Mapping[str, Any]) -> None:
        """Makes the folder and binds the run; what was there before is thrown away.

        Raises:
            Refused: what is there is not what a run leaves.
            NotWritten: the system refuses.
        """
        try:
            self._check_strange()
            self._clear()
            self.parts, self._ends, self._seals, self._published = [], [], [""], None
            os.mkdir(self.folder, 0o700)  # noqa: PTH102 - as the rest, by the path that was given
            self._key = secrets.token_hex(32).encode()
            self._file = self._opened(_JOURNAL, os.O_RDWR | os.O_CREAT | os.O_EXCL, "r+b")
            self._lock()
            self.binding, self._is_mine = binding, True
            self._write(self._key)
            self._say(binding)
            sync_folder(self.folder)
        except FileExistsError:
            raise self._busy() from None
        except OSError as error:
            raise self._failed(error) from None

    def add(self, data: bytes, mark: int, tally: Tally, faults: Iterable[tuple[int, Diagnostic]]) -> None:
        """Keeps a part. Raises NotWritten."""
        part = Part(
            _name(len(self.parts)), len(data), hashlib.sha256(data).hexdigest(), mark, tally, tuple(faults)
        )
        try:
            with self._made(part.file) as file:
                file.write(data)
            sync_folder(self.folder)
            self._say(part.to_dict())
        except OSError as error:
            raise self._failed(error) from None
        self.parts.append(part)

    def is_published(self) -> bool:
        """Whether the result bears its name already, and only the tidying up was not done."""
        return self._published is not None and _identity(self.output.path) == self._published

    def publish(self, write: Callable[[Iterator[bytes], BinaryIO], None]) -> None:
        """Puts the parts together, in order, gives the result its name, and throws the rest away.

        Args:
            write: writes all of the parts into one file.

        Raises:
            Refused: a part was altered meanwhile.
            NotWritten: meanwhile there is a file of that name, or the system refuses.
        """
        try:
            with self._made(_JOINED) as file:
                write(self._contents(), file)
            self._say({"joined": _identity(self._path(_JOINED))})
        except OSError as error:
            raise self._failed(error) from None
        try:
            self.output.publish(self._path(_JOINED))
        except NotWritten as error:
            raise error.although(AGAIN) from None
        self.drop()

    def drop(self) -> None:
        """Throws the run away."""
        with contextlib.suppress(OSError, Refused):
            self._clear()
        self.close()
        self._is_mine = False

    def _read(self, lines: Iterable[bytes]) -> None:
        """Takes over what the journal says, up to the first line that was altered or damaged."""
        end = len(self._key) + 1
        for number, line in enumerate(lines):
            end += len(line) + 1
            sealed, _, text = line.partition(b" ")
            if not hmac.compare_digest(sealed, self._seal(text).encode()):
                self.distrusted = True
                return
            try:
                value = json.loads(text)
                if number == 0:
                    self.binding = dict(value)
                elif "joined" in value:
                    self._published = value["joined"]
                else:
                    self.parts.append(Part.of(value))
            except (ValueError, KeyError, TypeError):
                self.distrusted = True
                return
            if "joined" not in value:
                self._ends.append(end)
                self._seals.append(sealed.decode())
            else:
                self._seals[-1], self._ends[-1] = sealed.decode(), end

    def _forget_behind(self, parts: int) -> None:
        """Goes on writing the journal behind its first parts."""
        assert self._file is not None  # noqa: S101 - it is open while there is a run
        del self._ends[parts + 1 :], self._seals[parts + 2 :]
        self._file.seek(self._ends[-1])
        self._file.truncate()

    def _contents(self) -> Iterator[bytes]:
        """The bytes of every part, each held against what the journal says of it."""
        for part in self.parts:
            data = self._bytes_of(part)
            if data is None:
                raise Refused(f"{quoted(self.folder)} was altered meanwhile", AGAIN)
            yield data

    def _is_whole(self, part: Part) -> bool:
        return self._bytes_of(part) is not None

    def _bytes_of(self, part: Part) -> bytes | None:
        try:
            with self._opened(part.file, os.O_RDONLY, "rb") as file:
                data = file.read(part.size + 1)
        except (OSError, Refused):
            return None
        return data if hashlib.sha256(data).hexdigest() == part.sha256 else None

    def _check_folder(self) -> None:
        status = os.lstat(self.folder)
        if not stat.S_ISDIR(status.st_mode):
            raise Refused(
                f"{quoted(self.folder)} is not a folder", "move it away, or name another file with -o"
            )
        if not _is_ours(status):
            raise Refused(
                f"{quoted(self.folder)} is somebody else's, or others may write into it",
                "move it away, or name another file with -o",
            )

    def _check_strange(self) -> None:
        """Sees to it that there is nothing in the folder but what a run leaves."""
        names = os.listdir(self.folder) if os.path.lexists(self.folder) else []  # noqa: PTH208
        strange = [name for name in names if not _OURS.fullmatch(name)]
        if strange:
            raise Refused(
                f"{quoted(self.folder)} holds what no run leaves, such as {quoted(strange[0])}",
                "move it away, or name another file with -o",
            )

    def _clear(self) -> None:
        """Deletes what a run leaves, and the folder if nothing else is in it."""
        if not os.path.lexists(self.folder):
            return
        self._check_folder()
        names = [name for name in os.listdir(self.folder) if _OURS.fullmatch(name)]  # noqa: PTH208
        for name in sorted(names, key=lambda name: name == _JOURNAL):  # that last: without it there is no run
            if name == _JOURNAL:
                self.close()
            os.unlink(self._path(name))  # noqa: PTH108
        os.rmdir(self.folder)  # noqa: PTH106

    @contextlib.contextmanager
    def _made(self, name: str) -> Iterator[BinaryIO]:
        """A new file in the folder, which is on the disk when the block ends."""
        if self._is_there(name):
            os.unlink(self._path(name))  # noqa: PTH108
        with self._opened(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def _opened(self, name: str, flags: int, mode: str) -> Any:
        """A file in the folder, which is ours and no link."""
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        handle = os.open(self._path(name), flags, 0o600)
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or not _is_ours(status):
            os.close(handle)
            raise self._refused(f"{name} in it is somebody else's, or no file")
        return os.fdopen(handle, mode, buffering=0 if name == _JOURNAL else -1)

    def _is_there(self, name: str) -> bool:
        return os.path.lexists(self._path(name))

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)  # noqa: PTH118

    def _lock(self) -> None:
        assert self._file is not None  # noqa: S101 - it was opened
        try:
            import fcntl
        except ImportError:  # a system without it trusts its people
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            self._file = None
            raise self._busy() from None

    def close(self) -> None:
        """Lets go of it, as it is."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _seal(self, text: bytes) -> str:
        return hmac.new(self._key, self._seals[-1].encode() + text, hashlib.sha256).hexdigest()

    def _say(self, line: Mapping[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=True).encode()
        sealed = self._seal(text)
        self._write(b"%s %s" % (sealed.encode(), text))
        self._seals.append(sealed)

    def _write(self, line: bytes) -> None:
        assert self._file is not None  # noqa: S101 - it was opened
        data = line + b"\n"
        while data:
            data = data[self._file.write(data) :]
        os.fsync(self._file.fileno())

    def _refused(self, why: str, *help_: str) -> Refused:
        return Refused(f"an unfinished run is kept in {quoted(self.folder)}, and {why}", *help_, _RESTART)

    def _busy(self) -> Refused:
        return Refused(f"another program is at work on {quoted(self.folder)}", "wait until it has ended")

    def _failed(self, error: OSError) -> NotWritten:
        return NotWritten(f"{quoted(self.folder)} cannot be written: {reason_of(error)}", AGAIN)


def _name(place: int) -> str:
    return f"part-{place:06}"


def _identity(path: str) -> Mapping[str, int] | None:
    """What tells a file from every other, also after it was renamed; None where there is none."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return {
        "device": status.st_dev,
        "inode": status.st_ino,
        "size": status.st_size,
        "changed": status.st_mtime_ns,
    }


def _is_ours(status: os.stat_result) -> bool:
    """Whether nobody else can write it, as far as the system tells people apart."""
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
