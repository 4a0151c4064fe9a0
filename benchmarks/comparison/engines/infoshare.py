"""infoshare: outcome, the clauses that stand, and duties, read from the decision."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from comparison.specification import Answer, Case, Decide, Match, Rules

TITLE, KIND = "infoshare", "product"
DISTRIBUTION = MODULE = "infoshare"
FIRED, DUTIES = "stands", True

DAY = date(2026, 6, 1)
POLICY = Path(__file__).parent.parent.parent / "reference.policy"


def decide() -> Decide:
    """Loads `reference.policy`."""
    import infoshare

    settle = infoshare.load(POLICY).decide

    def run(case: Case) -> Answer:
        decision = settle({"q": case}, as_of=DAY)
        return decision.outcome, [c.clause for c in decision.fired], [d.duty for d in decision.duties]

    return run


def says_unknown() -> Callable[[Case], bool]:
    """Whether the basis of the decision is that facts are unknown."""
    import infoshare

    settle = infoshare.load(POLICY).decide
    return lambda case: settle({"q": case}, as_of=DAY).basis == "unknown_facts"


def matching(rules: Rules) -> Match:
    """The rules as clauses that all say share, so that none clashes with another."""
    import infoshare

    settle = infoshare.load_sources({"many.policy": written(rules).encode()}, main="many.policy").decide
    return lambda case: [clause.clause for clause in settle({"q": case}, as_of=DAY).fired]


def written(rules: Rules) -> str:
    """Independent conjunctions as a policy."""
    lines = ["infoshare 1", 'policy many "Many clauses"', 'facts about q "the case"']
    for fact, values in rules.facts.items():
        if isinstance(values, range):
            lines.append(f'{fact} "the number {fact}" : number from {values[0]} to {values[-1]}')
        else:
            lines.append(f'{fact} "the word {fact}" : one of {", ".join(map(str, values))}')
    for name, (_, *tests) in rules.rules.items():
        written_tests = (
            f"q.{fact} is {value}" if form == "is" else f"q.{fact} >= {value}" for form, fact, value in tests
        )
        lines.append(f'rule {name} "Clause {name}." share when {" and ".join(written_tests)}')
    return "\n".join(lines)
