"""Tables held against the definition: what a row comes to is what `Policy.decide` says of the case."""

from datetime import date
from random import Random

import pytest
from caseloads import (
    KINDS,
    Caseload,
    closely_knit,
    differences,
    knit_cases,
    knit_differences,
    random_caseload,
    rows,
    table,
)

from infoshare.batch import compile_batch
from infoshare.batch.row_groups import finding_of
from infoshare.errors import FactsError
from infoshare.meaning.facts import read

POLICIES = 90
DAY = date(2026, 11, 25)


def shown(caseload: Caseload, found: list[str]) -> str:
    texts = "\n".join(f"--- {path}\n{text.decode()}" for path, text in caseload.texts.items())
    return "\n".join([texts, *found[:3]])


@pytest.mark.slow
def test_rows_of_every_kind_of_table_come_to_what_the_definition_says_of_the_case(capsys):
    rng = Random("rows and cases")
    tried = unsettled = inexact = 0
    for number in range(POLICIES):
        caseload = random_caseload(rng, 20, pairs=rng.random() < 0.4, large=rng.random() < 0.1)
        tried += len(caseload.cases)
        unsettled += sum(row[1] == "unknown_facts" for row in caseload.want)
        inexact += sum(not row[5] for row in caseload.want)
        for kind in (KINDS[number % len(KINDS)], rng.choice(KINDS)):
            found = differences(caseload, kind, rng)
            assert not found, shown(caseload, found)
    with capsys.disabled():
        print(f"\n{tried:,} rows agree, {unsettled:,} of them not settled and {inexact:,} not exact")
    assert unsettled > tried / 20
    assert inexact > tried / 50


def test_without_diagrams_every_row_goes_the_general_road_and_comes_to_the_same():
    rng = Random("the general road")
    for _ in range(25):
        caseload = random_caseload(rng, 30, pairs=rng.random() < 0.4)
        batch = compile_batch(caseload.policy, as_of=caseload.as_of, presume=caseload.presume)
        batch.__dict__["_whole"] = None  # as where the diagrams of a policy grow too large
        got = rows(batch.decide(table("pyarrow", caseload.policy, caseload.cases, rng)))
        assert got == caseload.want


@pytest.mark.slow
def test_where_no_one_diagram_holds_all_clauses_rows_still_come_to_what_the_definition_says():
    rng = Random("closely knit")
    for impossible in (False, True):
        policy = closely_knit(rng, impossible=impossible)
        batch = compile_batch(policy, as_of=DAY)
        assert batch._whole is None
        assert batch._each is not None
        found, got = knit_differences(batch, knit_cases(rng, 40), rng)
        assert not found, found[:3]
        assert len({row[0] for row in got}) > 1
        assert len({row[1] for row in got}) > 1


def test_a_pattern_is_found_to_be_what_the_definition_decides():
    rng = Random("patterns")
    for _ in range(15):
        caseload = random_caseload(rng, 10, pairs=True)
        for case, want in zip(caseload.cases, caseload.want, strict=True):
            model = caseload.policy.model
            found = finding_of(model, read(model, case).case, caseload.as_of, presume=caseload.presume)
            fired = [name for name in model.clauses if name in found.fired]
            possible = [str(outcome) for outcome in found.possible]
            assert want == (
                str(found.outcome),
                str(found.basis),
                found.mandatory,
                fired,
                possible,
                found.exact,
            )


def test_a_case_that_cannot_be_is_refused_with_its_row_and_nothing_is_decided():
    rng = Random("what cannot be")
    refused = 0
    while refused < 12:
        caseload = random_caseload(rng, 12)
        if not caseload.impossible or not caseload.cases:
            continue
        at = rng.randrange(len(caseload.cases))
        cases = [*caseload.cases]
        cases.insert(at, caseload.impossible[0])
        batch = compile_batch(caseload.policy, as_of=caseload.as_of, presume=caseload.presume)
        with pytest.raises(FactsError) as alone:
            caseload.policy.decide(caseload.impossible[0], as_of=caseload.as_of, presume=caseload.presume)
        with pytest.raises(FactsError) as error:
            batch.decide(table(rng.choice(KINDS), caseload.policy, cases, rng))
        want = [(d.code, f"{d.message}, in row {at + 1}", d.path) for d in alone.value.diagnostics]
        assert [(d.code, d.message, d.path) for d in error.value.diagnostics] == want
        refused += 1


def test_rows_decide_alone_so_their_order_and_where_a_table_is_cut_change_nothing():
    rng = Random("order")
    for _ in range(8):
        caseload = random_caseload(rng, 66)
        batch = compile_batch(caseload.policy, as_of=caseload.as_of, presume=caseload.presume)
        order = list(range(len(caseload.cases)))
        rng.shuffle(order)
        cut = rng.randint(0, len(order))
        for part in (order[:cut], order[cut:]):
            cases = [caseload.cases[i] for i in part]
            got = rows(batch.decide(table("pyarrow", caseload.policy, cases, rng)))
            assert got == [caseload.want[i] for i in part]


@pytest.mark.slow
def test_the_columns_count_what_the_table_spells_out():
    rng = Random("counts")
    for _ in range(12):
        caseload = random_caseload(rng, 40)
        batch = compile_batch(caseload.policy, as_of=caseload.as_of, presume=caseload.presume)
        columns = batch.decide_columns(table("pyarrow", caseload.policy, caseload.cases, rng))
        want = caseload.want
        assert columns.outcome_counts() == {
            o: sum(row[0] == o for row in want) for o in columns.outcome_counts()
        }
        assert columns.fired_counts() == {
            clause: sum(clause in row[3] for row in want) for clause in columns.clauses
        }
        assert columns.clauses == tuple(caseload.policy.model.clauses)
