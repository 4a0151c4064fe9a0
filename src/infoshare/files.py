"""The files of one policy: found, read once, parsed, in the order in which they are used.

Nothing outside the root is ever opened, nor anything that is not a regular file; each file is one
file however often and under whatever spelling it is used. Deliberately not here: what they mean.
"""

import hashlib
import os
import stat
from collections.abc import Mapping
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Protocol

import attrs

from infoshare.diagnostic import Diagnostic, Label, did_you_mean
from infoshare.meaning.resolver import ParsedFile
from infoshare.syntax import tree as t
from infoshare.syntax.parser import decode, parse
from infoshare.text import Span

MOST_FILES = 200
LARGEST_FILE = 8 * 1024 * 1024
SHIPPED = "infoshare:"


@attrs.frozen
class Place:
    """Where a file is.

    Attributes:
        identity: the same for every spelling of the same file.
        shown: the path that people know it by.
        name: the path that the digest knows it by, relative to the root.
    """

    identity: str
    shown: str
    name: str


@attrs.frozen
class Refusal:
    """Why a file cannot be had."""

    code: str
    message: str
    help: tuple[str, ...] = ()


class FileSet(Protocol):
    """Somewhere that files come from."""

    def main(self) -> Place | Refusal:
        """The file to load."""

    def used(self, path: str, by: Place) -> Place | Refusal:
        """The file that another one names in `use`."""

    def read(self, place: Place) -> bytes | Refusal:
        """Its bytes; read once, and at most a little more than `LARGEST_FILE` of them."""


@attrs.frozen
class Collected:
    """The files that could be parsed, used ones first; no files when the main one could not."""

    files: tuple[ParsedFile, ...]
    digest: str
    diagnostics: tuple[Diagnostic, ...]


def collect(files: FileSet) -> Collected:
    """Reads and parses a file and all that it uses."""
    collector = _Collector(files)
    main = files.main()
    if isinstance(main, Refusal):
        return Collected((), "", (Diagnostic(main.code, main.message, help=main.help),))
    collector.collect(main)
    return Collected(tuple(collector.done), collector.digest(), tuple(collector.diagnostics))


class _Collector:
    def __init__(self, files: FileSet) -> None:
        self.files = files
        self.done: list[ParsedFile] = []
        self.diagnostics: list[Diagnostic] = []
        self.hashes: dict[str, str] = {}
        self.seen: set[str] = set()

    def collect(self, main: Place) -> None:
        """Depth first, without recursion: a file is done once all that it uses is."""
        opened = self._open(main, None)
        if opened is None:
            return
        stack = [opened]
        while stack:
            current = stack[-1]
            if not current.pending:
                stack.pop()
                tree = current.tree
                paths = tuple(place.shown for place in current.uses)
                self.done.append(
                    ParsedFile(current.place.shown, tree, paths, current.broken, current.incomplete)
                )
                continue
            node = current.pending.pop(0)
            place = self.files.used(node.path, current.place)
            if isinstance(place, Refusal):
                self._refuse(place, node.span)
                current.incomplete = True
                continue
            current.uses.append(place)
            chain = [frame.place for frame in stack]
            if any(each.identity == place.identity for each in chain):
                shown = [each.shown for each in chain]
                names = [*shown[[c.identity for c in chain].index(place.identity) :], place.shown]
                self._refuse(
                    Refusal(
                        "IS806",
                        "files use one another in a circle: " + " → ".join(f"`{n}`" for n in names),
                        ("move what both need into a file that uses neither",),
                    ),
                    node.span,
                )
            elif place.identity not in self.seen:
                opened = self._open(place, node.span)
                if opened is not None:
                    stack.append(opened)
                else:
                    current.incomplete = True

    def digest(self) -> str:
        """SHA-256 over the sorted (path, SHA-256 of the bytes) of every file: path, NUL, hexadecimal, LF."""
        lines = "".join(f"{path}\0{self.hashes[path]}\n" for path in sorted(self.hashes))
        return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()

    def _open(self, place: Place, span: Span | None) -> "_Open | None":
        if len(self.seen) >= MOST_FILES:
            if len(self.seen) == MOST_FILES:
                self._refuse(
                    Refusal(
                        "IS807",
                        f"a policy may use at most {MOST_FILES} files",
                        ("put what belongs together into one file",),
                    ),
                    span,
                )
                self.seen.add("")
            return None
        self.seen.add(place.identity)
        data = self.files.read(place)
        if isinstance(data, Refusal):
            self._refuse(data, span)
            return None
        self.hashes[place.name] = hashlib.sha256(data).hexdigest()
        source, faults = decode(place.shown, data)
        self.diagnostics.extend(faults)
        if source is None:
            return None
        if source.text.lstrip()[:1] in ("{", "["):
            self._refuse(_looks_like_a_case(place), span)
            return None
        parsed = parse(source)
        self.diagnostics.extend(parsed.diagnostics)
        if parsed.file is None:
            return None
        uses = [node for node in parsed.file.declarations if isinstance(node, t.Use)]
        return _Open(place, parsed.file, uses, parsed.broken)

    def _refuse(self, refusal: Refusal, span: Span | None) -> None:
        labels = (Label(span),) if span is not None else ()
        self.diagnostics.append(Diagnostic(refusal.code, refusal.message, labels, refusal.help))


@attrs.define
class _Open:
    place: Place
    tree: t.File
    pending: list[t.Use]
    broken: frozenset[str]
    uses: list[Place] = attrs.field(factory=list)
    incomplete: bool = False


@attrs.frozen
class FilesInMemory:
    """Files given as bytes; shipped ones are still found by `infoshare:NAME`."""

    sources: Mapping[str, bytes]
    main_path: str

    def main(self) -> Place | Refusal:
        """The file named as the main one."""
        return self._at(self.main_path)

    def used(self, path: str, by: Place) -> Place | Refusal:
        """Relative to the file that uses it."""
        if by.shown.startswith(SHIPPED) or path.startswith(SHIPPED):
            return _shipped(path)
        refused = _refuse_path(path)
        if refused is not None:
            return refused
        parts = _normal([*PurePosixPath(by.shown).parent.parts, *path.split("/")])
        return _outside(path) if parts is None else self._at("/".join(parts))

    def read(self, place: Place) -> bytes | Refusal:
        """The bytes as given."""
        if place.shown.startswith(SHIPPED):
            return _read(place)
        return self.sources[place.identity]

    def _at(self, path: str) -> Place | Refusal:
        if path.startswith(SHIPPED):
            return _shipped(path)
        if path in self.sources:
            return Place(path, path, path)
        return Refusal("IS803", f"no file is named `{_quoted(path)}`", did_you_mean(path, self.sources))


@attrs.frozen
class FilesOnDisk:
    """A file on disk and those that it uses, none of them outside the root."""

    path: str | Path
    root_path: str | Path | None = None

    def main(self) -> Place | Refusal:
        """The file itself, shown as it was given."""
        text = str(self.path)
        if text.startswith(SHIPPED):
            return _shipped(text)
        return self._inside(Path(text), Path(text).as_posix())

    def used(self, path: str, by: Place) -> Place | Refusal:
        """Relative to the file that uses it; a used file is shown relative to the root's own spelling."""
        if by.shown.startswith(SHIPPED) or path.startswith(SHIPPED):
            return _shipped(path)
        refused = _refuse_path(path)
        if refused is not None:
            return refused
        shown = PurePosixPath(by.shown).parent / path
        return self._inside(Path(by.shown).parent / path, _tidy(shown.as_posix()))

    def read(self, place: Place) -> bytes | Refusal:
        """Opened once; a file that changes meanwhile is the bytes that were read."""
        return _read(place)

    def _inside(self, path: Path, shown: str) -> Place | Refusal:
        given = Path(str(self.path))
        root = os.path.realpath(self.root_path if self.root_path is not None else given.parent)
        real = os.path.realpath(path)
        if os.path.commonpath([root, real]) != root:
            return _outside(shown)
        return Place(os.path.normcase(real), shown, Path(os.path.relpath(real, root)).as_posix())


def _shipped(path: str) -> Place | Refusal:
    name = path.removeprefix(SHIPPED).removesuffix(".policy")
    folder = shipped_folder()
    known = sorted(file.stem for file in folder.glob("*.policy"))
    if name not in known:
        help_ = did_you_mean(name, known) or (f"shipped policies are {', '.join(known)}",)
        return Refusal("IS803", f"no shipped policy is named `{_quoted(name)}`", help_)
    file = folder / f"{name}.policy"
    return Place(os.path.normcase(os.path.realpath(file)), f"{SHIPPED}{name}", f"{SHIPPED}{name}")


def shipped_folder() -> Path:
    """Where the shipped policies are: in the package, or in a checkout beside `src`."""
    inside = Path(str(resources.files("infoshare"))) / "policies"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "policies"


def _read(place: Place) -> bytes | Refusal:
    unreadable = Refusal(
        "IS803", f"`{_quoted(place.shown)}` cannot be read", ("check the name, and that you may read it",)
    )
    try:
        if not stat.S_ISREG(Path(place.identity).stat().st_mode):
            message = f"`{_quoted(place.shown)}` is not a regular file"
            return Refusal("IS803", message, ("give the name of a .policy file",))
        with Path(place.identity).open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        near = [p.name for p in Path(place.identity).parent.glob("*.policy")]
        name = Path(place.identity).name
        help_ = did_you_mean(name, near) or ("check the spelling and the folder",)
        stem = name.removesuffix(".policy")
        if (shipped_folder() / f"{stem}.policy").is_file():
            help_ = (*help_, f"`{SHIPPED}{_quoted(stem)}` is the one that comes with infoshare")
        return Refusal("IS803", f"there is no file `{_quoted(place.shown)}`", help_)
    except (OSError, ValueError):
        return unreadable


def _looks_like_a_case(place: Place) -> Refusal:
    return Refusal(
        "IS808",
        f"expected a policy, found what looks like a case in `{_quoted(place.shown)}`",
        ("name the policy first and the case after it: `infoshare decide POLICY CASE`",),
    )


def _refuse_path(path: str) -> Refusal | None:
    if path.startswith(("/", "~", "\\")) or "\\" in path or ":" in path or "\0" in path or not path:
        return Refusal(
            "IS805",
            f"`{_quoted(path)}` is not a path relative to this file",
            (
                'write the name of a file beside this one, such as "vocabulary.policy", or "infoshare:vocabulary"',
            ),
        )
    return None


def _outside(path: str) -> Refusal:
    return Refusal(
        "IS804",
        f"`{_quoted(path)}` lies outside the folder that was loaded",
        ("move it inside, or load with a root that holds both",),
    )


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


def _tidy(path: str) -> str:
    return os.path.normpath(path).replace(os.sep, "/") if ".." in path else path


def _quoted(text: str) -> str:
    clean = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return clean if len(clean) <= 200 else clean[:197] + "…"
