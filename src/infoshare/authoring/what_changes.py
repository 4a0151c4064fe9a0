"""What a new version of a policy changes, in words for those who sign it: the parts of a text and of a page.

Whoever reads them may know nothing of the language: a case is told in the phrases of the vocabulary, what is so in it
only because it would be assumed anyway comes last, and each change says for whom it is and where to look.
Deliberately not here: what changes (`infoshare.policy.comparison`), and where the sentences stand (the doors, `changes_page`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from infoshare.analysis.difference import kind_of_recipient
from infoshare.analysis.states import State
from infoshare.explain.aloud import question
from infoshare.explain.english import day, listed, opening
from infoshare.explain.labels import answered, placed
from infoshare.meaning.model import Defined, Fact, Guarantee, Model, parts
from infoshare.meaning.types import OneOf, Reference, plain
from infoshare.outcome import Outcome
from infoshare.policy.comparison import Comparison, Day, Names, OutcomeChange

_TO_DO = {
    Outcome.SHARE: "share",
    Outcome.SEEK_CONSENT: "ask for consent first",
    Outcome.WITHHOLD: "do not share",
    Outcome.SEEK_ADVICE: "seek advice",
}
USUAL = "taken to be so unless somebody says otherwise"
_WHAT = {
    "kind": "what kind of clause it is",
    "effect": "what it leads to",
    "strength": "how strong it is",
    "condition": "when it applies",
    "targets": "which clauses it acts on",
    "for each": "of whom or what it speaks",
    "timing": "when it is to be done",
    "dates": "when it is in force",
    "citations": "what it cites",
    "words": "its wording only",
    "type": "which answers there are",
    "assumption": "what is assumed where nobody answers",
    "fixed": "whether it can be otherwise",
    "question": "how it is asked",
    "meaning": "what it means",
}


@attrs.frozen
class Told:
    """A change, told.

    Attributes:
        was: what was so, as it can stand behind “Before:”.
        now: what is so now.
        who: for whom, as a sentence; None where the policy does not tell anybody apart.
        case: what is so in the smallest case that shows it.
        usual: what is so in it besides, as it would be assumed anyway.
        note: what else is to be known of it.
        scenario: the case as policy text; empty where there is none.
        smallest: whether it is proved that no smaller case shows it.
        why: which clauses turn the answer in this case.
    """

    was: str
    now: str
    who: str | None
    case: tuple[str, ...]
    usual: tuple[str, ...]
    note: str | None
    scenario: str = ""
    smallest: bool = False
    why: tuple[str, ...] = ()


@attrs.frozen
class Section:
    """Changes of one sort.

    Attributes:
        lead: a sentence that says what they have in common.
    """

    heading: str
    lead: str
    changes: tuple[Told, ...]


def state_words(state: State) -> str:
    """What a state tells somebody to do."""
    if state.strength is None:
        return "seek advice, as clauses disagree or none speaks"
    may = "may " if state.outcome is Outcome.SHARE else ""
    strength = {"must": "must ", "should": "should ", "may": may}[state.strength]
    if state.outcome is Outcome.WITHHOLD and strength:
        return f"{strength}not share"
    return f"{strength}{_TO_DO[state.outcome]}"


def summary(comparison: Comparison) -> str:
    """What it comes to, in a sentence or two."""
    if comparison.same:
        return (
            "No answer changes, whatever the case: this is proved for every case there can be, and not tried on"
            " examples. No duty comes or goes, and nothing more or less goes to anybody."
        )
    count = len(comparison.outcomes)
    found = (
        [f"{count} kinds of answers change" if count != 1 else "One kind of answer changes"] if count else []
    )
    if count:
        first = comparison.outcomes[0]
        found[0] += f" (such as from “{state_words(first.from_)}” to “{state_words(first.to)}”)"
    more = sum(_is_more(c) for c in comparison.outcomes)
    less = sum(_is_less(c) for c in comparison.outcomes)
    if more:
        found.append(f"in {more} of them something is shared that was not")
    if less:
        found.append(f"in {less} of them something is no longer shared that was")
    if not count:
        found = ["No change of answer was found"]
    told = opening("; ".join(found).rstrip(".")).rstrip(".") + "."
    released = sum(each.change == "released" for each in comparison.disclosures)
    held_back = len(comparison.disclosures) - released
    rest = [
        (len({each.duty for each in comparison.duties}), "duty comes or goes", "duties come or go"),
        (released, "thing that was held back goes", "things that were held back go"),
        (held_back, "thing that went is held back", "things that went are held back"),
        (
            len(comparison.unsettled),
            "answer waits for a question for which it did not wait",
            "answers wait for questions for which they did not wait",
        ),
    ]
    for number, one, several in rest:
        if number:
            told += f" {number} {one if number == 1 else several}."
    return told


def proof(comparison: Comparison) -> str:
    """What is proved of the rest."""
    if comparison.same:
        return "Proved: nothing else changes."
    told = (
        "Proved: outcomes, duties and disclosures change in these ways and in no other. Each way is shown by one case;"
        " other cases may change in the same way by other clauses."
    )
    if comparison.proved and not (comparison.outcomes or comparison.duties or comparison.disclosures):
        told = "Proved: no outcome, duty or disclosure changes."
    if not comparison.proved:
        told = (
            "Not proved: there are more cases than could be tried, so something may change in other ways than those that"
            " are shown here. Everything that is shown was decided by both versions."
        )
    if comparison.asking:
        by = listed([_quoted(comparison, name) for name in comparison.asking])
        told += f" Who is asked for consent or advice may be otherwise, by {by}."
    return told


def _quoted(comparison: Comparison, name: str) -> str:
    """A clause or advice by what it says; advice says whom to ask."""
    known = {each.name: each.statement for model in comparison.models for each in model.provisions()}
    return f"“{known[name].rstrip('.')}” ({name})"


def sections(comparison: Comparison) -> list[Section]:
    """The changes, sort by sort; only those sorts of which there are any."""
    told = {id(change): _outcome(comparison, change) for change in comparison.outcomes}

    def of(wanted: Iterable[OutcomeChange]) -> tuple[Told, ...]:
        return tuple(told[id(change)] for change in wanted)

    outcomes = comparison.outcomes
    binding = [c for c in outcomes if (c.from_.strength == "must") is not (c.to.strength == "must")]
    binding = [c for c in binding if not _is_more(c) and not _is_less(c)]
    rest = [c for c in outcomes if not _is_more(c) and not _is_less(c) and c not in binding]
    others = [c for c in rest if c.from_.outcome is not c.to.outcome]
    stronger = [c for c in rest if c.from_.outcome is c.to.outcome]
    found = [
        Section(
            "Shared now, and not before",
            "In these cases the new version lets people share, or tells them to, where the old one did not.",
            of(filter(_is_more, outcomes)),
        ),
        Section(
            "Shared before, and not now",
            "In these cases the old version let people share, or told them to, where the new one does not.",
            of(filter(_is_less, outcomes)),
        ),
        Section(
            "What becomes binding, or no longer is",
            "What must be done by one version need not be by the other: look at which of the two says must.",
            of(binding),
        ),
        Section(
            "Other answers that change",
            "By this alone nothing more is shared, and nothing less; but people are told to do something else.",
            of(others),
        ),
        Section(
            "The same answer, said otherwise",
            "What people are told to do stays; only how strongly it is said, or on what it rests, changes.",
            of(stronger),
        ),
        Section(
            "Answers that change only while something is not answered",
            "The two versions assume different answers where nobody gives one. Once everything is answered, these cases"
            " come to the same.",
            tuple(_outcome(comparison, change) for change in comparison.assumed),
        ),
        Section(
            "Duties that come or go",
            "The answer stays the same here; what people must do about it does not. Duties that follow another answer are not listed again.",
            tuple(_duties(comparison)),
        ),
        Section(
            "What goes to whom",
            "The answer is share in both versions; what of it may go is not the same.",
            tuple(_disclosures(comparison)),
        ),
        Section(
            "Answers that wait for a question now",
            "The old version settled these cases without it.",
            tuple(_settled(comparison, now=False)),
        ),
        Section(
            "Answers that no longer wait for a question",
            "The new version settles these cases without it.",
            tuple(_settled(comparison, now=True)),
        ),
    ]
    return [section for section in found if section.changes]


def not_shown(comparison: Comparison) -> list[str]:
    """Changes of outcome that may be, though no case was found that shows them."""
    return [f"from “{state_words(each.from_)}” to “{state_words(each.to)}”" for each in comparison.not_shown]


def _is_more(change: OutcomeChange) -> bool:
    return change.to.outcome is Outcome.SHARE and change.from_.outcome is not Outcome.SHARE


def _is_less(change: OutcomeChange) -> bool:
    return change.from_.outcome is Outcome.SHARE and change.to.outcome is not Outcome.SHARE


# --- one change --------------------------------------------------------------------------------------


def _outcome(comparison: Comparison, change: OutcomeChange) -> Told:
    said, usual = _case(comparison, change.witness)
    return Told(
        state_words(change.from_),
        state_words(change.to) + _since(comparison, change.day),
        _who(comparison, change),
        said,
        usual,
        _joined(_on(change.day), _of_row(change.for_, change.witness)),
        change.scenario,
        change.smallest,
        tuple(_why(comparison, change)),
    )


def _why(comparison: Comparison, change: OutcomeChange) -> Iterator[str]:
    for said, names, model in (
        ("Old version", change.no_longer_by, comparison.models[0]),
        ("New version", change.by, comparison.models[1]),
    ):
        for name in names:
            clause = model.clauses[name]
            both = name in change.by and name in change.no_longer_by
            what = f", which says: {_TO_DO[clause.outcome]}" if both else ""
            yield f"{said}: “{clause.statement.rstrip('.')}” ({name}){what}"


def _who(comparison: Comparison, change: OutcomeChange) -> str | None:
    model = comparison.models[1]
    kind = kind_of_recipient(model)
    if kind is None or not isinstance(kind.type, OneOf) or not change.recipients:
        return None
    labels = {value: f"“{label}”" for value, label in kind.type.choices}
    told = [labels.get(each, each) for each in change.recipients]
    if len(told) == len(kind.type.values):
        return "This can happen for every kind of recipient, in one case or another."
    rest = listed([label for value, label in labels.items() if value not in change.recipients], "or")
    if change.only_these:
        return f"This can happen where it is to go to {listed(told, 'or')}. It is proved that it cannot where it is to go to {rest}."
    return (
        f"This can happen where it is to go to {listed(told, 'or')}. No case was found where it is to go to {rest}, which"
        " is no proof that there is none."
    )


def _duties(comparison: Comparison) -> Iterator[Told]:
    old, new = comparison.models
    for change in comparison.duties:
        duty = new.duties.get(change.duty) or old.duties[change.duty]
        said, usual = _case(comparison, change.witness)
        do = f"“{duty.statement.rstrip('.')}”"
        by = ": an exception takes it away" if change.change == "lifted" else ""
        was, now = (
            (f"{do} did not have to be done", f"{do} has to be done")
            if change.change == "gained"
            else (f"{do} had to be done", f"{do} does not have to be done{by}")
        )
        now += _since(comparison, change.day)
        note = f"Both versions answer: {_TO_DO[change.outcome]}."
        yield Told(was, now, None, said, usual, _joined(_on(change.day), note), change.scenario)


def _disclosures(comparison: Comparison) -> Iterator[Told]:
    for change in comparison.disclosures:
        said, usual = _case(comparison, change.witness)
        was, now = (
            ("it was held back", "it goes") if change.change == "released" else ("it went", "it is held back")
        )
        now += _since(comparison, change.day)
        yield Told(
            was,
            now,
            None,
            said,
            usual,
            _joined(_on(change.day), _of_row(change.for_, change.witness)),
            change.scenario,
        )


def _settled(comparison: Comparison, *, now: bool) -> Iterator[Told]:
    old, new = comparison.models
    # what is told of a case, with the questions for which it waits
    alike: dict[tuple[str, Day, tuple[str, ...], tuple[str, ...], str | None], list[str]] = {}
    for change in comparison.settled if now else comparison.unsettled:
        fact = new.facts.get(change.fact) or old.facts[change.fact]
        possible = listed([_TO_DO[each] for each in change.possible], "or")
        note = _joined(_on(change.day), f"Depending on the reply, the answer is: {possible}.")
        key = (state_words(change.state), change.day, *_case(comparison, change.witness), note)
        alike.setdefault(key, []).append(f"“{question(fact)}”")
    for (settled, at, said, usual, note), questions in alike.items():
        these = "this is" if len(questions) == 1 else "these are"
        waits = f"nothing is settled before {these} answered: {listed(questions)}"
        was, is_ = (waits, settled) if now else (settled, waits)
        yield Told(was, is_ + _since(comparison, at), None, said, usual, note)


def _on(at: Day) -> str | None:
    if at.old != at.new:
        return f"The old version as of {day(at.old)}, the new one as of {day(at.new)}."
    return None


def _since(comparison: Comparison, at: Day) -> str:
    """From when on a change is so, where days differ."""
    return f" (as of {day(at.new)})" if at.old == at.new and len(comparison.days) > 1 else ""


def _of_row(row: Mapping[str, str] | None, witness: Mapping[str, Any]) -> str | None:
    """Of whom it is so, where the case lists more than one."""
    sides = [(side, name) for side, name in (row or {}).items() if len(witness.get(side, ())) > 1]
    told = [f"{'of' if side == 'item' else 'to'} “{name}”" for side, name in sides]
    return f"This is what comes of sharing {' '.join(told)}." if told else None


def _joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None


# --- a case in words ---------------------------------------------------------------------------------


def _case(comparison: Comparison, witness: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is so in a case; and what of it would be assumed anyway, by both."""
    said: list[str] = []
    usual: list[str] = []
    named = _named(comparison.models, witness)
    for group in _groups(comparison.models):
        told = witness.get(group)
        if isinstance(told, Mapping):
            for name, answer in told.items():
                fact = _fact(comparison.models, f"{group}.{name}")
                into = usual if _is_usual(comparison, fact, answer) else said
                into.append(_filled(comparison.models, _sentence(fact, answer), witness))
        elif isinstance(told, Sequence):
            model = next(m for m in comparison.models if group in m.groups)
            said += [] if told else [f"nothing is listed as {model.groups[group].phrase}"]
            for element in told:
                facts = [
                    (_fact(comparison.models, f"{group}.{name}"), answer)
                    for name, answer in element.items()
                    if name != "name"
                ]
                own = [_sentence(f, a) for f, a in facts if not _is_usual(comparison, f, a)]
                others = [_sentence(f, a) for f, a in facts if _is_usual(comparison, f, a)]
                head = model.groups[group].phrase
                if len(told) > 1 or (group, element["name"]) in named:
                    head += f", called “{element['name']}”"
                said.append(f"{head}: {listed(own)}" if own else head)
                usual += [f"{head}: {each}" for each in others]
    return tuple(map(opening, said)), tuple(usual)


def _named(models: Sequence[Model], witness: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The elements that some answer names, by their list."""
    found: set[tuple[str, str]] = set()
    for group, told in witness.items():
        for element in [told] if isinstance(told, Mapping) else told:
            for name, answer in element.items():
                type_ = None if name == "name" else _fact(models, f"{group}.{name}").type
                if isinstance(type_, Reference):
                    names = (
                        [answer] if isinstance(answer, str) else answer if isinstance(answer, list) else []
                    )
                    found |= {(type_.group, each) for each in names}
    return found


def _filled(models: Sequence[Model], sentence: str, witness: Mapping[str, Any]) -> str:
    """With what stands in its places: `{consent.by} refuses` is “the child refuses”."""

    def answer(path: str) -> Any:
        told = witness.get(path.partition(".")[0])
        return told.get(path.partition(".")[2]) if isinstance(told, Mapping) else None

    return placed(sentence, {**models[0].facts, **models[1].facts}, answer)


def _groups(models: Sequence[Model]) -> list[str]:
    return [*dict.fromkeys(group for model in reversed(models) for group in model.groups)]


def _fact(models: Sequence[Model], path: str) -> Fact:
    return next(model.facts[path] for model in reversed(models) if path in model.facts)


def _is_usual(comparison: Comparison, fact: Fact, answer: Any) -> bool:
    """Whether it would be assumed anyway; what is newly asked is worth being told all the same."""
    own = [model.facts[fact.path] for model in comparison.models if fact.path in model.facts]
    return fact.path not in comparison.questions and all(
        each.assumed is not None and plain(each.assumed, each.type) == answer for each in own
    )


def _sentence(fact: Fact, answer: Any) -> str:
    if isinstance(fact.type, Reference):
        names = [answer] if isinstance(answer, str) else list(answer) if isinstance(answer, list) else []
        return f"{fact.phrase}: {listed(f'“{n}”' for n in names) if names else 'none of them'}"
    return answered(fact, answer)


# --- what is written otherwise -------------------------------------------------------------------------


def written(comparison: Comparison) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yields headings, each with names and what is said of them."""
    old, new = comparison.models
    clauses = comparison.clauses
    for heading, names, model in (
        ("New clauses", clauses.added, new),
        ("Clauses that are gone", clauses.removed, old),
    ):
        yield heading, [(n, model.provision(n).statement) for n in names if n not in model.guarantees]
    meant_otherwise = {each.name for each in comparison.meanings.changed}
    for heading, names, model, other in (
        ("Promises that are written down now", clauses.added, new, old),
        ("Promises that are no longer written down, and may still hold", clauses.removed, old, new),
    ):
        kept = {_promised(other, name) for name in other.guarantees}
        promises = [name for name in names if name in model.guarantees]
        told = [
            n for n in promises if _promised(model, n) not in kept or _speaks_of(model, n, meant_otherwise)
        ]
        yield heading, [(n, model.provision(n).statement) for n in told]
    yield "Clauses that say something else", list(_otherwise(comparison))
    yield "Questions and answers", list(_names(comparison.vocabulary, old, new, "facts"))
    yield "What words mean", list(_names(comparison.meanings, old, new, "meanings"))


def _promised(model: Model, name: str) -> Guarantee:
    """What a promise comes to, whatever it is called."""
    return attrs.evolve(
        model.guarantees[name], name="", statement="", cites=(), because=None, part=None, instead_of=None
    )


def _speaks_of(model: Model, name: str, defines: Collection[str]) -> bool:
    """Whether a promise is made in some of these words, or in words that stand on them."""
    asked = (parts(condition, model.defines) for condition in model.guarantees[name].conditions)
    return any(isinstance(part, Defined) and part.name in defines for each in asked for part in each)


def _otherwise(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """What each clause says otherwise; those of which only one thing is to be said, together."""
    alike: dict[str, list[str]] = {}
    for each in comparison.clauses.changed:
        what = opening(listed(_what(each.what)))
        if "words" in each.what:
            was, now = (model.provision(each.clause).statement for model in comparison.models)
            yield each.clause, f"{what.rstrip('.')}. Before: “{was}” Now: “{now}”" if was != now else what
        else:
            alike.setdefault(what, []).append(each.clause)
    for what, names in alike.items():
        if len(names) == 1:
            yield names[0], what
        else:
            yield f"{len(names)} clauses", f"{what.rstrip('.')}: {', '.join(names)}."


def _what(words: Iterable[str]) -> list[str]:
    words = list(words)
    several = [word for word in words if word != "words"]
    told = [_WHAT.get(word, word) for word in several]
    return told + (["its wording" if several else _WHAT["words"]] if "words" in words else [])


def _names(names: Names, old: Model, new: Model, kind: str) -> Iterator[tuple[str, str]]:
    def about(name: str, model: Model) -> str:
        if kind == "facts":
            return model.facts[name].ask or model.facts[name].phrase
        if name in model.defines:
            return model.defines[name].phrase
        return next((each.why for each in model.impossibles if each.name == name), "")

    yield from ((name, f"new: {about(name, new)}".rstrip(": ")) for name in names.added)
    yield from ((name, f"gone: {about(name, old)}".rstrip(": ")) for name in names.removed)
    yield from ((each.name, f"otherwise: {listed(_what(each.what))}") for each in names.changed)


def titles(comparison: Comparison) -> tuple[str, str]:
    """What the two versions are called."""
    return tuple(  # type: ignore[return-value]
        " ".join(
            filter(
                None,
                (ref.title or ref.name or "a library", f"(version {ref.version})" if ref.version else ""),
            )
        )
        for ref in (comparison.old, comparison.new)
    )


# --- as text -----------------------------------------------------------------------------------------


def as_text(comparison: Comparison, *, scenarios: bool = True) -> Iterator[str]:
    """Yields the lines of a text."""
    old, new = titles(comparison)
    yield f"From {old}"
    yield f"to   {new}"
    yield ""
    yield summary(comparison)
    yield proof(comparison)
    if questions := comparison.questions:
        yield ""
        yield "The new version asks what the old one never did:"
        for path in questions:
            fact = comparison.models[1].facts[path]
            yield f"  {path}: {fact.ask or fact.phrase}"
    for section in sections(comparison):
        yield ""
        yield section.heading
        for each in section.changes:
            yield ""
            yield f"  Before: {each.was}."
            yield f"  Now:    {each.now}."
            if each.who:
                yield f"  {each.who}"
            head = "The smallest case that shows it:" if each.smallest else "A case that shows it:"
            yield f"  {head}" if each.case or each.usual else "  In every case."
            yield from (f"    - {line}" for line in each.case)
            if each.usual:
                yield f"    and, {USUAL}: {'; '.join(each.usual)}"
            if each.why:
                yield "  Which clauses make the difference:"
                yield from (f"    - {line}" for line in each.why)
            if each.note:
                yield f"  {each.note}"
            if scenarios and each.scenario:
                yield ""
                yield from (f"    {line}".rstrip() for line in each.scenario.splitlines())
    if rest := not_shown(comparison):
        yield ""
        yield "It may be that an answer changes also, though no case was found that shows it:"
        yield from (f"  {line}" for line in rest)
    for heading, names in written(comparison):
        if names:
            yield ""
            yield heading
            width = max(len(name) for name, _ in names)
            yield from (f"  {name:<{width}}  {said}" for name, said in names)


def as_github(comparison: Comparison) -> Iterator[str]:
    """Yields a notice for each change, and a warning for what is not proved, as GitHub shows them."""

    def line(level: str, title: str, text: str) -> str:
        escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return f"::{level} title={title}::{escaped}"

    for section in sections(comparison):
        for each in section.changes:
            told = [f"Before: {each.was}.", f"Now: {each.now}.", *([each.who] if each.who else [])]
            told += [f"- {one}" for one in each.case]
            told += [f"and, {USUAL}: {'; '.join(each.usual)}"] if each.usual else []
            yield line("notice", section.heading.replace(",", "%2C"), "\n".join(told))
    for heading, names in written(comparison):
        if names:
            yield line("notice", heading, "\n".join(f"{name}: {said}" for name, said in names))
    yield line("notice" if comparison.proved else "warning", "What is proved", proof(comparison))
