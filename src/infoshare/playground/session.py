"""What the page asks, and is answered: JSON in, JSON out.

A question is the name of a method of `Session` with its arguments. Texts come whole with each `write`; what is asked
about them is asked of the language service, of the policy that they make, and of that which they were at the beginning.
Invariant: places are counted as a browser counts them, in UTF-16 units. Whatever the page sends, the answer is plain data.
Deliberately not here: the page, which shows it, and the worker, which carries it (`static`).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import unified_diff
from functools import cached_property
from typing import Any, TypeAlias

import attrs

from infoshare import catalogue
from infoshare.authoring.findings import Edit
from infoshare.authoring.formatting import lay_out
from infoshare.casefile import format_of, read_case
from infoshare.diagnostic import Diagnostic
from infoshare.editor import completion, hover, trying
from infoshare.editor.workspace import Workspace
from infoshare.errors import FactsError, PolicyError
from infoshare.meaning.case import as_facts
from infoshare.meaning.vocabulary import FactInfo
from infoshare.playground import markdown
from infoshare.policy.decision import Decision
from infoshare.policy.files import FileSet, FilesOnDisk
from infoshare.policy.load import load_sources
from infoshare.policy.policy import Policy
from infoshare.syntax import tree as t
from infoshare.text import Span
from infoshare.webpage.markup import html

Plain: TypeAlias = dict[str, Any]

_FOLDER = "/playground"  # where the texts are said to lie; nothing lies there


class Session:
    """What one page has written so far.

    Attributes:
        began: the texts that it began with, by their names.
    """

    def __init__(self, today: date) -> None:
        self._workspace = Workspace((_FOLDER,), today, disk=_Nowhere())
        self._texts: Mapping[str, str] = {}
        self.began: Mapping[str, str] = {}
        self._first: dict[str, Policy | None] = {}
        self._before: tuple[str, _Asked, Plain] | None = None

    def answer(self, question: str) -> str:
        """What a method says, both as JSON: `{"ask": NAME, "with": {…}}`, and whatever the method gives."""
        asked = json.loads(question)
        if asked["ask"] not in _ASKED:
            raise ValueError("a page asks for no such thing")
        return json.dumps(getattr(self, asked["ask"])(**asked["with"]), ensure_ascii=False)

    # --- the texts

    def begin(self, texts: Mapping[str, str]) -> None:
        """Says with which texts the page begins: what is written later is held against them."""
        self.began, self._first, self._before = dict(texts), {}, None

    def write(self, texts: Mapping[str, str], today: str) -> None:
        """Puts these texts in the place of all others."""
        workspace = self._workspace.on(date.fromisoformat(today))
        for name in self._texts.keys() - texts.keys():
            workspace = workspace.closed(_path(name))
        for name, text in texts.items():
            if text != self._texts.get(name):
                workspace = workspace.edited(_path(name), text)
        self._workspace, self._texts = workspace, dict(texts)

    def look(self) -> Plain:
        """What can be said of the texts at once.

        Returns:
            `problems`, the errors; `policies` that a case can be decided by; and the `files` that have scenarios.
        """
        declared = {name: self._declared(name) for name in self._texts}
        policies = [
            {"file": name, "title": node.title}
            for name, nodes in declared.items()
            for node in nodes
            if isinstance(node, t.PolicyDecl)
        ]
        trying_ = [name for name, nodes in declared.items() if any(isinstance(n, t.Scenario) for n in nodes)]
        return {"problems": self._problems(self._workspace.errors()), "policies": policies, "files": trying_}

    def _declared(self, name: str) -> list[t.Declaration]:
        document = self._workspace.document(_path(name))
        return [node for node, _ in document.nodes()] if document is not None else []

    def check(self) -> list[Plain]:
        """Everything that `infoshare check` finds, which may take seconds."""
        found = self._workspace.check_up()
        fixes = {id(finding.diagnostic): finding.fix for finding in found.findings}
        return self._problems(found.diagnostics, fixes)

    def _problems(
        self, diagnostics: Iterable[Diagnostic], fixes: Mapping[int, Sequence[Edit]] | None = None
    ) -> list[Plain]:
        told = []
        for each in diagnostics:
            span = each.span
            name = _name(span.source.path) if span is not None else ""
            told.append(
                {
                    "code": each.code,
                    "severity": each.severity.value,
                    "message": _message(each.message),
                    "help": [_message(help_) for help_ in each.help],
                    "blocks": list(each.blocks),
                    "file": name,
                    "line": span.line if span is not None else 0,
                    **(_place(span) if span is not None and name in self._texts else {"from": 0, "to": 0}),
                    "fix": [
                        {**_place(edit.span), "text": edit.text, "file": _name(edit.span.source.path)}
                        for edit in (fixes or {}).get(id(each), ())
                    ],
                }
            )
        return told

    # --- at a place

    def complete(self, file: str, at: int) -> list[Plain]:
        """What could be written at a place."""
        units = _Units(self._texts.get(file, ""))
        return [
            {
                "label": each.label,
                "kind": each.kind,
                "text": each.text,
                "detail": each.detail,
                "about": html(markdown.markup(each.about)) if each.about else "",
                **_place(each.replaces),
            }
            for each in completion.completions(self._workspace, _path(file), units.characters(at))
        ]

    def hover(self, file: str, at: int) -> Plain | None:
        """What there is to say of what stands at a place."""
        units = _Units(self._texts.get(file, ""))
        found = hover.hover(self._workspace, _path(file), units.characters(at))
        return (
            None if found is None else {**_place(found.span), "html": html(markdown.markup(found.markdown))}
        )

    def page(self, code: str) -> str:
        """The page of a code, as HTML."""
        return html(markdown.markup(catalogue.page(code)))

    def lay_out(self, file: str) -> Plain:
        """A file as `infoshare fmt` lays it out; or why it cannot."""
        result = lay_out(_path(file), self._texts.get(file, "").encode("utf-8", "replace"))
        if result.data is None:
            return {"refused": _message(result.diagnostics[0].message)}
        return {"text": result.data.decode()}

    # --- a case

    def form(self, file: str) -> list[Plain] | None:
        """The groups of facts of a policy, each with what to ask; None while the policy has an error and never had none."""
        checked = self._workspace.last_good(_path(file))
        if checked is None:
            return None
        policy = checked.policy
        return [
            {
                "name": group.name,
                "phrase": group.phrase,
                "each": group.each,
                "facts": [_field(fact) for fact in policy.facts if fact.group == group.name],
            }
            for group in policy.groups
        ]

    def decide(
        self, file: str, facts: Mapping[str, Any], as_of: str, *, presume: bool = True, full: bool = False
    ) -> Plain:
        """What a policy says of a case, and what it said of it at the beginning.

        Args:
            full: all there is to say, or what is read first.

        Returns:
            The answer (see `_answer`), with `before`, the same of the policy at the beginning where that was another;
            or `faults` of the case; or `refused`, why nothing can be decided.
        """
        checked = self._workspace.checked(_path(file))
        if checked is None:
            return {"refused": "The policy has an error. Mend it, and the case is decided again."}
        asked = _Asked(facts, date.fromisoformat(as_of), presume, full)
        told = _decided(checked.policy, asked)
        first = self._policy_at_first(file)
        if first is not None and first.digest != checked.policy.digest and "headline" in told:
            before = self._decided_at_first(file, first, asked)
            if any(before.get(part) != told[part] for part in ("headline", "lines")):
                told["before"] = before
        return told

    def _decided_at_first(self, file: str, policy: Policy, asked: "_Asked") -> Plain:
        """What the policy at the beginning says; while the policy is written, the case stays the same."""
        if self._before is None or self._before[:2] != (file, asked):
            self._before = file, asked, _decided(policy, asked)
        return self._before[2]

    def _policy_at_first(self, file: str) -> Policy | None:
        if file not in self._first:
            try:
                sources = {_path(name)[1:]: text.encode() for name, text in self.began.items()}
                self._first[file] = load_sources(sources, main=_path(file)[1:])
            except PolicyError:
                self._first[file] = None
        return self._first[file]

    def read(self, name: str, text: str) -> Plain:
        """The case that a file holds."""
        facts, diagnostics = read_case(text.encode(), name, format_of(name))
        return {"faults": _faults(diagnostics)} if facts is None else {"facts": _as_json(facts)}

    # --- scenarios

    def scenarios(self, file: str) -> list[Plain]:
        """What became of the scenarios of a file, each with its case."""
        checked = self._workspace.checked(_path(file))
        if checked is None:
            return []
        model, start = checked.model, checked.model.header.start if checked.model.header else None
        return [
            {
                "file": file,
                "title": each.title,
                "passed": each.passed,
                "said": each.said,
                "difference": each.difference,
                "facts": as_facts(scenario.case, model),
                "as_of": (scenario.as_of or start or self._workspace.today).isoformat(),
                **_place(each.span),
            }
            for each, scenario in zip(
                trying.tried(self._workspace, _path(file)), checked.policy.scenarios, strict=True
            )
        ]

    def changes(self) -> list[Plain]:
        """The lines that differ from those at the beginning, file by file."""
        return [
            {"file": name, "lines": lines}
            for name in dict.fromkeys([*self.began, *self._texts])
            if (lines := list(_differing(self.began.get(name, ""), self._texts.get(name, ""))))
        ]


_ASKED = frozenset(
    "begin write look check complete hover page lay_out form decide read scenarios changes".split()  # noqa: SIM905 - they are many
)
"""What a page may ask: methods of `Session`."""


# --- where the texts are


class _Nowhere:
    """A disk that has no files of the page's own; those that come with infoshare are there."""

    def below(self, folder: str) -> Iterable[str]:  # noqa: ARG002 - a disk is asked so
        return ()

    def beside(self, folder: str) -> Iterable[str]:  # noqa: ARG002
        return ()

    def files(self, path: str, root: str | None) -> FileSet:
        return FilesOnDisk(path, root)


def _path(name: str) -> str:
    return f"{_FOLDER}/{name}"


def _name(path: str) -> str:
    return path.removeprefix(f"{_FOLDER}/")


def _message(text: str) -> str:
    return text.replace(f"{_FOLDER}/", "")


@attrs.frozen(slots=False)
class _Units:
    """A text, as a browser counts it: what is beyond the first plane is two."""

    text: str

    @cached_property
    def _is_plain(self) -> bool:
        return self.text.isascii() or max(self.text) <= "\uffff"

    def of(self, offset: int) -> int:
        """A place in characters, in units."""
        if self._is_plain:
            return offset
        return offset + sum(character > "\uffff" for character in self.text[:offset])

    def characters(self, units: int) -> int:
        """A place in units, in characters."""
        if self._is_plain:
            return min(units, len(self.text))
        return len(self.text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))


def _place(span: Span) -> Plain:
    units = _Units(span.source.text)
    return {"from": units.of(span.start), "to": units.of(span.end)}


def _differing(before: str, after: str) -> Iterator[Plain]:
    for line in list(unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm=""))[2:]:
        kind = {"+": "added", "-": "removed", "@": "place"}.get(line[:1], "same")
        yield {"kind": kind, "text": line if kind == "place" else line[1:]}


# --- a case


def _field(fact: FactInfo) -> Plain:
    return {
        "name": fact.name.partition(".")[2],
        "ask": fact.question or fact.phrase.replace("…", "").strip() or fact.name,
        "type": fact.type,
        "labels": [[value, label] for value, label in fact.labels.items()],
        "assumed": _assumed(fact),
        "unit": fact.unit,
        "low": fact.low,
        "high": fact.high,
        "names": fact.names,
    }


def _assumed(fact: FactInfo) -> str | None:
    match fact.assumption:
        case None:
            return None
        case bool(value):
            return "yes" if value else "no"
        case list(values):
            return ", ".join(fact.labels.get(str(value), str(value)) for value in values) or "none of them"
        case value:
            return fact.labels.get(str(value), str(value))


@attrs.frozen
class _Asked:
    """A case, and how it is to be decided and told."""

    facts: Mapping[str, Any]
    day: date
    presume: bool
    full: bool


def _decided(policy: Policy, asked: _Asked) -> Plain:
    try:
        return _answer(policy.decide(asked.facts, as_of=asked.day, presume=asked.presume), full=asked.full)
    except FactsError as error:
        return {"faults": _faults(error.diagnostics)}


def _answer(decision: Decision, *, full: bool) -> Plain:
    """An answer as HTML, its headline and lines by themselves, and the keys of what is asked."""
    headline, *lines = decision.explain().split("\n")
    return {
        "headline": headline,
        "lines": lines[:-1],  # the last names the policy
        "html": decision.to_html(full=full, level=3),
        "outcome": decision.outcome.value,
        "questions": [{"key": question.fact, "ask": question.ask} for question in decision.questions],
    }


def _faults(diagnostics: Iterable[Diagnostic]) -> list[Plain]:
    return [{"path": each.path, "message": each.message, "help": list(each.help)} for each in diagnostics]


def _as_json(value: Any) -> Any:
    """A case as JSON holds it: TOML has days."""
    match value:
        case Mapping():
            return {key: _as_json(inner) for key, inner in value.items()}
        case list():
            return [_as_json(inner) for inner in value]
        case date():
            return value.isoformat()
        case _:
            return value
