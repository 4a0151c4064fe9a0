"""What the contract gives, held against what a decision says: each difference a sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from infoshare.outcome import Basis
from oracle.answers import Answer, By, Expected, ExpectedQuestion, ExpectedRow, Pair, keyed

Got = Mapping[str, Any]  # a decision as JSON


def differences(want: Expected, got: Got) -> Iterator[str]:
    """What the oracle says of a case whose lists are given, and the decision does not."""
    yield from _check("outcome", want.outcome, got["outcome"])
    yield from _check("basis", want.basis, got["basis"])
    yield from _check("mandatory", want.mandatory, got["mandatory"])
    if "strength" in got:
        yield from _check("strength", want.strength, got["strength"])
    yield from _check("possible", {str(o) for o in want.possible}, set(got["possible"]))
    yield from _check("exact", True, got["exact"])
    yield from _clauses(want, got)
    yield from _consequences(want, got)
    yield from _disclosures(want, got)
    yield from _consent(want, got)
    yield from _check(
        "assumed",
        {p: (_plain(v), matters) for p, (v, matters) in want.assumed.items()},
        {
            a["fact"]: (_plain(a["value"], want.assumed.get(a["fact"], (None,))[0]), a["matters"])
            for a in got["assumed"]
            if a["fact"] not in want.assumed_lists
        },
    )
    lists = {a["fact"] for a in got["assumed"] if a["value"] == [] and a["fact"] in want.assumed_lists}
    yield from _check("lists assumed to be empty", want.assumed_lists, lists)
    yield from _questions(want, got["questions"])


def _check(what: str, wanted: Any, was: Any) -> Iterator[str]:
    if wanted != was:
        yield f"{what}: the contract gives {wanted!r}, the decision says {was!r}"


def _within(what: str, by: By, names: Sequence[str]) -> Iterator[str]:
    if not by.always <= set(names) <= by.sometimes or (by.sometimes and not names):
        yield f"{what}: the contract gives {sorted(by.always)} to {sorted(by.sometimes)}, not {names}"


def _clauses(want: Expected, got: Got) -> Iterator[str]:
    """What stands, may, was prevailed over and set aside: of which rows, and by what."""
    every = [row.pair for row in want.every_row]
    for what in ("fired", "unresolved", "defeated", "excepted"):
        wanted: list[str] | dict[str, By] = getattr(want, what)
        yield from _check(what, list(wanted), list(dict.fromkeys(c["clause"] for c in got[what])))
        for name in set(wanted) & {c["clause"] for c in got[what]} if want.has_rows else ():
            pairs = {tuple(p) for c in got[what] if c["clause"] == name for p in c.get("rows", every)}
            rows = {row.pair for row in want.every_row if name in getattr(row, what)}
            yield from _check(f"{what} {name} in rows", rows, pairs)
        for found in got[what] if isinstance(wanted, dict) else ():
            if found["clause"] in wanted:
                by = wanted[found["clause"]]
                yield from (
                    _within(f"{what} {found['clause']}", by, [c["clause"] for c in found["by"]])
                    if not want.has_rows
                    else _among(f"{what} {found['clause']}", by, [c["clause"] for c in found["by"]])
                )


def _among(what: str, by: By, names: Sequence[str]) -> Iterator[str]:
    """In one row of several it may be by fewer."""
    if not names or not set(names) <= by.sometimes:
        yield f"{what}: the contract gives some of {sorted(by.sometimes)}, not {names}"


def _consequences(want: Expected, got: Got) -> Iterator[str]:
    """Duties, advice, and conditions to keep."""
    yield from _check("duties", want.duties, {_key(d, "duty"): d["state"] for d in got["duties"]})
    yield from _check("lifted", set(want.lifted), {_key(d, "duty") for d in got["lifted"]})
    for duty in got["lifted"]:
        if (key := _key(duty, "duty")) in want.lifted:
            yield from _within(f"lifted {key}", want.lifted[key], [c["clause"] for c in duty["by"]])
    for duty in got["duties"]:
        key = _key(duty, "duty")
        if key in want.last_days:
            yield from _check(f"the last day for {key}", _plain(want.last_days[key]), duty.get("by"))
    yield from _check("advice", sorted(want.advice), sorted(_key(a, "advice") for a in got["advice"]))
    kept = {s["safeguard"] for s in got["safeguards"]}
    if not want.safeguards.always <= kept <= want.safeguards.sometimes:
        yield f"safeguards: the contract gives {want.safeguards}, not {sorted(kept)}"


def _key(found: Got, what: str) -> str:
    """What a duty or advice is, and for whom."""
    if "for" in found and found["for"] is None:
        return f"{found[what]} for whoever there is"
    return keyed(found[what], found.get("for"))


def _disclosures(want: Expected, got: Got) -> Iterator[str]:
    yield from _check(
        "disclosures",
        [(r.item, r.recipient, r.release) for r in want.rows],
        [(r["item"], r["recipient"], r["release"]) for r in got["disclosures"]],
    )
    for wanted, row in zip(want.rows, got["disclosures"], strict=False):
        held = [h["safeguard"] for h in row["held_by"]]
        nowhere = want.has_rows and None in wanted.pair  # of an empty side, whatever keeps it back
        if wanted.release is False and len(wanted.possible) == 1 and not nowhere:
            yield from _within(f"row {wanted.pair}", wanted.held_by, held)
        elif not set(held) <= wanted.held_by.sometimes:
            yield f"row {wanted.pair} is held back by {held}, not by {sorted(wanted.held_by.sometimes)}"
        waiting = {fact for h in row["open_by"] for fact in h["waiting_for"]}
        if wanted.release is None and len(wanted.possible) == 1 and not wanted.open_by <= waiting:
            yield f"row {wanted.pair} hangs on {sorted(wanted.open_by)}, not only on {sorted(waiting)}"
        if want.has_rows:
            for what in ("outcome", "basis", "mandatory", "strength"):
                yield from _check(f"{what} of row {wanted.pair}", getattr(wanted, what), row[what])
            yield from _check(
                f"possible of row {wanted.pair}", {str(o) for o in wanted.possible}, set(row["possible"])
            )
            yield from _check(f"fired of row {wanted.pair}", list(wanted.fired), list(row["fired"]))
            yield from _check(f"defeated of row {wanted.pair}", list(wanted.defeated), list(row["defeated"]))


def _consent(want: Expected, got: Got) -> Iterator[str]:
    """Whose consent is sought for which rows, by which clauses; and what says no longer that it must."""
    if "ask_consent" not in got:
        return
    asked: dict[tuple[str | None, str | None], tuple[set[str], set[Pair]]] = {}
    for row in want.every_row:
        for clause, person, words in row.ask:
            by, rows = asked.setdefault((person, words), (set(), set()))
            by.add(clause)
            rows.add(row.pair)
    said: dict[tuple[str | None, str | None], tuple[set[str], set[Pair]]] = {}
    for found in got["ask_consent"] or ():
        key = found["person"], found["whom"] if found["person"] is None else None
        by, rows = said.setdefault(key, (set(), set()))
        by |= set(found["by"])
        rows |= {tuple(pair) for pair in found["rows"]}
    yield from _check("ask_consent", asked, said)
    wanted = {name for row in want.every_row for name in row.relaxed}
    yield from _check("relaxed", wanted, {r["clause"] for r in got.get("relaxed") or ()})
    for found in got.get("relaxed") or ():
        sometimes = {
            b
            for row in want.every_row
            for b in row.relaxed.get(found["clause"], By(frozenset(), frozenset())).sometimes
        }
        if not found["by"] or not set(found["by"]) <= sometimes:
            yield f"{found['clause']} is relaxed by {sorted(sometimes)}, not {found['by']}"


def _questions(want: Expected, got: Sequence[Any]) -> Iterator[str]:
    asked = {q["fact"]: q for q in got}
    yield from _check("questions", {q.fact for q in want.questions}, set(asked))
    if {q.fact for q in want.questions} != set(asked):
        return
    if all(q.countable for q in want.questions) and not want.has_rows:
        yield from _check("order of questions", [q.fact for q in want.questions], [q["fact"] for q in got])
    for wanted in want.questions:
        yield from _question(wanted, asked[wanted.fact], want)


def _question(wanted: ExpectedQuestion, question: Got, want: Expected) -> Iterator[str]:
    yield from _check(f"answered {wanted.fact}", "unsure" if wanted.unsure else None, question["answered"])
    said = set(question["for"])
    if wanted.changes - {"ask_consent"}:  # whom to ask goes with the outcome
        said -= {"ask_consent"}
        yield from _check(f"{wanted.fact} is for", wanted.changes - {"ask_consent"}, said)
    else:
        yield from _check(f"{wanted.fact} is for", wanted.changes, said)
    if want.has_rows:
        yield from _check(
            f"{wanted.fact} changes rows", set(wanted.rows), {tuple(p) for p in question.get("rows", ())}
        )
    if wanted.countable and (wanted.rows or not want.has_rows):
        leads = {
            _said(v): {str(o): strength for o, strength in outcomes.items()}
            for v, outcomes in wanted.leads_to.items()
        }
        strengths = question["leads_to_strength"]
        got_leads = {k: dict(zip(v, strengths[k], strict=True)) for k, v in question["leads_to"].items()}
        yield from _check(f"{wanted.fact} leads to", leads, got_leads)


def _plain(value: Any, like: Any = None) -> Any:
    """An answer so that the oracle's and that of JSON are alike: whom a reference names is always a list."""
    if isinstance(like, frozenset) and isinstance(value, str):
        return [value]
    if isinstance(value, date):
        return value.isoformat()
    if value == {"none": True}:
        return []
    return sorted(value) if isinstance(value, list | tuple | set | frozenset) else value


def _said(value: Answer) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


# --- where lists are not given -------------------------------------------------------------------


def denied(want: Expected, got: Got, missing: Iterable[str]) -> Iterator[str]:
    """What a decision says of a case without some lists, and is not so when they are as `want` has them."""
    missing = set(missing)
    said = {(r["item"], r["recipient"]): r for r in got["disclosures"]}
    settled = [got["basis"] not in (Basis.UNKNOWN_FACTS, Basis.ROWS)]
    for row in want.every_row:
        of = _replaced(row, missing)
        if want.has_rows and of not in said:
            yield f"there is no row {of}"
            continue
        told = said[of] if want.has_rows else got
        settled.append(told["basis"] != Basis.UNKNOWN_FACTS)
        where = f"when the lists are given, row {row.pair}"
        if not {str(o) for o in row.possible} <= set(told["possible"]):
            yield f"{where} may come to {set(row.possible)}, of row {of} is said {told['possible']}"
        if settled[-1] and row.possible != {told["outcome"]}:
            yield f"{where} may come to {set(row.possible)}, row {of} is settled as {told['outcome']}"
        if told["mandatory"] not in (None, row.mandatory):
            yield f"{where} is mandatory: {row.mandatory}, row {of} says {told['mandatory']}"
        if want.has_rows:
            if told["strength"] not in (None, row.strength):
                yield f"{where} has strength {row.strength}, row {of} says {told['strength']}"
            if not set(told["fired"]) <= set(row.fired):
                yield f"{where} has fired {row.fired}, row {of} says {told['fired']}"
            if not set(told["defeated"]) <= set(row.defeated):
                yield f"{where} has defeated {list(row.defeated)}, row {of} says {told['defeated']}"
        if of in said and said[of]["release"] is not None and row.release is not said[of]["release"]:
            nowhere = said[of]["release"] and any(
                group in missing and side is None
                for group, side in zip(("item", "recipient"), row.pair, strict=True)
            )
            if not nowhere:
                yield f"{where} is released: {row.release}, row {of} says {said[of]['release']}"
    yield from _denied_duties(want, got, all(settled[1:]) if want.has_rows else settled[0])
    asked = {
        (person, words, _replaced(row, missing)) for row in want.every_row for _, person, words in row.ask
    }
    for found in got.get("ask_consent") or ():
        words = found["whom"] if found["person"] is None else None
        for pair in found["rows"]:
            if (found["person"], words, tuple(pair)) not in asked:
                yield f"when the lists are given, {found['person'] or words} is not to be asked of {pair}"


def _replaced(row: ExpectedRow, missing: set[str]) -> Pair:
    """The row that stands for it while a list is not given."""
    return (
        None if "item" in missing else row.item,
        None if "recipient" in missing else row.recipient,
    )


def _denied_duties(want: Expected, got: Got, settled: bool) -> Iterator[str]:
    said = {_key(d, "duty"): d["state"] for d in got["duties"]} | {
        _key(d, "duty"): "lifted" for d in got["lifted"]
    }
    for key, state in want.duties.items():
        name = key.partition(" ")[0]
        told = said.get(key) or said.get(f"{name} for whoever there is")
        if told in (None, "lifted") and state == "due" and (settled or told == "lifted"):
            yield f"when the lists are given, {key} is due, and is said to be {told}"
    for key, state in said.items():
        if state == "due" and settled and want.duties.get(key) != "due":
            yield f"when the lists are given, {key} is {want.duties.get(key)}, and is said to be due"
    told_advice = {_key(a, "advice") for a in got["advice"]}
    for key in want.advice:
        if key not in told_advice and f"{key.partition(' ')[0]} for whoever there is" not in told_advice:
            yield f"when the lists are given, {key} is to be asked"
