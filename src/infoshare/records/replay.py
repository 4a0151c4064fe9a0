"""A record to the decision that its stored facts and its stored policy give today.

Invariant: equal means equal bytes of canonical JSON. Deliberately not here: reading the record (`ledger`), deciding (`infoshare.load`).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.load import Policy
from infoshare.records.canonical import canonical

MOST_DIFFERENCES = 20


@attrs.frozen
class Replay:
    """What deciding again gave.

    Attributes:
        id: of the record.
        differences: where the decision is another one, as paths; empty where it is the same, byte for byte.
        recorded_with, replayed_with: versions of infoshare.
        problems: one for each difference, to print.
    """

    id: str
    differences: tuple[str, ...]
    recorded_with: str
    replayed_with: str
    problems: tuple[Diagnostic, ...] = attrs.field(default=(), repr=False)

    @property
    def same(self) -> bool:
        """Whether the decision is the same, byte for byte."""
        return not self.problems


def replay(body: Mapping[str, Any], policy: Policy, engine: str) -> Replay:
    """Decides again what a record says was decided.

    Args:
        body: of the record.
        policy: loaded from the files that were kept with it.
        engine: the version of infoshare that runs.
    """
    was, version = body["decision"], str(body["engine_version"])
    try:
        decision = policy.decide(
            body["facts"], as_of=date.fromisoformat(was["as_of"]), presume=bool(body["presume"])
        )
    except FactsError as error:
        return Replay(str(body["id"]), (), version, engine, error.diagnostics)
    now = decision.to_dict()
    if canonical(now) == canonical(was):
        return Replay(str(body["id"]), (), version, engine)
    paths = tuple(path for _, path in zip(range(MOST_DIFFERENCES), _differences(was, now, ""), strict=False))
    help_ = (
        "the facts and the policy are those of the record: this version of infoshare decides otherwise"
        if version != engine
        else "the decision was not made from these facts, or infoshare is at fault: report it",
    )
    about = f"recorded with infoshare {version}, decided again with {engine}"
    problems = tuple(
        Diagnostic("IS729", f"deciding again gives another `{path}` ({about})", help=help_, path=path)
        for path in paths
    )
    return Replay(str(body["id"]), paths, version, engine, problems)


def _differences(was: Any, now: Any, path: str) -> Iterator[str]:
    """The paths at which two JSON values differ, without what stands there."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was.keys() | now.keys()):
            at = f"{path}.{key}" if path else key
            if key not in was or key not in now:
                yield at
            else:
                yield from _differences(was[key], now[key], at)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (a, b) in enumerate(zip(was, now, strict=True)):
            yield from _differences(a, b, f"{path}[{index}]")
    elif canonical(was) != canonical(now):
        yield path
