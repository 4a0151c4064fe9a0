"""What a developer writes against infoshare, for type checkers: it is checked, and never run.

mypy (strict) runs over it with the tests, basedpyright before a release.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, assert_never, assert_type

import infoshare
import infoshare.records
import infoshare.testing
from infoshare import (
    Basis,
    Decision,
    DecisionDict,
    DecisionError,
    Diagnostic,
    DutyFinding,
    FactInfo,
    FactsError,
    Group,
    InfoshareError,
    LoadResult,
    Outcome,
    Policy,
    PolicyError,
    Question,
    Severity,
)


def loading(folder: Path) -> Policy:
    assert_type(infoshare.load("infoshare:cscp"), Policy)
    assert_type(infoshare.load(folder / "local.policy", root=folder), Policy)
    assert_type(infoshare.load_sources({"p.policy": b"infoshare 1"}, main="p.policy"), Policy)
    result = infoshare.load_result("local.policy")
    assert_type(result, LoadResult)
    assert_type(result.policy, Policy | None)
    assert_type(result.diagnostics, tuple[Diagnostic, ...])
    if result.policy is None:
        raise PolicyError(result.diagnostics)
    return result.policy


def deciding(policy: Policy) -> str:
    decision = policy.decide(
        {"consent": {"status": "refused"}, "child.age": 7}, as_of=date(2026, 11, 22), presume=False
    )
    assert_type(decision, Decision)
    assert_type(decision.outcome, Outcome)
    assert_type(decision.basis, Basis)
    assert_type(decision.mandatory, bool | None)
    assert_type(decision.may_share, bool)
    assert_type(decision.released, tuple[tuple[str | None, str | None], ...])
    assert_type(decision.explain(), str)
    assert_type(decision.explain(full=True), str)
    for clause in decision.fired:
        assert_type(clause.clause, str)
        assert_type(clause.effect, str | None)
        assert_type([(cite.source, cite.at) for cite in clause.cites], list[tuple[str, str | None]])
    for question in decision.questions:
        assert_type(question, Question)
        assert_type(question.ask, str)
        assert_type(question.answered, str | None)
        assert_type([answer.label for answer in question.answers], list[str])
    for duty in decision.duties:
        assert_type(duty, DutyFinding)
        assert_type(duty.state, Literal["due", "open"])
    for row in decision.disclosures:
        assert_type(row.release, bool | None)
        assert_type([hold.remedy for hold in row.held_by], list[str])
    match decision.outcome:
        case Outcome.SHARE | Outcome.SEEK_CONSENT:
            return "go on"
        case Outcome.WITHHOLD | Outcome.SEEK_ADVICE:
            return "stop"
        case Outcome.DIFFERS:
            return "row by row"
        case _:
            assert_never(decision.outcome)


def any_mapping(
    policy: Policy, row: Mapping[str, Any], typed: dict[str, dict[str, str | bool | int | date | None]]
) -> None:
    assert_type(policy.decide(row), Decision)
    assert_type(policy.decide(typed), Decision)


def many(policy: Policy, cases: Iterator[dict[str, object]]) -> None:
    assert_type(policy.decide_many(cases), Iterator[Decision])
    assert_type(policy.decide_many(cases, on_error="raise"), Iterator[Decision])
    for found in policy.decide_many(cases, on_error="return", as_of=date(2026, 1, 1)):
        match found:
            case Decision():
                assert_type(found.case, str | None)
            case FactsError():
                assert_type(found.diagnostics, tuple[Diagnostic, ...])
            case _:
                assert_never(found)


def json_form(decision: Decision) -> Decision:
    data = decision.to_dict()
    assert_type(data, DecisionDict)
    assert_type(data["outcome"], str)
    assert_type(data["mandatory"], bool | None)
    assert_type([clause["statement"] for clause in data["fired"]], list[str])
    assert_type([question["for"] for question in data["questions"]], list[list[str]])
    try:
        return Decision.from_dict(data)
    except DecisionError as error:
        raise SystemExit(str(error)) from error


def a_form(policy: Policy) -> dict[str, Any]:
    for group in policy.groups:
        assert_type(group, Group)
        assert_type((group.name, group.phrase, group.each), tuple[str, str, bool])
    for fact in policy.facts:
        assert_type(fact, FactInfo)
        assert_type((fact.name, fact.phrase), tuple[str, str])
        match fact.type:
            case "yes or no" | "one of" | "some of" | "number" | "date" | "text":
                pass
            case "one" | "some":
                assert_type(fact.names, str | None)
            case _:
                assert_never(fact.type)
        assert_type(fact.labels, Mapping[str, str])
        assert_type(fact.question, str | None)
        assert_type((fact.low, fact.high, fact.unit), tuple[int | None, int | None, str | None])
    return policy.case_schema()


def one_family_of_errors() -> None:
    try:
        infoshare.load("x").decide({})
    except InfoshareError as error:
        for diagnostic in error.diagnostics:
            assert_type(diagnostic.severity, Severity)
            assert_type((diagnostic.code, diagnostic.message, diagnostic.path), tuple[str, str, str | None])
            assert_type(diagnostic.help, tuple[str, ...])
            assert_type(diagnostic.to_dict(), dict[str, Any])


def the_policy_itself(policy: Policy) -> None:
    assert_type((policy.name, policy.version, policy.title), tuple[str | None, str | None, str | None])
    assert_type((policy.digest, infoshare.__version__), tuple[str, str])


def not_this(policy: Policy, decision: Decision) -> None:
    infoshare.laod("p.policy")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    infoshare.records.Ledgr  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # noqa: B018
    infoshare.testing.case  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # noqa: B018
    policy.decide([("consent", "refused")])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    policy.decide({}, as_of="2026-01-01")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    policy.decide_many([], on_error="ignore")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    decision.outcome = Outcome.SHARE  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
