"""Every finding: a policy in which it is found alone, pointing at its place, and one that is nearly the same and clean."""

import pytest

from findings_samples import CLEAN, TODAY, VOCABULARY, checked, codes, look, pointed_at, varied
from infoshare.analysis import every_case
from infoshare.analysis.search import Search
from infoshare.authoring.findings import findings
from infoshare.codes import CODES

PROTECT = "when child.at_risk or child.agreed"
KEEP = "when not child.at_risk and not child.agreed"
GROWN = "require child.age > 15 or child.level is high"
NOBODY = CLEAN[CLEAN.index("rule protect") : CLEAN.index("safeguard grown")]
SCENARIOS = CLEAN[CLEAN.index('scenario "At risk"') :]
NOT_THE_OLD = 'exception not_the_old "Not the old." sets aside {} when {} cites paper "4"'
FIRST = 'override first "First." withhold prevails over {} when {} cites paper "4"'
TRIED = 'scenario "Tried" given child.at_risk child.age is 17 then {}'
PARENTS = 'facts about each parent "a parent" willing "they are willing" : yes or no ask "Willing?"\n'
WILLING = "(any parent (parent.willing) and every parent (parent.willing))"
BORN = '  born "the day of birth" : date  ask "When born?"\n'
CLOSING = "withhold where no other clause stands"
TOLD = """
duty tell "Tell the family." before sharing cites paper "5"
exception unsafe "Not where that is unsafe." sets aside tell when child.unsafe cites paper "6"
scenario "Unsafe" given child.at_risk child.unsafe then share lifting tell
"""

# code; what it points at; what makes a clean policy have it; what makes it nearly have it
EACH = [
    ("IS501", "keep", {'  cites paper "2"\n': ""}, {'cites paper "2"': 'because "No paper says so."'}),
    (
        "IS502",
        "other",
        {"facts about child": 'source other "Another paper"\nfacts about child'},
        {"facts about child": 'source other "Another paper"\nfacts about child', 'paper "3"': 'other "3"'},
    ),
    (
        "IS503",
        "seen",
        {"  level ": '  seen "the child was seen" : yes or no  ask "Was the child seen?"\n  level '},
        {
            "  level ": '  seen "the child was seen" : yes or no  ask "Was the child seen?"\n  level ',
            "or child.level is high": "or child.level is high or child.seen",
        },
    ),
    (
        "IS503",
        "seen",
        {
            "  level ": '  seen "the child was seen" : yes or no  ask "Was the child seen?"\n  level ',
            "": 'define met "somebody saw it" as child.seen\nadvice lead from "the lead" when met',
        },
        {
            "  level ": '  seen "the child was seen" : yes or no  ask "Was the child seen?"\n  level ',
            "": 'define met "somebody saw it" as child.seen\nadvice lead from "the lead" when met',
            "or child.level is high": "or child.level is high or met",
        },
    ),
    (
        "IS504",
        "old",
        {"": 'define old "the child is old" as child.age > 16'},
        {"": 'define old "the child is old" as child.age > 15', "require child.age > 15": "require old"},
    ),
    (
        "IS505",
        "limit",
        {"": "value limit 15 from 2026-01-01"},
        {"": "value limit 15 from 2026-01-01", "child.age > 15": "child.age > limit"},
    ),
    (
        "IS506",
        "agreed",
        {'yes or no  ask "Does the family agree?"': "yes or no"},
        {'"Does the family agree?"': '"Agreed?"'},
    ),
    (
        "IS507",
        "2025-12-31",
        {'  cites paper "3"': '  until 2025-12-31\n  cites paper "3"'},
        {'  cites paper "3"': '  until 2026-01-01\n  cites paper "3"'},
    ),
    (
        "IS508",
        "child.at_risk",
        {PROTECT: f"{PROTECT} or child.at_risk"},
        {PROTECT: f"{PROTECT} or (child.at_risk and child.age > 5)"},
    ),
    (
        "IS509",
        "not child.level is not high",
        {"child.level is high": "not child.level is not high"},
        {"child.level is high": "not child.level is low"},
    ),
    ("IS510", "2026-05-31", {"2027-01-01": "2026-05-31"}, {"2027-01-01": "2026-06-01"}),
    (
        "IS511",
        '"Again"',
        {"": 'scenario "Again" given child.at_risk then share'},
        {"": 'scenario "Again" as of 2026-02-01 given child.at_risk then share'},
    ),
    (
        "IS512",
        "p",
        {
            NOBODY: "",
            SCENARIOS: 'guarantee both "Both." never share when child.at_risk and child.agreed cites paper "1"',
        },
        {},
    ),
    (
        "IS513",
        '"Cafe\u0301."',
        {'"All else is kept."': '"Cafe\u0301."'},
        {'"All else is kept."': '"Caf\u00e9."'},
    ),
    (
        "IS514",
        "# allow IS501",
        {'  cites paper "2"\n': "", "rule keep": "# allow IS501\nrule keep"},
        {'  cites paper "2"\n': "", "rule keep": "# allow IS501: it is plain\nrule keep"},
    ),
    (
        "IS515",
        "# allow IS501: it is plain",
        {"rule keep": "# allow IS501: it is plain\nrule keep"},
        {"rule keep": "# we allow ourselves this, whatever IS501 says\nrule keep"},
    ),
    (
        "IS601",
        "keep",
        {KEEP: "when not child.at_risk"},
        {
            KEEP: "when not child.at_risk",
            "rule keep": "override keep",
            "withhold\n  when": "withhold\n  prevails over protect\n  when",
        },
    ),
    (
        "IS602",
        "p",
        {PROTECT: "when child.at_risk"},
        {PROTECT: "when child.at_risk", KEEP: "when not child.at_risk", GROWN: f"{GROWN} or child.agreed"},
    ),
    (
        "IS603",
        "safe",
        {"": 'guarantee safe "The child is safe." always share when child.age > 3'},
        {"": 'guarantee safe "The child is safe." always share when child.age > 3 and child.at_risk'},
    ),
    (
        "IS604",
        "child.age < 18",
        {GROWN: "require child.age < 18 and child.level is high"},
        {GROWN: "require child.age < 17 and child.level is high"},
    ),
    (
        "IS605",
        "(child.age > 15 and child.age < 16)",
        {GROWN: "require child.level is high or (child.age > 15 and child.age < 16)"},
        {GROWN: "require child.level is high or (child.age > 15 and child.age < 17)"},
    ),
    (
        "IS606",
        "grown",
        {
            "": f"{NOT_THE_OLD.format('grown', 'child.age >= 0')}\n{TRIED.format('share')}".replace(
                "when child.age >= 0 ", ""
            )
        },
        {"": f"{NOT_THE_OLD.format('grown', 'child.age > 1')}\n{TRIED.format('share')}"},
    ),
    (
        "IS607",
        "protect",
        {
            "": f"{FIRST.format('protect', 'child.at_risk or child.agreed')}",
            SCENARIOS: SCENARIOS.replace("then share", "then withhold"),
        },
        {
            "": f'{FIRST.format("protect", "child.agreed")}\nscenario "Agreed" given child.agreed then withhold'
        },
    ),
    (
        "IS608",
        "keep",
        {
            "": f'{NOT_THE_OLD.format("keep, grown", "child.agreed")}\nscenario "Agreed" given child.agreed then share'
        },
        {
            "": f"{NOT_THE_OLD.format('protect, grown', 'child.agreed and child.level is high')}\n"
            'rule instead "Instead." withhold when child.agreed and child.level is high cites paper "5"\n'
            'scenario "Agreed" given child.agreed child.level is high then withhold'
        },
    ),
    (
        "IS609",
        "yes",
        {'yes or no  ask "Does the family agree?"': 'yes or no  unanswered means yes  ask "Agreed?"'},
        {'yes or no  ask "Does the family agree?"': 'yes or no  unanswered means no  ask "Agreed?"'},
    ),
    (
        "IS609",
        "no",
        {
            "": TOLD,
            "  level ": '  unsafe "it is unsafe" : yes or no  unanswered means no  ask "Is it unsafe?"\n  level ',
        },
        {
            "": TOLD,
            "  level ": '  unsafe "it is unsafe" : yes or no  unanswered means yes  ask "Is it unsafe?"\n  level ',
        },
    ),
    (
        "IS612",
        "every parent (parent.willing)",
        {
            "facts about child": PARENTS + "facts about child",
            PROTECT: f"{PROTECT} or every parent (parent.willing)",
            KEEP: f"{KEEP} and not every parent (parent.willing)",
            "not child.agreed\n  then": 'not child.agreed\n    parent "a" (not willing)\n  then',
        },
        {
            "facts about child": PARENTS + "facts about child",
            PROTECT: f"{PROTECT} or {WILLING}",
            KEEP: f"{KEEP} and not ({WILLING})",
            "not child.agreed\n  then": 'not child.agreed\n    parent "a" (not willing)\n  then',
        },
    ),
    (
        "IS612",
        "any parent (not parent.willing)",
        {
            "facts about child": PARENTS + "facts about child",
            PROTECT: f"{PROTECT} or not any parent (not parent.willing)",
            KEEP: f"{KEEP} and any parent (not parent.willing)",
            "not child.agreed\n  then": 'not child.agreed\n    parent "a" (not willing)\n  then',
        },
        {
            "facts about child": PARENTS + "facts about child",
            PROTECT: f"{PROTECT} or {WILLING}",
            KEEP: f"{KEEP} and not ({WILLING})",
            "not child.agreed\n  then": 'not child.agreed\n    parent "a" (not willing)\n  then',
        },
    ),
    (
        "IS613",
        "today >= 18 years after child.born",
        {
            "  level ": BORN + "  level ",
            GROWN: "require today >= 18 years after child.born or child.age > 15 or child.level is high",
        },
        {
            "  level ": BORN + "  level ",
            GROWN: "require child.born <= 18 years before today or child.age > 15 or child.level is high",
        },
    ),
    (
        "IS614",
        "closes",
        {
            f"withhold\n  {KEEP}": CLOSING,
            "": 'rule closes "So is this." withhold where no other clause stands cites paper "4"',
        },
        {f"withhold\n  {KEEP}": CLOSING},
    ),
    (
        "IS610",
        "keep",
        {CLEAN[CLEAN.index('scenario "Neither"') :]: ""},
        {
            CLEAN[
                CLEAN.index('scenario "Neither"') :
            ]: 'scenario "Neither" given not child.at_risk not child.agreed then share'
        },
    ),
]


def test_nothing_is_found_in_the_policy_that_all_are_variations_of():
    assert codes(CLEAN) == []
    assert codes(VOCABULARY) == []


def test_every_finding_is_here():
    assert {code for code, *_ in EACH} | {"IS611", "IS615"} == {code for code in CODES if code[2] in "56"}


def test_where_not_every_case_could_be_tried_that_is_said(monkeypatch):
    monkeypatch.setattr(every_case, "JOINED", 0)
    assert codes(CLEAN) == []
    monkeypatch.setattr(every_case, "BUDGET", 0)
    assert codes(CLEAN) == ["IS611"]


@pytest.mark.parametrize(("code", "place", "has", "nearly"), EACH, ids=[code for code, *_ in EACH])
def test_a_policy_that_has_it_has_it_alone_and_one_that_nearly_has_it_is_clean(code, place, has, nearly):
    found = look(varied(has))
    assert [finding.diagnostic.code for finding in found] == [code]
    assert pointed_at(found) == [place]
    assert found[0].diagnostic.severity == "warning"
    assert codes(varied(nearly)) == []


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("today > 18 years after child.born", True),
        ("18 years after child.born <= today", True),
        ("years between child.born and today is at least 18", True),
        ("child.born < 18 years before today", False),
        ("today >= 30 days after child.born", False),
    ],
)
def test_whatever_counts_years_from_a_day_that_is_asked_for_is_told_how_29_february_is_counted(
    condition, told
):
    text = varied(
        {
            "  level ": BORN + "  level ",
            GROWN: f"require {condition} or child.age > 15 or child.level is high",
        }
    )
    assert codes(text) == (["IS613"] if told else [])


USED = """infoshare 1
policy national "N" from 2026-01-01
source paper "The paper"
facts about ask_of "the request"
  kind "it comes from" : one of school, press  ask "Who asks?"
  near "they are near" : yes or no  ask "Near?"
define open_to "who may ask" as not ask_of.kind is press
rule told "Told." share when {} cites paper "1"
rule kept "Kept." withhold when {} cites paper "2"
"""
OVERLAY = """infoshare 1
policy local "L" from 2026-01-01
use "national.policy"
facts about ask_of "the request"
  kind also one of radio
scenario "School" given ask_of.kind is school ask_of.near then share
"""


@pytest.mark.parametrize(
    ("told", "kept", "passes"),
    [
        ("ask_of.kind is not press", "ask_of.kind is press", ["ask_of.kind is not press"]),
        ("open_to", "not open_to", ["ask_of.kind is press"]),
        ("none of these\n - ask_of.kind is press\n", "ask_of.kind is press", ["ask_of.kind is press"]),
        ("ask_of.near unless ask_of.kind is press", "ask_of.kind is press", ["ask_of.kind is press"]),
        ("ask_of.kind is school", "ask_of.kind is press", []),
        ("not (not ask_of.kind is school)", "ask_of.kind is one of press", []),
    ],
)
def test_a_value_of_an_overlay_is_told_of_where_what_it_uses_denies_others_and_nowhere_else(
    told, kept, passes
):
    found = look(OVERLAY, {"national.policy": USED.format(told, kept)})
    about = [f.diagnostic for f in found if f.diagnostic.code == "IS615"]
    assert [label.span.text for diagnostic in about for label in diagnostic.labels[1:]] == passes
    assert [diagnostic.labels[0].span.text for diagnostic in about] == (["kind"] if passes else [])
    allowed = OVERLAY.replace("  kind also", "  # allow IS615: looked at\n  kind also")
    assert "IS615" not in codes(allowed, {"national.policy": USED.format(told, kept)})


def test_facts_of_a_vocabulary_that_one_policy_uses_are_its_own_and_those_of_a_shared_one_are_not():
    asked = VOCABULARY + '  ill "somebody is ill" : yes or no  ask "Is somebody ill?"\n'
    one = CLEAN.replace("infoshare 1\n", 'infoshare 1\nuse "v.policy"\n', 1).replace(
        "when child.at_risk or", "when (child.at_risk and family.ill) or", 1
    )
    words = checked(asked, main="v.policy")
    user = checked(one, {"v.policy": asked})
    unused = "the fact `family.here` is never used"
    assert [f.diagnostic.message for f in findings([user, words], today=TODAY)].count(unused) == 1
    assert unused not in [f.diagnostic.message for f in findings([user], today=TODAY)]
    assert findings([words], today=TODAY) == ()  # nobody is known to use it
    other = checked(one.replace('policy p "P"', 'policy q "Q"'), {"v.policy": asked}, main="q.policy")
    assert unused not in [f.diagnostic.message for f in findings([user, other, words], today=TODAY)]


def test_nothing_of_a_vocabulary_is_in_vain_until_its_policy_asks_for_something_of_it():
    unasked = CLEAN.replace("infoshare 1\n", 'infoshare 1\nuse "v.policy"\n', 1)
    both = [checked(unasked, {"v.policy": VOCABULARY}), checked(VOCABULARY, main="v.policy")]
    assert findings(both, today=TODAY) == ()


def test_all_days_share_the_steps_and_the_days_left_out_are_counted(monkeypatch):
    dated = varied({"share\n  when": "share\n  until 2026-06-30\n  when", "": SINCE_JULY})
    monkeypatch.setattr(every_case, "JOINED", 0)
    assert "IS611" not in codes(dated)
    monkeypatch.setattr(Search.__init__, "__kwdefaults__", {"steps": 0})
    (too_large,) = [f for f in look(dated) if f.diagnostic.code == "IS611"]
    assert too_large.diagnostic.help[0].startswith("on 2 of the 2 days that were looked at")


SINCE_JULY = (
    'rule july "Since July." share from 2026-07-01 when child.at_risk or child.agreed cites paper "9"'
)
