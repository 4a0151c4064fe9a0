"""What an author sees at a moment: folders of policies, and the texts that are open over what is on the disk.

A `Workspace` is a value: what is edited is another one. What was read, bound and found is kept between them in `_Kept`,
by what it is a function of, so that an edit costs what it changed.
Invariant: `check_up` says what `infoshare check` says of the same files, were what is open written to the disk.
Deliberately not here: what is asked about a place in a text (the other modules of this room), and any protocol.
"""

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any, Protocol, TypeVar

import attrs

from infoshare.authoring.checking import CheckUp, check, identity
from infoshare.authoring.findings import Checked
from infoshare.diagnostic import Diagnostic
from infoshare.editor.documents import Document
from infoshare.editor.scope import Scope
from infoshare.policy.collector import collect
from infoshare.policy.files import (
    SHIPPED,
    FileSet,
    FilesOnDisk,
    NoFile,
    Place,
    policies_below,
    policies_in,
    shipped_folder,
)
from infoshare.policy.load import LoadResult, bound
from infoshare.syntax import tree as t
from infoshare.syntax.parser import ParseResult, decode, parse
from infoshare.text import Source

T = TypeVar("T")


class Disk(Protocol):
    """Where files are that are not open."""

    def below(self, folder: str) -> Iterable[str]:
        """The policy files in a folder and below it."""

    def beside(self, folder: str) -> Iterable[str]:
        """The policy files that lie in a folder."""

    def files(self, path: str, root: str | None) -> FileSet:
        """A policy file, and those that it uses."""


class OnDisk:
    """The disk of this machine; what did not change is not read again."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[tuple[int, ...], bytes]] = {}

    def below(self, folder: str) -> Iterable[str]:
        """The policy files in a folder and below it, hidden folders aside."""
        return (path.replace(os.sep, "/") for path in policies_below(folder))

    def beside(self, folder: str) -> Iterable[str]:
        """The policy files that lie in a folder."""
        return (f"{folder.rstrip('/')}/{name}" for name in policies_in(folder))

    def files(self, path: str, root: str | None) -> FileSet:
        """A policy file, and those that it uses."""
        return _Remembered(FilesOnDisk(path, root), self._read)


@attrs.frozen(eq=False)
class _Remembered:
    """Files of the disk, read again where they changed."""

    files: FilesOnDisk
    known: dict[str, tuple[tuple[int, ...], bytes]]

    def main(self) -> Place:
        return self.files.main()

    def used(self, path: str, by: Place) -> Place:
        return self.files.used(path, by)

    def read(self, place: Place) -> bytes:
        try:
            status = os.stat(place.real)  # noqa: PTH116 - asked at every keystroke
            stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        except (OSError, ValueError):
            return self.files.read(place)
        known = self.known.get(place.real)
        if known is None or known[0] != stamp:
            known = self.known[place.real] = stamp, self.files.read(place)
        return known[1]


class _Kept:
    """What was worked out, by what it is of and what it is a function of; the latest two of each."""

    def __init__(self) -> None:
        self._found: dict[Hashable, tuple[tuple[Hashable, Any], ...]] = {}
        self._lock = Lock()

    def get(self, of: Hashable, key: Hashable, make: Callable[[], T]) -> T:
        """What was made of the same key; made, and kept, if it is not there."""
        for known, found in self._found.get(of, ()):
            if known == key:
                return found  # type: ignore[no-any-return]
        made = make()
        with self._lock:
            self._found[of] = ((key, made), *self._found.get(of, ())[:1])
        return made

    def latest(self, of: Hashable) -> Any:
        """What was made last; None where nothing was."""
        found = self._found.get(of, ())
        return found[0][1] if found else None


@attrs.frozen(eq=False, slots=False)
class Workspace:
    """Folders, and open texts.

    Attributes:
        folders: those whose policies the author may change; a file elsewhere is looked at by itself.
        opened: what is open, by its path, which is absolute.
        today: the day on which things are asked.
    """

    folders: tuple[str, ...]
    today: date
    disk: Disk = attrs.field(factory=OnDisk)
    opened: Mapping[str, Document] = attrs.field(factory=dict)
    _kept: _Kept = attrs.field(factory=_Kept)
    _listed: tuple[str, ...] | None = None

    # --- what changes it

    def edited(self, path: str, text: str, version: int | None = None) -> "Workspace":
        """With the text of an open file, or of one that is opened so."""
        before = self.opened.get(path) or self._kept.latest(("document", path))
        document = Document.of(path, text, before, open=True, version=version)
        return attrs.evolve(self, opened={**self.opened, path: document})

    def closed(self, path: str) -> "Workspace":
        """Without a file among the open ones: what it says is what the disk says."""
        return attrs.evolve(self, opened={p: d for p, d in self.opened.items() if p != path})

    def within(self, folders: Iterable[str]) -> "Workspace":
        """With other folders."""
        return attrs.evolve(self, folders=tuple(folders), listed=None)

    def refreshed(self) -> "Workspace":
        """With the files that the disk has now."""
        fresh = attrs.evolve(self, listed=None)
        return attrs.evolve(self, listed=fresh.in_folders)

    def on(self, today: date) -> "Workspace":
        """On another day."""
        return self if today == self.today else attrs.evolve(self, today=today)

    def changed_since(self, before: "Workspace") -> frozenset[str]:
        """The files that an editor has, or had, open, and whose texts are others than they were."""

        def texts(workspace: Workspace, path: str) -> str | None:
            document = workspace.document(path)
            return None if document is None else document.text

        either = self.opened.keys() | before.opened.keys()
        return frozenset(path for path in either if texts(self, path) != texts(before, path))

    # --- its files

    @cached_property
    def in_folders(self) -> tuple[str, ...]:
        """The policy files of the folders."""
        if self._listed is not None:
            return self._listed
        return tuple(
            dict.fromkeys(path for folder in self.folders for path in sorted(self.disk.below(folder)))
        )

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The policy files of the folders, and those that are open."""
        return tuple(dict.fromkeys([*self.in_folders, *sorted(self.opened)]))

    def root_of(self, path: str) -> str | None:
        """The folder of the workspace that a file lies in; None for one that lies elsewhere."""
        holding = [folder for folder in self.folders if path.startswith(folder.rstrip("/") + "/")]
        return max(holding, key=len, default=None)

    def is_ours(self, path: str) -> bool:
        """Whether a file is the author's to change."""
        return not path.startswith(SHIPPED) and (not self.folders or self.root_of(path) is not None)

    def document(self, path: str) -> Document | None:
        """A file as it is open, or as the disk has it; None where it cannot be read."""
        if path in self.opened:
            return self.opened[path]
        if path not in self._documents:
            try:
                files = self.disk.files(path, None)
                data = files.read(files.main())
            except NoFile:
                self._documents[path] = None
            else:
                source, _ = decode(path, data)
                self._documents[path] = self._on_disk(path, source.text) if source else None
        return self._documents[path]

    def _on_disk(self, path: str, text: str) -> Document:
        of = ("document", path)
        return self._kept.get(of, text, lambda: Document.of(path, text, self._kept.latest(of)))

    @cached_property
    def _documents(self) -> dict[str, Document | None]:
        return {}

    def used(self, path: str, by: str) -> str | None:
        """The path of a file that another one uses, as it writes it."""
        files = self.disk.files(by, self.root_of(by))
        try:
            return files.used(path, files.main()).shown
        except NoFile:
            return None

    def shipped(self) -> tuple[str, ...]:
        """The policies that come with infoshare, as `use` names them."""
        return tuple(
            f"{SHIPPED}{name.removesuffix('.policy')}" for name in sorted(policies_in(shipped_folder()))
        )

    def place(self, path: str) -> str:
        """Where a file lies on the disk; what comes with infoshare is known by a name."""
        if not path.startswith(SHIPPED):
            return path
        return os.path.realpath(f"{shipped_folder()}/{path.removeprefix(SHIPPED)}.policy")

    def uses(self, path: str) -> tuple[str, ...]:
        """The files that a file uses directly."""
        document = self.document(path)
        written = [n.path for n, _ in document.nodes() if isinstance(n, t.Use)] if document else []
        return self._kept.get(
            ("uses", path),
            (self.root_of(path), tuple(written)),
            lambda: tuple(dict.fromkeys(filter(None, (self.used(each, path) for each in written)))),
        )

    def reach(self, path: str) -> tuple[str, ...]:
        """A file and all that it uses, the used ones first."""
        if path not in self._reach:
            found: dict[str, None] = {}
            pending, begun = [path], set[str]()
            while pending:
                current = pending[-1]
                further = [u for u in self.uses(current) if u not in begun] if current not in begun else []
                begun.add(current)
                if further:
                    pending += reversed(further)
                else:
                    found.setdefault(pending.pop())
            self._reach[path] = tuple(found)
        return self._reach[path]

    @cached_property
    def _reach(self) -> dict[str, tuple[str, ...]]:
        return {}

    def together(self, path: str) -> tuple[str, ...]:
        """Every file that is read together with a file when some file of the workspace is loaded; its own reach first."""
        mains = [main for main in self.paths if path in self.reach(main)]
        return tuple(dict.fromkeys([*self.reach(path), *(p for main in mains for p in self.reach(main))]))

    def scope(self, path: str) -> Scope:
        """What a file can name: what it declares and uses, and what stands beside it wherever it is used."""
        if path not in self._scopes:
            documents = (self.document(each) for each in self.together(path))
            self._scopes[path] = Scope(tuple(d for d in documents if d is not None))
        return self._scopes[path]

    @cached_property
    def _scopes(self) -> dict[str, Scope]:
        return {}

    # --- what it means

    def load(self, path: str) -> LoadResult:
        """What a file and those that it uses amount to, as they are open."""
        return self._files.result(path, self.root_of(path))

    def checked(self, path: str) -> Checked | None:
        """The same, ready to be looked at; None where it has an error. What was found in it is kept with it."""
        found = self._files.load(path, self.root_of(path))
        return found if isinstance(found, Checked) else None

    def last_good(self, path: str) -> Checked | None:
        """The same as it was when it last had no error; None where it never was."""
        return self.checked(path) or self._kept.latest(("good", path))

    def errors(self) -> tuple[Diagnostic, ...]:
        """The errors among what `check_up` says, which take less time to find."""
        found: dict[object, Diagnostic] = {}
        for path in self.paths:
            loaded = self._files.load(path, self.root_of(path))
            for each in () if isinstance(loaded, Checked) else loaded:
                found.setdefault(identity(each), each)
        return tuple(found.values())

    def policies(self, path: str) -> tuple[str, ...]:
        """The files of the workspace that load a file: itself, if it has a policy, first."""
        return tuple(
            sorted((main for main in self.paths if path in self.reach(main)), key=lambda main: main != path)
        )

    def check_up(self) -> CheckUp:
        """What `infoshare check` says of the folders and of what is open elsewhere."""
        paths = [(path, self.root_of(path)) for path in self.paths]
        return check(paths, self._files, today=self.today)

    @cached_property
    def _files(self) -> "_Overlaid":
        return _Overlaid(self)


@attrs.frozen(eq=False)
class _Same:
    """A key that is the same for the same value alone, whatever it is equal to."""

    value: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


@attrs.frozen(eq=False, slots=False)
class _Overlaid:
    """The files of a workspace: those that are open as they are written, all others as the disk has them."""

    workspace: Workspace

    def load(self, path: str, root: str | None) -> Checked | Sequence[Diagnostic]:
        result, kept = self.result(path, root), self.workspace._kept  # noqa: SLF001 - it is a part of it
        checked = kept.get(("checked", path, root), _Same(result), lambda: (Checked.of(result),))[0]
        if checked is not None:
            kept.get(("good", path), _Same(checked), lambda: checked)
        return checked or result.diagnostics

    def result(self, path: str, root: str | None) -> LoadResult:
        if (path, root) not in self._loaded:
            kept = self.workspace._kept  # noqa: SLF001
            collected = collect(_Reading(self.workspace.disk.files(path, root), self), self._parse)
            told = tuple((f.path, f.uses, f.broken, f.incomplete) for f in collected.files)
            key = (collected.digest, told, collected.diagnostics)
            self._loaded[path, root] = kept.get(("load", path, root), key, lambda: bound(collected))
        return self._loaded[path, root]

    @cached_property
    def _loaded(self) -> dict[tuple[str, str | None], LoadResult]:
        return {}

    def _parse(self, source: Source) -> ParseResult:
        kept = self.workspace._kept  # noqa: SLF001
        return kept.get(("parse", source.path), source.text, lambda: parse(source))

    def beside(self, folder: str) -> Iterator[tuple[str, str | None]]:
        for path in sorted(self.workspace.disk.beside(folder)):
            yield path, None

    def data(self, path: str) -> bytes | None:
        files = _Reading(self.workspace.disk.files(path, None), self)
        try:
            return files.read(files.main())
        except NoFile:
            return None

    @cached_property
    def open_(self) -> Mapping[str, bytes]:
        """What is open, by the path that is free of links."""
        return {
            os.path.realpath(path): document.text.encode("utf-8", "replace")
            for path, document in self.workspace.opened.items()
        }


@attrs.frozen(eq=False)
class _Reading:
    """Files, some of them open."""

    files: FileSet
    over: _Overlaid

    def main(self) -> Place:
        return self.files.main()

    def used(self, path: str, by: Place) -> Place:
        return self.files.used(path, by)

    def read(self, place: Place) -> bytes:
        written = self.over.open_.get(place.real)
        return self.files.read(place) if written is None else written
