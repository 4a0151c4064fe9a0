"""vakt (pure Python): a policy for each rule, or for each alternative of one; those that match are read by its audit."""

from comparison.conditions import alternatives
from comparison.specification import Case, Condition, Match, Rules

TITLE, KIND = "vakt", "peer"
DISTRIBUTION = MODULE = "vakt"
FIRED, DUTIES = "all", True


def matching(rules: Rules) -> Match:
    """From memory, with rules as the checker."""
    import logging

    import vakt
    from vakt.rules import Any as Anything

    for name in ("vakt.guard", "vakt.checker", "vakt.audit"):
        logging.getLogger(name).setLevel(logging.ERROR)
    storage = vakt.MemoryStorage()
    rule_of: dict[str, str] = {}
    for name, condition in rules.rules.items():
        for number, tests in enumerate(alternatives(rules, condition)):
            uid = f"{name}/{number}"
            rule_of[uid] = name
            storage.add(
                vakt.Policy(
                    uid,
                    actions=[Anything()],
                    subjects=[Anything()],
                    resources=[Anything()],
                    context=_context(tests),
                    effect=vakt.ALLOW_ACCESS,
                )
            )
    matched: list[vakt.Policy] = []

    class Audit:
        def __init__(self, policies: list[vakt.Policy] | None) -> None:
            if policies:
                matched[:] = policies

    guard = vakt.Guard(storage, vakt.RulesChecker(), audit_policies_cls=Audit)
    inquire, allowed = vakt.Inquiry, guard.is_allowed_check

    def match(case: Case) -> list[str]:
        matched.clear()
        allowed(inquire(action="share", subject="worker", resource="record", context=case))
        return list(dict.fromkeys(rule_of[policy.uid] for policy in matched))

    return match


def _context(tests: list[Condition]) -> dict[str, object]:
    from vakt.rules import And

    by_fact: dict[str, list[object]] = {}
    for test in tests:
        fact = test[1][1] if test[0] == "not" else test[1]
        by_fact.setdefault(fact, []).append(_rule(test))
    return {fact: found[0] if len(found) == 1 else And(*found) for fact, found in by_fact.items()}


def _rule(test: Condition) -> object:
    from vakt.rules import Eq, Falsy, GreaterOrEqual, Less, NotEq, Truthy

    match test:
        case ("is", _, bool(value)):
            return Truthy() if value else Falsy()
        case ("is", _, value):
            return Eq(value)
        case ("not", ("is", _, value)):
            return NotEq(value)
        case ("at_least", _, number):
            return GreaterOrEqual(number)
        case ("below", _, number):
            return Less(number)
    raise ValueError(test)
