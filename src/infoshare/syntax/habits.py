"""Help for what people write by habit: from other languages, from English, from the order of other sentences.

Turns the word that did not fit, and those before it, into what to write instead. Deliberately not here: what the
grammar would have taken (`expected`), and where to point (`faults`).
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import attrs

from infoshare.diagnostic import nearest
from infoshare.syntax.spelling import echoed
from infoshare.syntax.words import DECLARATIONS, KEYWORDS, PARTS

_EASILY_MISTAKEN = frozenset(
    {"not", "one", "some", "any", "every", "none", "all", "exactly", "each", "today"}
)
_SAID_ELSEWHERE = {
    "if": "a condition begins with `when`, or with `unless`",
    "then": "the effect comes first: `share`, and then `when …`",
    "where": "a condition begins with `when`",
    "provided": "a condition begins with `when`",
    "except": "write `unless`, or an `exception` of its own",
    "else": "write another clause for the other case",
    "equals": "to compare with a value, write `is`: `consent.status is refused`",
    "contains": "to ask whether a value is ticked, write `includes`",
    "deny": "the outcomes are share, withhold, seek consent and seek advice",
    "allow": "the outcomes are share, withhold, seek consent and seek advice",
    "reference": 'what a clause rests on is written `cites protocol "3"`',
    "see": 'what a clause rests on is written `cites protocol "3"`',
}
_TIMINGS = {"share": "sharing", "withhold": "withholding", "seek": "seeking consent", "decide": "deciding"}


@attrs.frozen
class Misfit:
    """A word that did not fit, and what stands around it.

    Args:
        found: the word, sign or string.
        kind: what kind of token it is.
        before: the texts of the tokens before it, in the same declaration.
        accepted: the terminals that would have fitted.
        keyword: the word that the declaration begins with.
        after: the text from what was found on.
        glued: whether nothing, not even a space, stands before it.
    """

    found: str
    kind: str
    before: Sequence[str]
    accepted: AbstractSet[str]
    keyword: str
    after: str
    glued: bool

    @property
    def last(self) -> str:
        """The word before it."""
        return self.before[-1] if self.before else ""


def habits(misfit: Misfit) -> tuple[str, ...]:
    """What to write instead, in sentences; nothing where no habit is known."""
    told = [help_ for help_ in (_habit(misfit),) if help_]
    last = misfit.last
    if len(misfit.before) > 1 and re.fullmatch(r"[a-z][a-z0-9_]*", last) and last not in KEYWORDS:
        meant = nearest(last, sorted(_EASILY_MISTAKEN))
        if meant is not None:
            told.append(f"did you mean `{meant}` where `{echoed(last)}` stands?")
    return tuple(told)


def _habit(misfit: Misfit) -> str | None:
    found, kind, accepted, keyword, last = (
        misfit.found,
        misfit.kind,
        misfit.accepted,
        misfit.keyword,
        misfit.last,
    )
    last_two = tuple(misfit.before[-2:])
    if found == "-" and misfit.glued and re.match(r"-[a-z]", misfit.after):
        return "names are written with `_`, not with `-`"
    if kind == "string" and last in DECLARATIONS:
        return f"give it a name first, such as `{last} a_name {echoed(found)}`"
    if "GIVEN" in accepted and "." in found:
        return "a scenario says `given` before its facts"
    if kind == "string" and last == "cites":
        return f"name the source first: `cites protocol {echoed(found)}`"
    if last_two in {("prevails", "over"), ("sets", "aside")} and found in {"all", "any", "consent", "each"}:
        return "write `every consent clause`, or the names of the clauses"
    if "SHARE" in accepted and found in {"advice", "consent"}:
        return f"did you mean `seek {found}`?"
    if "SHARE" in accepted and found in PARTS:
        return f"the effect comes first, such as `share`, and then `{found}`"
    if "BEFORE" in accepted and keyword == "duty" and found in PARTS:
        return f"when it is to be done comes first, such as `before sharing`, and then `{found}`"
    if last in {"before", "after"} and found in _TIMINGS and "SHARING" in accepted:
        return f"write `{last} {_TIMINGS[found]}`"
    if found == "is" and "." not in last and keyword not in {"facts", ""}:
        return f"a fact is written with its group, such as `consent.{last}`"
    if found in {"and", "or"} and "COMMA" in accepted and found.upper() not in accepted:
        return "put commas between names, with no `and` or `or`"
    if found in _SAID_ELSEWHERE:
        return _SAID_ELSEWHERE[found]
    if kind == "number" and "STRING" in accepted:
        return f'text stands in double quotes: `"{found}"`'
    if "BULLET" in accepted and last == "these":
        return "begin each item of the list with `-`"
    if kind == "word" and "STRING" in accepted:
        return _unquoted(misfit)
    if found in {":", ","} and "COLON" in accepted:
        return 'a fact is declared as `name "phrase" : type`'
    if found in {"before", "after"} and "COMMA" in accepted:
        return "when there are several, put commas between them: `before sharing, after sharing`"
    return None


def _unquoted(misfit: Misfit) -> str:
    """A word where text was expected: a name of two words, a path without its quotes, or plain text."""
    name = re.match(r'((?:[a-z][a-z0-9_]*[ \t]+){1,5})"', misfit.after)
    if name and len(misfit.before) > 1 and misfit.before[-2] in DECLARATIONS:
        return f"a name is one word: write `{'_'.join([misfit.last, *name[1].split()])}`"
    if misfit.last == "use":
        path = re.match(r"[^\s\"]+", misfit.after)
        return f'text stands in double quotes: `use "{echoed(path[0] if path else misfit.found)}"`'
    return 'text stands in double quotes: `"…"`'
