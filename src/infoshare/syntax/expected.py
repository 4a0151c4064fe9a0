"""Says in plain words what the grammar would have taken.

Turns sets of terminals of `grammar.lark` into phrases such as "the effect: share, withhold, seek consent or
seek advice". Invariant: every terminal has words here; a test says so.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from infoshare.syntax.tables import tables
from infoshare.syntax.words import DECLARATIONS, PARTS

# What terminals are called that are no words of the language.
_CALLED = {
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
    "DECLARING": "a fact",
    "HOURS": "hours",
    "WORKING_DAYS": "working days",
}
# How terminals are written that are not called as the words that they stand for.
_WRITTEN = {
    "NUMBER_TYPE": "number",
    "DATE_TYPE": "date",
    "OF_UNIT": "of",
    "FROM_LOWEST": "from",
    "FROM_WHOM": "from",
    "CLOSING": "where no other clause stands",
    "IN_WORDS": "is at least",
    "EVERY_ELEMENT": "every",
    "EXACTLY_SO_MANY": "exactly",
    "ASKING_CONSENT": "asking consent of",
}
_DECLARING = frozenset(word.upper() for word in tables().declaring)

# What is told of only where nothing else would do.
_SELDOM = frozenset({"PLUS", "MINUS", "CLOSING", "INSTEAD_OF", "ALSO"})

# Sets that are said together, the widest first: what must be accepted, what else is then spoken for, the words.
_TOGETHER = (
    (" ".join(sorted(_DECLARING)), "$END", "the next declaration"),
    (
        "NOT LPAR PATH DEFINED TODAY",
        "NUMBER NEGATIVE DATE ANY EVERY NO ANY_OF_THESE ALL_OF_THESE NONE_OF_THESE "
        "AT_LEAST AT_MOST EXACTLY_SO_MANY YEARS_BETWEEN",
        "a condition, such as `consent.status is given`",
    ),
    (
        "PATH DEFINED NAME NUMBER DATE TODAY",
        "NEGATIVE YEARS_BETWEEN",
        "a number, a date, a fact that is one, or a value",
    ),
    ("PATH DEFINED NUMBER DATE TODAY", "NEGATIVE YEARS_BETWEEN", "a number, a date, or a fact that is one"),
    ("NAME NUMBER DATE STRING", "NEGATIVE ONE_OF EXACTLY NONE_OF_THEM PATH", "a value, such as `refused`"),
    ("UNIT HOURS WORKING_DAYS", "", "hours, days, working days, weeks or months"),
    (
        "YES ONE_OF SOME_OF NUMBER_TYPE",
        "DATE_TYPE TEXT ONE SOME",
        "the type: `yes or no`, `one of …`, `some of …`, `number`, `date`, `text`, or of a list `one …` or `some …`",
    ),
    (
        "SHARE WITHHOLD SEEK REQUIRES",
        "",
        "an outcome (share, withhold, seek consent or seek advice), or `requires` and a duty",
    ),
    (
        "SHARE WITHHOLD SEEK MUST DIFFERS",
        "SHOULD",
        "the outcome: share, withhold, seek consent, seek advice or differs",
    ),
    ("SHARE WITHHOLD SEEK ASKING_CONSENT", "MUST SHOULD", "an outcome for an item or a recipient"),
    (
        "SHARE WITHHOLD SEEK",
        "MUST SHOULD",
        "the effect: share, withhold, seek consent or seek advice",
    ),
    ("SETS RELAXES", "", "`sets aside` or `relaxes`"),
    (
        "SHARING WITHHOLDING SEEKING",
        "DECIDING HOLDING",
        "what is timed by: sharing, withholding, seeking consent, seeking advice, or (after) deciding or holding back",
    ),
    ("BEFORE AFTER", "", "`before` or `after`"),
    (
        "IS INCLUDES",
        "IS_NOT IS_EXACTLY IN_WORDS COMPARISON",
        "`is`, `includes` or a comparison",
    ),
    ("COMPARISON IN_WORDS", "", "a comparison"),
    ("NUMBER NEGATIVE DATE", "", "a number, a length of time or a date"),
    ("PATH NAME NO NOT", "", "a fact that is given, such as `consent.status is refused`"),
    ("NUMBER NEGATIVE", "", "a whole number"),
    ("EACH NAME", "", "the name of the group of facts"),
)

# What the text after a name says, by the word before the name, where it is no statement.
_TEXT_AFTER_NAME = {
    "policy": "the title",
    "source": "the title",
    "define": "the phrase that it stands for",
    "impossible": "why it cannot be",
    "duty": "what is to be done",
    "about": "the phrase for the group",
    "each": "the phrase for the group",
    **dict.fromkeys(("consent", "rule", "override", "exception", "safeguard", "guarantee"), "the statement"),
}
_TEXT_AFTER = {
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
    "of": "whose consent is asked",
    "for": "the name of an item, or of whom it is for",
    "to": "the name of a recipient",
    **dict.fromkeys(("releasing", "back", "open"), "the name of an item"),
}
_NAME_AFTER = {
    "cites": "the name of a source",
    "includes": "one of the fact's values",
    "asking": "a fact, such as `consent.status`",
    **dict.fromkeys(("over", "aside"), "the name of a clause, or `every consent clause`"),
    "relaxes": "the name of a clause",
    **dict.fromkeys(("requires", "with", "without", "lifting"), "the name of a duty"),
    **dict.fromkeys(("any", "every", "no"), "the name of a group, such as `item`"),
}


def an(noun: str) -> str:
    """A noun with its article."""
    return noun if noun.startswith("the ") else f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def words(accepted: AbstractSet[str]) -> set[str]:
    """The words that the terminals stand for, without names and signs."""
    left = set(accepted) - {"DECLARING", "ALSO"}
    return {word for word, names in tables().words.items() if left.intersection(names)}


def whole(accepted: AbstractSet[str]) -> bool:
    """Whether what came before is whole: a part or a declaration may begin now."""
    begins = PARTS - {"share", "withhold", "seek", "must", "as", "given"}
    stands_open = {"SHARE", "REQUIRE", "BEFORE", "PREVAILS"} & accepted
    if {"NOT", "LPAR"} <= accepted:
        return False  # a condition is to come
    return "$END" in accepted or (bool(words(accepted) & begins) and not stands_open)


def phrase(accepted: AbstractSet[str], before: Sequence[str]) -> str:
    """What was expected, after the words before it."""
    last = before[-1] if before else ""
    left = set(accepted)
    if left - _SELDOM:
        left -= _SELDOM
    said: list[str] = []
    if "NAME" in left and last in DECLARATIONS:
        return f"a name for the {DECLARATIONS[last]}"
    for needed, further, together in _TOGETHER:
        if left.issuperset(needed.split()):
            said.append(together)
            left.difference_update(needed.split(), further.split())
    if {"NAME", "DEFINED"} & left and "PATH" not in left and last in _NAME_AFTER:
        said.append(_NAME_AFTER[last])
        left -= {"NAME", "DEFINED", "EVERY", "ALL_OTHER_CLAUSES"}
    text = _TEXT_AFTER.get(last) or (_TEXT_AFTER_NAME.get(before[-2]) if len(before) > 1 else None)
    if "STRING" in left and text:
        said.append(f"{text} in double quotes")
        left.discard("STRING")
    called = sorted({_CALLED[terminal] for terminal in left if terminal in _CALLED})
    plain = sorted({f"`{_written(terminal)}`" for terminal in left - set(_CALLED) - {"$END"}})
    last_of_all = "the next declaration" in said
    said = [each for each in said if each != "the next declaration"]
    said += [*called, *plain, *["the next declaration"][:last_of_all]]
    return " or ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said) or "the end of the file"


def written(terminal: str) -> str | None:
    """The word, or the words, that a terminal stands for; None for a name, a sign, the end."""
    return None if terminal in _CALLED.keys() | {"$END"} else _written(terminal)


def _written(terminal: str) -> str:
    """A word of the language, or words that stand together, by the name of its terminal."""
    return _WRITTEN.get(terminal, terminal.lower().replace("_", " "))


def advice(accepted: AbstractSet[str], *, begins: bool) -> tuple[str, ...]:
    """What to do next, where nothing more particular can be said.

    Args:
        begins: whether what was found begins a line, as a declaration does.
    """
    if not accepted >= _DECLARING:
        return ("write what is expected there, or delete what was found",)
    if begins:
        return (f"every declaration begins with its own word: {', '.join(sorted(tables().declaring))}",)
    return ("take it out, or put what belongs before it",)
