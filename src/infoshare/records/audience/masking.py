"""Gives elements of a case other names, and leaves answers out: the mechanics of an export.

An element (an item, a recipient) occurs in a record under its name, and within the keys of its facts,
`item["GP letter"].necessary`; both are replaced together, so that what comes out is a decision still.
Invariants: the result depends on a replaced name only by its place in the list; what is given is not changed.
Deliberately not here: who may see what (`audience`).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from infoshare.explain.english import listed
from infoshare.meaning.case import element_key, path_of
from infoshare.meaning.model import SIDES
from infoshare.meaning.types import UNSURE
from infoshare.records.body.answers import LIST
from infoshare.records.body.answers import named as named_in_words
from infoshare.records.body.codec import Json

_DECODER = json.JSONDecoder()


@attrs.frozen
class Masking:
    """What is called otherwise, and which answers are left out.

    Attributes:
        names: for each group, the other names of elements by their own.
        refer: the group whose elements a fact is answered by the names of, by the path of the fact.
        kept: the paths of the facts whose answers are kept; None keeps all.
        every: whether every element is called otherwise.
    """

    names: Mapping[str, Mapping[str, str]] = attrs.field(repr=False)
    kept: frozenset[str] | None = None
    every: bool = False
    refer: Mapping[str, str] = attrs.field(factory=dict, repr=False)

    @staticmethod
    def of_all(record: Json, kept: frozenset[str]) -> "Masking":
        """The masking of every element of a record."""
        return attrs.evolve(Masking.of(record, lambda _group, _name: True), kept=kept, every=True)

    @staticmethod
    def of(record: Json, hidden: Callable[[str, str], bool]) -> "Masking":
        """The masking of every element of a record that is `hidden`, by its group and name."""
        names: dict[str, dict[str, str]] = {}
        for group, elements in named(record).items():
            taken = {name for name in elements if not hidden(group, name)}
            names[group] = {
                name: _other(f"{group} {number}", taken)
                for number, name in enumerate(elements, start=1)
                if name not in taken
            }
        refer = {path_of(e["fact"]): e["group"] for e in record["answers"] if e.get("group") is not None}
        return Masking(names, refer=refer)

    @property
    def active(self) -> bool:
        """Whether anything is called otherwise."""
        return any(self.names.values())

    def name(self, group: str, name: str | None) -> str | None:
        """What an element is called."""
        return None if name is None else self._called(group, name)

    def _called(self, group: str, name: str) -> str:
        """What an element is called; one that the record does not list keeps its name only if all do."""
        return self.names.get(group, {}).get(name, f"{group} ?" if self.every else name)

    def fact(self, key: str) -> str:
        """The key of a fact."""
        group, bracket, rest = key.partition("[")
        if not bracket:
            return key
        try:
            name, end = _DECODER.raw_decode(rest)
        except ValueError:
            name, end = None, 0
        if not isinstance(name, str):  # not written by infoshare, so nobody knows whom it names
            return f"{group}[?]"
        return element_key(group, self._called(group, name), rest[end:].removeprefix("]."))

    def keeps(self, key: str) -> bool:
        """Whether the answer of a fact is kept."""
        return self.kept is None or path_of(key) in self.kept

    def pairs(self, pairs: Iterable[Json] | None) -> list[Json] | None:
        """What goes to whom."""
        if pairs is None:
            return None
        return [
            {"item": self.name("item", p["item"]), "recipient": self.name("recipient", p["recipient"])}
            for p in pairs
        ]

    def rows(self, rows: Iterable[Sequence[str | None]]) -> list[list[str | None]]:
        """Rows, each an item and a recipient."""
        return [[self.name(*side) for side in zip(SIDES, row, strict=True)] for row in rows]

    def element(self, of: Mapping[str, str] | None) -> Json | None:
        """Of whom or what something is said: an element by the name of its list."""
        return None if of is None else {group: self.name(group, name) for group, name in of.items()}

    def answer(self, key: str, answer: Any) -> Any:
        """The answer of a fact: under other names where it names elements."""
        group = self.refer.get(path_of(key))
        if group is None or answer == UNSURE:
            return answer
        match answer:
            case str():
                return self._called(group, answer)
            case list() | tuple():  # in the order of the list, which tells nothing of names
                place = {each: number for number, each in enumerate(self.names.get(group, {}))}
                return [
                    self._called(group, each)
                    for each in sorted(answer, key=lambda n: place.get(n, len(place)))
                ]
            case _:
                return answer

    def somebody(self, name: str) -> str:
        """What somebody is called of whom only the name is known: by their list, where one alone has that name."""
        groups = [group for group, names in self.names.items() if name in names]
        if len(groups) == 1:
            return self._called(groups[0], name)
        return "somebody" if groups or self.every else name

    def answers(self, answers: Iterable[Json]) -> list[Json]:
        """Every fact; one whose answer is not kept says only that it was answered."""
        return [self._answer(entry) for entry in answers]

    def _answer(self, entry: Json) -> Json:
        key = entry["fact"]
        shown = {name: entry[name] for name in ("question", "type", "state")} | {"fact": self.fact(key)}
        if "answer" not in entry:
            return shown
        if entry["type"] == LIST:
            names = [self.name(key, name) or name for name in entry["answer"]]
            return shown | {"answer": names, "label": listed(names) or "none"}
        if not self.keeps(key):
            return shown
        if path_of(key) in self.refer and self.active:
            answer = self.answer(key, entry["answer"])
            return shown | {"answer": answer, "label": named_in_words(answer)}
        return shown | {"answer": entry["answer"], "label": entry["label"]}

    def decision(self, decision: Json) -> Json:
        """A decision, `infoshare.decision/1`, in the keys of today; later ones are left out, as nobody has judged them."""
        many = {name: [self._clause(c) for c in decision[name]] for name in _CLAUSES}
        return {
            **{name: decision[name] for name in _PLAIN},
            **many,
            # which of several sufficient sets of facts is named depends on the names of elements
            "relied_on": {} if self.active else self._facts(decision["relied_on"]),
            "questions": [self._question(q) for q in decision["questions"]],
            "duties": [self._duty(d) for d in decision["duties"]],
            "lifted": [
                {**_only(d, _LIFTED), **self._for(d), "by": [self._clause(c) for c in d["by"]]}
                for d in decision["lifted"]
            ],
            "safeguards": [_only(s, _SAFEGUARD) for s in decision["safeguards"]],
            "disclosures": [self._row(row) for row in decision["disclosures"]],
            "advice": [{**_only(a, _ADVICE), **self._for(a)} for a in decision["advice"]],
            "assumed": [
                {
                    "fact": self.fact(a["fact"]),
                    "value": self.answer(a["fact"], a["value"]),
                    "matters": a["matters"],
                }
                for a in decision["assumed"]
                if self.keeps(a["fact"]) or a["fact"] in self.names
            ],
            **self._of_rows(decision),
        }

    def _of_rows(self, decision: Json) -> Json:
        """What only a policy with rows, people or what came with them has found."""
        shown = _only(decision, ("strength", "ask_consent", "relaxed"))
        if shown.get("ask_consent") is not None:
            shown["ask_consent"] = [self._asked(each) for each in shown["ask_consent"]]
        if "relaxed" in shown:
            shown["relaxed"] = [_only(each, ("clause", "by")) for each in shown["relaxed"]]
        return shown

    def _asked(self, asked: Json) -> Json:
        person = None if asked["person"] is None else self.somebody(asked["person"])
        return {
            "person": person,
            "whom": asked["whom"],
            "by": asked["by"],
            "rows": self.rows(asked["rows"]),
        }

    def _question(self, question: Json) -> Json:
        shown = {**_only(question, _QUESTION), "fact": self.fact(question["fact"])}
        if path_of(question["fact"]) in self.refer and self.active:  # its answers are names
            shown |= {"answers": [], "leads_to": {}}
            shown |= {"leads_to_strength": {}} if "leads_to_strength" in shown else {}
        return shown | self._rows(question)

    def _duty(self, duty: Json) -> Json:
        shown = {**_only(duty, _DUTY), **self._for(duty), "waiting_for": self._waiting(duty)}
        if self.kept is None:  # the last day may tell a date of the case
            shown |= _only(duty, ("by",))
        return shown

    def _for(self, of: Json) -> Json:
        return {"for": self.element(of["for"])} if "for" in of else {}

    def _rows(self, of: Json) -> Json:
        return {"rows": self.rows(of["rows"])} if "rows" in of else {}

    def _clause(self, clause: Json) -> Json:
        shown = {**_only(clause, _CLAUSE), "facts": self._facts(clause["facts"]), **self._rows(clause)}
        if "by" in clause:
            shown["by"] = [self._clause(by) for by in clause["by"]]
        if "waiting_for" in clause:
            shown["waiting_for"] = self._waiting(clause)
        return shown

    def _row(self, row: Json) -> Json:
        return {
            "item": self.name("item", row["item"]),
            "recipient": self.name("recipient", row["recipient"]),
            "release": row["release"],
            "held_by": [self._hold(hold) for hold in row["held_by"]],
            "open_by": [self._hold(hold) for hold in row["open_by"]],
            **_only(row, _ROW),
        }

    def _hold(self, hold: Json) -> Json:
        return {**_only(hold, _HOLD), "facts": self._facts(hold["facts"]), "waiting_for": self._waiting(hold)}

    def _facts(self, facts: Mapping[str, Any]) -> Json:
        return {self.fact(key): self.answer(key, answer) for key, answer in facts.items() if self.keeps(key)}

    def _waiting(self, of: Json) -> list[str]:
        return [self.fact(key) for key in of["waiting_for"]]


_CLAUSES = ("fired", "defeated", "excepted", "unresolved", "not_fired")
_PLAIN = ("format", "policy", "case", "as_of", "outcome", "mandatory", "exact", "basis", "possible")
_CLAUSE = ("clause", "kind", "effect", "statement", "cites", "instead_of")
_QUESTION = ("ask", "type", "answers", "answered", "for", "leads_to", "leads_to_strength")
_DUTY = ("duty", "timing", "do", "state", "cites", "within")
_LIFTED = ("duty", "timing", "do", "cites")
_SAFEGUARD = ("safeguard", "statement", "cites")
_HOLD = ("safeguard", "remedy", "statement", "cites")
_ADVICE = ("advice", "whom", "cites")
_ROW = ("outcome", "mandatory", "strength", "basis", "possible", "fired", "defeated")


def _only(data: Json, names: Iterable[str]) -> Json:
    return {name: data[name] for name in names if name in data}  # an older record has not every key


def _other(wanted: str, taken: set[str]) -> str:
    """A name that no element bears."""
    while wanted in taken:
        wanted += "*"
    return wanted


def named(record: Json) -> dict[str, list[str]]:
    """Every element that a record names, by its group: those of the case in its order, then those told beside it."""
    found: dict[str, dict[str, None]] = {"item": {}, "recipient": {}}
    for entry in record["answers"]:
        if entry["type"] == LIST and entry["state"] == "answered":
            found.setdefault(entry["fact"], {}).update(dict.fromkeys(entry["answer"]))
    found["recipient"].update(dict.fromkeys(party["name"] for party in record["recipients"]))
    instead = record["instead"] or {"shared": []}
    for pair in (*(record["shared"] or ()), *(record["held_back"] or ()), *instead["shared"]):
        for group in ("item", "recipient"):
            if pair[group] is not None:
                found[group][pair[group]] = None
    return {group: list(names) for group, names in found.items()}
