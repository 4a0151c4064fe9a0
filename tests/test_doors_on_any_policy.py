"""Asking, reading aloud, the schema and a case written back, on policies and cases made at random."""

import json
from datetime import date
from random import Random

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import infoshare
from infoshare.asking import Dialogue
from infoshare.explain.aloud import read_aloud
from infoshare.meaning import facts as reading
from infoshare.meaning.case import as_facts
from infoshare.testing.policies import MAIN, Files, random_day, random_policy, randoms, sources
from infoshare.testing.tree_cases import random_case

TYPED = [
    "1",
    "1",
    "1",
    "2",
    "2",
    "3",
    "y",
    "n",
    "7",
    "2026-01-31",
    "not sure",
    "skip",
    "back",
    "?",
    "",
    "x",
    "none",
]

given_random = given(randoms())
slowly = settings(max_examples=80)


def made(rng: Random) -> tuple[Files, infoshare.Policy]:
    files = random_policy(rng, large=rng.random() < 0.2)
    return files, infoshare.load_sources(sources(files), main=MAIN)


@slowly
@given(randoms(), st.lists(st.sampled_from(TYPED), max_size=60), st.booleans())
def test_whatever_is_typed_the_case_can_be_decided_and_its_decision_is_the_one_that_is_shown(
    rng, typed, presume
):
    _, policy = made(rng)
    day = random_day(rng)
    try:
        dialogue = Dialogue.start(policy, {}, as_of=day, presume=presume)
    except infoshare.FactsError:
        return  # whatever the case, it is impossible
    for line in typed:
        if dialogue.prompt is None:
            break
        assert all("\n" not in shown for shown in dialogue.prompt.lines())
        dialogue = dialogue.reply(line).dialogue
        assert policy.decide(dialogue.facts, as_of=day, presume=presume) == dialogue.decision


@slowly
@given_random
def test_whoever_skips_everything_comes_to_the_end(rng):
    _, policy = made(rng)
    try:
        dialogue = Dialogue.start(policy, {}, as_of=random_day(rng))
    except infoshare.FactsError:
        return
    for _ in range(2 * len(policy.model.facts) + 10):
        if dialogue.prompt is None:
            break
        dialogue = dialogue.reply("skip").dialogue
    assert dialogue.prompt is None
    assert dialogue.facts == {}


@slowly
@given_random
def test_every_policy_is_read_whole_and_without_dotted_names(rng):
    _, policy = made(rng)
    text = read_aloud(policy.model, vocabulary=True, names=True)
    for name in policy.model.declared:
        assert text.count(f"[{name}]") == 1
    for path in policy.model.facts:
        assert path not in text


@slowly
@given_random
def test_the_schema_of_any_policy_accepts_the_cases_that_it_reads(rng):
    files, policy = made(rng)
    case = json.loads(json.dumps(random_case(rng, files), default=date.isoformat))
    accepted = jsonschema.Draft202012Validator(policy.case_schema()).is_valid(case)
    assert accepted is (not reading.read(policy.model, case).diagnostics)


@slowly
@given_random
def test_a_case_that_is_written_back_reads_as_the_same_case(rng):
    files, policy = made(rng)
    read = reading.read(policy.model, random_case(rng, files))
    if read.diagnostics:
        pytest.fail("a random case is one that its policy reads")
    again = reading.read(policy.model, json.loads(json.dumps(as_facts(read.case, policy.model))))
    assert (again.case, again.diagnostics) == (read.case, ())
