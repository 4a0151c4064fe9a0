"""The policies that are served, by name: loaded together, and taken up anew together or not at all.

Invariant: a request looks at the shelf once, so that what it is answered comes from one state of the files.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs

from infoshare.diagnostic import Diagnostic, Severity, did_you_mean
from infoshare.errors import PolicyError
from infoshare.meaning.types import UNSURE
from infoshare.policy.files import SHIPPED, shipped_folder
from infoshare.policy.load import load_result
from infoshare.policy.policy import Policy
from infoshare.service.problem import NOT_FOUND, Problem


@attrs.frozen
class PolicyPlace:
    """Where a policy is loaded from: a file or `infoshare:NAME`, and the folder that no used file may lie outside of."""

    path: str
    root: str | None = None


MOST_PROVISIONS = 150
"""Of a policy whose whole cases are decided at once; such a case takes about a millisecond at most."""


@attrs.define(eq=False, slots=False)
class Served:
    """A policy that is served, with what is made of it once."""

    policy: Policy
    name: str

    def is_whole(self, facts: Mapping[str, Any]) -> bool:
        """Whether a case answers all that this policy may ask, so that nothing is searched for when it is decided.

        Of a policy with lists, or with very many provisions, no case is called whole: deciding it takes its time.
        """
        if self._asked is None:
            return False
        answered = 0
        for answers in facts.values():
            if isinstance(answers, Mapping):
                answered += sum(answer is not None and answer != UNSURE for answer in answers.values())
        return answered >= self._asked

    @cached_property
    def _asked(self) -> int | None:
        """How many facts a whole case answers."""
        few = sum(1 for _ in self.policy.model.provisions()) <= MOST_PROVISIONS
        return len(self.policy.facts) if few and not any(each.each for each in self.policy.groups) else None

    @cached_property
    def case_schema(self) -> dict[str, Any]:
        """JSON Schema of its cases."""
        return self.policy.case_schema()


@attrs.frozen(eq=False)
class Shelved:
    """The policies as they are for now, in the order in which they were given."""

    policies: Mapping[str, Served]

    def find(self, name: str) -> Served:
        """The policy of that name. Raises Problem."""
        found = self.policies.get(name)
        if found is None:
            help_ = did_you_mean(name, self.policies) or ("see /v1/policies",)
            raise Problem(NOT_FOUND, f"No policy of that name is served: {help_[0]}")
        return found

    @staticmethod
    def of(policies: Iterable[Policy]) -> "Shelved":
        """Some policies by their names. Raises PolicyError for a library, and for two of one name."""
        found: dict[str, Served] = {}
        for policy in policies:
            if policy.name is None or not policy.model.clauses:
                raise _not_servable(
                    "IS808",
                    policy,
                    "expected a policy, found a library without clauses",
                    "give the policy that uses it",
                )
            if policy.name in found:
                raise _not_servable(
                    "IS213",
                    policy,
                    f"two policies are named `{policy.name}`",
                    "serve one of them, or each by a service of its own",
                )
            found[policy.name] = Served(policy, policy.name)
        return Shelved(found)


class Shelf:
    """The policies of a service, which may be loaded again while it runs."""

    def __init__(self, places: Sequence[PolicyPlace] = (), policies: Sequence[Policy] = ()) -> None:
        """Loads the policies.

        Args:
            places: those that are loaded from files.
            policies: those that were loaded already, and stay as they are.

        Raises:
            PolicyError: with every error of every file.
        """
        self._places, self._given = tuple(places), tuple(policies)
        self._lock = threading.Lock()
        self._stamps: object = None
        self._watched: tuple[str, ...] = ()
        self.failed: PolicyError | None = None
        self.now = self._load()

    def changed(self) -> bool:
        """Whether a file that policies were loaded from is not as it was when they were, or the last attempt failed."""
        return self.failed is not None or self._stamps != _stamps(self._watched)

    def reload(self) -> bool:
        """Loads all policies again and serves them in the place of the old ones; the old ones stay if one has an error.

        Returns:
            Whether anything is served that was not.

        Raises:
            PolicyError: with every error of every file; what was served before is served on.
        """
        with self._lock:
            before = [served.policy.digest for served in self.now.policies.values()]
            try:
                now = self._load()
            except PolicyError as error:
                self.failed = error
                raise
            self.failed = None
            self.now = now
            return before != [served.policy.digest for served in now.policies.values()]

    def _load(self) -> Shelved:
        watched: list[str] = []
        loaded: list[Policy] = []
        errors: list[Diagnostic] = []
        stamps = _stamps(
            self._watched
        )  # before they are read: what is changed meanwhile is seen at the next look
        for place in self._places:
            result = load_result(place.path, root=place.root)
            own = Path(place.root or Path(place.path).parent)
            watched += _files(own, place.path, result.policy.sources if result.policy else ())
            if result.policy is None:
                errors += [each for each in result.diagnostics if each.severity is Severity.ERROR]
            else:
                loaded.append(result.policy)
        if set(watched) != set(self._watched):
            self._watched = tuple(dict.fromkeys([*watched, *(self._watched if errors else ())]))
            stamps = _stamps(self._watched)
        self._stamps = stamps
        if errors:
            raise PolicyError(errors)
        return Shelved.of([*loaded, *self._given])


def _files(folder: Path, path: str, sources: Iterable[str]) -> Iterable[str]:
    """The paths of the files of a policy; of one that could not be loaded, its own."""
    for name in sources or (path,):
        if name.startswith(SHIPPED):
            stem = name.removeprefix(SHIPPED).removesuffix(".policy")
            yield str(Path(shipped_folder(), f"{stem}.policy"))
        else:
            yield str(folder / name) if sources else name


def _stamps(paths: Iterable[str]) -> object:
    return tuple(_stamp(path) for path in paths)


def _stamp(path: str) -> tuple[int, int, int] | None:
    """What tells whether a file was written; None where there is none."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _not_servable(code: str, policy: Policy, message: str, help_: str) -> PolicyError:
    shown = next(iter(policy.sources), "")
    return PolicyError([Diagnostic(code, f"{message} in `{shown}`" if shown else message, help=(help_,))])
