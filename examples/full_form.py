"""A whole form from a policy's vocabulary: lists, references, dates, doubts, what was assumed, and the answer. No script.

    python examples/full_form.py [POLICY]     # then http://127.0.0.1:8000/

`page` makes HTML of what a browser sent, and keeps nothing: everything that was answered stands in the form, so that it
may be put into whatever framework there is. `application` is it as WSGI, with the standard library alone.

What is to be asked first stands first. What a case does not need as it stands is folded away, and comes out when an
answer makes it matter. Elements of lists are named, and each then has questions of its own; a reference is chosen among
those names. Nothing is ticked beforehand: what was assumed is shown and confirmed before there is an answer.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from html import escape
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

import infoshare

Sent = Mapping[str, list[str]]
Case = dict[str, Any]
UNSURE, NONE = "unsure", "(none)"


# --- what was sent -> the case --------------------------------------------------------------------


def case_of(policy: infoshare.Policy, sent: Sent) -> Case:
    """What a browser sent, as `Policy.decide` takes it: nothing is guessed, and what was left empty is left out."""
    case: Case = {}
    for group in policy.groups:
        facts = [fact for fact in policy.facts if fact.group == group.name]
        if not group.each:
            case[group.name] = answers(facts, group.name, sent)
            continue
        names = names_of(group.name, sent)
        given = first(sent, f"{group.name}.given")
        if names or given == "all":
            listed = [{"name": name, **answers(facts, f"{group.name}.{at}", sent)} for at, name in names]
            case[group.name] = listed
        elif given == UNSURE:
            case[group.name] = UNSURE
    return {name: told for name, told in case.items() if told or isinstance(told, list)}


def names_of(group: str, sent: Sent) -> list[tuple[int, str]]:
    """The elements of a list that have a name, each with the number of its line."""
    lines = [int(found[1]) for each in sent if (found := re.fullmatch(rf"{group}\.(\d{{1,4}})\.name", each))]
    named = [(at, first(sent, f"{group}.{at}.name").strip()) for at in sorted(lines)]
    return [(at, name) for at, name in named if name]


def answers(facts: Iterable[infoshare.FactInfo], before: str, sent: Sent) -> Case:
    """The answers to some facts, of a group or of one element of a list."""
    found = {}
    for fact in facts:
        name = fact.name.partition(".")[2]
        values = [value for value in sent.get(f"{before}.{name}", []) if value.strip()]
        if values:
            found[name] = answer(fact, values)
    return found


def answer(fact: infoshare.FactInfo, values: list[str]) -> object:
    """The text of one field as the answer that it stands for; what cannot be read goes on as it is, to be told of."""
    if UNSURE in values:
        return UNSURE if len(values) == 1 else values
    if fact.type in ("some of", "some"):
        return [] if values == [NONE] else values
    text = values[-1].strip()
    match fact.type:
        case "one" if text == NONE:
            return {"none": True}
        case "yes or no":
            return {"yes": True, "no": False}.get(text, text)
        case "number":
            return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else text
        case _:
            return text


def first(sent: Sent, name: str) -> str:
    """What was sent of a field that is there once."""
    return next(iter(sent.get(name, ())), "")


# --- the form -------------------------------------------------------------------------------------


class Form:
    """The form of one case, as far as it is answered.

    Attributes:
        errors: what is wrong, by the path of its answer.
        needed: the paths of what is asked as the case stands; None while it cannot be told.
    """

    def __init__(
        self, policy: infoshare.Policy, sent: Sent, errors: Mapping[str, str], needed: set[str] | None
    ) -> None:
        self.policy, self.sent, self.errors, self.needed = policy, sent, errors, needed
        self.facts = {fact.name: fact for fact in policy.facts}

    def fields(self) -> str:
        """Every field: what is to be asked first, then group by group."""
        single = [fact for fact in self.policy.facts if not fact.each]
        told = [self.group("First", [fact for fact in single if fact.ask_first])]
        for group in self.policy.groups:
            if group.each:
                told.append(self.listed(group))
            else:
                own = [fact for fact in single if fact.group == group.name and not fact.ask_first]
                told.append(self.group(group.phrase, own))
        return "".join(told)

    def group(self, title: str, facts: list[infoshare.FactInfo]) -> str:
        asked = [(fact, fact.name, fact.name) for fact in facts]
        return f"<section><h2>{escape(title)}</h2>{self.questions(asked)}</section>" if facts else ""

    def listed(self, group: infoshare.Group) -> str:
        """A list: a line for each name and one more, and the questions about each that is named."""
        named = names_of(group.name, self.sent)
        free = max((at for at, _ in named), default=-1) + 1
        facts = [fact for fact in self.policy.facts if fact.group == group.name]
        parts = []
        for at, name in named:
            before, path = f"{group.name}.{at}", f"{group.name}[{json.dumps(name, ensure_ascii=False)}]"
            asked = [
                (fact, f"{before}.{key}", f"{path}.{key}")
                for fact in facts
                for key in [fact.name.partition(".")[2]]
            ]
            field = f'<input id="{before}.name" name="{before}.name" value="{escape(name)}">'
            parts.append(f"<section><h3>{escape(name)}</h3>")
            parts.append(
                question(f"{before}.name", "Its name; empty it to take it out", field, self.errors.get(path))
            )
            parts.append(self.questions(asked) + "</section>")
        more = f'<input id="{group.name}.{free}.name" name="{group.name}.{free}.name">'
        given = f"{group.name}.given"
        choices = {"all": "that is all, or there are none", UNSURE: "nobody knows who or what there is"}
        return (
            f"<section><h2>{escape(group.phrase)}</h2>{''.join(parts)}"
            + question(f"{group.name}.{free}.name", "One more: its name", more, self.errors.get(group.name))
            + question(given, "Is the list complete?", self.select(given, choices))
            + "</section>"
        )

    def questions(self, asked: Iterable[tuple[infoshare.FactInfo, str, str]]) -> str:
        """Some questions; those that the case does not need as it stands are folded away."""
        shown, folded = [], []
        for fact, name, path in asked:
            here = self.needed is None or path in self.needed or path in self.errors or self.is_answered(name)
            (shown if here or fact.ask_first else folded).append(self.question(fact, name, path))
        more = "".join(folded)
        return "".join(shown) + (
            f"<details><summary>Not needed so far</summary>{more}</details>" if more else ""
        )

    def is_answered(self, name: str) -> bool:
        return any(value.strip() for value in self.sent.get(name, ()))

    def question(self, fact: infoshare.FactInfo, name: str, path: str) -> str:
        """One fact as a field: an answer, *not sure*, or empty."""
        asked = self.whole(fact.question or fact.phrase)
        labels = {value: self.whole(label) for value, label in fact.labels.items()}
        elements = [element for _, element in names_of(fact.names, self.sent)] if fact.names else []
        error = self.errors.get(path)
        match fact.type:
            case "yes or no":
                return question(name, asked, self.select(name, {"yes": "yes", "no": "no"} | NOT_SURE), error)
            case "one of":
                return question(name, asked, self.select(name, labels | NOT_SURE), error)
            case "one":
                choices = {each: each for each in elements} | {NONE: "none of these"} | NOT_SURE
                return question(name, asked, self.select(name, choices), error)
            case "some of" | "some":
                own = labels if fact.type == "some of" else {each: each for each in elements}
                return self.boxes(name, asked, own | {NONE: "none of these"} | NOT_SURE, error)
            case "number" | "date" | "text":
                of = " ".join(filter(None, (fact.unit, bounds(fact))))
                hint = {"date": "such as 2026-01-31"}.get(fact.type, of)
                value = escape(next((v for v in self.sent.get(name, ()) if v != UNSURE), ""))
                kind = 'inputmode="numeric"' if fact.type == "number" else ""
                field = f'<input id="{name}" name="{name}" value="{value}" {kind}>'
                whole = f"{asked} ({hint})" if hint else asked
                return question(name, whole, field + self.box(name, UNSURE, "not sure"), error)

    def select(self, name: str, choices: Mapping[str, str]) -> str:
        """A choice that starts out empty."""
        chosen = first(self.sent, name)
        inner = "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
            for value, label in {"": "", **choices}.items()
        )
        return f'<select id="{name}" name="{name}">{inner}</select>'

    def boxes(self, name: str, asked: str, choices: Mapping[str, str], error: str | None) -> str:
        inner = "".join(self.box(name, value, label) for value, label in choices.items())
        return f"<fieldset><legend>{escape(asked)}</legend>{wrong(error)}{inner}</fieldset>"

    def box(self, name: str, value: str, label: str) -> str:
        ticked = " checked" if value in self.sent.get(name, ()) else ""
        return f'<label><input type="checkbox" name="{name}" value="{escape(value)}"{ticked}> {escape(label)}</label> '

    def whole(self, text: str) -> str:
        """A text in which `{consent.by}` stands for an answer: its label, or what it is about while nobody answered."""

        def put(found: re.Match[str]) -> str:
            fact = self.facts[found[1]]
            return fact.labels.get(first(self.sent, fact.name), fact.phrase)

        return re.sub(r"\{([\w.]+)\}", put, text)


NOT_SURE = {UNSURE: "not sure"}


def bounds(fact: infoshare.FactInfo) -> str:
    """Between what a number lies, where both ends are told."""
    return "" if fact.low is None or fact.high is None else f"from {fact.low} to {fact.high}"


def question(name: str, asked: str, field: str, error: str | None = None) -> str:
    """A question with its field, and what is wrong with what was answered."""
    return f'<p><label for="{name}">{escape(asked)}</label> {wrong(error)}{field}</p>'


def wrong(error: str | None) -> str:
    """What is wrong, if anything is."""
    return f"<strong>{escape(error)}</strong> " if error else ""


# --- what comes of it -----------------------------------------------------------------------------


def assumptions(decision: infoshare.Decision, form: Form) -> str:
    """What nobody said and could change the answer, to be confirmed: nothing is ticked."""
    shown = []
    for number, each in enumerate(open_of(decision)):
        fact = form.facts.get(re.sub(r"\[.*\]", "", each.fact))
        asked = form.whole(fact.question or fact.phrase) if fact else f"Are there any: {each.fact}?"
        whose = re.search(r'\["(.*)"\]', each.fact)
        said = {True: "yes", False: "no"}.get(each.value) if isinstance(each.value, bool) else None
        said = (
            said
            or (fact.labels.get(str(each.value)) if fact else None)
            or ("none" if not each.value else str(each.value))
        )
        label = f"{whose[1] + ': ' if whose else ''}{asked} Taken to be: {said}"
        shown.append(
            f'<label><input type="checkbox" name="right" value="{escape(each.fact)}" id="right{number}"> {escape(label)}</label><br>'
        )
    return (
        "<section><h2>Before the answer: nobody has said this. Is it right?</h2>"
        f"<p>Tick what is right. What is wrong, answer above.</p>{''.join(shown)}"
        '<label><input type="checkbox" name="leave" value="yes"> leave the rest assumed, and show the answer</label></section>'
    )


def open_of(decision: infoshare.Decision) -> list[Any]:
    """The assumptions that could change the answer."""
    return [each for each in decision.assumed if each.matters]


def with_confirmed(policy: infoshare.Policy, sent: Sent, decision: infoshare.Decision) -> Sent:
    """What was sent, with what was ticked as right among the answers."""
    ticked, told = set(sent.get("right", ())), {name: list(values) for name, values in sent.items()}
    groups = {group.name for group in policy.groups}
    for each in decision.assumed:
        if each.fact not in ticked:
            continue
        if each.fact in groups:
            told[f"{each.fact}.given"] = ["all"]
            continue
        group, found, key = re.fullmatch(r"(\w+)(?:\[(.*)\])?\.(\w+)", each.fact, re.DOTALL).groups()  # type: ignore[union-attr]
        at = [
            f".{line}"
            for line, name in names_of(group, sent)
            if found == json.dumps(name, ensure_ascii=False)
        ]
        values = each.value if isinstance(each.value, list | tuple) else [each.value]
        spelled = {True: "yes", False: "no"}
        told[f"{group}{at[0] if at else ''}.{key}"] = [
            spelled[v] if isinstance(v, bool) else str(v) for v in values
        ] or [NONE]
    return told


def page(policy: infoshare.Policy, sent: Sent, day: date) -> str:
    """The page after something was sent; nothing was before the first."""
    top, below = "", ""
    form = Form(policy, sent, {}, None)
    try:
        decision = policy.decide(case_of(policy, sent), as_of=day)
        if sent.get("right"):
            sent = with_confirmed(policy, sent, decision)
            decision = policy.decide(case_of(policy, sent), as_of=day)
    except infoshare.FactsError as error:
        told = {each.path or "": "; ".join((each.message, *each.help)) for each in error.diagnostics}
        form = Form(policy, sent, told, None)
        items = "".join(f"<li>{escape(path)}: {escape(what)}</li>" for path, what in told.items())
        top = f"<section><h2>Something cannot be so</h2><ul>{items}</ul></section>"
    else:
        form = Form(policy, sent, {}, {each.fact for each in decision.questions})
        settled = decision.basis is not infoshare.Basis.UNKNOWN_FACTS
        if settled and open_of(decision) and not sent.get("leave"):
            below = assumptions(decision, form)
        elif sent:
            top = decision.to_html()
    title = escape(policy.title or "")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><main><h1>{title}</h1>{top}'
        f'<form method="post">{form.fields()}{below}<button>Go on</button></form></main></html>\n'
    )


def application(policy: infoshare.Policy) -> Callable[..., list[bytes]]:
    """The form as WSGI. Whoever serves it to others sees to who may use it, to TLS and to CSRF."""

    def answered(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        length = min(int(environ.get("CONTENT_LENGTH") or 0), 1_000_000)
        sent = parse_qs(environ["wsgi.input"].read(length).decode("utf-8", "replace"), keep_blank_values=True)
        body = page(policy, sent, date.today()).encode()  # noqa: DTZ011 - a door reads the clock
        policy_of_page = "default-src 'none'; style-src 'none'; form-action 'self'; frame-ancestors 'none'"
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        start("200 OK", [*headers, ("Content-Security-Policy", policy_of_page)])
        return [body]

    return answered


if __name__ == "__main__":
    chosen = infoshare.load(sys.argv[1] if len(sys.argv) > 1 else "infoshare:cscp")
    print("http://127.0.0.1:8000/")
    make_server("127.0.0.1", 8000, application(chosen)).serve_forever()
