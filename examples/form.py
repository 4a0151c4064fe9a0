"""A form built from a policy's vocabulary: every fact a question, in plain HTML, without a script.

    python examples/form.py > form.html

What the form sends back is read by `answers`, as `Policy.decide` takes it: an empty field is a fact
that nobody answered, "not sure" is an answer of its own.
"""

import re
from collections.abc import Mapping
from html import escape

import infoshare

Answers = dict[str, dict[str, object]]


def form(policy: infoshare.Policy) -> str:
    """An HTML page that asks for every fact that is not of a list."""
    groups = {group.name: group.phrase for group in policy.groups if not group.each}
    facts = {fact.name: fact for fact in policy.facts}
    parts = [f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(policy.title or '')}</title>"]
    parts.append(f"<main><h1>{escape(policy.title or '')}</h1><form method=post>")
    for name, phrase in groups.items():
        parts.append(f"<fieldset><legend>{escape(phrase)}</legend>")
        parts += [question(fact, facts) for fact in policy.facts if fact.group == name]
        parts.append("</fieldset>")
    parts.append("<button>Decide</button></form></main></html>")
    return "\n".join(parts)


def question(fact: infoshare.FactInfo, facts: Mapping[str, infoshare.FactInfo]) -> str:
    """One question with its field; what is assumed of a fact nobody answers is said beside it."""
    name, asked = escape(fact.name), escape(fact.question or fact.phrase)
    labels = {value: whole(label, facts) for value, label in fact.labels.items()}
    hint = (
        ""
        if fact.assumption is None
        else f" <small>Left empty: {escape(said(fact, fact.assumption))}.</small>"
    )
    match fact.type:
        case "yes or no":
            field = select(name, {"yes": "yes", "no": "no"})
        case "one of":
            field = select(name, labels)
        case "some of":
            boxes = (
                f"<label><input type=checkbox name={name} value={v}> {escape(w)}</label>"
                for v, w in labels.items()
            )
            return f"<fieldset><legend>{asked}</legend>{' '.join(boxes)}</fieldset>"
        case "number":
            bounds = "".join(f" {k}={v}" for k, v in (("min", fact.low), ("max", fact.high)) if v is not None)
            field = f"<input type=number id={name} name={name}{bounds}>"
        case "date":
            field = f"<input type=date id={name} name={name}>"
        case _:
            field = f"<input id={name} name={name}>"
    return f"<p><label for={name}>{asked}</label> {field}{hint}</p>"


def select(name: str, options: Mapping[str, str]) -> str:
    """A choice that starts out empty and can say that somebody is not sure."""
    choices = {"": "", **options, "unsure": "not sure"}
    inner = "".join(
        f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in choices.items()
    )
    return f"<select id={name} name={name}>{inner}</select>"


def whole(text: str, facts: Mapping[str, infoshare.FactInfo]) -> str:
    """A label, with the phrase of a fact where its answer would stand: a form is filled in bit by bit."""
    return re.sub(r"\{([\w.]+)\}", lambda place: facts[place[1]].phrase, text)


def said(fact: infoshare.FactInfo, answer: object) -> str:
    """An answer in words."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return fact.labels.get(str(answer), str(answer))


def answers(policy: infoshare.Policy, sent: Mapping[str, list[str]]) -> Answers:
    """What a browser sent, as a case; nothing is guessed, and what was left empty is left out."""
    case: Answers = {}
    for fact in policy.facts:
        values = [value for value in sent.get(fact.name, []) if value]
        if values:
            group, _, name = fact.name.partition(".")
            case.setdefault(group, {})[name] = answer(fact, values)
    return case


def answer(fact: infoshare.FactInfo, values: list[str]) -> object:
    """One field's text as the answer that it stands for."""
    if fact.type == "some of":
        return values
    (text,) = values
    if text == "unsure":
        return text
    match fact.type:
        case "yes or no":
            return {"yes": True, "no": False}.get(text, text)
        case "number":
            return int(text) if text.isascii() and text.isdecimal() else text
        case _:
            return text


if __name__ == "__main__":
    print(form(infoshare.load("infoshare:cscp")))
