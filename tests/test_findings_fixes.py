"""Fixes: what they leave is the same policy, with every comment that they are not about."""

from random import Random

import pytest

from findings_samples import CLEAN, checked, codes, look, varied
from infoshare.authoring.findings import Checked, findings
from infoshare.authoring.findings.wording import wording
from infoshare.authoring.fixes import fixed
from infoshare.errors import FactsError
from infoshare.meaning.resolver import resolve
from infoshare.policy.collector import collect
from infoshare.policy.files import FilesInMemory
from infoshare.policy.load import load_sources
from infoshare.policy.policy import Policy
from infoshare.syntax.parser import parse
from infoshare.testing.policies import DAYS, MAIN, random_policy, sources
from infoshare.testing.tree_cases import random_case
from infoshare.text import Source

WHEN = "when child.at_risk or child.agreed"


def mended(text):
    """The text after as many rounds of fixes as it takes."""
    for _ in range(20):
        done = fixed(Source("p.policy", text), findings([checked(text)], today=DAYS[0]))
        if not done.count:
            return text
        text = done.text
    raise AssertionError("it goes on for ever")


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("not not child.at_risk or child.agreed", "child.at_risk or child.agreed"),
        ("not (not (child.at_risk or child.agreed))", "(child.at_risk or child.agreed)"),
        ("child.at_risk or not child.agreed is not yes", "child.at_risk or child.agreed is yes"),
        ("child.at_risk or child.at_risk or child.agreed", "child.at_risk or child.agreed"),
        ("child.at_risk or child.agreed or child.at_risk", "child.at_risk or child.agreed"),
        ("child.at_risk or (child.agreed or child.at_risk)", "child.at_risk or (child.agreed)"),
        ("child.at_risk or (child.at_risk or child.agreed)", "child.at_risk or (child.agreed)"),
        ("any of these\n    - child.at_risk\n    - child.agreed\n    - child.at_risk",
         "any of these\n    - child.at_risk\n    - child.agreed"),
        ("child.at_risk is yes or child.agreed or child.at_risk", "child.at_risk is yes or child.agreed"),
    ],
)  # fmt: skip
def test_what_is_said_twice_or_denied_twice_is_said_once(written, left):
    assert mended(varied({WHEN: f"when {written}"})) == varied({WHEN: f"when {left}"})


def test_a_scenario_that_repeats_another_goes_with_the_blank_line_before_it():
    again = 'scenario "At risk, again"\n  given\n    child.at_risk\n  then share\n'
    assert mended(f"{CLEAN}\n{again}") == CLEAN
    assert mended(varied({'scenario "Neither"': f'{again}\nscenario "Neither"'})) == CLEAN


def test_a_scenario_that_expects_something_else_stays():
    text = varied({"": 'scenario "Again" given child.at_risk then share because of protect'})
    assert codes(text) == ["IS511"]
    assert mended(text) == text


def test_letters_in_two_parts_become_one():
    assert mended(varied({"All else is kept.": "Cafe\u0301."})) == varied({"All else is kept.": "Caf\u00e9."})


def test_a_comment_that_allows_nothing_goes_with_its_line_or_from_the_end_of_one():
    allowing = "# allow IS501: no longer"
    assert mended(varied({"rule keep": f"{allowing}\nrule keep"})) == CLEAN
    assert mended(varied({'cites paper "2"': f'cites paper "2"  {allowing}'})) == CLEAN


def test_nothing_is_mended_where_a_comment_would_be_lost():
    repeated = varied({WHEN: f"{WHEN}\n    # the same, but why?\n    or child.at_risk"})
    scenario = varied({"": 'scenario "Again"\n  # why?\n  given child.at_risk then share'})
    for text in (repeated, scenario):
        assert look(text)
        assert mended(text) == text


def test_lines_that_end_as_on_windows_still_do():
    text = varied({WHEN: f"{WHEN} or child.at_risk"}).replace("\n", "\r\n")
    assert mended(text) == CLEAN.replace("\n", "\r\n")


def decided(policy, case, day):
    """All that is said of a case, but for the facts that kept a clause from firing: a shorter text names others."""
    told = said(policy, case, day)
    if isinstance(told, dict):
        told["not_fired"] = [{**clause, "facts": ...} for clause in told["not_fired"]]
    return told


def test_random_policies_decide_as_before_when_they_are_mended():
    mended_ones = 0
    for seed in range(200):
        rng = Random(seed)
        files = random_policy(rng)
        texts = {path: data.decode() for path, data in sources(files).items()}
        loaded = load(texts)
        found = [f for f in wording(loaded) if f.fix]
        source = next(file.tree.span.source for file in loaded.files if file.path == MAIN)
        after = fixed(source, found)
        if not after.count:
            continue
        mended_ones += 1
        assert not parse(Source(MAIN, after.text)).diagnostics
        old, new = (
            loaded.policy,
            load_sources({p: t.encode() for p, t in {**texts, MAIN: after.text}.items()}, main=MAIN),
        )
        for _ in range(5):
            case = random_case(rng, files)
            day = rng.choice(DAYS)
            assert decided(old, case, day) == decided(new, case, day)
    assert mended_ones >= 10


def load(texts) -> Checked:
    got = collect(FilesInMemory({path: text.encode() for path, text in texts.items()}, MAIN))
    bound = resolve(got.files, digest=got.digest)
    return Checked(Policy(bound.model, bound.scenarios, bound.diagnostics), got.files)


def said(policy, case, day):
    try:
        decision = policy.decide(case, as_of=day).to_dict()
    except FactsError:
        return "impossible"
    return {key: value for key, value in decision.items() if key != "policy"}
