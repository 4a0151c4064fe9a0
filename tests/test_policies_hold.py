"""What holds of every answer that the shipped policies give, whoever the people are and whatever else the case says.

Each property is a principle that guidance states, tried on random people and cases; what is expected is worked out from
the case and never from what a policy answers. A few cases of each are tried in the quick suite, many by `.ci/full`.
"""

import os
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import infoshare

POLICIES = Path(__file__).parent.parent / "policies"
NAMES = ("cscp", "hmg-2018", "hmg-2024", "england-2026")
DAY = date(2026, 11, 29)

FAMILY = ("parent", "carer", "sibling", "relative")
AGENCIES = (
    "social_care",
    "police",
    "health",
    "school",
    "early_years",
    "designated_lead",
    "housing",
    "court",
    "public_protection",
    "care_provider",
    "new_school",
    "allegations_officer",
    "high_risk_conference",
)
PROTECT = ("social_care", "police", "health", "school", "early_years", "designated_lead")
OTHERS = ("family", "employer", "public", "charity", "other")
ANSWERS = ("given", "refused", "withdrawn", "not_sought", "cannot_be_given")
TELLING = ("inform_person", "inform_person_later")
SPOKEN = ("given", "refused", "withdrawn")
ABOUT_PEOPLE = ("about", "agreed_by", "refused_by", "told_by", "who", "acts_for", "needed_by")
"""What refers to people or recipients: where nobody is listed it cannot be said."""

Case = dict[str, Any]

EXAMPLES = int(os.environ.get("INFOSHARE_POLICY_CASES", "8"))
"""How many cases each property is tried on; `.ci/full` asks for more."""


@cache
def policy(name: str) -> infoshare.Policy:
    return infoshare.load(str(POLICIES / f"{name}.policy"))


def decided(name: str, case: Case) -> infoshare.Decision:
    """The decision; a case that cannot be is passed over."""
    try:
        return policy(name).decide(case, as_of=DAY)
    except infoshare.FactsError:
        assume(False)
        raise


def tried(*given_these: Any) -> Callable[[Callable[..., None]], None]:
    """Runs the property on so many random policies and cases."""

    def run(holds: Callable[..., None]) -> None:
        # many combinations cannot be, and are passed over
        unhurried = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)
        unhurried(given(st.sampled_from(NAMES), *given_these)(holds))()

    return run


# --- random cases ---


def rarely(draw: Any) -> bool:
    return draw(st.integers(0, 7)) == 7


def of(draw: Any, *values: Any) -> Any:
    return draw(st.sampled_from(values))


def person(draw: Any, name: str, role: str) -> Case:
    child = role == "child"
    age = draw(st.integers(8, 17)) if child else draw(st.integers(18, 80))
    found = {
        "name": name,
        "role": role,
        "age": age,
        "competent": draw(st.booleans()) if child else not rarely(draw),
        "answer": of(draw, *ANSWERS),
        "responsibility": role in ("parent", "carer") and draw(st.booleans()),
        "telling_endangers": rarely(draw),
    }
    for fact in (
        "suspected",
        "victim",
        "party",
        "barred",
        "no_contact",
        "out_of_reach",
        "telling_undermines",
    ):
        if rarely(draw) and not (child and fact in ("suspected", "barred")):
            found[fact] = True
    return found


def item(draw: Any, name: str, people: list[str], recipients: list[str]) -> Case:
    found: Case = {"name": name}
    for fact in ("accurate", "up_to_date", "necessary", "fact_or_opinion_marked"):
        found[fact] = not rarely(draw)
    for fact in ("third_party", "restricted", "endangers_source", "told_in_confidence", "location"):
        if rarely(draw):
            found[fact] = True
    for fact in ("about", "agreed_by", "refused_by"):
        if people and rarely(draw):
            found[fact] = [of(draw, *people)]
    if people and rarely(draw):
        found["told_by"] = of(draw, *people)
    if recipients and rarely(draw):
        found["needed_by"] = [of(draw, *recipients)]
    return found


def recipient(draw: Any, name: str, people: list[Case]) -> Case:
    agency = draw(st.booleans())
    found: Case = {"name": name, "role": of(draw, *(AGENCIES if agency else OTHERS))}
    for fact in ("needs_to_know", "verified", "secure_channel"):
        found[fact] = not rarely(draw)
    if not agency:
        kin = [each["name"] for each in people if each["role"] in ("child", *FAMILY)]
        rest = [each["name"] for each in people if each["name"] not in kin]
        if found["role"] == "family":
            found["who"] = of(draw, *kin) if kin else {"none": True}
        elif rest and found["role"] == "other" and draw(st.booleans()):
            found["who"] = of(draw, *rest)
        else:
            found["who"] = {"none": True}
        if people and rarely(draw):
            found["acts_for"] = of(draw, *people)["name"]
    found["protects_child"] = not agency and rarely(draw)
    for fact in ("suspected_of_harm", "asks"):
        if rarely(draw):
            found[fact] = True
    for fact in ("agreed_by", "refused_by"):
        if people and rarely(draw):
            found[fact] = [of(draw, *people)["name"]]
    return found


def is_no_agency(it: Case) -> bool:
    none = {"none": True}
    return (
        it["role"] in OTHERS
        or it.get("suspected_of_harm", False)
        or it.get("who", none) != none
        or any(it.get(fact) not in (None, none, []) for fact in ("acts_for", "agreed_by", "refused_by"))
    )


def confirmed(case: Case) -> Case:
    """With what is assumed, and asked first, answered as it is assumed, or as the case has it."""
    told = deepcopy(case)
    people = told.get("person", [])
    # an age or a competence that is not known leaves open whose word it is, so it is said that they spoke
    child = told.setdefault("child", {})
    child["spoken"] = (
        child.get("wishes") in ("agrees", "refuses")
        or (told.get("consent", {}).get("by") == "child" and told["consent"].get("status") in SPOKEN)
        or any(each["role"] == "child" and each["answer"] in SPOKEN for each in people)
    )
    for each in people:
        each["spoken"] = each["answer"] in SPOKEN
    told.setdefault("sharing", {})["reaches_others"] = any(
        is_no_agency(each) for each in told.get("recipient", [])
    ) or told["request"]["kind"] in ("parent", "subject_access", "insurer", "research", "media")
    return told


@st.composite
def cases(draw: Any, child_refuses: bool = False) -> Case:
    """A case in which most is known: of people who are listed, or in the short form."""
    people = []
    if draw(st.booleans()) or draw(st.booleans()):
        roles = [
            "child",
            *draw(
                st.lists(
                    st.sampled_from(
                        ("parent", "parent", *FAMILY, "child", "other_adult", "practitioner", "informant")
                    ),
                    max_size=3,
                )
            ),
        ]
        people = [person(draw, f"p{number}", role) for number, role in enumerate(roles)]
        if child_refuses:
            people[0].update(competent=True, answer=of(draw, "refused", "withdrawn"))
    named = [each["name"] for each in people]
    to = [f"r{number}" for number in range(draw(st.integers(1, 3)))]
    case: Case = {
        "child": {},
        "concern": {
            "harm_to_child": of(draw, "none", "possible", "significant", "immediate"),
            "harm_to_others": of(draw, "none", "none", "possible", "serious"),
        },
        "telling": {
            "endangers_child": rarely(draw) or any(each["telling_endangers"] for each in people),
            "endangers_adult": rarely(draw),
            "undermines_investigation": rarely(draw),
        },
        "request": {"made": draw(st.booleans()), "kind": "none", "from_verified": not rarely(draw)},
        "sharing": {
            "purpose": of(draw, "protect_child", "assess_need", "early_help", "prevent_crime", "other")
        },
        "practitioner": {"nation": of(draw, "england", "england", "wales")},
        "item": [item(draw, f"i{number}", named, to) for number in range(draw(st.integers(1, 2)))],
        "recipient": [recipient(draw, name, people) for name in to],
    }
    if people:
        case["person"] = people
    else:
        age = draw(st.integers(0, 17))
        case["child"] = {
            "age": age,
            "competent": age >= 8 and draw(st.booleans()),
            "wishes": of(draw, "agrees", "refuses", "not_asked"),
        }
        if child_refuses:
            case["child"] = {"age": draw(st.integers(8, 17)), "competent": True, "wishes": "refuses"}
        case["consent"] = {"status": of(draw, *ANSWERS), "by": of(draw, "parent", "carer", "adult_concerned")}
    for group, fact in (
        ("concern", "sexual_abuse"),
        ("concern", "serious_crime"),
        ("concern", "forced_marriage"),
        ("concern", "domestic_abuse"),
        ("concern", "about_staff"),
        ("concern", "past_abuse"),
        ("telling", "loses_evidence"),
        ("telling", "prompts_flight"),
        ("telling", "delays_protection"),
        ("telling", "not_practicable"),
        ("sharing", "emergency"),
        ("sharing", "prohibited_by_law"),
        ("sharing", "more_detrimental"),
        ("practitioner", "in_doubt"),
        ("practitioner", "regulated"),
    ):
        if draw(st.integers(0, 11)) == 11:
            case[group][fact] = True
    if rarely(draw):
        case["concern"]["fabricated_illness"] = of(draw, "perplexing", "suspected")
    if rarely(draw):
        case["concern"]["fgm"] = of(draw, "at_risk", "known")
    if rarely(draw):
        case["request"]["compulsion"] = of(draw, "power", "duty", "court_order")
    if rarely(draw):
        case["request"]["kind"] = of(
            draw,
            "agency",
            "police_form",
            "subject_access",
            "parent",
            "transfer_of_file",
            "court",
            "insurer",
            "research",
            "media",
        )
    if rarely(draw):
        case["sharing"]["confidential"] = False
    if rarely(draw):
        case["sharing"]["identifies_person"] = False
    if child_refuses and people and draw(st.booleans()):  # and a parent agrees to something in particular
        people.append({**person(draw, "p9", "parent"), "responsibility": True, "suspected": False})
        case["recipient"].append({**recipient(draw, "r9", people), "role": "family", "who": {"none": True}})
        for each in of(draw, case["item"], case["recipient"]):
            each["agreed_by"] = ["p9"]
    return confirmed(case)


def answered(case: Case) -> list[tuple[Any, ...]]:
    """Where each answer stands in the case."""
    found: list[tuple[Any, ...]] = []
    for group, facts in case.items():
        if isinstance(facts, list):
            found += [(group, at, fact) for at, each in enumerate(facts) for fact in each if fact != "name"]
        else:
            found += [(group, fact) for fact in facts]
    return found


def changed(case: Case, where: tuple[Any, ...], answer: Any) -> Case:
    """The case with another answer there; None: with none."""
    other = deepcopy(case)
    facts = other
    for step in where[:-1]:
        facts = facts[step]
    if answer is None:
        del facts[where[-1]]
    else:
        facts[where[-1]] = answer
    return other


@st.composite
def with_gaps(draw: Any, whole: st.SearchStrategy[Case]) -> Case:
    """Such a case of which some answers are missing, or not sure."""
    case = draw(whole)
    for _ in range(draw(st.integers(0, 3))):
        case = changed(case, draw(st.sampled_from(answered(case))), of(draw, None, "unsure"))
    return case


# --- what is read off the case ---


def by_name(case: Case) -> dict[str, Case]:
    return {each["name"]: each for each in case.get("person", [])}


def whom(case: Case, reference: Any) -> Case:
    return by_name(case).get(reference, {}) if isinstance(reference, str) else {}


def significant_harm(case: Case) -> bool:
    """Whether harm to the child is, or may be, such that a refusal does not hold."""
    concern = case["concern"]
    unclear = ("unsure", True)
    return (
        concern.get("harm_to_child") not in ("none", "possible")
        or concern.get("sexual_abuse") in unclear
        or concern.get("fabricated_illness") in ("unsure", "suspected")
        or concern.get("sexual_activity_under_13") in unclear
        or concern.get("fgm") in ("unsure", "at_risk", "known")
        or concern.get("forced_marriage") in unclear
    )


def ordered_by_court(case: Case) -> bool:
    return case["request"].get("compulsion") in ("court_order", "unsure")


def kept_out(case: Case, it: Case) -> bool:
    """Whether they, or whoever they are or act for, are suspected or barred."""
    return it.get("suspected_of_harm") is True or any(
        whom(case, it.get(reference)).get(fact) is True
        for reference in ("who", "acts_for")
        for fact in ("suspected", "barred")
    )


def settled(row: Any) -> infoshare.Outcome | None:
    """The outcome of the row; None while it hangs on what is unknown, and advice is taken for that alone."""
    return row.outcome if len(row.possible) == 1 else None


def due(decision: infoshare.Decision) -> list[tuple[str, str | None]]:
    """The duties that are due, each with the person for whom it is."""
    return [(each.duty, (each.for_ or {}).get("person")) for each in decision.duties if each.state == "due"]


# --- the properties ---


def test_what_a_young_person_who_is_able_to_decide_refuses_reaches_no_family_short_of_significant_harm():
    @tried(with_gaps(cases(child_refuses=True)))
    def holds(name, case):
        refuses = (
            case["child"].get("competent") is True and case["child"].get("wishes") == "refuses"
        ) or any(
            each.get("role") == "child"
            and each.get("competent") is True
            and each.get("answer") in ("refused", "withdrawn")
            and not each.get("suspected")
            for each in case.get("person", [])
        )
        assume(refuses and not significant_harm(case) and not ordered_by_court(case))
        assume(case["sharing"].get("identifies_person", True) is True)
        assume(case["sharing"].get("emergency", False) is False)
        decision = decided(name, case)
        things = {each["name"]: each for each in case["item"]}
        for row in decision.disclosures:
            it = next(each for each in case["recipient"] if each["name"] == row.recipient)
            who = whom(case, it.get("who"))
            family = it.get("role") == "family" or who.get("role") in FAMILY
            itself = who.get("role") in ("child", "unsure", None) and bool(who)
            asked = [each.get("agreed_by") for each in (it, things[row.item])]
            agreed = [whom(case, name) for names in asked if isinstance(names, list) for name in names]
            own_word = any(each.get("role") == "child" and each.get("competent") is True for each in agreed)
            if family and not itself and not own_word:
                assert row.release is not True, row
                assert row.outcome is not infoshare.Outcome.SHARE, row
        for duty, told in due(decision):
            assert duty not in ("inform_family", "inform_later"), duty
            assert duty not in TELLING or by_name(case)[told].get("role") not in FAMILY, (duty, told)


def test_nobody_who_is_suspected_or_barred_gets_anything_or_is_told_but_for_what_a_court_orders():
    @tried(with_gaps(cases()))
    def holds(name, case):
        decision = decided(name, case)
        for row in decision.disclosures:
            it = next(each for each in case["recipient"] if each["name"] == row.recipient)
            if kept_out(case, it) and not ordered_by_court(case):
                assert row.release is False, row
        for duty, told in due(decision):
            if duty in TELLING:
                assert by_name(case)[told].get("suspected") is not True
                assert by_name(case)[told].get("barred") is not True


def test_more_harm_to_the_child_never_keeps_from_an_agency_that_protects_what_less_harm_would_share():
    @tried(with_gaps(cases()))
    def holds(name, case):
        roles = {each["name"]: each.get("role") for each in case["recipient"]}
        shared = set()
        for harm in ("none", "possible", "significant", "immediate"):
            for row in decided(name, changed(case, ("concern", "harm_to_child"), harm)).disclosures:
                if roles[row.recipient] in PROTECT:
                    if row.outcome is infoshare.Outcome.SHARE:
                        shared.add((row.item, row.recipient))
                    assert row.outcome is not infoshare.Outcome.WITHHOLD or (
                        (row.item, row.recipient) not in shared
                    ), (harm, row)


def test_an_answer_that_is_not_sure_never_turns_share_into_withhold_or_the_other_way_round():
    @tried(cases(), st.randoms(use_true_random=False))
    def holds(name, case, rng):
        sure = {(row.item, row.recipient): row.outcome for row in decided(name, case).disclosures}
        where = rng.choice(answered(case))
        for row in decided(name, changed(case, where, "unsure")).disclosures:
            outcomes = {sure[row.item, row.recipient], row.outcome}
            assert outcomes != {infoshare.Outcome.SHARE, infoshare.Outcome.WITHHOLD}, (where, row)


def test_whoever_may_not_share_is_told_whom_to_ask_and_every_decision_is_recorded_and_999_is_rung():
    @tried(with_gaps(cases()))
    def holds(name, case):
        decision = decided(name, case)
        if decision.outcome is not infoshare.Outcome.SHARE:
            assert decision.advice
            assert all(each.whom for each in decision.advice)
        duties = {duty for duty, _ in due(decision)}
        assert "record_decision" in duties
        if case["sharing"].get("emergency") is True or case["concern"].get("harm_to_child") == "immediate":
            assert "ring_999" in duties


def test_naming_the_recipients_never_lets_go_what_would_have_been_kept_back_from_all_of_them():
    @tried(with_gaps(cases()))
    def holds(name, case):
        assume(isinstance(case["sharing"].get("reaches_others"), bool))
        fewer = deepcopy(case)
        del fewer["recipient"]
        for each in fewer["item"]:
            each.pop("needed_by", None)
        shorter = {row.item: settled(row) for row in decided(name, fewer).disclosures}
        for row in decided(name, case).disclosures:
            if shorter[row.item] not in (None, infoshare.Outcome.SHARE):
                assert row.release is not True, row


def test_naming_people_who_have_no_say_never_lets_go_what_would_have_been_kept_back():
    @tried(with_gaps(cases()), st.sampled_from(("sibling", "practitioner", "informant", "other")))
    def holds(name, case, role):
        before = {(row.item, row.recipient): settled(row) for row in decided(name, case).disclosures}
        bystander = {"name": "bystander", "role": role, "responsibility": False, "answer": "not_sought"}
        more = {**case, "person": [*case.get("person", []), bystander]}
        for row in decided(name, more).disclosures:
            if before[row.item, row.recipient] not in (None, infoshare.Outcome.SHARE):
                assert row.outcome is not infoshare.Outcome.SHARE, row
