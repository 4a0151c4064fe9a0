"""The sample of section 1 of the language, word for word, with a vocabulary for the facts that it leaves out."""

from datetime import date

import infoshare
from infoshare import Basis, Outcome
from infoshare.outcome import OUTCOMES
from infoshare.scenarios import run_scenarios

SAMPLE = """\
infoshare 1                                             # version of the language, always first

policy cscp "Information Sharing (Protocol)"
  version "2026.1"
  owner "Safeguarding Children Partnership"
  from 2026-01-01
  review by 2027-01-01

use "vocabulary.policy"

source protocol "Information Sharing (Protocol)" by "CSCP"

facts about concern "the concern"
  harm_to_child "the harm that the child is likely to suffer" :
    one of none "no harm", possible "possible harm", significant "significant harm", immediate "immediate danger"
    ask "How serious is the harm that the child may suffer?"
  sexual_abuse "sexual abuse is suspected" : yes or no
    unanswered means no
    ask "Do you suspect sexual abuse?"

facts about each item "a piece of information"
  necessary "the purpose needs it" : yes or no  ask "Is this needed for the purpose?"
  recorded_on "the day it was recorded" : date  ask "When was it recorded?"

define telling_is_dangerous "telling the family now would be dangerous" as
  any of these
    - telling.endangers_child
    - telling.endangers_adult

consent family_agrees "The family agrees to the information being shared."
  share
  when consent.status is given
  cites protocol "3"

consent wishes_respected "The wishes of a family who do not give consent are respected."
  withhold
  when consent.status is one of refused, withdrawn
  cites protocol "3"

consent speak_first "Where possible, speak with the child and family before sharing."
  seek consent
  when consent.status is not_sought
  cites protocol "2"

rule legal_bar "A court order or statute forbids it."
  must withhold
  when sharing.prohibited_by_law

override welfare_first "The safety and welfare of the child overrides confidentiality."
  share
  prevails over every consent clause
  when concern.harm_to_child is one of significant, immediate
  cites protocol "1", "3"

exception telling_endangers "Telling them would put the child or an adult at risk of harm."
  sets aside speak_first, inform_family
  when telling_is_dangerous
  cites protocol "2"

duty inform_family "Tell the child and family what will be shared, with whom and why."
  before sharing
  cites protocol "2"

safeguard only_what_is_necessary "Only what is necessary for the purpose is shared."
  for each item
  require item.necessary
  otherwise "Leave it out, or say why the purpose needs it."
  cites protocol "5"

duty record_decision "Record the decision and the reasons for it, signed and dated, in a secure place."
  after deciding
  cites protocol "6"

advice safeguarding_lead from "your designated safeguarding lead"
  cites protocol "4"

guarantee child_first "Refused consent alone never keeps back information about a child at significant risk."
  never withhold
  when concern.harm_to_child is one of significant, immediate and not sharing.prohibited_by_law

scenario "The family refuses, and the child is at significant risk"
  given
    consent.status is refused
    concern.harm_to_child is significant
  then share
    because of welfare_first
    with record_decision
"""

VOCABULARY = """\
infoshare 1

facts about telling "telling the family"
  endangers_child "telling them would raise the risk to the child" : yes or no
  endangers_adult "telling them would raise the risk to an adult" : yes or no

facts about consent "the family's agreement"
  status "what they said" : one of given, refused, withdrawn, not_sought, cannot_be_given

facts about sharing "the sharing"
  prohibited_by_law "a court order or statute forbids it" : yes or no  unanswered means no
"""

DAY = date(2026, 11, 22)


def sample():
    return infoshare.load_sources(
        {"cscp.policy": SAMPLE.encode(), "vocabulary.policy": VOCABULARY.encode()}, main="cscp.policy"
    )


def decide(**groups):
    return sample().decide(groups, as_of=DAY)


def names(findings):
    return [finding.clause for finding in findings]


def test_the_sample_loads_without_a_word_of_complaint():
    policy = sample()
    assert policy.diagnostics == ()
    assert (policy.name, policy.title) == ("cscp", "Information Sharing (Protocol)")


def test_its_scenario_passes():
    results = run_scenarios(sample(), today=DAY)
    assert [(r.title, r.problems) for r in results] == [
        ("The family refuses, and the child is at significant risk", ())
    ]


def test_a_child_at_risk_outweighs_a_refusal():
    decision = decide(
        consent={"status": "refused"},
        concern={"harm_to_child": "significant"},
        telling={"endangers_child": True},
        item=[{"name": "GP letter", "necessary": True}, {"name": "counselling notes", "necessary": False}],
    )
    assert (decision.outcome, decision.basis, decision.mandatory, decision.exact) == (
        Outcome.SHARE,
        Basis.CLAUSES,
        False,
        True,
    )
    (welfare,) = decision.fired
    assert (welfare.clause, welfare.kind, welfare.effect) == ("welfare_first", "override", "share")
    assert welfare.statement == "The safety and welfare of the child overrides confidentiality."
    assert [(c.source, c.at) for c in welfare.cites] == [("protocol", "1"), ("protocol", "3")]
    assert dict(welfare.facts) == {"concern.harm_to_child": "significant"}
    assert [(c.clause, names(c.by)) for c in decision.defeated] == [("wishes_respected", ["welfare_first"])]
    (bar,) = (c for c in decision.not_fired if c.clause == "legal_bar")
    assert dict(bar.facts) == {"sharing.prohibited_by_law": False}
    assert dict(decision.relied_on) == {
        "concern.harm_to_child": "significant",
        "sharing.prohibited_by_law": False,
    }
    assert decision.possible == (Outcome.SHARE,)
    assert [(d.duty, d.timing, d.state) for d in decision.duties] == [
        ("record_decision", "after deciding", "due")
    ]
    assert [(d.duty, names(d.by)) for d in decision.lifted] == [("inform_family", ["telling_endangers"])]
    assert [(d.item, d.recipient, d.release) for d in decision.disclosures] == [
        ("GP letter", None, True),
        ("counselling notes", None, False),
    ]
    (hold,) = decision.disclosures[1].held_by
    assert (hold.safeguard, hold.remedy) == (
        "only_what_is_necessary",
        "Leave it out, or say why the purpose needs it.",
    )
    assert [(a.advice, a.whom) for a in decision.advice] == [
        ("safeguarding_lead", "your designated safeguarding lead")
    ]
    assert [(a.fact, a.value, a.matters) for a in decision.assumed] == [
        ("sharing.prohibited_by_law", False, True),
        ("concern.sexual_abuse", False, False),
    ]
    assert decision.questions == ()
    assert decision.may_share is False
    assert decision.released == (("GP letter", None),)


def test_one_answer_decides_it_where_the_harm_is_unknown():
    decision = decide(consent={"status": "refused"})
    assert (decision.outcome, decision.basis) == (Outcome.SEEK_ADVICE, Basis.UNKNOWN_FACTS)
    assert set(decision.possible) == {Outcome.SHARE, Outcome.WITHHOLD}
    first = decision.questions[0]
    assert (first.fact, first.ask) == (
        "concern.harm_to_child",
        "How serious is the harm that the child may suffer?",
    )
    assert {answer: set(outcomes) for answer, outcomes in first.leads_to.items()} == {
        "none": {"withhold"},
        "possible": {"withhold"},
        "significant": {"share"},
        "immediate": {"share"},
    }
    assert [(a.value, a.label) for a in first.answers] == [
        ("none", "no harm"),
        ("possible", "possible harm"),
        ("significant", "significant harm"),
        ("immediate", "immediate danger"),
    ]
    assert names(decision.unresolved) == ["wishes_respected", "welfare_first"]
    assert [(d.duty, d.state) for d in decision.duties] == [
        ("inform_family", "open"),
        ("record_decision", "due"),
    ]


def test_telling_the_family_is_open_while_nobody_said_whether_it_is_dangerous():
    decision = decide(consent={"status": "refused"}, concern={"harm_to_child": "significant"})
    assert [(d.duty, d.state) for d in decision.duties] == [
        ("inform_family", "open"),
        ("record_decision", "due"),
    ]
    assert set(decision.duties[0].waiting_for) == {"telling.endangers_child", "telling.endangers_adult"}


def test_a_legal_bar_and_the_childs_welfare_conflict_until_the_author_says_which_prevails():
    decision = decide(
        consent={"status": "refused"},
        concern={"harm_to_child": "significant"},
        sharing={"prohibited_by_law": True},
    )
    assert (decision.outcome, decision.basis) == (Outcome.SEEK_ADVICE, Basis.CONFLICT)
    assert names(decision.fired) == ["legal_bar", "welfare_first"]
    assert decision.mandatory is False  # nothing is concluded by a clause that says must
    assert decision.possible == (Outcome.SEEK_ADVICE,)


def test_the_bar_alone_must_be_kept():
    decision = decide(
        consent={"status": "refused"}, concern={"harm_to_child": "none"}, sharing={"prohibited_by_law": True}
    )
    assert (decision.outcome, decision.mandatory) == (Outcome.WITHHOLD, True)
    assert names(decision.fired) == ["wishes_respected", "legal_bar"]


def test_where_asking_is_dangerous_speaking_first_is_set_aside_and_nothing_takes_its_place():
    decision = decide(
        consent={"status": "not_sought"},
        concern={"harm_to_child": "possible"},
        telling={"endangers_adult": True},
    )
    assert (decision.outcome, decision.basis) == (Outcome.SEEK_ADVICE, Basis.SILENCE)
    assert [(c.clause, names(c.by)) for c in decision.excepted] == [("speak_first", ["telling_endangers"])]


def test_agreement_shares_and_not_having_asked_asks():
    safe = {"endangers_child": False, "endangers_adult": False}
    given = decide(consent={"status": "given"}, concern={"harm_to_child": "none"}, telling=safe)
    assert (given.outcome, names(given.fired), given.may_share) == (Outcome.SHARE, ["family_agrees"], True)
    assert [d.duty for d in given.duties] == ["inform_family", "record_decision"]
    asked = decide(consent={"status": "not_sought"}, concern={"harm_to_child": "none"}, telling=safe)
    assert (asked.outcome, names(asked.fired)) == (Outcome.SEEK_CONSENT, ["speak_first"])
    assert [d.duty for d in asked.duties] == ["record_decision"]


def test_nothing_known_shares_nothing():
    decision = decide()
    assert (decision.outcome, decision.basis, decision.may_share) == (
        Outcome.SEEK_ADVICE,
        Basis.UNKNOWN_FACTS,
        False,
    )
    assert set(decision.possible) == set(OUTCOMES)


def test_out_of_force_it_only_gives_advice():
    decision = sample().decide({"consent": {"status": "given"}}, as_of=date(2025, 12, 31))
    assert (decision.outcome, decision.basis) == (Outcome.SEEK_ADVICE, Basis.NOT_IN_FORCE)
    assert [d.duty for d in decision.duties] == ["record_decision"]
    assert [a.advice for a in decision.advice] == ["safeguarding_lead"]
