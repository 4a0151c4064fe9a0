"""Hand-written Python that tries every rule and returns outcome, rules and duties: the reference of all ratios."""

from comparison.specification import SEEK_ADVICE, SHARE, WITHHOLD, Answer, Case, Decide

TITLE, KIND = "Python by hand: outcome, rules and duties", "baseline"
DISTRIBUTION = MODULE = None
FIRED, DUTIES = "all", True


def decide() -> Decide:
    """The function."""
    return decide_by_hand


def decide_by_hand(case: Case) -> Answer:  # noqa: PLR0915 - as one would write it
    """Outcome, the rules that hold, duties."""
    held: list[str] = []
    duties: list[str] = []
    add = held.append
    consent, score = case["consent_status"], case["harm_score"]
    abuse, illness = case["suspected_sexual_abuse"], case["suspected_fabricated_illness"]
    child, legal, advised = case["risk_to_child"], case["legal_duty"], case["has_sought_advice"]
    harm = abuse or illness or (score >= 60 and child) or (score >= 80 and case["risk_to_adult"])
    given = consent == "given"
    refused = consent == "refused"
    blocked = doubted = False
    if given:
        add("r01")
    elif harm:
        add("r02")
    if legal:
        add("r03")
    elif not harm:
        if refused:
            add("r04")
        elif not given:
            add("r05")
            duties.append("seek_consent")
    if not legal:
        if not (case["accurate"] and case["up_to_date"]):
            add("r06")
            blocked = True
        if not case["necessary"]:
            add("r07")
            blocked = True
        if not case["need_to_know"] and case["recipient"] not in {"police", "social_care"}:
            add("r08")
            blocked = True
    if not case["secure_channel"]:
        add("r09")
        blocked = True
    if not advised:
        if case["in_doubt"]:
            add("r10")
            doubted = True
        if child and 30 <= score < 60 and not given:
            add("r11")
            doubted = True
        if refused and harm and not legal and case["child_age"] >= 16:
            add("r12")
            doubted = True
    if blocked:
        outcome = WITHHOLD
    elif legal:
        outcome = SHARE
    elif doubted:
        outcome = SEEK_ADVICE
    else:
        outcome = SHARE if given or harm else WITHHOLD
    silent = case["telling_raises_risk"] or abuse or illness or case["would_undermine_investigation"]
    if (given or harm or legal) and not silent:
        add("r13")
        if outcome == SHARE:
            duties.append("inform_family")
    add("r14")
    duties.append("record_decision")
    return outcome, held, duties
