"""The forms in which a policy decides, and cases with something wrong in them, for the tests of the engine."""

import json
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from enum import IntEnum, StrEnum
from random import Random
from types import MappingProxyType
from typing import Any

import attrs

from infoshare import Decision, FactsError
from infoshare.engine.atoms import NoFastFormError
from infoshare.engine.engine import ByDefinition, Compiled
from infoshare.engine.plan import plan
from infoshare.meaning.model import Model


class LookedUp(Compiled):
    """Every provision is looked up in the index; what is unknown is settled among those that are left."""

    most_compiled = -1


class FewLanes(Compiled):
    """Of what is unknown, next to nothing is tried in lanes."""

    most_bits = 1


FORMS = (Compiled, LookedUp, FewLanes)


def forms(model: Model, day: date, *, presume: bool = True) -> Iterator[ByDefinition]:
    """Every compiled form of a policy for a day; none where it has none."""
    for form in FORMS:
        try:
            yield form(plan(model, day, presume=presume))
        except NoFastFormError:
            return


def said(decide: Callable[[Any], Any], facts: object) -> object:
    """Everything that a decision says, or everything that is wrong with the case, to be compared.

    Args:
        decide: what gives a decision, or what finds its parts.
    """
    try:
        found = decide(facts)
    except FactsError as error:
        return error.diagnostics
    decision = found if isinstance(found, Decision) else Decision.of(found)
    fields = {f.name: getattr(decision, f.name) for f in attrs.fields(Decision) if f.eq}
    return fields, json.dumps(decision.to_dict()), decision.explain(), hash(decision), repr(decision)


class Words(StrEnum):
    low, middle, high, unsure = "low", "middle", "high", "unsure"
    plain = "plain words"


class Digits(IntEnum):
    one, ten = 1, 10


class Text(str):
    __slots__ = ()


ODD = (
    *[None] * 3, *["unsure"] * 3, True, False, 1, 0, 3, -1, 25, 2**60, 1.5, float("nan"), "low", "other",
    "plain words", "other words", "e\u0301", "é", "\ud800", "", Text("unsure"), Text("low"), *Words, *Digits,
    [], ["low"], ["low", "low"], ("high",), {"low"}, frozenset(["middle"]), [Words.low], {"x": 1}, {},
    date(2026, 7, 1), datetime(2026, 7, 1, tzinfo=UTC), "2026-07-01", "2026-7-1", "2026-02-30", b"low", [{}],
    [{"name": "N"}], range(2), object,
)  # fmt: skip


def mutated(rng: Random, case: Mapping[str, Any], model: Model) -> Any:
    """A case with a few things changed: answers, names, nesting, more keys, another kind of mapping."""
    changed = deepcopy(dict(case))
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
        groups = [g for g in changed if isinstance(changed[g], dict)]
        lists = [g for g in changed if isinstance(changed[g], list) and changed[g]]
        draw = rng.randint(0, 13)
        if draw < 5 and groups:
            group = rng.choice(groups)
            changed[group][_name(rng, group, model)] = rng.choice(ODD)
        elif draw < 7 and lists:
            group = rng.choice(lists)
            element = rng.choice(changed[group])
            if isinstance(element, dict):
                element[_name(rng, group, model)] = rng.choice(ODD)
        elif draw == 7:
            changed[rng.choice([*model.groups, "nobody", None, 3])] = rng.choice(ODD)
        elif draw == 8:
            changed["case"] = rng.choice(ODD)
        elif draw == 9:
            changed[rng.choice([*model.facts, "nobody.knows"])] = rng.choice(ODD)
        elif draw == 10 and groups:
            group = rng.choice(groups)
            kind = rng.choice((OrderedDict, MappingProxyType, lambda d: defaultdict(int, d), _own_keys))
            changed[group] = kind(changed[group])
        elif draw == 11 and lists:
            group = rng.choice(lists)
            new = rng.choice((changed[group][0], rng.choice(ODD), {"name": "New"}, {"name": "unsure"}, {}))
            changed[group].insert(rng.randint(0, 1), new)
        elif draw == 12 and lists:
            group = rng.choice(lists)
            changed[group] = tuple(changed[group])
        elif draw == 13:
            return rng.choice((OrderedDict, MappingProxyType))(changed)
    return changed


def dotted(rng: Random, case: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """The same case with some facts under dotted keys."""
    plain = {g.name for g in model.groups.values() if not g.each}
    moved: dict[str, Any] = {}
    for group, facts in case.items():
        if group not in plain or not isinstance(facts, dict):
            moved[group] = facts
            continue
        kept = {name: answer for name, answer in facts.items() if rng.random() < 0.5}
        moved |= {f"{group}.{name}": answer for name, answer in facts.items() if name not in kept}
        if kept or rng.random() < 0.3:
            moved[group] = kept
    return moved


def _name(rng: Random, group: str, model: Model) -> Any:
    known = [f.name for f in model.facts.values() if f.group == group]
    return rng.choice(known) if known and rng.random() < 0.8 else rng.choice(("nobody", "name", None, 3, ""))


def _own_keys(facts: Mapping[Any, Any]) -> dict[Any, Any]:
    return {Text(key) if isinstance(key, str) else key: answer for key, answer in facts.items()}
