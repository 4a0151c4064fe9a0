"""The shape of a record, `infoshare.record/1`, key by key, with what each holds.

Invariant: what `record_body` writes is of this shape, and within `/1` keys are only ever added: a new one is not
`required`. Deliberately not here: how it is checked and published (`shapes`).
"""

from infoshare.outcome import Outcome
from infoshare.records.body.answers import LIST
from infoshare.records.body.shapes import (
    ADecision,
    Answer,
    AnyObject,
    Day,
    Flag,
    Id,
    Instant,
    Key,
    Many,
    Maybe,
    Object,
    Text,
    Word,
)

FORMAT = "infoshare.record/1"

_NAME = "A person or a body, by name."
_ROLE = "What they are there as."
_ORGANISATION = "Whom they act for."

PRACTITIONER = Object(
    {
        "name": Key(Text(), "As they sign."),
        "role": Key(Text(), "What they were there as."),
        "organisation": Key(Text(), _ORGANISATION),
        "id": Key(Maybe(Text()), "What their organisation knows them by."),
    }
)
_PARTY = Object(
    {
        "name": Key(Text(), _NAME),
        "role": Key(Maybe(Text()), _ROLE),
        "organisation": Key(Maybe(Text()), _ORGANISATION),
        "verified": Key(Maybe(Text()), "How it was made sure that they are who they say they are."),
    }
)
_WORDED = Object(
    {
        "answer": Key(Maybe(Answer()), "What the facts answer; null where they do not."),
        "label": Key(Maybe(Text()), "How a person says that answer."),
        "details": Key(Maybe(Text()), "What was told beside it, in words."),
    }
)
_PAIR = Object(
    {
        "item": Key(Maybe(Text()), "The item; null where the case lists none."),
        "recipient": Key(Maybe(Text()), "The recipient; null where the case lists none."),
    }
)
_CONSENT = Object(
    {
        "sought": Key(Maybe(Flag()), "Whether anybody was asked; null where nobody said."),
        "status": Key(Maybe(Answer()), "What the facts answer to whether consent was given."),
        "label": Key(Maybe(Text()), "How a person says that."),
        "on": Key(Maybe(Day()), "The day on which it was sought, or decided that it would not be."),
        "by": Key(Maybe(Text()), "Whose consent it is, or would be."),
        "why_not_sought": Key(Maybe(Text()), "The circumstances in which it was decided not to ask."),
    }
)
_WISHES = Object(
    {
        "child": Key(_WORDED, "What the child wants."),
        "family": Key(Maybe(Text()), "What the family wants, in words."),
    }
)
_TOLD = Object(
    {
        "who": Key(Text(), "Who was told."),
        "what": Key(Maybe(Text()), "What."),
        "at": Key(Maybe(Instant()), "When."),
    }
)
_NOT_TOLD = Object(
    {
        "who": Key(Text(), "Who was not told."),
        "why": Key(Text(), "Why not."),
        "review_on": Key(Maybe(Day()), "When that is looked at again."),
    }
)
_ADVICE = Object(
    {
        "giver": Key(Text(), "From whom advice was taken."),
        "role": Key(Maybe(Text()), _ROLE),
        "organisation": Key(Maybe(Text()), _ORGANISATION),
        "at": Key(Maybe(Instant()), "When."),
        "anonymised": Key(Maybe(Flag()), "Whether child and family could not be known from what was asked."),
        "advice": Key(Maybe(Text()), "What was advised."),
    }
)
_DONE = Object(
    {
        "duty": Key(Text(), "The name of a duty in the decision."),
        "at": Key(Maybe(Instant()), "When it was done."),
        "by": Key(Maybe(Text()), "By whom."),
        "how": Key(Maybe(Text()), "How."),
    }
)
ANSWER = Object(
    {
        "fact": Key(Text(), 'The fact; for a list its group, for one element `item["GP letter"].necessary`.'),
        "question": Key(Text(), "What is asked."),
        "type": Key(
            Word(("yes or no", "one of", "some of", "number", "date", "text", LIST)),
            "What kind of answer it has.",
        ),
        "state": Key(
            Word(("answered", "unanswered", "unsure")),
            "`unanswered`: nobody was asked; `unsure`: somebody was, and does not know.",
        ),
        "answer": Key(
            Answer(), "The answer, where there is one; of a list, the names of its elements.", required=False
        ),
        "label": Key(Text(), "How a person says it, where there is one.", required=False),
    }
)
_SOURCE = Object(
    {
        "name": Key(Text(), "As clauses cite it."),
        "title": Key(Text(), "Its title."),
        "by": Key(Maybe(Text()), "Whose it is."),
        "dated": Key(Maybe(Day()), "Of which day it is."),
        "at": Key(Maybe(Text()), "Where it is found."),
    }
)
_INSTEAD = Object(
    {
        "outcome": Key(Word(tuple(outcome.value for outcome in Outcome)), "What was decided instead."),
        "shared": Key(Many(_PAIR), "What goes to whom, where that is to share."),
        "note": Key(Maybe(Text()), "Anything else about it."),
    }
)
_FOR_FAMILY = Object(
    {
        "may_know": Key(
            Maybe(Flag()), "Whether everyone in the family may know what is shared, and with whom."
        ),
        "words": Key(Maybe(Text()), "What to tell them."),
    }
)

RECORD = Object(
    {
        "format": Key(Word((FORMAT,)), "The format, and its version."),
        "id": Key(Id(), "The id of this record, a UUID of version 7."),
        "supersedes": Key(Maybe(Id()), "The record that this one takes the place of."),
        "decided_at": Key(Instant(), "When it was decided."),
        "decided_by": Key(PRACTITIONER, "Who decided, and answers for it."),
        "case": Key(Maybe(Text()), "What the case calls itself: a pseudonym."),
        "requester": Key(Maybe(_PARTY), "Who asked; null where the practitioner offers."),
        "asked_for": Key(Maybe(Text()), "What was asked for."),
        "recipients": Key(Many(_PARTY), "Who is to have something."),
        "purpose": Key(_WORDED, "What it is to be shared for."),
        "lawful_basis": Key(_WORDED, "On what lawful basis."),
        "shared": Key(Maybe(Many(_PAIR)), "What goes to whom; null where what was decided was not told."),
        "held_back": Key(Maybe(Many(_PAIR)), "What does not go; null where what was decided was not told."),
        "consent": Key(_CONSENT, "Whether consent was sought, its state, and why it was not sought."),
        "wishes": Key(_WISHES, "What child and family want."),
        "told": Key(Many(_TOLD), "Who was told what, and when."),
        "not_told": Key(Many(_NOT_TOLD), "Who was not told, and why."),
        "advice": Key(Many(_ADVICE), "What advice was taken."),
        "done": Key(Many(_DONE), "The duties that were done."),
        "facts": Key(AnyObject(), "The case, as it can be decided again."),
        "answers": Key(Many(ANSWER), "Every fact with its answer, unanswered and unsure ones too."),
        "presume": Key(Flag(), "Whether `unanswered means` was applied."),
        "decision": Key(ADecision(), "The whole decision, with its policy's name, version and digest."),
        "sources": Key(Many(_SOURCE), "What the decision cites."),
        "engine_version": Key(Text(), "Which infoshare decided."),
        "followed": Key(Flag(), "Whether the person did what the decision says."),
        "because": Key(
            Maybe(Text()), "The person's reason; there is one where the decision was not followed."
        ),
        "instead": Key(Maybe(_INSTEAD), "What was decided where it was not followed."),
        "for_family": Key(Maybe(_FOR_FAMILY), "What the family may be told."),
        "review_on": Key(Maybe(Day()), "When the decision is looked at again."),
        "note": Key(Maybe(Text()), "Anything else."),
    },
    "A decision about sharing information, and what people tell of it, as it is signed and kept.",
)
