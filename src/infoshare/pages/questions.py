"""A state of a dialogue -> the page that asks what is open; what was sent from it -> the state after it, or what is wrong.

The dialogue is that of the terminal, `infoshare.asking`: what is asked, when, and what an answer does is decided there.
Invariant: the page and what reads it look at the same state, so that the number of an answer means one thing.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never

import attrs

from infoshare.asking import Alike, Dialogue, Prompt, Turn
from infoshare.asking.answers import Command, Given, Unclear, tidy
from infoshare.explain.english import opening
from infoshare.explain.fragment import linked
from infoshare.meaning.case import path_of
from infoshare.meaning.types import Date, FactType, Number, OneOf, Reference, SomeOf, Text, YesNo
from infoshare.pages.forms import Form
from infoshare.pages.parts import Field, Option, Page, button, form, group, opened, options, typed
from infoshare.pages.words import Words
from infoshare.webpage.markup import Content, Markup, tag

UNSURE, NONE = "unsure", "none"
_NOT_SURE, _OPEN = Command("not sure"), Command("skip")


@attrs.frozen
class Wrong:
    """What is wrong with what was sent, by the id of its field."""

    errors: Mapping[str, str]


Read: TypeAlias = Dialogue | Wrong


@attrs.frozen
class Place:
    """Where in an interview a page stands.

    Attributes:
        step: the number of the state, from 0.
        token: what its forms have to bear.
        sent: what was sent and could not be read, to be shown again.
        errors: what is wrong with it.
    """

    words: Words
    step: int
    token: str = attrs.field(repr=False)
    sent: Form = attrs.field(factory=Form, repr=False)
    errors: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def back(self) -> str:
        """The address of the page before."""
        return f"interview?step={self.step - 1}" if self.step else "./"

    @property
    def here(self) -> str:
        """The address of this one."""
        return f"interview?step={self.step}"


def is_asked(dialogue: Dialogue) -> bool:
    """Whether something is asked before the answer is shown, if only what was assumed."""
    if dialogue.stopped or dialogue.prompt is None:
        return _is_reviewed(dialogue)
    return True


def _is_reviewed(dialogue: Dialogue) -> bool:
    """Whether what was assumed is confirmed now: whoever stops sees no answer before that either."""
    if dialogue.stopped or dialogue.prompt is None:
        return dialogue.settled and not dialogue.is_told
    return dialogue.prompt.key == "" and dialogue.prompt.stage == "assumed"


def ask(dialogue: Dialogue, place: Place) -> Page:
    """The page that asks what is open."""
    if _is_reviewed(dialogue):
        return _ask_review(dialogue, place)
    if alike := dialogue.alike:
        return _ask_alike(dialogue, alike, place)
    prompts = _prompts(dialogue)
    if prompts[0].stage == "list":
        return _ask_list(dialogue, prompts[0], place)
    return _ask_facts(dialogue, prompts, place)


def read(dialogue: Dialogue, sent: Form, words: Words) -> Read:
    """The dialogue after a page was sent, or what is wrong with it."""
    do, _, at = (sent.get("do") or "answer").partition(" ")
    if do == "stop" and not _is_reviewed(dialogue):
        return attrs.evolve(dialogue.stop(), before=dialogue)
    if _is_reviewed(dialogue):
        return _read_review(dialogue, sent, words)
    if alike := dialogue.alike:
        return _read_alike(dialogue, alike, sent, words)
    prompts = _prompts(dialogue)
    if prompts[0].stage == "list":
        return _read_list(dialogue, prompts[0], sent, words, do, at)
    return _read_facts(dialogue, prompts, sent, words, leave_open=do == "open")


def _prompts(dialogue: Dialogue) -> Sequence[Prompt]:
    """What one page asks: what is to be asked first all together, everything else by itself."""
    assert dialogue.prompt is not None  # noqa: S101 - else nothing is asked
    return dialogue.first or (dialogue.prompt,)


def _after(turn: Turn, before: Dialogue) -> Read:
    """The dialogue after a turn; what was said where it did not go on."""
    return Wrong({"a0": " ".join(turn.said)}) if turn.dialogue is before else turn.dialogue


# --- one question, or several ----------------------------------------------------------------------


def _ask_facts(dialogue: Dialogue, prompts: Sequence[Prompt], place: Place) -> Page:
    words, together = place.words, len(prompts) > 1
    fields = [
        _field(dialogue, prompt, f"a{number}", place, heading=not together)
        for number, prompt in enumerate(prompts)
    ]
    content = [
        [tag("h1", words.first_heading), tag("p", words.first_lead, class_="lead")] if together else None,
        fields,
        _buttons(words, words.open_these if together else words.open_, stop=True),
    ]
    return _page(dialogue, place, content)


def _field(dialogue: Dialogue, prompt: Prompt, id_: str, place: Place, *, heading: bool) -> Markup:
    words, sent = place.words, place.sent
    type_ = dialogue.policy.model.facts[path_of(prompt.key)].type
    field = Field(id_, prompt.text, error=place.errors.get(id_), heading=heading)
    leads = [
        tag("li", words.leads_each.format(answer=choice.label, then=choice.then or words.nothing_else))
        for choice in prompt.choices
        if any(each.then for each in prompt.choices)
    ] or [tag("li", note.replace(" -> ", ": ")) for note in prompt.notes]
    after = [
        opened(words.why, tag("p", opening(prompt.why))) if prompt.why else None,
        opened(words.leads, tag("ul", leads)) if leads else None,
    ]
    offered = [Option(str(number), choice.label) for number, choice in enumerate(prompt.choices, 1)]
    unsure = Option(UNSURE, words.unsure, apart=True)
    chosen = sent.all(id_)
    match type_:
        case YesNo() | OneOf() | Reference(many=False):
            answer = options(field, words, [*offered, unsure], chosen)
        case SomeOf() | Reference():
            field = attrs.evolve(field, hint=words.tick)
            none = Option(NONE, words.none_of_these, apart=True)
            answer = options(
                field, words, [*offered, none, attrs.evolve(unsure, apart=False)], chosen, several=True
            )
        case Number(unit, low, high):
            of_unit = words.of_unit.format(unit=unit) if unit else ""
            bounds = words.from_to.format(low=low, high=high) if low is not None and high is not None else ""
            field = attrs.evolve(field, hint=" ".join(filter(None, (of_unit, bounds))) or None)
            answer = typed(
                field, words, sent.text(id_), inputmode="numeric", class_="short", autocomplete="off"
            )
            answer = tag("div", answer, _unsure_box(field, words, sent))
        case Date():
            answer = tag("div", _date(field, words, sent), _unsure_box(field, words, sent))
        case Text():
            answer = tag(
                "div", typed(field, words, sent.text(id_), long=True), _unsure_box(field, words, sent)
            )
        case _:
            assert_never(type_)
    return tag("div", answer, after, class_="question")


def _unsure_box(field: Field, words: Words, sent: Form) -> Markup:
    """For what is typed: a box to tick in its place."""
    name = f"{field.id}-unsure"
    entry = tag("input", type="checkbox", id=name, name=name, value=UNSURE, checked=sent.get(name) == UNSURE)
    return tag(
        "div",
        tag("p", words.or_, class_="or"),
        tag("div", entry, tag("label", words.unsure, for_=name), class_="option"),
    )


def _date(field: Field, words: Words, sent: Form) -> Markup:
    parts = []
    for number, (name, label) in enumerate(
        (("day", words.day), ("month", words.month), ("year", words.year))
    ):
        id_ = field.id if number == 0 else f"{field.id}-{name}"
        value = sent.text(f"{field.id}-{name}")
        entry = tag(
            "input",
            type="text",
            inputmode="numeric",
            id=id_,
            name=f"{field.id}-{name}",
            value=value,
            class_=name,
        )
        parts.append(tag("div", tag("label", label, for_=id_), entry))
    return group(attrs.evolve(field, hint=words.date_hint), words, tag("div", parts, class_="date"))


def _read_facts(
    dialogue: Dialogue, prompts: Sequence[Prompt], sent: Form, words: Words, *, leave_open: bool
) -> Read:
    given: dict[str, Given | Command] = {}
    errors: dict[str, str] = {}
    for number, prompt in enumerate(prompts):
        id_ = f"a{number}"
        type_ = dialogue.policy.model.facts[path_of(prompt.key)].type
        match _answer(dialogue, prompt.key, type_, id_, sent, words):
            case None if leave_open:
                given[prompt.key] = _OPEN
            case None:
                errors[id_] = _missing(type_, words)
            case Unclear(why):
                errors[id_] = opening(why)
            case Command() | Given() as found:
                given[prompt.key] = found
    return Wrong(errors) if errors else _after(dialogue.answer(given), dialogue)


def _answer(
    dialogue: Dialogue, key: str, type_: FactType, id_: str, sent: Form, words: Words
) -> Given | Command | Unclear | None:
    """The answer to a question; None where nothing was answered."""
    chosen, unsure = sent.all(id_), sent.get(f"{id_}-unsure") == UNSURE
    match type_:
        case YesNo() | OneOf() | Reference(many=False):
            if not chosen:
                return None
            return _NOT_SURE if chosen[-1] == UNSURE else dialogue.understood(key, chosen[-1])
        case SomeOf() | Reference():
            if not chosen:
                return None
            if {UNSURE, NONE} & set(chosen) and len(chosen) > 1:
                return Unclear(words.answer_both)
            if chosen[0] in {UNSURE, NONE}:
                return _NOT_SURE if chosen[0] == UNSURE else Given(frozenset())
            return dialogue.understood(key, ", ".join(chosen))
        case Number():
            text = sent.text(id_)
        case Date():
            day, month, year = (sent.text(f"{id_}-{part}") for part in ("day", "month", "year"))
            text = f"{year}-{month}-{day}" if month.isdecimal() else f"{day} {month} {year}".strip()
        case Text():
            text = sent.text(id_)
            if text and not unsure:
                kept = tidy(" ".join(text.split()))
                return Unclear(words.large_heading) if kept is None else Given(kept)
        case _:
            assert_never(type_)
    if not text:
        return _NOT_SURE if unsure else None
    if unsure:
        return Unclear(words.answer_both)
    found = dialogue.understood(key, text)
    return Unclear(_missing(type_, words)) if isinstance(found, Command) else found


def _missing(type_: FactType, words: Words) -> str:
    match type_:
        case Number():
            return words.number_missing
        case Date():
            return words.date_missing
        case Text():
            return words.text_missing
        case YesNo() | OneOf() | SomeOf() | Reference():
            return words.answer_missing
        case _:
            assert_never(type_)


# --- lists ----------------------------------------------------------------------------------------


def _ask_list(dialogue: Dialogue, prompt: Prompt, place: Place) -> Page:
    words = place.words
    added = [
        tag(
            "li",
            tag("span", name),
            button(words.take_out, "out", at=at, class_="link", label=words.take_out_one.format(name=name)),
        )
        for at, name in enumerate(dialogue.listing)
    ]
    field = Field("a0", words.name, hint=words.name_hint, error=place.errors.get("a0"))
    # the first button is the one that Enter presses
    content = [
        tag("h1", prompt.text),
        tag("p", opening(prompt.why), class_="lead") if prompt.why else None,
        typed(field, words, place.sent.text("a0"), maxlength=200),
        tag("p", button(words.add, "add", class_="second")),
        tag("div", tag("h2", words.added), tag("ul", added, class_="added"), class_="list")
        if added
        else None,
    ]
    if added:
        last: Content = tag("div", button(words.that_is_all, "done"), _stop(words), class_="buttons")
    else:
        last = tag(
            "div",
            button(words.there_are_none, "done", class_="second"),
            button(words.unsure, UNSURE, class_="second"),
            button(words.open_, "open", class_="second"),
            _stop(words),
            class_="buttons",
        )
    return _page(dialogue, place, [content, last])


def _read_list(dialogue: Dialogue, prompt: Prompt, sent: Form, words: Words, do: str, at: str) -> Read:
    name = sent.text("a0")
    match do:
        case "out":
            known = at.isdecimal() and len(at) < 5 and int(at) < len(dialogue.listing)
            return dialogue.take_out(int(at)).dialogue if known else dialogue
        case "open":
            return _after(dialogue.answer({prompt.key: _OPEN}), dialogue)
        case "unsure":
            return _after(dialogue.answer({prompt.key: _NOT_SURE}), dialogue)
        case "done":
            # what was typed and not added is meant as well
            turn = dialogue.add(name) if name else Turn(dialogue)
            if name and turn.dialogue is dialogue:
                return Wrong({"a0": " ".join(turn.said)})
            return _after(turn.dialogue.listed(), dialogue)
        case _:
            return _after(dialogue.add(name), dialogue) if name else Wrong({"a0": words.name_missing})


# --- what can be confirmed together ---------------------------------------------------------------


def _ask_alike(dialogue: Dialogue, alike: Alike, place: Place) -> Page:
    words = place.words
    beside = [
        tag("p", words.alike_of, class_="lead"),
        tag("ul", [tag("li", name) for name in alike.names], class_="names"),
        tag("ul", [tag("li", opening(phrase)) for phrase in alike.asked]),
    ]
    field = Field("a0", words.alike_heading, error=place.errors.get("a0"), heading=True, beside=beside)
    offered = [Option("yes", words.alike_yes), Option("no", words.alike_no)]
    why = [tag("p", opening(safeguard)) for safeguard in _asking(dialogue, alike)]
    content = [
        options(field, words, offered, place.sent.all("a0")),
        opened(words.why, why),
        _buttons(words, words.open_, stop=True),
    ]
    return _page(dialogue, place, content)


def _asking(dialogue: Dialogue, alike: Alike) -> list[str]:
    """What the safeguards say that ask it."""
    model = dialogue.policy.model
    return [each.statement for each in model.safeguards.values() if alike.group in each.scope]


def _read_alike(dialogue: Dialogue, alike: Alike, sent: Form, words: Words) -> Read:
    if sent.get("do") == "open":
        return _after(dialogue.answer(dict.fromkeys(alike.keys, _OPEN)), dialogue)
    match sent.get("a0"):
        case "yes":
            return _after(dialogue.answer(dict.fromkeys(alike.keys, Given(True))), dialogue)
        case "no":
            return dialogue.one_by_one(alike.group)
        case _:
            return Wrong({"a0": words.alike_missing})


# --- assumptions ----------------------------------------------------------------------------------


def _ask_review(dialogue: Dialogue, place: Place) -> Page:
    words = place.words
    prompt = dialogue.review
    offered: list[Content] = []
    heading = ""
    for number, choice in enumerate(prompt.choices, 1):
        if choice.heading != heading:
            offered.append(tag("h2", choice.heading))
            heading = choice.heading
        id_ = f"w{number}"
        entry = tag(
            "input",
            type="checkbox",
            id=id_,
            name="wrong",
            value=number,
            checked=str(number) in place.sent.all("wrong"),
        )
        offered.append(tag("div", entry, tag("label", opening(choice.label), for_=id_), class_="option"))
    wrong = Field("wrong", words.review_wrong, hint=words.review_wrong_hint)
    rest = Field("a0", words.review_rest, error=place.errors.get("a0"))
    content = [
        tag("h1", prompt.text),
        tag("p", prompt.why, class_="lead"),
        group(wrong, words, offered),
        options(
            rest,
            words,
            [Option("right", words.review_right), Option("leave", words.review_leave)],
            place.sent.all("a0"),
        ),
        tag("div", button(words.go_on, "answer"), class_="buttons"),
    ]
    return _page(dialogue, place, content)


def _read_review(dialogue: Dialogue, sent: Form, words: Words) -> Read:
    facts = [each.assumption.fact for each in dialogue.reviewed]
    ticked = {int(each) for each in sent.all("wrong") if each.isdecimal() and len(each) < 5}
    wrong = [fact for number, fact in enumerate(facts, 1) if number in ticked]
    rest = [fact for fact in facts if fact not in wrong]
    match sent.get("a0"):
        case "right":
            return _after(dialogue.confirm(rest, wrong), dialogue)
        case "leave":
            left = dialogue.leave_assumed(rest).dialogue
            # one page, so that one step leads back to it
            return attrs.evolve(left.confirm((), wrong).dialogue, before=dialogue) if wrong else left
        case _:
            return Wrong({"a0": words.review_missing})


# --- what they share ------------------------------------------------------------------------------


def _page(dialogue: Dialogue, place: Place, content: Content) -> Page:
    words = place.words
    return Page(
        words.question.format(number=place.step + 1),  # browsers keep titles: what is asked tells of the case
        [_told(dialogue, place), form(place.here, place.token, content), _keeping(words)],
        back=place.back,
        about=dialogue.policy.title,
        errors=place.errors,
        status=422 if place.errors else 200,
    )


def _told(dialogue: Dialogue, place: Place) -> Content:
    """What cannot wait; or the answer, once it is settled and nothing assumed could change it."""
    words = place.words
    if place.step == 0:
        lines = [tag("p", linked(line)) for line in dialogue.opening]
        return (
            tag("section", tag("h2", words.meanwhile), lines, class_="inset", aria_label=words.meanwhile)
            if lines
            else None
        )
    if dialogue.stopped or dialogue.correcting or dialogue.prompt is None or not dialogue.is_told:
        return None
    lines = [tag("p", linked(line)) for line in (dialogue.headline, *dialogue.row_by_row)]
    return tag(
        "section",
        tag("h2", words.answer_so_far),
        lines,
        tag("p", words.rest),
        class_="inset",
        aria_label=words.answer_so_far,
    )


def _keeping(words: Words) -> Markup:
    return tag("p", tag("a", words.keep, href="case"), class_="keeping")


def _buttons(words: Words, open_: str, *, stop: bool) -> Markup:
    return tag(
        "div",
        button(words.go_on, "answer"),
        button(open_, "open", class_="second"),
        _stop(words) if stop else None,
        class_="buttons",
    )


def _stop(words: Words) -> Markup:
    return button(words.so_far, "stop", class_="link")
