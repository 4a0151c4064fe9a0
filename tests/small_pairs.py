"""Pairs of small random policies, and all that there is to know of them by brute force.

A policy has a few facts (yes or no, one of some, a bounded number), something impossible, clauses that prevail over and set
aside one another, and where it is asked for, clauses for each recipient. Two of a pair differ in a few places.
"""

from datetime import date
from itertools import product
from random import Random

from infoshare.errors import FactsError
from infoshare.outcome import Basis, Outcome
from infoshare.policy.load import load_sources

DAY = date(2026, 11, 29)
EFFECTS = ("share", "must share", "seek consent", "withhold", "must withhold", "seek advice")

ACTS = ("after deciding", "after sharing", "before withholding", "after seeking advice", "after holding back")
KIND = "recipient.gk"
"""What tells kinds of recipients apart, where there is such a fact."""


class Sketch:
    """A policy as a list of declarations that can be changed one by one."""

    def __init__(self, rng: Random, *, rows: bool) -> None:
        self.rng, self.rows = rng, rows
        kinds = ["yes or no", "yes or no", *rng.sample(["one of", "number", "yes or no"], 2)][
            : rng.randint(2, 4)
        ]
        if rows:
            kinds = kinds[:2]
        self.facts = {f"child.f{n}": kind for n, kind in enumerate(kinds)}
        self.listed = {f"recipient.g{n}": "yes or no" for n in range(rng.randint(1, 2))} if rows else {}
        if rows and len(self.listed) < 2:
            self.listed[KIND] = "one of"
        self.clauses = []
        for n in range(rng.randint(2, 4)):
            self.clauses.append(self.clause(f"c{n}", rng.choice(["consent", "rule"])))
        for n in range(rng.randint(0, 2)):
            self.clauses.append(self.clause(f"o{n}", "override"))
        for n in range(rng.randint(0, 2)):
            self.clauses.append(self.clause(f"x{n}", "exception"))
        self.impossible = self.condition(2, False) if rng.random() < 0.5 else None
        self.safeguards = [self.safeguard(f"s{n}") for n in range(rng.randint(0, 2))] if rows else []
        self.duties = [self.duty(f"d{n}") for n in range(rng.randint(0, 2))] if rows else []

    def domain(self, fact: str) -> list:
        kind = {**self.facts, **self.listed}[fact]
        return {"yes or no": [True, False], "one of": ["a", "b", "c"], "number": [0, 1, 2, 3]}[kind]

    def atom(self, each: bool) -> str:
        names = [*self.facts, *(self.listed if each else [])]
        fact = self.rng.choice(names if not each or self.rng.random() < 0.5 else [*self.listed])
        match {**self.facts, **self.listed}[fact]:
            case "yes or no":
                return self.rng.choice(["", "not "]) + fact
            case "one of":
                return f"{fact} is {self.rng.choice(['', 'not '])}{self.rng.choice('abc')}"
            case _:
                return f"{fact} {self.rng.choice(['<', '>='])} {self.rng.randint(1, 3)}"

    def condition(self, most: int, each: bool) -> str:
        atoms = [self.atom(each) for _ in range(self.rng.randint(1, most))]
        if self.listed and not each and self.rng.random() < 0.25:
            inner = self.rng.choice([each for each in self.listed if each != KIND])
            atoms[0] = f"any recipient ({inner})"
        return self.rng.choice([" and ", " or "]).join(atoms)

    def clause(self, name: str, kind: str) -> dict:
        each = self.rows and self.rng.random() < 0.7
        over = [c["name"] for c in self.clauses if kind == "override" and c["kind"] != "exception"]
        if kind == "exception":
            over = [c["name"] for c in self.clauses if each or not c["each"]]
        if kind in ("override", "exception") and not over:
            return {
                "name": name,
                "kind": "rule",
                "effect": "share",
                "each": False,
                "over": [],
                "when": "child.f0",
            }
        return {
            "name": name,
            "kind": kind,
            "effect": self.rng.choice(EFFECTS),
            "each": each,
            "over": self.rng.sample(over, min(len(over), self.rng.randint(1, 2))) if over else [],
            "when": self.condition(2, each),
        }

    def safeguard(self, name: str) -> dict:
        each = self.rng.random() < 0.7
        when = self.condition(1, each) if self.rng.random() < 0.4 else None
        return {"name": name, "each": each, "when": when, "require": self.condition(2, each)}

    def duty(self, name: str) -> dict:
        each = self.rng.random() < 0.6
        when = self.condition(1, each) if self.rng.random() < 0.5 else None
        return {
            "name": name,
            "each": each,
            "when": when,
            "acts": self.rng.sample(ACTS, self.rng.randint(1, 2)),
        }

    def changed(self) -> "Sketch":
        """Another policy that differs in one to three places."""
        other = object.__new__(Sketch)
        vars(other).update(vars(self))
        other.clauses = [dict(c) for c in self.clauses]
        if self.rows and self.rng.random() < 0.5:
            kept = self.rng.sample(self.safeguards, self.rng.randint(0, len(self.safeguards)))
            other.safeguards = [*kept, *([other.safeguard("new")] if self.rng.random() < 0.5 else [])]
            for duty in self.duties:
                if self.rng.random() < 0.5:
                    other.duties = [other.duty(d["name"]) if d is duty else d for d in other.duties]
            if self.rng.random() < 0.5:
                return other
        for _ in range(self.rng.randint(1, 3)):
            clause = self.rng.choice(other.clauses)
            match self.rng.randint(0, 4):
                case 0 if clause["kind"] != "exception":
                    clause["effect"] = self.rng.choice(EFFECTS)
                case 1 if clause["kind"] in ("consent", "rule") and not any(
                    clause["name"] in c["over"] for c in other.clauses
                ):
                    other.clauses = [c for c in other.clauses if c is not clause] or other.clauses
                case 2:
                    other.impossible = other.condition(2, False)
                case _:
                    clause["when"] = other.condition(2, clause["each"])
        return other

    def text(self) -> str:
        types = {
            "one of": 'one of a "a", b "b", c "c"',
            "number": "number from 0 to 3",
            "yes or no": "yes or no",
        }
        lines = ["infoshare 1", "", 'policy p "P"', "", 'facts about child "the child"']
        lines += [f'  {f.partition(".")[2]} "the {f[-2:]}" : {types[k]}' for f, k in self.facts.items()]
        if self.listed:
            lines += ["", 'facts about each recipient "a recipient"']
            lines += [f'  {f.partition(".")[2]} "the {f[-2:]}" : {types[k]}' for f, k in self.listed.items()]
        if self.impossible:
            lines += ["", 'impossible not_both "Never."', f"  when {self.impossible}"]
        for c in self.clauses:
            lines += ["", f'{c["kind"]} {c["name"]} "Statement."']
            if c["kind"] != "exception":
                lines.append(f"  {c['effect']}")
            if c["over"]:
                verb = "sets aside" if c["kind"] == "exception" else "prevails over"
                lines.append(f"  {verb} {', '.join(c['over'])}")
            lines += ["  for each recipient"] if c["each"] else []
            lines.append(f"  when {c['when']}")
        for s in self.safeguards:
            lines += [
                "",
                f'safeguard {s["name"]} "Statement."',
                *(["  for each recipient"] if s["each"] else []),
            ]
            lines += [f"  when {s['when']}"] if s["when"] else []
            lines += [f"  require {s['require']}", '  otherwise "Mend it."']
        for d in self.duties:
            lines += ["", f'duty {d["name"]} "Statement."', f"  {', '.join(d['acts'])}"]
            lines += ["  for each recipient"] if d["each"] else []
            lines += [f"  when {d['when']}"] if d["when"] else []
        return "\n".join(lines) + "\n"


def policies(seed: int, *, rows: bool):
    """A pair of policies that load, and the sketch that says which facts they have."""
    rng = Random(seed)
    while True:
        sketch = Sketch(rng, rows=rows)
        try:
            pair = [
                load_sources({"p.policy": s.text().encode()}, main="p.policy")
                for s in (sketch, sketch.changed())
            ]
        except Exception:  # noqa: BLE001, S112 - a slip of the generator, such as a circle
            continue
        return sketch, *pair


NOT = object()


def cases(sketch: Sketch, *, complete: bool):
    """Every case, with how much it says: every answer, every name, and every list that is given as empty."""
    facts = [*sketch.facts]
    ways = [sketch.domain(f) + ([] if complete else [NOT]) for f in facts]
    lists = [None]
    if sketch.listed:
        one = [*product(*(sketch.domain(f) + ([] if complete else [NOT]) for f in sketch.listed))]
        lists = [*([] if complete else [None]), [], *([a] for a in one), *([a, b] for a in one for b in one)]
    for answers in product(*ways):
        child = {f.partition(".")[2]: a for f, a in zip(facts, answers, strict=True) if a is not NOT}
        for listed in lists:
            case = {"child": child} if child else {}
            size = len(child)
            if listed is not None:
                case["recipient"] = [
                    {"name": f"r{n}"}
                    | {f.partition(".")[2]: a for f, a in zip(sketch.listed, of, strict=True) if a is not NOT}
                    for n, of in enumerate(listed)
                ]
                size += max(1, len(listed)) + sum(a is not NOT for of in listed for a in of)
            yield case, size


def decided(policy, case):
    """For each row, the outcome and its strength, and None where that is not settled; None for what cannot be."""
    try:
        decision = policy.decide(case, as_of=DAY, presume=False)
    except FactsError:
        return None
    if not policy.model.has_rows:
        return {(None, None): said(decision)}
    if not decision.disclosures:  # a side of the rows is given as empty: there is nobody of whom it is so
        return {}
    return {(row.item, row.recipient): said(row) for row in decision.disclosures}


def going(policy, case):
    """For each row that is shared, whether it goes; None for what cannot be."""
    try:
        decision = policy.decide(case, as_of=DAY, presume=False)
    except FactsError:
        return None
    return {
        (row.item, row.recipient): row.release
        for row in decision.disclosures
        if not policy.model.has_rows or row.outcome is Outcome.SHARE
    }


def duties(policy, case):
    """Which duties are due, each with whom it is for; and the outcome of each row. None for what cannot be."""
    try:
        decision = policy.decide(case, as_of=DAY, presume=False)
    except FactsError:
        return None
    due = {(duty.duty, frozenset((duty.for_ or {}).items())) for duty in decision.duties}
    if not policy.model.has_rows:
        rows = {(None, each["name"]): decision.outcome for each in case["recipient"]} or {
            (None, None): decision.outcome
        }
    else:
        rows = {(row.item, row.recipient): row.outcome for row in decision.disclosures}
    return due, rows


def said(of):
    """A settled outcome with its strength."""
    if of.basis is Basis.UNKNOWN_FACTS:
        return None
    if of.basis in (Basis.CONFLICT, Basis.SILENCE):
        return (of.outcome.value, None)
    return (of.outcome.value, of.strength)
