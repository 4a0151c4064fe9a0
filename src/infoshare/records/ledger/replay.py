"""Decides a record again, from its stored facts and its stored policy.

A decision is compared by the keys that the record has: a later version may say more. What it says otherwise on purpose is
*amended* (`amendments`); any other difference is a problem.
Deliberately not here: reading the record (`ledger`), deciding (`infoshare.policy`).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.policy.policy import Policy
from infoshare.records.canonical import canonical
from infoshare.records.ledger.amendments import AMENDMENTS, Amendment

MOST_DIFFERENCES = 20


@attrs.frozen
class Replay:
    """The result of deciding a record again.

    Attributes:
        id: of the record.
        differences: where the decision is another one and should not be, as paths.
        amended: what the running version says otherwise on purpose.
        recorded_with, replayed_with: versions of infoshare.
        problems: one for each difference, to print.
    """

    id: str
    differences: tuple[str, ...]
    recorded_with: str
    replayed_with: str
    problems: tuple[Diagnostic, ...] = attrs.field(default=(), repr=False)
    amended: tuple[Amendment, ...] = ()

    @property
    def same(self) -> bool:
        """Whether every key of the recorded decision is the same, byte for byte."""
        return self.holds and not self.amended

    @property
    def holds(self) -> bool:
        """Whether the decision is the same but for what was amended."""
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
    now: dict[str, Any] = {**decision.to_dict()}
    differing = [key for key in sorted(was) if any(_differences(was[key], now.get(key, _ABSENT), key))]
    amended = tuple(
        AMENDMENTS[key] for key in differing if key in AMENDMENTS and AMENDMENTS[key].explains(was, now)
    )
    explained = {each.key for each in amended}
    wrong = (
        path
        for key in differing
        if key not in explained
        for path in _differences(was[key], now.get(key, _ABSENT), key)
    )
    paths = tuple(islice(wrong, MOST_DIFFERENCES))
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
    return Replay(str(body["id"]), paths, version, engine, problems, amended)


_ABSENT = object()
"""What stands for a key that one of two decisions does not have."""

_BY_FACT = {"facts", "relied_on", "leads_to", "leads_to_strength"}
"""Objects whose keys are facts or answers: one more of them is another decision, and no key that was added to the format."""


def _differences(was: Any, now: Any, path: str) -> Iterator[str]:
    """The paths of a recorded JSON value at which a new one differs, without what stands there."""
    if isinstance(was, dict) and isinstance(now, dict):
        of_facts = path.rpartition(".")[2].partition("[")[0] in _BY_FACT
        for key in sorted(was.keys() | now.keys() if of_facts else was):
            yield from _differences(was.get(key, _ABSENT), now.get(key, _ABSENT), f"{path}.{key}")
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (a, b) in enumerate(zip(was, now, strict=True)):
            yield from _differences(a, b, f"{path}[{index}]")
    elif was is _ABSENT or now is _ABSENT or canonical(was) != canonical(now):
        yield path
