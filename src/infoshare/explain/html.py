"""What a notebook shows of a decision and of a policy, as HTML.

Invariants: everything from a policy is escaped; nothing of a case is shown, neither an answer nor the name of
a case, an item or a recipient, nor the clauses that fired, as they tell what was answered: a notebook is saved
and passed on. Deliberately not here: the letter, which `decision.explain()` gives to whoever asks for it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from html import escape

from infoshare.explain.english import day
from infoshare.meaning.findings import Findings
from infoshare.meaning.model import Model
from infoshare.outcome import Outcome
from infoshare.text import visible


def decision_card(decision: Findings) -> str:
    """The answer and what it rests on, and how much of what there is to say."""
    policy = decision.policy
    title = " ".join(filter(None, (policy.title or policy.name or "a policy without a name", policy.version)))
    must = {True: "mandatory", False: "not mandatory", None: "whether it is mandatory is open"}[
        decision.mandatory
    ]
    released = sum(row.release is True for row in decision.disclosures)
    held = sum(row.release is False for row in decision.disclosures)
    strength = "recommended" if decision.strength == "should" else must
    if decision.outcome is Outcome.DIFFERS:
        strength = "not the same for all"
    rows = [
        ("outcome", f"{decision.outcome.words} ({strength})"),
        ("rests on", decision.basis.words + ("" if decision.exact else "; not worked through to the end")),
        ("policy", title),
        ("as of", day(decision.as_of)),
        (
            "clauses",
            f"{len(decision.fired)} fired, {len(decision.defeated)} defeated, {len(decision.excepted)} excepted",
        ),
        ("questions", str(len(decision.questions))),
        ("duties", f"{len(decision.duties)} due or open, {len(decision.lifted)} lifted"),
    ]
    settled = Counter(
        "not settled" if len(row.possible or ()) > 1 else row.outcome.words
        for row in decision.disclosures
        if row.outcome is not None
    )
    if settled:
        told = ", ".join(f"{count} {words}" for words, count in settled.items())
        rows.append(("items for recipients", told))
    if decision.ask_consent:
        rows.append(("consent", f"of {len(decision.ask_consent)} to be sought"))
    if decision.disclosures:
        rows.append(
            (
                "disclosures",
                f"{released} released, {held} held back, {len(decision.disclosures) - released - held} open",
            )
        )
    return f"{_table(rows)}<p>Call <code>explain()</code> for the text, <code>to_dict()</code> for all of it.</p>"


def policy_card(model: Model) -> str:
    """What a policy is, and its clauses."""
    header = model.header
    title = " ".join(filter(None, (header.title, header.version))) if header else "a library"
    rows = [
        ("policy", title),
        ("owner", (header.owner if header else None) or ""),
        ("in force", _force(header.start, header.end) if header else ""),
        ("facts", str(len(model.facts))),
        ("clauses", str(len(model.clauses) + len(model.exceptions))),
        ("duties", str(len(model.duties))),
        ("safeguards", str(len(model.safeguards))),
        ("digest", model.digest),
    ]
    clauses = [(clause.name, f"{clause.effect}: {clause.statement}") for clause in model.clauses.values()]
    return f"{_table((k, v) for k, v in rows if v)}<details><summary>clauses</summary>{_table(clauses)}</details>"


def _force(start: date | None, end: date | None) -> str:
    return " ".join(filter(None, (f"from {day(start)}" if start else "", f"until {day(end)}" if end else "")))


def _table(rows: Iterable[tuple[str, str]]) -> str:
    told = "".join(f"<tr><th>{_escaped(key)}</th><td>{_escaped(value)}</td></tr>" for key, value in rows)
    return f"<table>{told}</table>"


def _escaped(text: str) -> str:
    return escape(visible(text), quote=True)
