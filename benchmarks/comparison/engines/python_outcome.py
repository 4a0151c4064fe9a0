"""Hand-written Python that stops as soon as the outcome is known, and tells nothing else."""

from comparison.conditions import Infix
from comparison.specification import SEEK_ADVICE, SHARE, WITHHOLD, Answer, Case, Decide, Match, Rules

TITLE, KIND = "Python by hand: outcome only", "baseline"
DISTRIBUTION = MODULE = None
FIRED, DUTIES = "none", False


def decide() -> Decide:
    """The function."""
    return _decide


def _decide(case: Case) -> Answer:
    return _outcome(case), (), ()


def _outcome(case: Case) -> str:
    if not case["secure_channel"]:
        return WITHHOLD
    if case["legal_duty"]:
        return SHARE
    if not case["accurate"] or not case["up_to_date"] or not case["necessary"]:
        return WITHHOLD
    if not case["need_to_know"] and case["recipient"] not in {"police", "social_care"}:
        return WITHHOLD
    consent, score = case["consent_status"], case["harm_score"]
    harm = (
        case["suspected_sexual_abuse"]
        or case["suspected_fabricated_illness"]
        or (score >= 60 and case["risk_to_child"])
        or (score >= 80 and case["risk_to_adult"])
    )
    if not case["has_sought_advice"]:
        if case["in_doubt"]:
            return SEEK_ADVICE
        if consent != "given":
            if 30 <= score < 60 and case["risk_to_child"]:
                return SEEK_ADVICE
            if harm and consent == "refused" and case["child_age"] >= 16:
                return SEEK_ADVICE
    return SHARE if consent == "given" or harm else WITHHOLD


def matching(rules: Rules) -> Match:
    """An `if` for each rule, unrolled: what many independent rules are by hand."""
    python = Infix("and,or,not ,True", fact="case[{!r}]")
    lines = ["def match(case):", " held = []"]
    lines += [f" if {text}: held.append({name!r})" for name, text in python.rules(rules).items()]
    space: dict[str, Match] = {}
    exec("\n".join([*lines, " return held"]), space)
    return space["match"]
