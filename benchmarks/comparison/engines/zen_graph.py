"""GoRules ZEN (Rust): a decision graph of named conditions, a table that collects every row that holds, and the outcome.

The engine is given a static loader: a decision made by hand and evaluated goes through another thread, which costs
much more a call. Many plain conjunctions become a table with a column for each fact, which is ZEN's own form of them.
"""

import json
from itertools import pairwise

from comparison.conditions import Infix
from comparison.specification import (
    BLOCKS,
    DENIALS,
    DOUBTS,
    LEGAL_DUTY,
    REFERENCE,
    SEEK_ADVICE,
    SHARE,
    WITHHOLD,
    Answer,
    Case,
    Condition,
    Decide,
    Foreign,
    Match,
    Rules,
    duties_of,
)

TITLE, KIND = "zen-engine, decision graph", "peer"
DISTRIBUTION, MODULE = "zen-engine", "zen"
FIRED, DUTIES = "all", True

_ZEN = Infix("and,or,not ,true")


def decide() -> Decide:
    """Outcome and rules from the graph; duties are looked up by them."""
    rows = {name: {"when": text} for name, text in _ZEN.rules(REFERENCE, keep_names=True).items()}
    evaluate = _engine(
        _expressions("named", {name: _ZEN.write(c) for name, c in REFERENCE.named.items()}, passes=True),
        _table(rows, [{"id": "when", "name": "when"}]),
        _expressions("concluded", {"held": "map(hits, #.id)", "outcome": _outcome()}, passes=False),
    )
    known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def run(case: Case) -> Answer:
        result = evaluate("policy", case)["result"]
        outcome, held = result["outcome"], tuple(result["held"])
        duties = known.get(held)
        if duties is None:
            duties = known[held] = duties_of(outcome, held)
        return outcome, held, duties

    return run


def matching(rules: Rules) -> Match:
    """A table with a column for each fact."""
    columns = [{"id": fact, "name": fact, "field": fact} for fact in rules.facts]
    rows = {name: dict(_cell(test) for test in tests) for name, (_, *tests) in rules.rules.items()}
    evaluate = _engine(_table(rows, columns))
    return lambda case: [hit["id"] for hit in evaluate("policy", case)["result"].get("hits") or ()]


def _cell(test: Condition) -> tuple[str, str]:
    form, fact, value = test
    return fact, f"'{value}'" if form == "is" else f">= {value}"


def _outcome() -> str:
    def any_of(rules: tuple[str, ...]) -> str:
        return f"len(filter($.held, # in {list(rules)})) > 0"

    return (
        f"{any_of(BLOCKS)} ? '{WITHHOLD}' : ('{LEGAL_DUTY}' in $.held ? '{SHARE}' : "
        f"({any_of(DOUBTS)} ? '{SEEK_ADVICE}' : ({any_of(DENIALS)} ? '{WITHHOLD}' : '{SHARE}')))"
    )


def _node(name: str, kind: str, **content: object) -> dict[str, object]:
    return {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}, "content": content}


def _expressions(name: str, values: dict[str, str], *, passes: bool) -> dict[str, object]:
    expressions = [{"id": f"{name}-{key}", "key": key, "value": value} for key, value in values.items()]
    return _node(
        name,
        "expressionNode",
        expressions=expressions,
        passThrough=passes,
        inputField=None,
        outputPath=None,
        executionMode="single",
    )


def _table(rows: dict[str, dict[str, str]], columns: list[dict[str, str]]) -> dict[str, object]:
    empty = {column["id"]: "" for column in columns}
    return _node(
        "table",
        "decisionTableNode",
        hitPolicy="collect",
        inputs=columns,
        outputs=[{"id": "id", "field": "id", "name": "id"}],
        rules=[{"_id": name, **empty, **cells, "id": f"'{name}'"} for name, cells in rows.items()],
        passThrough=False,
        inputField=None,
        outputPath="hits",
        executionMode="single",
    )


def _engine(*inner: dict[str, object]) -> Foreign:
    import zen

    nodes = [_node("in", "inputNode"), *inner, _node("out", "outputNode")]
    edges = [
        {"id": f"edge{number}", "type": "edge", "sourceId": one["id"], "targetId": two["id"]}
        for number, (one, two) in enumerate(pairwise(nodes))
    ]
    graph = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    content = json.loads(json.dumps(graph))
    return zen.ZenEngine({"loader": {"type": "static", "content": {"policy": content}}}).evaluate
