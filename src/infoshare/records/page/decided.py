"""What was decided: the answer, what goes to whom, why, what outweighed what, what was not known.

Deliberately not here: what people did and said (`people`), every fact (`document`).
"""

from collections.abc import Iterator
from datetime import date

from infoshare.explain.english import day, listed, name, opening
from infoshare.outcome import Basis, Outcome
from infoshare.records.body.codec import Json
from infoshare.records.page.words import OUTCOMES, Speaker, badge, bullets, grid, paragraphs, plain
from infoshare.webpage.markup import Content, Markup, tag

_BASES = {
    Basis.UNKNOWN_FACTS: "It is not settled: facts that matter are not known.",
    Basis.CONFLICT: "The procedure gives different answers to this case.",
    Basis.SILENCE: "Nothing in the procedure speaks to this case.",
    Basis.NOT_IN_FORCE: "The procedure was not in force on that day, so it decided nothing.",
    Basis.ROWS: "The answer is not the same for all: what it is for each stands below.",
}
_MUST = {
    True: "The procedure says that it must be so.",
    False: "The procedure does not say that it must be so.",
    None: "Whether it must be so depends on facts that are not known.",
}
_SHOULD = "The procedure says that it should be so, unless there is a reason not to, which is then recorded."


def outcome_class(outcome: str) -> str:
    """The class that an outcome's colours belong to."""
    return outcome.replace("_", "-")


def answer(speaker: Speaker) -> Content:
    """What the procedure says, and what the person decided."""
    decision, record = speaker.decision, speaker.record
    basis = Basis(decision["basis"])
    says = [
        tag("h3", "What the procedure says"),
        tag(
            "p",
            badge(OUTCOMES[Outcome(decision["outcome"])], outcome_class(decision["outcome"])),
            class_="answer",
        ),
        tag("p", _BASES.get(basis, _strength(decision))),
        tag("p", f"It may still turn out otherwise: {_possible(decision)}.")
        if len(decision["possible"]) > 1 and basis is not Basis.ROWS
        else None,
        None
        if decision["exact"]
        else tag(
            "p", "Not everything could be worked through to the end, so it may ask for more than it needs."
        ),
    ]
    return tag(
        "div", tag("div", says, class_="box"), tag("div", _decided(record), class_="box"), class_="two"
    )


def _strength(of: Json) -> str:
    """How strong an outcome is that rests on clauses."""
    return _SHOULD if of.get("strength") == "should" else _MUST[of["mandatory"]]


def _possible(decision: Json) -> str:
    return listed((OUTCOMES[Outcome(each)].lower() for each in decision["possible"]), "or")


def _decided(record: Json) -> Iterator[Content]:
    yield tag("h3", "What was decided")
    because, instead = record.get("because"), record["instead"]
    if record["followed"]:
        yield tag("p", badge("As the procedure says", ""), class_="answer")
    else:
        told = OUTCOMES[Outcome(instead["outcome"])] if instead else "Otherwise"
        yield tag("p", badge(told, outcome_class(instead["outcome"]) if instead else ""), class_="answer")
        yield tag("p", "The person decided otherwise than the procedure says.")
        if instead is None:
            yield tag("p", "What was done instead is not told.", class_="note")
    if because:
        yield [tag("p", "In their words:", class_="lead"), tag("blockquote", paragraphs(because))]
    elif record.get("because_given") or (not record["followed"] and "because" in record):
        yield tag("p", "There is a reason, which is not shown here.", class_="note")
    if instead and instead["note"]:
        yield [
            tag("p", "About what was done instead:", class_="lead"),
            tag("blockquote", paragraphs(instead["note"])),
        ]


# --- what goes to whom ------------------------------------------------------------------------


def sharing(speaker: Speaker) -> Content:
    """What goes to whom and what is held back, a row for each."""
    record, decision = speaker.record, speaker.decision
    if record["shared"] is None:
        return tag(
            "p",
            "What was shared is not told: the decision was not followed, and the record does not say what was done.",
        )
    going = [(pair["item"], pair["recipient"]) for pair in record["shared"]]
    rows = {(row["item"], row["recipient"]): row for row in decision["disclosures"]}
    every = dict.fromkeys(
        [*rows, *going, *((pair["item"], pair["recipient"]) for pair in record["held_back"])]
    )
    columns = ("What", "To whom", "What becomes of it", "Why, and what would mend it")
    told = [_row(speaker, pair, going=pair in going, row=rows.get(pair)) for pair in every]
    lead = None if going else tag("p", "Nothing is shared.", class_="lead")
    return [lead, grid(columns, told, "sharing"), _kept(speaker)]


def _row(
    speaker: Speaker, pair: tuple[str | None, str | None], *, going: bool, row: Json | None
) -> list[Content]:
    item, recipient = pair
    advised = row["release"] if row else None
    outcome = row.get("outcome") if row else None
    settled = outcome is not None and row is not None and row["basis"] != Basis.UNKNOWN_FACTS
    if going:
        becomes: Content = badge("Shared", "share")
    elif settled and outcome != Outcome.SHARE and speaker.record["followed"]:
        becomes = badge(OUTCOMES[Outcome(str(outcome))], outcome_class(str(outcome)))
    elif row is not None and advised is None and speaker.record["followed"]:
        becomes = badge("Open: not yet", "seek-advice")
    else:
        becomes = badge("Held back", "withhold")
    why = [_hold(speaker, hold) for hold in (row["held_by"] if row else ())]
    why += [_hold(speaker, hold, waiting=True) for hold in (row["open_by"] if row else ())]
    if row is not None and outcome is not None:
        why = [*_why_in_row(speaker, row), *why]
    if going and advised is False:
        why = [tag("p", "The procedure would have held it back."), *why]
    return [
        "The information" if item is None else name(item),
        "Whoever is to have it" if recipient is None else name(recipient),
        becomes,
        why,
    ]


def _why_in_row(speaker: Speaker, row: Json) -> Iterator[Markup]:
    """What the answer for one item and one recipient rests on."""
    basis = Basis(row["basis"])
    said = {clause["clause"]: clause["statement"] for clause in speaker.decision["fired"]}
    yield from (tag("p", opening(said[each])) for each in row["fired"] if each in said)
    if basis in _BASES:
        yield tag("p", _BASES[basis])
    elif row["mandatory"] or row["strength"] == "should":
        yield tag("p", _strength(row), class_="note")


def _hold(speaker: Speaker, hold: Json, *, waiting: bool = False) -> Markup:
    first = (
        f"Not known: {' '.join(speaker.question(key) for key in hold['waiting_for'])}" if waiting else None
    )
    return tag(
        "div",
        tag("p", first) if first else None,
        tag("p", opening(hold["statement"])),
        speaker.facts(hold["facts"]),
        tag("p", tag("span", "What would mend it: ", class_="lead"), opening(hold["remedy"])),
        speaker.cited(hold["cites"]),
        class_="hold",
    )


def _kept(speaker: Speaker) -> Content:
    """Conditions to keep, where the case lists nothing that they could be tried on."""
    kept = speaker.decision["safeguards"]
    told = ([opening(each["statement"]), speaker.cited(each["cites"])] for each in kept)
    return bullets(told, "To be kept in sharing")


# --- why --------------------------------------------------------------------------------------


def why(speaker: Speaker) -> Content:
    """The clauses that decided, in the words of the policy, with the paragraph."""
    found = speaker.decision["fired"]
    if not found:
        return tag("p", "No clause decided alone.")
    return [speaker.clause(clause) for clause in found]


def outweighed(speaker: Speaker) -> Content:
    """What applied and gave way, and what was set aside, each with what did it."""
    parts = [
        bullets(
            (
                [speaker.clause(clause), [speaker.clause(each, lead=by) for each in clause.get("by", ())]]
                for clause in speaker.decision[key]
            ),
            heading,
            "plain",
        )
        for heading, key, by in (
            ("Overridden", "defeated", "Overridden by"),
            ("Set aside by an exception", "excepted", "Set aside, as"),
        )
    ]
    parts.append(bullets((_relaxed(speaker, each) for each in speaker.decision.get("relaxed", ())), _RELAXED))
    return parts if any(parts) else None


_RELAXED = "What is no longer a must, or a should"


def _relaxed(speaker: Speaker, relaxed: Json) -> str:
    """A clause that stands and no longer says must or should, and by which exceptions."""
    said = {clause["clause"]: clause["statement"] for clause in speaker.decision["fired"]}
    clause, by = relaxed["clause"], listed(plain(each) for each in relaxed["by"])
    return f"{opening(said.get(clause, plain(clause)))} (Relaxed by {by}.)"


def otherwise(speaker: Speaker) -> Content:
    """Shows the clauses that did not decide: those that depend on unknown facts, and those that the facts ruled out."""
    waiting = (
        [
            speaker.clause(c),
            tag("p", "Depends on: ", " ".join(map(speaker.question, c.get("waiting_for", ())))),
        ]
        for c in speaker.decision["unresolved"]
    )
    not_fired = (speaker.clause(c) for c in speaker.decision["not_fired"])
    parts = [
        bullets(waiting, "What may hold, but depends on what is not known", "plain"),
        bullets(not_fired, "What would have decided otherwise, but is not so", "plain"),
    ]
    return parts if any(parts) else None


# --- what was not known -----------------------------------------------------------------------


def unknown(speaker: Speaker) -> Content:
    """What mattered and was not known, and what was assumed."""
    decision = speaker.decision
    assumed = [each for each in decision["assumed"] if each["matters"]]
    taken = (f"{speaker.question(a['fact'])} Taken to be: {plain(a['value'])}." for a in assumed)
    others = len(decision["assumed"]) - len(assumed)
    count = "One more assumption was" if others == 1 else f"{others} more assumptions were"
    parts = [
        bullets((_asked(speaker, q) for q in decision["questions"]), "Not known, and it matters"),
        bullets(taken, "Assumed, as nobody said otherwise, and it matters"),
        tag("p", f"{count} made that would not have changed anything.", class_="note") if others else None,
    ]
    return parts if any(parts) else tag("p", "Everything that matters was known.")


def _asked(speaker: Speaker, question: Json) -> str:
    told = "Somebody was asked, and does not know." if question["answered"] else "Nobody has answered."
    return f"{speaker.question(question['fact'])} {told}"


def as_of(decision: Json) -> str:
    """The day that was decided for."""
    return day(date.fromisoformat(decision["as_of"]))
