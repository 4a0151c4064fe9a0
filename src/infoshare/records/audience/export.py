"""A record -> what one audience may see of it, `infoshare.export/1`.

The table `seen.SEEN` says for every key of a record what each audience is shown of it; a key that a later format adds is not
shown until somebody has decided about it there.
Invariant (non-interference, after Goguen and Meseguer, 1982): two records that differ only in what an audience is not shown
give the same export, byte for byte. So nothing can be inferred from it: no count, order, length, id, digest, or wording.
For a family nothing is computed from facts or clauses at all: it is told what a person has said that it may know, less what
the facts forbid (`family`), and the same words about everything else, whether there is anything else or not.
Deliberately not here: names under others (`masking`), the page (`page`), the law: that an export may be given is for a person to say.
"""

from collections.abc import Sequence

from infoshare.diagnostic import did_you_mean
from infoshare.meaning.case import element_key, path_of
from infoshare.policy.decision import Decision
from infoshare.records.audience.masking import Masking
from infoshare.records.audience.table import NOTICE, Audience
from infoshare.records.body.codec import Json, pruned
from infoshare.records.body.family import Facts
from infoshare.records.body.model import Record, read_body
from infoshare.records.errors import RecordError

FORMAT = "infoshare.export/1"


def export(body: object, audience: Audience | str) -> Json:
    """What an audience may see of a record.

    Args:
        body: of a record, `infoshare.record/1`.
        audience: `practitioner`, `information_governance` or `family`.

    Raises:
        RecordError: IS740, it is no record; IS745, there is no such audience.
    """
    whom = _audience(audience)
    record = pruned(read_body(body), Record)
    record["decision"] = Decision.from_dict(record["decision"]).to_dict()
    match whom:
        case Audience.PRACTITIONER:
            shown = _for_practitioner(record)
        case Audience.INFORMATION_GOVERNANCE:
            shown = _for_governance(record)
        case Audience.FAMILY:
            shown = _for_family(record)
    return {"format": FORMAT, "audience": whom.value, "notice": list(NOTICE[whom]), **shown}


def _audience(audience: Audience | str) -> Audience:
    try:
        return Audience(audience)
    except ValueError:
        known = [each.value for each in Audience]
        help_ = did_you_mean(str(audience)[:100], known)
        message = f"there is no such audience; there are {', '.join(known)}"
        raise RecordError.of("IS745", message, *help_, path="audience") from None


# --- a practitioner ---------------------------------------------------------------------------

_PLAIN = (
    "id",
    "supersedes",
    "decided_at",
    "decided_by",
    "presume",
    "sources",
    "engine_version",
    "followed",
    "review_on",
)


def _for_practitioner(record: Json) -> Json:
    """All of it, but for the names of items that may not be named, and with them whatever might name them."""
    facts = Facts.of(record["answers"], record["decision"]["assumed"])
    masking = Masking.of(record, lambda group, name: group == "item" and not facts.may_name(name))
    written = not masking.active
    return {
        **{name: record[name] for name in (*_PLAIN, "case", "requester", "recipients")},
        **{
            name: record[name] if written else None for name in ("asked_for", "because", "note", "for_family")
        },
        "purpose": _worded(record["purpose"], written=written),
        "lawful_basis": _worded(record["lawful_basis"], written=written),
        "shared": masking.pairs(record["shared"]),
        "held_back": masking.pairs(record["held_back"]),
        "consent": _without(record["consent"], () if written else ("by", "why_not_sought")),
        "wishes": {
            "child": _worded(record["wishes"]["child"], written=written),
            "family": record["wishes"]["family"] if written else None,
        },
        "told": _each(record["told"], () if written else ("who", "what")),
        "not_told": _each(record["not_told"], () if written else ("who", "why")),
        "advice": _each(
            record["advice"], ("advice",) if written else ("giver", "role", "organisation", "advice")
        ),
        "done": _each(record["done"], () if written else ("by", "how")),
        "answers": masking.answers(record["answers"]),
        "decision": masking.decision(record["decision"]),
        "instead": _instead(record["instead"], masking, written=written),
    }


# --- information governance -------------------------------------------------------------------

_CLOSED = frozenset({"yes or no", "one of", "some of"})


def _for_governance(record: Json) -> Json:
    """How it was decided: answers out of closed sets, and nothing that a person wrote about somebody."""
    kept = _closed(record)
    masking = Masking.of_all(record, kept)
    requester = record["requester"]
    return {
        **{name: record[name] for name in _PLAIN},
        "requester": requester and {name: requester[name] for name in ("role", "organisation")},
        "recipients": [
            {"name": masking.name("recipient", party["name"]), "role": _role(record, party["name"], kept)}
            for party in record["recipients"]
        ],
        "purpose": _coded(record["purpose"], "sharing.purpose", kept),
        "lawful_basis": _coded(record["lawful_basis"], "sharing.lawful_basis", kept),
        "shared": masking.pairs(record["shared"]),
        "held_back": masking.pairs(record["held_back"]),
        "consent": {name: record["consent"][name] for name in ("sought", "on")}
        | (
            {
                name: record["consent"][name] if "consent.status" in kept else None
                for name in ("status", "label")
            }
        ),
        "wishes": {"child": _coded(record["wishes"]["child"], "child.wishes", kept)},
        "told": _each(record["told"], ("who", "what")),
        "not_told": _each(record["not_told"], ("who", "why")),
        "advice": _each(record["advice"], ("giver", "advice")),
        "done": _each(record["done"], ("by", "how")),
        "answers": masking.answers(record["answers"]),
        "decision": masking.decision({**record["decision"], "case": None}),
        "because_given": record["because"] is not None,
        "instead": _instead(record["instead"], masking, written=False),
    }


def _closed(record: Json) -> frozenset[str]:
    """The paths of the facts whose answers are out of a closed set."""
    return frozenset(path_of(entry["fact"]) for entry in record["answers"] if entry["type"] in _CLOSED)


def _role(record: Json, name: str, kept: frozenset[str]) -> str | None:
    """What the case answers to who a recipient is, in words."""
    key = element_key("recipient", name, "role")
    said = (e["label"] for e in record["answers"] if e["fact"] == key and e["state"] == "answered")
    return next(said, None) if path_of(key) in kept else None


# --- a family ---------------------------------------------------------------------------------


def _for_family(record: Json) -> Json:
    """What a person has said that everyone in the family may know, less what the facts forbid; nothing else."""
    facts = Facts.of(record["answers"], record["decision"]["assumed"])
    told = record.get("for_family") or {"may_know": None, "words": None}
    cleared = told["may_know"] is True and not facts.in_the_way()
    shared = [
        pair for pair in record["shared"] or () if cleared and facts.may_know(pair["item"], pair["recipient"])
    ]
    policy, kept = record["decision"]["policy"], _closed(record) if shared else frozenset()
    return {
        "reference": record["id"][-12:],  # by chance; what is before it tells when it was made
        "decided_on": record["decided_at"][:10],
        "organisation": record["decided_by"]["organisation"],
        "policy": {"title": policy["title"], "version": policy["version"]},
        "shared": [{"item": pair["item"], "recipient": pair["recipient"]} for pair in shared],
        "purpose": _coded(record["purpose"], "sharing.purpose", kept)["label"],
        "lawful_basis": _coded(record["lawful_basis"], "sharing.lawful_basis", kept)["label"],
        "words": told["words"] if cleared else None,
    }


# --- parts ------------------------------------------------------------------------------------


def _worded(worded: Json, *, written: bool) -> Json:
    return {**_only(worded, ("answer", "label")), "details": worded["details"] if written else None}


def _coded(worded: Json, path: str, kept: frozenset[str]) -> Json:
    """Only an answer out of a closed set."""
    return {name: worded[name] if path in kept else None for name in ("answer", "label")}


def _instead(instead: Json | None, masking: Masking, *, written: bool) -> Json | None:
    return instead and {
        "outcome": instead["outcome"],
        "shared": masking.pairs(instead["shared"]),
        "note": instead["note"] if written else None,
    }


def _each(entries: Sequence[Json], hidden: tuple[str, ...]) -> list[Json]:
    return [_without(entry, hidden) for entry in entries]


def _without(entry: Json, hidden: tuple[str, ...]) -> Json:
    """The keys that are not hidden."""
    return {name: value for name, value in entry.items() if name not in hidden}


def _only(entry: Json, names: tuple[str, ...]) -> Json:
    return {name: entry[name] for name in names}
