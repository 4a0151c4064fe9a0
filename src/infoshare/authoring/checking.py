"""What `check` says of files: the errors of those that do not load, and the findings about all others.

The same whoever asks, a command or an editor: they differ in where files come from (`Files`). Which clauses no scenario
reaches is told by the scenarios of these files and of those beside them.
Deliberately not here: what is found (`findings`), reading files and printing (the doors).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

import attrs

from infoshare.authoring.findings import Checked, Finding, findings
from infoshare.diagnostic import Diagnostic

Path_ = tuple[str, str | None]
"""A policy file, and the folder that its `use` may not leave (None: its own)."""


class Files(Protocol):
    """Where files come from."""

    def load(self, path: str, root: str | None) -> Checked | Sequence[Diagnostic]:
        """A file with those that it uses; where that cannot be used, the errors that say why."""

    def beside(self, folder: str) -> Iterable[Path_]:
        """The policy files that lie in a folder, in order."""

    def data(self, path: str) -> bytes | None:
        """The bytes of one of them; None where it cannot be read."""


@attrs.frozen
class CheckUp:
    """What was found, and the findings among it that are no errors, each with its fix where it has one."""

    diagnostics: tuple[Diagnostic, ...]
    findings: tuple[Finding, ...]


def check(paths: Sequence[Path_], files: Files, *, today: date) -> CheckUp:
    """Looks at files.

    Args:
        paths: the files to look at.
        files: where they come from, and those that they use.
        today: the day on which it is asked.
    """
    errors: dict[object, Diagnostic] = {}
    everything: list[Checked] = []
    beside: list[Checked] = []
    broken: list[str] = []
    for path, root in paths:
        found = files.load(path, root)
        if isinstance(found, Checked):
            everything.append(found)
        else:
            broken.append(path)
            for diagnostic in found:
                errors.setdefault(identity(diagnostic), diagnostic)
    for path, file in _beside([path for path, _ in paths], everything, files) if everything else ():
        if file is None:
            broken.append(path)
        elif file.policy.scenarios:
            beside.append(attrs.evolve(file, listed=False))
    told = findings([*everything, *beside], today=today, whole=not errors)
    data = [files.data(path) for path in broken]
    tried = {each.main.path for each in everything if any(_may_try(of, [_name(each)]) for of in data)}
    told = tuple(each for each in told if not _is_untried(each, tried))
    return CheckUp((*errors.values(), *(finding.diagnostic for finding in told)), told)


def _is_untried(finding: Finding, paths: Collection[str]) -> bool:
    """Whether it says of one of these files that no scenario tries something.

    Nothing is known of that while a file that may hold its scenarios cannot be loaded.
    """
    place = finding.diagnostic.span
    return finding.diagnostic.code == "IS610" and place is not None and place.source.path in paths


def _name(checked: Checked) -> bytes:
    return Path(checked.main.path).name.encode()


def _beside(
    paths: Sequence[str], everything: Iterable[Checked], files: Files
) -> Iterator[tuple[str, Checked | None]]:
    """The files beside the policies that were given which may hold scenarios for them; None where one cannot be loaded."""
    given = {Path(path) for path in paths}
    for folder in {
        Path(checked.main.path).parent: None for checked in everything if checked.header is not None
    }:
        names = [_name(each) for each in everything if Path(each.main.path).parent == folder]
        for path, root in files.beside(str(folder)):
            if Path(path) not in given and _may_try(files.data(path), names):
                found = files.load(path, root)
                yield path, found if isinstance(found, Checked) else None


def _may_try(data: bytes | None, names: Iterable[bytes]) -> bool:
    """Whether a file names one of these files, and scenarios."""
    return data is not None and b"scenario" in data and any(name in data for name in names)


def identity(diagnostic: Diagnostic) -> object:
    """Two findings with the same of this are one: a file may be reached from several policies."""
    place = (diagnostic.span.source.path, diagnostic.span.start) if diagnostic.span else None
    return diagnostic.code, diagnostic.message, place
