"""Says in plain words what the grammar would have taken.

Turns sets of terminals of `grammar.lark` into phrases such as "the effect: share, withhold, seek consent or
seek advice". Invariant: every terminal has words here; a test says so.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from infoshare.syntax.words import DECLARATIONS, KEYWORDS, PARTS

_SPECIAL = {
    "PATH": "a fact, such as `consent.status`",
    "NAME": "a name",
    "DEFINED": "a name",
    "STRING": "text in double quotes",
    "DATE": "a date, such as 2026-01-31",
    "NUMBER": "a whole number",
    "NEGATIVE": "a whole number",
    "COMPARISON": "`<`, `<=`, `>` or `>=`",
    "COLON": "`:`",
    "COMMA": "`,`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "BULLET": "another item, beginning with `-`",
    "UNIT": "days, weeks, months or years",
    "NUMBER_TYPE": "`number`",
    "DATE_TYPE": "`date`",
    "TEXT_TYPE": "`text`",
    "OF_UNIT": "`of`",
    "FROM_NUMBER": "`from`",
    "ONE_OF": "`one of`",
    "SOME_OF": "`some of`",
    "ANY_OF_THESE": "`any of these`",
    "ALL_OF_THESE": "`all of these`",
    "NONE_OF_THESE": "`none of these`",
    "IS_NOT": "`is not`",
    "DECLARING_WORD": "a fact",
    "$END": "the end of the file",
}
# The words of terminals that hold more than the word they are named after.
_WORDS = {
    "UNIT": ("days", "weeks", "months", "years", "day", "week", "month", "year"),
    "NUMBER_TYPE": ("number",),
    "DATE_TYPE": ("date",),
    "TEXT_TYPE": ("text",),
    "OF_UNIT": ("of",),
    "FROM_NUMBER": ("from",),
    "ONE_OF": ("one",),
    "SOME_OF": ("some",),
    "ANY_OF_THESE": ("any",),
    "ALL_OF_THESE": ("all",),
    "NONE_OF_THESE": ("none",),
    "IS_NOT": ("is",),
}
_DECLARING = frozenset(word.upper() for word in DECLARATIONS) - {"INFOSHARE"}

# Sets that are said together, the widest first: what must be accepted, what is then spoken for, the words.
_TOGETHER: tuple[tuple[frozenset[str], frozenset[str], str], ...] = (
    (_DECLARING, _DECLARING | {"$END"}, "the next declaration"),
    (
        frozenset({"NOT", "LPAR", "PATH", "DEFINED", "TODAY"}),
        frozenset(
            [
                "NOT",
                "LPAR",
                "PATH",
                "DEFINED",
                "NUMBER",
                "NEGATIVE",
                "DATE",
                "TODAY",
                "ANY",
                "EVERY",
                "NO",
                "ANY_OF_THESE",
                "ALL_OF_THESE",
                "NONE_OF_THESE",
            ]
        ),
        "a condition, such as `consent.status is given`",
    ),
    (
        frozenset({"PATH", "DEFINED", "NUMBER", "DATE", "TODAY"}),
        frozenset({"PATH", "DEFINED", "NUMBER", "NEGATIVE", "DATE", "TODAY"}),
        "a number, a date, or a fact that is one",
    ),
    (
        frozenset({"NAME", "NUMBER", "DATE", "STRING"}),
        frozenset({"NAME", "NUMBER", "NEGATIVE", "DATE", "STRING", "ONE_OF", "EXACTLY"}),
        "a value, such as `refused`",
    ),
    (
        frozenset({"YES", "ONE_OF", "SOME_OF", "NUMBER_TYPE"}),
        frozenset({"YES", "ONE_OF", "SOME_OF", "NUMBER_TYPE", "DATE_TYPE", "TEXT_TYPE"}),
        "the type: `yes or no`, `one of …`, `some of …`, `number`, `date` or `text`",
    ),
    (
        frozenset({"SHARE", "WITHHOLD", "SEEK", "REQUIRES"}),
        frozenset({"SHARE", "WITHHOLD", "SEEK", "REQUIRES"}),
        "an outcome (share, withhold, seek consent or seek advice), or `requires` and a duty",
    ),
    (
        frozenset({"SHARE", "WITHHOLD", "SEEK"}),
        frozenset({"SHARE", "WITHHOLD", "SEEK", "MUST"}),
        "the effect: share, withhold, seek consent or seek advice",
    ),
    (
        frozenset({"SHARING", "WITHHOLDING", "SEEKING"}),
        frozenset({"SHARING", "WITHHOLDING", "SEEKING", "DECIDING"}),
        "what is timed by: sharing, withholding, seeking consent, seeking advice or (after) deciding",
    ),
    (
        frozenset({"BEFORE", "AFTER"}),
        frozenset({"BEFORE", "AFTER"}),
        "`before` or `after`",
    ),
    (
        frozenset({"IS", "INCLUDES"}),
        frozenset({"IS", "IS_NOT", "INCLUDES", "COMPARISON"}),
        "`is`, `includes` or a comparison",
    ),
    (
        frozenset({"NUMBER", "NEGATIVE", "DATE"}),
        frozenset({"NUMBER", "NEGATIVE", "DATE"}),
        "a number, a length of time or a date",
    ),
    (
        frozenset({"PATH", "NAME", "NO", "NOT", "THEN"}),
        frozenset({"PATH", "NAME", "NO", "NOT"}),
        "a fact that is given, such as `consent.status is refused`",
    ),
    (frozenset({"NUMBER", "NEGATIVE"}), frozenset({"NUMBER", "NEGATIVE"}), "a whole number"),
    (
        frozenset({"EACH", "NAME"}),
        frozenset({"EACH", "NAME"}),
        "the name of the group of facts",
    ),
)

_AFTER_NAME = {  # what the text after a declaration's name says
    "policy": "the title",
    "source": "the title",
    "define": "the phrase that it stands for",
    "impossible": "why it cannot be",
    "consent": "the statement",
    "rule": "the statement",
    "override": "the statement",
    "exception": "the statement",
    "duty": "what is to be done",
    "safeguard": "the statement",
    "guarantee": "the statement",
    "about": "the phrase for the group",
    "each": "the phrase for the group",
}
_STRING_AFTER = {
    "use": "the path of the file",
    "scenario": "the title of the scenario",
    "because": "the reason",
    "otherwise": "the remedy",
    "ask": "the question",
    "version": "the version",
    "owner": "the owner",
    "by": "who issued it",
    "at": "the address",
    "from": "whom to ask",
    "releasing": "the name of an item",
    "back": "the name of an item",
    "open": "the name of an item",
}
_NAME_AFTER = {
    "cites": "the name of a source",
    "over": "the name of a clause, or `every consent clause`",
    "aside": "the name of a clause, or `every consent clause`",
    "requires": "the name of a duty",
    "with": "the name of a duty",
    "without": "the name of a duty",
    "lifting": "the name of a duty",
    "includes": "one of the fact's values",
    "any": "the name of a group, such as `item`",
    "every": "the name of a group, such as `item`",
    "no": "the name of a group, such as `item`",
    "asking": "a fact, such as `consent.status`",
}

# Parts that people look for in the wrong kind of declaration, and what to do instead.
_FOREIGN = {
    ("prevails", "consent"): "only an override prevails over others: begin it with `override` instead",
    ("prevails", "rule"): "only an override prevails over others: begin it with `override` instead",
    ("prevails", "exception"): "an exception sets aside; what prevails over others is an `override`",
    ("sets", "consent"): "only an exception sets others aside: begin it with `exception` instead",
    ("sets", "rule"): "only an exception sets others aside: begin it with `exception` instead",
    ("sets", "override"): "an override prevails over others; what sets them aside is an `exception`",
    (
        "share",
        "exception",
    ): "an exception has no answer of its own; to put another in the place, write an `override`",
    (
        "withhold",
        "exception",
    ): "an exception has no answer of its own; to put another in the place, write an `override`",
    (
        "seek",
        "exception",
    ): "an exception has no answer of its own; to put another in the place, write an `override`",
    ("unless", "guarantee"): "write it into its `when`, with `and not`",
    ("from", "guarantee"): "a guarantee speaks of every day: leave the date out",
    ("until", "guarantee"): "a guarantee speaks of every day: leave the date out",
    ("is", "scenario"): "a scenario gives a fact as `consent.status is refused`, one a line",
}


def an(noun: str) -> str:
    """A noun with its article."""
    return noun if noun.startswith("the ") else f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def words(accepted: AbstractSet[str]) -> set[str]:
    """The words that the terminals stand for, without names and signs."""
    found: set[str] = set()
    for terminal in accepted:
        if terminal in _WORDS:
            found.update(_WORDS[terminal])
        elif terminal.lower() in KEYWORDS:
            found.add(terminal.lower())
    return found


def whole(accepted: AbstractSet[str]) -> bool:
    """Whether what came before is whole: a part or a declaration may begin now."""
    return "$END" in accepted or (
        bool(words(accepted) & PARTS - {"share", "withhold", "seek", "must", "as", "given"})
        and not ({"SHARE", "REQUIRE", "BEFORE", "PREVAILS"} & accepted)
    )


def foreign(word: str, keyword: str) -> str | None:
    """What to do about a part that this kind of declaration does not have."""
    return _FOREIGN.get((word, keyword))


def phrase(accepted: AbstractSet[str], before: Sequence[str]) -> str:
    """What was expected, after the words before it."""
    last = before[-1] if before else ""
    left = set(accepted)
    said: list[str] = []
    if "NAME" in left and last in DECLARATIONS:
        return f"a name for the {DECLARATIONS[last]}" if not DECLARATIONS[last].startswith("the") else "1"
    for needed, spoken_for, together in _TOGETHER:
        if needed <= left:
            said.append(together)
            left -= spoken_for
    if {"NAME", "DEFINED"} & left and "PATH" not in left and last in _NAME_AFTER:
        said.append(_NAME_AFTER[last])
        left -= {"NAME", "DEFINED", "EVERY"}
    if "STRING" in left:
        text = _STRING_AFTER.get(last) or (_AFTER_NAME.get(before[-2]) if len(before) > 1 else None)
        if text:
            said.append(f"{text} in double quotes")
            left.discard("STRING")
    signs = sorted({_SPECIAL[terminal] for terminal in left if terminal in _SPECIAL and terminal != "$END"})
    plain = sorted(f"`{terminal.lower()}`" for terminal in left if terminal not in _SPECIAL)
    next_declaration = [text for text in said if text == "the next declaration"]
    said = [text for text in said if text != "the next declaration"]
    return _either([*said, *signs, *plain, *next_declaration]) or "the end of the file"


def advice(accepted: AbstractSet[str], *, begins: bool) -> tuple[str, ...]:
    """What to do next, where nothing more particular can be said.

    Args:
        begins: whether what was found begins a line, as a declaration does.
    """
    if accepted >= _DECLARING:
        if begins:
            return (
                "every declaration begins with its own word: "
                + ", ".join(sorted(set(DECLARATIONS) - {"infoshare"})),
            )
        return ("take it out, or put what belongs before it",)
    return ("write what is expected there, or delete what was found",)


def _either(texts: Sequence[str]) -> str:
    if len(texts) < 2:
        return "".join(texts)
    return ", ".join(texts[:-1]) + " or " + texts[-1]
