"""What kept a case from an answer, and what would lead to another, in words.

Deliberately not here: what that is (`infoshare.analysis.why_not`, `infoshare.analysis.changes`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from infoshare.analysis.changes import WhatIf
from infoshare.analysis.why_not import Kept, WhyNot
from infoshare.explain.english import listed, name
from infoshare.explain.labels import answered, placed
from infoshare.meaning.case import element_of, path_of
from infoshare.meaning.findings import ClauseFinding
from infoshare.meaning.model import Fact, Model
from infoshare.outcome import Outcome

_SAID = {
    "stands": "stands: nothing keeps it",
    "clashes": "stands too, and these clauses say something else; nothing says which goes first",
    "gives way": "would stand only where no other clause does, and others do",
    "outweighed": "applies, and is outweighed",
    "set aside": "holds, and is set aside",
    "does not hold": "does not hold, because of these answers",
    "not known": "may hold: that hangs on what is not known",
    "not in force": "is not in force on that day",
}
PRACTITIONERS = (
    "For whoever writes or reviews a policy. What is so is never answered otherwise to get another answer.",
)


def why_not_lines(model: Model, found: WhyNot, decided: Outcome) -> Iterator[str]:
    """Yields the lines that say what kept a case from an outcome, or a clause from acting."""
    if found.outcome is not None:
        asked = found.outcome.words
        if found.already:
            yield f"The answer is {asked}."
            return
        yield f"The answer is {decided.words}, and not {asked}."
        if not found.clauses:
            yield f"No clause of this policy leads to {asked}."
    for kept in found.clauses:
        yield ""
        yield from _kept(model, kept)


def _kept(model: Model, kept: Kept) -> Iterator[str]:
    each = kept.clause
    effect = f" ({each.effect})" if each.effect else ""
    yield f'{each.clause}{effect}: "{each.statement}"'
    yield from (f"  {line}" for line in _cited(model, each))
    rows = f", {_rows(each)}" if each.rows else ""
    yield f"  It {_SAID[kept.why]}{rows}{':' if kept.why in {'clashes', 'does not hold', 'outweighed', 'set aside'} else '.'}"
    if kept.why == "does not hold":
        yield from (f"    - {line}" for line in _facts(model, each.facts))
        if not each.facts:
            yield "    - nothing that was answered: it speaks of a list that has nobody in it"
    elif kept.why not in {"stands", "not known"}:
        yield from (f"    it holds as {line}" for line in _facts(model, each.facts))
    yield from (f"    - {_question(model, key)}" for key in each.waiting_for)
    for by in each.by:
        effect = f" ({by.effect})" if by.effect else ""
        yield f'    by {by.clause}{effect}: "{by.statement}"'
        yield from (f"      {line}" for line in _cited(model, by))
        yield from (f"      - {line}" for line in _facts(model, by.facts))


def _cited(model: Model, each: ClauseFinding) -> Iterator[str]:
    for cite in each.cites:
        source = model.sources.get(cite.source)
        title = source.title if source else cite.source
        yield f"({title}{f', {cite.at}' if cite.at else ''})"


def _facts(model: Model, facts: Mapping[str, Any]) -> Iterator[str]:
    for key, answer in facts.items():
        fact = model.facts.get(path_of(key))
        element = element_of(key)
        whose = f"for {name(element[1])}: " if element else ""
        said = _said(model, fact, answer) if fact else f"nothing is listed as {key}"
        yield f"{whose}{said} [{key}]"


def _said(model: Model, fact: Fact, answer: Any) -> str:
    return placed(answered(fact, answer), model.facts, lambda _: None)


def _question(model: Model, key: str) -> str:
    fact = model.facts.get(path_of(key))
    if fact is None:
        return f"{model.groups[key].phrase if key in model.groups else key}: not listed [{key}]"
    return f"{fact.ask or fact.phrase} [{key}]"


def _rows(each: ClauseFinding) -> str:
    told = []
    for item, recipient in each.rows:
        sides = [f"of {name(item)}"] if item is not None else []
        sides += [f"to {name(recipient)}"] if recipient is not None else []
        told.append(" ".join(sides))
    return listed(told)


def what_if_lines(model: Model, found: WhatIf, decided: Outcome, to: Outcome | None) -> Iterator[str]:
    """Yields the lines that say what would lead to another answer."""
    yield f"The answer is {decided.words}."
    yield from PRACTITIONERS
    if not found.alternatives:
        wanted = to.words if to is not None else "another answer"
        yield ""
        yield (
            f"No change of what may change leads to {wanted}."
            if found.complete
            else f"No change was found that leads to {wanted}; it is not proved that there is none."
        )
        return
    for outcome in dict.fromkeys(each.outcome for each in found.alternatives):
        yield ""
        yield f"It would be {outcome.words} if"
        for number, each in enumerate((a for a in found.alternatives if a.outcome is outcome), 1):
            parts = [_change(model, c.fact, c.was, c.to, assumed=c.assumed) for c in each.changes]
            yield f"  {number}. {parts[0]}"
            yield from (f"     and {part}" for part in parts[1:])
    yield ""
    yield (
        "There is no other change of which none could be left out."
        if found.complete
        else "There may be other changes."
    )


def _change(model: Model, key: str, was: Any, to: Any, *, assumed: bool) -> str:
    fact = model.facts[path_of(key)]
    element = element_of(key)
    whose = f"for {name(element[1])}: " if element else ""
    before = "not answered" if was is None else _said(model, fact, was)
    before += ", as is assumed" if assumed else ""
    return f"{whose}{_said(model, fact, to)} (now: {before}) [{key}]"
