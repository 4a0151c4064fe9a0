"""The folder beside a result in which a run is kept until it is whole: parts, and a journal of them.

The first line of the journal binds the run: policy, day, cases and options. Then a line for each part that is
whole. A part is written under another name, forced to the disk and renamed before its line is; so whatever
stops the program, what the journal says is there. Invariants: a run goes on only with the very same things
that it began with; two programs never work on one run.
Deliberately not here: what is in a part.
"""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

import attrs

from infoshare.batch.files.refusal import Refused, reason_of
from infoshare.batch.files.tally import Tally
from infoshare.files import quoted

FORMAT = "infoshare.batch/1"
_JOURNAL = "journal.ndjson"
_WORDS = {
    "format": "by another version of infoshare",
    "software": "by another version of infoshare or pyarrow",
    "policy": "with another policy, or the policy was changed",
    "as_of": "for another day",
    "presume": "with or without --no-presumptions",
    "cases": "with other cases, or the file was changed",
    "options": "with other options",
}
AGAIN = "run the same command again: it goes on from there"


@attrs.frozen
class Part:
    """A part that is whole.

    Attributes:
        mark: where its reader goes on behind it.
        faults: the first rows that were not decided, as `(case, code, column, message, help)`.
    """

    file: str
    size: int
    sha256: str
    mark: int
    tally: Tally
    faults: tuple[tuple[int, str, str | None, str, tuple[str, ...]], ...] = ()

    @staticmethod
    def of(line: Mapping[str, Any]) -> "Part":
        """A line of the journal. Raises KeyError or TypeError for anything else."""
        faults = tuple((row, code, at, said, tuple(help_)) for row, code, at, said, help_ in line["faults"])
        return Part(line["file"], line["size"], line["sha256"], line["mark"], Tally(**line["tally"]), faults)

    def to_dict(self) -> dict[str, Any]:
        """The line of the journal."""
        return {**attrs.asdict(self, recurse=False), "tally": self.tally.to_dict()}


class Unfinished:
    """A run on the disk.

    Args:
        out: the path of the result; the folder lies beside it.
    """

    def __init__(self, out: str) -> None:
        self.folder = Path(f"{out}.unfinished")
        self.binding: Mapping[str, Any] | None = None
        self.parts: list[Part] = []
        self._journal: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def look(self) -> Mapping[str, Any] | None:
        """What an earlier run was begun with; None if there is none.

        Raises:
            Refused: somebody else is at work on it, or it cannot be read.
        """
        if not (self.folder / _JOURNAL).exists():
            return None
        try:
            self._open("r+b")
        except OSError as error:
            raise self._trouble(error) from None
        assert self._journal is not None  # noqa: S101 - it was opened
        lines = self._journal.read().split(b"\n")
        whole = 0
        for number, line in enumerate(lines[:-1]):
            try:
                value = json.loads(line)
                if number == 0:
                    self.binding = dict(value)
                else:
                    self.parts.append(Part.of(value))
            except (ValueError, KeyError, TypeError):
                break
            whole += len(line) + 1
        self._journal.seek(whole)
        self._journal.truncate()
        return self.binding

    def check(self, binding: Mapping[str, Any]) -> None:
        """Holds what the run was begun with against what it is to go on with, and that its parts are there.

        Raises:
            Refused: it is another run, or a part was changed.
        """
        for key, value in binding.items():
            if self.binding is not None and self.binding.get(key) != value:
                raise Refused(
                    f"an unfinished run is kept in {quoted(str(self.folder))}, and it was begun {_WORDS[key]}",
                    "give the same again to go on with it",
                    "or say --restart to throw it away and begin anew",
                )
        for place, part in enumerate(self.parts):
            if not self._is_whole(part):
                del self.parts[place:]
                self._rewrite()
                break

    def begin(self, binding: Mapping[str, Any]) -> None:
        """Makes the folder and binds the run; what was there before is thrown away."""
        self.parts.clear()
        try:
            if self._journal is not None:
                self._journal.close()
            if self.folder.exists():
                shutil.rmtree(self.folder)
            self.folder.mkdir()
            self._open("x+b")
            self.binding = binding
            self._say(binding)
            _sync_folder(self.folder)
        except OSError as error:
            raise self._trouble(error) from None

    def add(self, data: bytes, mark: int, tally: Tally, faults: Any) -> None:
        """Keeps a part."""
        name = f"part-{len(self.parts):06}"
        try:
            with (self.folder / f"{name}.new").open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            (self.folder / f"{name}.new").replace(self.folder / name)
            _sync_folder(self.folder)
            part = Part(name, len(data), hashlib.sha256(data).hexdigest(), mark, tally, tuple(faults))
            self._say(part.to_dict())
            self.parts.append(part)
        except OSError as error:
            raise self._trouble(error) from None

    @property
    def joined(self) -> Path:
        """Where the result is put together, before it gets its name."""
        return self.folder / "joined"

    def is_published(self, out: str) -> bool:
        """Whether the result bears its name already, and only the tidying up was not done."""
        try:
            return os.path.samefile(self.joined, out)  # noqa: PTH121 - keeps the path as it was given
        except OSError:
            return False

    def publish(self, out: str, *, force: bool) -> None:
        """Gives the joined result its name, and throws the rest away.

        Raises:
            Refused: meanwhile there is a file of that name.
        """
        try:
            if force:
                self.joined.replace(out)
            else:
                _link_unless_there(self.joined, out)
            _sync_folder(self.folder.parent)
        except FileExistsError:
            raise Refused(f"{quoted(out)} is there meanwhile", "say --force to write over it") from None
        except OSError as error:
            raise Refused(f"{quoted(out)} cannot be written: {reason_of(error)}", AGAIN) from None
        self.drop()

    def join(self, write: Callable[[Sequence[Path], Path], None]) -> None:
        """Puts the parts together, in order.

        Args:
            write: writes all of the parts into one file.
        """
        new = self.folder / "joined.new"
        try:
            write([self.folder / part.file for part in self.parts], new)
            with new.open("rb+") as file:
                os.fsync(file.fileno())
            new.replace(self.joined)
        except OSError as error:
            raise self._trouble(error) from None

    def drop(self) -> None:
        """Throws the run away."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _is_whole(self, part: Part) -> bool:
        try:
            with (self.folder / part.file).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == part.sha256
        except OSError:
            return False

    def _open(self, mode: str) -> None:
        self._journal = (self.folder / _JOURNAL).open(mode, buffering=0)
        try:
            import fcntl
        except ImportError:  # a system without it trusts its people
            return
        try:
            fcntl.flock(self._journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._journal.close()
            self._journal = None
            raise Refused(
                f"another program is at work on {quoted(str(self.folder))}", "wait until it has ended"
            ) from None

    def _rewrite(self) -> None:
        assert self._journal is not None  # noqa: S101 - it is open while there are parts
        self._journal.seek(0)
        self._journal.truncate()
        for line in (self.binding, *(part.to_dict() for part in self.parts)):
            self._say(line)

    def _say(self, line: Any) -> None:
        assert self._journal is not None  # noqa: S101 - it was opened
        data = json.dumps(line, ensure_ascii=True).encode() + b"\n"
        while data:
            data = data[self._journal.write(data) :]
        os.fsync(self._journal.fileno())

    def _trouble(self, error: OSError) -> Refused:
        return Refused(f"{quoted(str(self.folder))} cannot be written: {reason_of(error)}", AGAIN)


def _link_unless_there(joined: Path, out: str) -> None:
    try:
        os.link(joined, out)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if os.path.lexists(out):
            raise FileExistsError(out) from None
        joined.replace(out)


def _sync_folder(folder: Path) -> None:
    """Forces the names in a folder to the disk, where a system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
