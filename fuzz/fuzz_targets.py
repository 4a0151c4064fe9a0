"""What is tried with any bytes at all: as the text of a policy, and as a case. Both return what became of them.

A target raises for what must never be: another exception than the product's own, a printed policy that means
something else, a decision that does not survive its JSON form, a control character in what is shown, more than
`SECONDS` of the processor's time for one thing that people wait for. `run.py` feeds them from a coverage-guided
fuzzer; the tests from the kept corpus (`tests/corpus`) and from Hypothesis.
"""

import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

import attrs

import infoshare
from infoshare import reports
from infoshare.authoring.findings import Checked, findings
from infoshare.authoring.formatting import lay_out
from infoshare.casefile import CaseFormat, read_case
from infoshare.explain.aloud import read_aloud
from infoshare.policy.files import FilesInMemory
from infoshare.policy.load import _load
from infoshare.rendering import render, render_all
from infoshare.scenarios import run_scenarios
from infoshare.syntax.parser import decode, parse
from infoshare.syntax.printer import print_file

ROOT = Path(__file__).parent.parent
SECONDS = 5.0
DAY = date(2026, 11, 22)

_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class TooSlowError(AssertionError):
    """An input took longer than anybody waits."""


def try_policy(data: bytes) -> str:
    """The bytes as the file that is loaded; it may use `words.policy`. Returns `refused` or `loaded`."""
    try:
        with in_time("load"):
            policy = infoshare.load_sources(beside_words(data), main="main.policy")
    except infoshare.PolicyError as error:
        _shown_safely(error.diagnostics)
        return "refused"
    _shown_safely(policy.diagnostics)
    with in_time("print"):
        _means_the_same_printed(data, policy)
    _decided_and_told(policy, {})
    for scenario in policy.scenarios:
        with in_time("scenario"):
            (result,) = run_scenarios(attrs.evolve(policy, scenarios=(scenario,)), today=DAY)
        assert result.decision is None or result.decision.explain()
        _plain(result.problems)
    with in_time("read"):
        _plain(read_aloud(policy.model, vocabulary=True).splitlines())
    with in_time("schema"):
        json.dumps(policy.case_schema(), allow_nan=False)
    with in_time("fmt"):
        assert lay_out("main.policy", data).data is not None
    with in_time("check"):
        checked = Checked.of(_load(FilesInMemory(beside_words(data), "main.policy")))
        assert checked is not None
        _shown_safely(finding.diagnostic for finding in findings([checked], today=DAY))
    return "loaded"


def try_case(data: bytes) -> str:
    """The bytes as a case of the shipped protocol: TOML if they begin with `#`, YAML with `---`, else JSON.

    Returns `unread`, `refused` or `decided`.
    """
    policy = protocol()
    form: CaseFormat = "toml" if data.startswith(b"#") else "yaml" if data.startswith(b"---") else "json"
    with in_time("read"):
        facts, found = read_case(data, f"case.{form}", form)
    if facts is None:
        assert found
        _shown_safely(found)
        return "unread"
    assert not found
    try:
        _decided_and_told(policy, facts)
    except infoshare.FactsError as error:
        _shown_safely(error.diagnostics)
        return "refused"
    return "decided"


TARGETS: dict[str, Callable[[bytes], str]] = {"policy": try_policy, "case": try_case}


@cache
def words() -> bytes:
    """The vocabulary that the examples of `docs/language.md` use."""
    page = (ROOT / "docs" / "language.md").read_text("utf-8")
    return blocks(page, "policy-words")[0].encode()


@cache
def protocol() -> infoshare.Policy:
    """The protocol that cases are decided by: as it was in 2026.1, which has a compiled form."""
    return infoshare.load(ROOT / "tests" / "data" / "policies-2026.1" / "cscp.policy")


def _means_the_same_printed(data: bytes, policy: infoshare.Policy) -> None:
    source, _ = decode("main.policy", data)
    assert source is not None
    file = parse(source).file
    assert file is not None
    printed = print_file(file)
    source, _ = decode("main.policy", printed.encode())
    assert source is not None
    again = parse(source)
    assert not again.diagnostics, again.diagnostics
    assert again.file == file
    loaded = infoshare.load_sources(beside_words(printed.encode()), main="main.policy")
    assert _answer(loaded) == _answer(policy)


def _answer(policy: infoshare.Policy) -> object:
    """What it says of the case that says nothing; the digest is of the text."""
    try:
        told = policy.decide({}, as_of=DAY).to_dict()
    except infoshare.FactsError as error:
        return [(each.code, each.message, each.path) for each in error.diagnostics]
    return {key: value for key, value in told.items() if key != "policy"}


def _decided_and_told(policy: infoshare.Policy, facts: dict[str, object]) -> None:
    with in_time("decide"):
        decision = policy.decide(facts, as_of=DAY)
    with in_time("explain"):
        _plain(decision.explain().splitlines())
    with in_time("json"):
        told = json.loads(json.dumps(decision.to_dict(), allow_nan=False))
        assert infoshare.Decision.from_dict(told) == decision
        _plain(infoshare.Decision.from_dict(told).explain().splitlines())
    with in_time("decide without presumptions"):
        policy.decide(facts, as_of=DAY, presume=False)


def _shown_safely(diagnostics: Iterable[infoshare.Diagnostic]) -> None:
    diagnostics = tuple(diagnostics)
    _plain(render_all(diagnostics).split("\n"))
    for diagnostic in diagnostics:
        _plain(render(diagnostic, case="case.json").split("\n"))
    _plain(reports.as_github(diagnostics))
    json.dumps(reports.as_json(diagnostics), allow_nan=False).encode()
    json.dumps(reports.as_sarif(diagnostics), allow_nan=False)


def _plain(lines: Iterable[str]) -> None:
    """Nothing in a line that a terminal would act on or a person could not see."""
    for line in lines:
        assert not any(unicodedata.category(character) in _HIDDEN for character in line), ascii(line)


@contextmanager
def in_time(what: str) -> Iterator[None]:
    """Holds one thing that people wait for against what they would wait."""
    started = time.process_time()
    yield
    taken = time.process_time() - started
    if taken > SECONDS:
        raise TooSlowError(f"{what}: {taken:.1f} s")


def beside_words(data: bytes) -> dict[str, bytes]:
    """The files that a policy is loaded from."""
    return {"main.policy": data, "words.policy": words()}


def blocks(page: str, info: str) -> list[str]:
    """The texts of a page's blocks of a kind."""
    return re.findall(rf"^```{info}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
