"""What other engines answer to the cases of `docs/data/unknown-never-permits.json`, written into that file.

Usage: python benchmarks/unknown_never_permits.py   (with the engines of `requirements-peers.txt`; what is missing is named)

Each policy is written as the documentation of each engine writes such a thing, without a guard for what may be missing:
the question is what an engine does where its author thought of none. What was written is published beside the answers.
A policy that an engine has no words for is left out there.
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "docs" / "data" / "unknown-never-permits.json"

LONGEST = 120
"""Of what an engine stops with, so many letters are kept."""

Facts = dict[str, Any]
Answer = dict[str, Any]

WRITTEN: dict[str, dict[str, str]] = {
    "Cedar": {
        "prohibition": (
            "permit(principal, action, resource) when { context.matter.harmed };\n"
            "forbid(principal, action, resource) when { context.matter.forbidden };"
        ),
        "unless_refused": "permit(principal, action, resource) unless { context.matter.refused };",
        "exception_to_an_exception": (
            "permit(principal, action, resource) unless { context.matter.refused };\n"
            "permit(principal, action, resource) when { context.matter.danger }"
            " unless { context.matter.protector };"
        ),
        "age": "permit(principal, action, resource) when { context.child.age >= 16 && context.child.agrees };",
        "whatever_the_answer": (
            "permit(principal, action, resource) when { context.matter.agrees };\n"
            "permit(principal, action, resource) when { context.matter.danger };"
        ),
        "who_receives_it": (
            "permit(principal, action, resource);\n"
            "forbid(principal, action, resource) when { context.recipient.suspected };"
        ),
    },
    "Rego": {
        "prohibition": "allow if { input.matter.harmed; not input.matter.forbidden }",
        "unless_refused": "allow if not input.matter.refused",
        "exception_to_an_exception": (
            "allow if not input.matter.refused\nallow if { input.matter.danger; not input.matter.protector }"
        ),
        "age": "allow if { input.child.age >= 16; input.child.agrees }",
        "whatever_the_answer": "allow if input.matter.agrees\nallow if input.matter.danger",
        "who_receives_it": "allow if not input.recipient.suspected",
        "everybody_agrees": "allow if { every person in input.person { person.agrees } }",
    },
    "casbin": {
        "prohibition": "r.sub.matter.harmed and not r.sub.matter.forbidden",
        "unless_refused": "not r.sub.matter.refused",
        "exception_to_an_exception": (
            "not r.sub.matter.refused or (r.sub.matter.danger and not r.sub.matter.protector)"
        ),
        "age": "r.sub.child.age >= 16 and r.sub.child.agrees",
        "whatever_the_answer": "r.sub.matter.agrees or r.sub.matter.danger",
        "who_receives_it": "not r.sub.recipient.suspected",
    },
    "JSON Logic": {
        "prohibition": '{"and": [{"var": "matter.harmed"}, {"!": [{"var": "matter.forbidden"}]}]}',
        "unless_refused": '{"!": [{"var": "matter.refused"}]}',
        "exception_to_an_exception": (
            '{"or": [{"!": [{"var": "matter.refused"}]},'
            ' {"and": [{"var": "matter.danger"}, {"!": [{"var": "matter.protector"}]}]}]}'
        ),
        "age": '{"and": [{">=": [{"var": "child.age"}, 16]}, {"var": "child.agrees"}]}',
        "whatever_the_answer": '{"or": [{"var": "matter.agrees"}, {"var": "matter.danger"}]}',
        "who_receives_it": '{"!": [{"var": "recipient.suspected"}]}',
    },
    "rule-engine": {
        "prohibition": "matter.harmed and not matter.forbidden",
        "unless_refused": "not matter.refused",
        "exception_to_an_exception": "not matter.refused or (matter.danger and not matter.protector)",
        "age": "child.age >= 16 and child.agrees",
        "whatever_the_answer": "matter.agrees or matter.danger",
        "who_receives_it": "not recipient.suspected",
        "everybody_agrees": "$all([p.agrees for p in person])",
    },
    "CEL": {
        "prohibition": "matter.harmed && !matter.forbidden",
        "unless_refused": "!matter.refused",
        "exception_to_an_exception": "!matter.refused || (matter.danger && !matter.protector)",
        "age": "child.age >= 16 && child.agrees",
        "whatever_the_answer": "matter.agrees || matter.danger",
        "who_receives_it": "!recipient.suspected",
        "everybody_agrees": "person.all(p, p.agrees)",
    },
}
"""By engine, each policy as it is written for it."""


def _cedar(text: str, facts: Facts) -> Answer:
    cedarpy = import_module("cedarpy")
    request = {
        "principal": 'User::"worker"',
        "action": 'Action::"share"',
        "resource": 'Case::"case"',
        "context": facts,
    }
    result = cedarpy.is_authorized(request, text, [])
    errors = [str(each) for each in result.diagnostics.errors]
    return _said(result.allowed) | ({"told_beside": errors} if errors else {})


def _rego(text: str, facts: Facts) -> Answer:
    regopy = import_module("regopy")
    interpreter = regopy.Interpreter()
    interpreter.add_module("policy.rego", f"package policy\nimport rego.v1\ndefault allow := false\n{text}")
    interpreter.set_input(regopy.Input(facts))
    return _said(interpreter.query("allow = data.policy.allow").results[0].bindings["allow"])


class _Attributes:
    """Facts as attributes, as casbin reads them."""

    def __init__(self, facts: Facts) -> None:
        self.__dict__ = {k: _Attributes(v) if isinstance(v, dict) else v for k, v in facts.items()}


def _casbin(text: str, facts: Facts) -> Answer:
    casbin = import_module("casbin")
    model = casbin.Model()
    model.load_model_from_text(
        "[request_definition]\nr = sub\n[policy_definition]\np = rule\n"
        "[policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = eval(p.rule)\n"
    )
    enforcer = casbin.Enforcer(model)
    enforcer.add_policy(text)
    return _said(enforcer.enforce(_Attributes(facts)))


def _json_logic(text: str, facts: Facts) -> Answer:
    return _said(import_module("json_logic").jsonLogic(json.loads(text), facts))


def _rule_engine(text: str, facts: Facts) -> Answer:
    return _said(import_module("rule_engine").Rule(text).matches(facts))


def _cel(text: str, facts: Facts) -> Answer:
    celpy = import_module("celpy")
    environment = celpy.Environment()
    return _said(environment.program(environment.compile(text)).evaluate(celpy.json_to_cel(facts)))


def _said(allowed: object) -> Answer:
    return {"answer": "share" if allowed else "do not share"}


ENGINES: dict[str, tuple[str, Callable[[str, Facts], Answer]]] = {
    "Cedar": ("cedarpy", _cedar),
    "Rego": ("regopy", _rego),
    "casbin": ("pycasbin", _casbin),
    "JSON Logic": ("json-logic-qubit", _json_logic),
    "rule-engine": ("rule-engine", _rule_engine),
    "CEL": ("cel-python", _cel),
}


def answered(ask: Callable[[str, Facts], Answer], text: str, facts: Facts) -> Answer:
    """What an engine answers; that it stopped with an error, and what it said, is an answer too."""
    try:
        return ask(text, facts)
    except Exception as error:  # noqa: BLE001 - whatever it stops with
        told = f"{type(error).__name__}: {error}".splitlines()[0]
        return {"answer": "error", "told": told if len(told) <= LONGEST else f"{told[:LONGEST]} …"}


def asked_of(policy: str, facts: Facts) -> Facts | None:
    """The facts as an engine is asked that answers for one recipient; None where there is none to ask for."""
    if policy != "who_receives_it":
        return {"matter": {}, **facts} if policy == "unless_refused" else facts
    return {"recipient": facts["recipient"][0]} if "recipient" in facts else None


def main() -> None:
    """Asks every engine that is there, and writes the file again."""
    data = json.loads(FILE.read_text("utf-8"))
    engines = data.setdefault("engines", {})
    for name, (distribution, ask) in ENGINES.items():
        try:
            version = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            print(f"not installed: {distribution}", file=sys.stderr)
            continue
        engines[name] = {"package": distribution, "version": version}
        for policy in data["policies"]:
            text = WRITTEN[name].get(policy["name"])
            if text is None:
                continue
            policy.setdefault("written", {})[name] = text
            for case in policy["cases"]:
                facts = asked_of(policy["name"], case["facts"])
                if facts is not None:
                    case["answers"][name] = answered(ask, text, facts)
    FILE.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
