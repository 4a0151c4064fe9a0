"""infoshare, with the clauses that another one prevailed over read as well: every rule that holds, as peers return."""

from comparison.engines.infoshare import DAY, POLICY, says_unknown  # noqa: F401
from comparison.specification import Answer, Case, Decide

TITLE, KIND = "infoshare, defeated clauses read too", "product"
DISTRIBUTION = MODULE = "infoshare"
FIRED, DUTIES = "all", True


def decide() -> Decide:
    """Loads `reference.policy`."""
    import infoshare

    settle = infoshare.load(POLICY).decide

    def run(case: Case) -> Answer:
        decision = settle({"q": case}, as_of=DAY)
        held = [c.clause for c in decision.fired]
        held += [c.clause for c in decision.defeated]
        return decision.outcome, held, [d.duty for d in decision.duties]

    return run
