"""Reading a case strictly: any mapping -> `Case`, or every fault of it at once.

Nothing is converted: `"no"` is not a yes-or-no answer, `7.0` is not a whole number. Messages give
the path and what was expected, never the answer itself. Deliberately not here: files (`casefile`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from infoshare.diagnostic import Diagnostic, Nearest, did_you_mean
from infoshare.meaning.case import Case, element_key
from infoshare.meaning.model import Fact, Group, Model
from infoshare.meaning.types import UNSURE, Answer, FactType, Reference, Text, Wrong, found
from infoshare.values import frozen

LONGEST_LIST = 1_000

MOST_ROWS = 10_000
"""Items for recipients: as many answers to what goes to whom as one decision gives."""

_NOBODY = frozenset({"none", "nobody", "none of them", "no one"})
_UNNAMED = re.compile(r'\["#([0-9]+)"\]')


@frozen
class Reading:
    """The case, and what is wrong with it; the case is to be used only when nothing is."""

    case: Case
    diagnostics: tuple[Diagnostic, ...]


def read(model: Model, facts: object) -> Reading:
    """Reads a case against a policy's vocabulary.

    Args:
        facts: a mapping of groups, `{"consent": {"status": "refused"}, "item": [{"name": …}]}`;
            dotted keys (`"consent.status"`) are accepted too, and `"case"` names the case.
    """
    reader = _Reader(model)
    reader.read(facts)
    case = Case(reader.name, reader.answers, frozenset(reader.unsure), reader.elements)
    return Reading(case, tuple(reader.faults))


def too_many_rows(items: int, recipients: int) -> Diagnostic | None:
    """What is wrong with so many items for so many recipients; None where it can be decided what goes to whom."""
    if items * recipients <= MOST_ROWS:
        return None
    return Diagnostic(
        "IS409",
        f"{items:,} items for {recipients:,} recipients would take {items * recipients:,} answers to what goes to"
        f" whom, more than the {MOST_ROWS:,} that one decision can give",
        help=(
            "decide for some of the recipients at a time, or for some of the items, each as a case of its own",
        ),
        path="recipient",
    )


class _Reader:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.name: str | None = None
        self.answers: dict[str, Answer] = {}
        self.unsure: set[str] = set()
        self.elements: dict[str, tuple[str, ...]] = {}
        self.faults: list[Diagnostic] = []
        self.naming: list[tuple[str, Reference]] = []  # the keys of references that are answered
        self._names_in: dict[str, tuple[frozenset[str], Nearest]] = {}
        self._lists_at_fault: set[str] = set()
        self.referred = {f.type.group for f in model.facts.values() if isinstance(f.type, Reference)}

    # --- what there is, looked up once however much is misspelt ---

    @cached_property
    def in_group(self) -> Mapping[str, Mapping[str, Fact]]:
        """By group, and by name, its facts."""
        found: dict[str, dict[str, Fact]] = {}
        for fact in self.model.facts.values():
            found.setdefault(fact.group, {})[fact.name] = fact
        return found

    @cached_property
    def named(self) -> Mapping[str, Sequence[Fact]]:
        """The facts of a name."""
        found: dict[str, list[Fact]] = {}
        for fact in self.model.facts.values():
            found.setdefault(fact.name, []).append(fact)
        return found

    @cached_property
    def near_groups(self) -> Nearest:
        """What a name of no group may have been meant for."""
        return Nearest(self.model.groups)

    @cached_property
    def near_paths(self) -> Nearest:
        """What a path of no fact may have been meant for."""
        return Nearest(f.path for f in self.model.facts.values() if not f.each)

    @cached_property
    def near_names(self) -> Mapping[str, Nearest]:
        """By group, what a name of none of its facts may have been meant for."""
        return {group: Nearest(facts) for group, facts in self.in_group.items()}

    @cached_property
    def facts_of(self) -> Mapping[str, str]:
        """By group, help that names its facts."""
        return {group: f"`{group}` has {_list([*facts])}" for group, facts in self.in_group.items()}

    def read(self, facts: object) -> None:
        if not isinstance(facts, Mapping):
            self._fault(
                "IS408", f"expected a case, {found(facts)}", None, f"a case is written as {self._sample()}"
            )
            return
        for key, value in self._items(facts, None):
            group, dot, name = key.partition(".")
            if key == "case":
                self._case_name(value)
            elif dot:
                self._dotted(group, name, key, value)
            elif key in self.model.groups:
                self._group(self.model.groups[key], value)
            else:
                self._unknown_group(key)
        for key, reference in self.naming:
            self._named_elements(key, reference)
        too_many = too_many_rows(*(len(self.elements.get(group, ())) for group in ("item", "recipient")))
        self.faults += [] if too_many is None else [too_many]

    def _case_name(self, value: object) -> None:
        text = self._text(value, "case")
        if text is not None:
            self.name = text

    def _dotted(self, group: str, name: str, key: str, value: object) -> None:
        fact = self.model.facts.get(key)
        if fact is not None and not fact.each:
            self._answer(fact, key, value)
        elif fact is not None or (group in self.model.groups and self.model.groups[group].each):
            self._fault(
                "IS401",
                f"`{_shown(group)}` is a list, so its facts belong to an element of it",
                _shown(key),
                f'write "{group}": [{{"name": …, "{_shown(name)}": …}}]',
            )
        else:
            help_ = did_you_mean(key, self.near_paths) or self._facts_of(group)
            self._fault("IS401", f"no fact is named `{_shown(key)}`", _shown(key), *help_)

    def _group(self, group: Group, value: object) -> None:
        if group.each:
            self._list(group, value)
        elif value is None:
            return
        elif not isinstance(value, Mapping):
            self._fault(
                "IS408",
                f"expected the facts of the group `{group.name}` and their answers, {found(value)}",
                group.name,
                self._written(group),
            )
        else:
            for name, answer in self._items(value, group.name):
                self._named(group, name, f"{group.name}.{name}", answer)

    def _list(self, group: Group, value: object) -> None:
        if value is None:
            return
        if isinstance(value, str) and value == UNSURE:
            self.unsure.add(group.name)
            return
        self._lists_at_fault.add(group.name)
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            self._fault(
                "IS408",
                f"expected a list, as there may be more than one `{group.name}`, {found(value)}",
                group.name,
                self._written(group),
            )
            return
        if len(value) > LONGEST_LIST:
            self._fault(
                "IS409", f"expected at most {LONGEST_LIST:,} elements, found {len(value):,}", group.name
            )
            return
        self._lists_at_fault.discard(group.name)
        names: list[str] = []
        for index, element in enumerate(value):
            self._element(group, index, element, names)
        self.elements[group.name] = tuple(names)

    def _element(self, group: Group, index: int, element: object, names: list[str]) -> None:
        place = f"{group.name}[{index + 1}]"
        if not isinstance(element, Mapping):
            self._fault(
                "IS408",
                f"expected the name of this {group.name} and its answers, {found(element)}",
                place,
                self._written(group),
            )
            return
        answers = dict(self._items(element, place))
        if answers.get("name") is None:
            help_ = f'give every {group.name} a "name" of its own, so that the decision can say which one it means'
            self._fault("IS406", f"this {group.name} has no `name`", place, help_)
            name = f"#{index + 1}"
        else:
            read = self._text(answers["name"], f"{place}.name")
            name = f"#{index + 1}" if read is None else read
        if name in names:
            self._fault(
                "IS407",
                "another before it has the same `name`",
                place,
                f"give every {group.name} a name of its own",
            )
            name = f"#{index + 1}"
        if name == UNSURE and group.name in self.referred:
            help_ = f'give it another name: where a {group.name} is named, "{UNSURE}" says that nobody knows which'
            self._fault("IS402", f"no {group.name} may be called `{UNSURE}`", f"{place}.name", help_)
        names.append(name)
        for fact, answer in answers.items():
            if fact != "name":
                self._named(group, fact, element_key(group.name, name, fact), answer)

    def _named(self, group: Group, name: str, key: str, answer: object) -> None:
        fact = self.model.facts.get(f"{group.name}.{name}")
        if fact is not None:
            self._answer(fact, key, answer)
            return
        near = self.near_names[group.name].to(name) if group.name in self.near_names else None
        elsewhere = [f.path for f in self.named.get(name, ())]
        if near is None and elsewhere:
            help_: tuple[str, ...] = (f"`{elsewhere[0]}` has that name: write it in its own group",)
        else:
            meant = near and (near if group.each else self.in_group[group.name][near].path)
            help_ = (f"did you mean `{meant}`?",) if near else self._facts_of(group.name)
        self._fault("IS401", f"`{group.name}` has no fact named `{_shown(name)}`", _shown(key), *help_)

    def _unknown_group(self, word: str) -> None:
        facts = [f for f in self.named.get(word, ()) if not f.each]
        if facts:
            path = facts[0].path
            help_ = f'it is in the group `{facts[0].group}`: write "{path}", or {self._sample(facts[0])}'
            self._fault("IS401", f"`{_shown(word)}` is not a group of facts", _shown(word), help_)
            return
        near = did_you_mean(word, self.near_groups)
        help_ = near[0] if near else f"the groups are {_list(self.model.groups)}"
        self._fault("IS401", f"no group of facts is named `{_shown(word)}`", _shown(word), help_)

    def _facts_of(self, group: str) -> tuple[str, ...]:
        """Help that names the facts of a group, or the group that was most likely meant."""
        told = self.facts_of.get(group)
        return (told,) if told else did_you_mean(group, self.near_groups)

    def _sample(self, fact: Fact | None = None) -> str:
        """A case of one fact, as JSON."""
        plain = next((f for f in self.model.facts.values() if not f.each), None)
        fact = fact or plain
        return "{}" if fact is None else f'{{"{fact.group}": {{"{fact.name}": …}}}}'

    def _written(self, group: Group) -> str:
        """How the answers of a group are written, as JSON."""
        facts = [f.name for f in self.model.facts.values() if f.group == group.name and f.name != "name"]
        first = f'"{facts[0]}": …' if facts else "…"
        if group.each:
            return f'write "{group.name}": [{{"name": "…", {first}}}]'
        return f'write "{group.name}": {{{first}}}'

    def _answer(self, fact: Fact, key: str, value: object) -> None:
        if value is None:
            return
        if key in self.answers or key in self.unsure:
            help_ = "keep the one that is right, and delete the other"
            self._fault("IS403", f"`{_shown(key)}` is answered twice", _shown(key), help_)
            return
        if isinstance(value, str) and value == UNSURE:
            self.unsure.add(key)
            return
        answer = self._read(fact.type, value, _shown(key))
        if answer is not None:
            self.answers[key] = answer
            if isinstance(fact.type, Reference):
                self.naming.append((key, fact.type))

    def _named_elements(self, key: str, reference: Reference) -> None:
        """Looks for those whom an answer names among those whom the case lists."""
        group, answer = reference.group, self.answers[key]
        if group in self._lists_at_fault:
            return
        if group not in self._names_in:
            names = self.elements.get(group, ())
            self._names_in[group] = frozenset(names), Nearest(names)
        elements, listed = self._names_in[group]
        for name in sorted(answer) if isinstance(answer, frozenset) else ():
            if name in elements:
                continue
            nearest = did_you_mean(name, listed)
            if group not in self.elements:
                help_ = f'list them: "{group}": [{{"name": "…"}}], and name them here as there'
                message = f"this names a {group}, and the case lists none of them"
            else:
                help_ = f"write the `name` of a {group} as it stands in the list, or list this one too"
                message = f"no {group} of the case has the name that stands here"
                if not reference.many and name.casefold() in _NOBODY:
                    nearest, help_ = (
                        (),
                        (f'write {{"none": true}} if it is none of those whom the case lists as {group}'),
                    )
            self._fault("IS402", message, _shown(key), *(nearest or (help_,)))

    def _text(self, value: object, path: str) -> str | None:
        """A name, which is text as it stands."""
        return text if isinstance(text := self._read(Text(), value, path), str) else None

    def _read(self, type_: FactType, value: object, path: str) -> Answer | None:
        match type_.read(value):
            case Wrong(code, message, help_):
                self._fault(code, message, path, *help_)
                return None
            case answer:
                return answer

    def _fault(self, code: str, message: str, path: str | None, *help_: str | None) -> None:
        shown = None if path is None else _UNNAMED.sub(r"[\1]", path)
        self.faults.append(Diagnostic(code, message, help=tuple(h for h in help_ if h), path=shown))

    def _items(self, mapping: Mapping[object, object], path: str | None) -> Iterator[tuple[str, object]]:
        """The items of a mapping, each read exactly once; what cannot be read is a fault that names it."""
        for key in list(mapping):
            if not isinstance(key, str):
                self._fault("IS408", f"expected the name of a group or a fact, {found(key)}", path)
                continue
            try:
                value = mapping[key]
            except Exception:  # noqa: BLE001 - whatever a caller's own mapping raises is its fault, and is named
                place = _shown(f"{path}.{key}" if path else key)
                self._fault("IS410", "this answer could not be read: reading it failed", place)
                continue
            yield key, value


def _list(names: Iterable[str]) -> str:
    """Names one after the other; the rest of a long list is counted."""
    quoted = [f"`{name}`" for name in names]
    shown = quoted if len(quoted) <= 12 else [*quoted[:10], f"{len(quoted) - 10} more"]
    return ", ".join(shown)


def _shown(text: str) -> str:
    """A name from outside, safe to show: printable, and not endless."""
    if text.isprintable() and len(text) <= 100:
        return text
    clean = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return clean if len(clean) <= 100 else clean[:97] + "…"
