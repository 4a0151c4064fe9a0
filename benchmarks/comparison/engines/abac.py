"""py-abac (pure Python): policies for each step of the precedence, asked in turn; only yes or no comes back."""

from comparison.conditions import alternatives
from comparison.specification import (
    BLOCKS,
    DOUBTS,
    LEGAL_DUTY,
    PERMITS,
    REFERENCE,
    SEEK_ADVICE,
    SHARE,
    WITHHOLD,
    Answer,
    Case,
    Condition,
    Decide,
)

TITLE, KIND = "py-abac", "peer"
DISTRIBUTION, MODULE = "py-abac", "py_abac"
FIRED, DUTIES = "none", False

_STEPS = (
    ("block", BLOCKS, WITHHOLD),
    ("duty", (LEGAL_DUTY,), SHARE),
    ("doubt", DOUBTS, SEEK_ADVICE),
    ("permit", PERMITS, SHARE),
)


def decide() -> Decide:
    """Up to four questions a case."""
    from py_abac import PDP, AccessRequest, Policy
    from py_abac.pdp import EvaluationAlgorithm
    from py_abac.storage.memory import MemoryStorage

    storage = MemoryStorage()
    for action, names, _ in _STEPS:
        for name in names:
            for number, tests in enumerate(alternatives(REFERENCE, REFERENCE.rules[name])):
                policy = {
                    "uid": f"{name}/{number}",
                    "description": "",
                    "effect": "allow",
                    "priority": 0,
                    "rules": {"subject": _subject(tests), "resource": {}, "action": {}, "context": {}},
                    "targets": {"subject_id": "*", "resource_id": "*", "action_id": action},
                }
                storage.add(Policy.from_json(policy))
    allowed = PDP(storage, EvaluationAlgorithm.ALLOW_OVERRIDES).is_allowed
    resource = {"id": "record", "attributes": {}}

    def run(case: Case) -> Answer:
        subject = {"id": "worker", "attributes": case}
        for action, _, outcome in _STEPS:
            if allowed(AccessRequest(subject, resource, {"id": action, "attributes": {}}, {})):
                return outcome, (), ()
        return WITHHOLD, (), ()

    return run


def _subject(tests: list[Condition]) -> dict[str, object]:
    by_fact: dict[str, list[object]] = {}
    for test in tests:
        fact = test[1][1] if test[0] == "not" else test[1]
        by_fact.setdefault(f"$.{fact}", []).append(_attribute(test))
    return {
        path: found[0] if len(found) == 1 else {"condition": "AllOf", "values": found}
        for path, found in by_fact.items()
    }


def _attribute(test: Condition) -> dict[str, object]:
    match test:
        case ("is", _, bool(value)):
            return {"condition": "Eq", "value": int(value)}
        case ("is", _, value):
            return {"condition": "Equals", "value": value}
        case ("not", ("is", _, value)):
            return {"condition": "NotEquals", "value": value}
        case ("at_least", _, number):
            return {"condition": "Gte", "value": number}
        case ("below", _, number):
            return {"condition": "Lt", "value": number}
    raise ValueError(test)
