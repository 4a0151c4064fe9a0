"""Every format to every format: the same decisions as the definition, case for case."""

import json
from datetime import date
from random import Random

import pyarrow as pa
import pytest
from batch_samples import CASES, DAY, POLICY, decided, expected, policy, read_rows, run, write, write_cases
from caseloads import arrow_column, random_caseload, raw_columns
from pyarrow import parquet

from infoshare.batch.files import Options, Run
from infoshare.batch.files.ndjson_cases import Lines
from infoshare.batch.heading import Wanted
from infoshare.casefile import read_case
from infoshare.meaning.facts import read

FORMATS = ("parquet", "csv", "ndjson")


@pytest.mark.parametrize("into", FORMATS)
@pytest.mark.parametrize("out_of", FORMATS)
def test_every_format_to_every_format_comes_to_what_the_definition_says(tmp_path, out_of, into, capsys):
    presume = out_of != into
    policy = write(tmp_path / "sample.policy", POLICY)
    cases = write_cases(tmp_path / f"cases.{out_of}", CASES)
    out = tmp_path / f"out.{into}"
    options = [] if presume else ["--no-presumptions"]
    assert run(policy, cases, "-o", out, *options) == 0, capsys.readouterr().err
    assert decided(read_rows(out)) == expected(CASES, date.fromisoformat(DAY[1]), presume=presume)


def cell(fact, answer):
    if answer is None:
        return ""
    if isinstance(answer, list):
        return ";".join(answer) or "[]"
    text = {True: "yes", False: "no"}.get(answer, str(answer)) if isinstance(answer, bool) else str(answer)
    return f'"{text}"' if set(text) & set(' ,"\n') else text


def written(caseload, path, rng):
    """The cases of a random caseload as a file; None if the format cannot hold them."""
    policy, cases = caseload.policy, caseload.cases
    raw = raw_columns(policy, cases)
    match path.suffix:
        case ".ndjson":
            path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
        case ".csv":
            if any(name in policy.model.groups for name in raw):
                return None
            lines = [",".join(["case", *raw])]
            for row in range(len(cases)):
                lines.append(",".join([str(row), *(cell(policy.model.facts[n], raw[n][row]) for n in raw)]))
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        case _:
            columns = {"case": pa.array([str(row) for row in range(len(cases))])}
            for name, values in raw.items():
                columns[name] = arrow_column(policy, name, values, rng)
            parquet.write_table(pa.table(columns), path, row_group_size=rng.choice((1, 3, 100)))
    return path


@pytest.mark.parametrize("seed", range(12))
def test_random_caseloads_of_random_policies_come_to_what_the_definition_says(tmp_path, seed):
    rng = Random(seed)
    caseload = random_caseload(rng, rng.choice((0, 1, 20)))
    for out_of in FORMATS:
        cases = written(caseload, tmp_path / f"cases.{out_of}", rng)
        if cases is None or (not caseload.cases and out_of == "parquet"):
            continue
        out = tmp_path / f"{out_of}.{rng.choice(FORMATS)}"
        options = Options(
            caseload.policy,
            str(cases),
            str(out),
            today=caseload.as_of,
            presume=caseload.presume,
            rows_per_part=rng.choice((1, 7, 1000)),
        )
        finished = Run(options).go()
        assert (finished.tally.cases, finished.tally.undecided) == (len(caseload.cases), 0), finished.faults
        assert [row[1:7] for row in decided(read_rows(out))] == caseload.want


def test_the_quick_way_to_read_a_line_reads_what_the_strict_way_does():
    for seed in range(20):
        rng = Random(seed)
        caseload = random_caseload(rng, 10)
        lines = Lines(caseload.policy.model, "x", Wanted())
        for case in caseload.cases:
            line = json.dumps(case).encode()
            quick, strict = lines._quick(line), lines._strict(line)
            assert (quick.answers, quick.carried) == (strict.answers, strict.carried)
            given, _ = read_case(line, "x", "json")
            known = read(caseload.policy.model, given).case
            assert {k: v for k, v in quick.answers.items() if v != "unsure" and k not in known.elements} == {
                k: v for k, v in known.answers.items() if "[" not in k
            }


@pytest.mark.parametrize("presume", [True, False])
@pytest.mark.parametrize("kind", FORMATS)
def test_the_counts_of_what_is_unknown_are_those_of_the_cases(tmp_path, kind, presume):
    cases = CASES * 3
    path = write_cases(tmp_path / f"cases.{kind}", cases)
    day = date.fromisoformat(DAY[1])
    options = Options(policy(), path, str(tmp_path / "out.csv"), today=day, presume=presume, rows_per_part=5)
    tally = Run(options).go().tally
    decisions = [policy().decide(case, as_of=day, presume=presume) for case in cases]

    def unknown(case, group, fact):
        answer = case.get(group, {}).get(fact)
        return answer == "unsure" or (answer is None and not (presume and fact == "secret"))

    for name in (
        "consent.status",
        "concern.serious",
        "concern.signs",
        "concern.secret",
        "child.born",
        "child.called",
    ):
        missing = [unknown(case, *name.split(".")) for case in cases]
        assert tally.unknown[name] == sum(missing), name
        waiting = [
            any(q.fact == name and "outcome" in q.for_ for q in d.questions) and d.basis == "unknown_facts"
            for d in decisions
        ]
        assert tally.unsettled[name] == sum(waiting), name
    assert tally.outcomes["seek_advice unknown_facts"] == sum(d.basis == "unknown_facts" for d in decisions)
