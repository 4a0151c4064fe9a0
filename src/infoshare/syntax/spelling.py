"""What is wrong with a single name, number, date or character, and how to write it instead.

Deliberately not here: where in a declaration it stands.
"""

import calendar
import datetime as dt
import re
import unicodedata

from infoshare.diagnostic import Diagnostic, Label
from infoshare.text import Span

_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,15})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_DAY_FIRST = re.compile(r"(\d{1,2})[./:-](\d{1,2})[./:-](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[./:-](\d{1,2})[./:-](\d{1,2})")
_RUN_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WEEK = re.compile(r"\d{4}-?[Ww]\d{1,2}(?:-?\d)?")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_JOINED_UNIT = re.compile(r"(\d+)((?:day|week|month|year)s?)")
_ECHOED = 40
_MONTHS = frozenset({*calendar.month_name[1:], *calendar.month_abbr[1:]})

# Letters of other scripts that look like ours, beyond those that compatibility forms (NFKC) bring home.
_LOOK_ALIKE = str.maketrans(
    "авсԁеғһіјкӏмнорԛгѕтцѵԝхуүαβεικνορτυχωıȷɑɡøđł", "abcdefhijklmhopqrstuvwxyyabeikvoptuxwijagodl"
)

_INSTEAD = {
    "=": "to compare with a value, write `is`: `consent.status is refused`",
    "+": "to add numbers, write `plus`: `fine.amount plus 20`",
    "!": "for the contrary, write `not`, or `is not`",
    "&": "write `and`",
    "|": "write `or`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `is not`",
    ".": "a fact is written `group.fact`, with one dot and no spaces",
    **dict.fromkeys("'`", 'text stands in double quotes: `"…"`'),
    **dict.fromkeys("“”„«»", 'use straight double quotes: `"…"`'),
    **dict.fromkeys("‘’", 'text stands in straight double quotes: `"…"`'),
    **dict.fromkeys("–—−", "write a plain `-`"),
    "•": "begin each item of a list with a plain `-`",
    "*": "begin each item of a list with `-`",
    ";": "no `;` is needed: leave it out",
    **dict.fromkeys("{}[]", "round brackets `(` and `)` are the only ones"),
    "/": "a comment begins with `#`",
    "\\": "leave it out",
    "\xa0": "write an ordinary space",
}


def echoed(text: str) -> str:
    """Text of the author's in a message: clipped, so that a message stays a sentence."""
    return text if len(text) <= _ECHOED else text[:_ECHOED] + "…"


def code_point(character: str) -> str:
    """`U+202E (right-to-left override)`."""
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


# --- characters -------------------------------------------------------------------------------


def bad_character(span: Span, *, in_string: bool = False, times: int = 1) -> Diagnostic:
    """The fault of a character that may not stand where it does."""
    character = span.text
    labels = (Label(span),)
    category = unicodedata.category(character)
    if character in "\r\x85\u2028\u2029":
        which = {"\r": "a carriage return (U+000D) without a line feed"}.get(character, code_point(character))
        more = f", {times} times in this file" if times > 1 else ""
        return Diagnostic(
            "IS118",
            f"{which} ends a line{more}",
            labels,
            ("save the file with the line ends of Unix (LF) or Windows (CR LF)",),
        )
    if category == "Cf" or character == "\xad":
        return Diagnostic(
            "IS117",
            f"found a hidden character, {code_point(character)}: what is read would not be what is seen",
            labels,
            ("delete it: it is not visible in most editors, so type the text around it again",),
        )
    if in_string:
        return Diagnostic("IS113", *_in_string(character, span))
    if category in {"Cc", "Cs"}:
        return Diagnostic(
            "IS103", f"found the control character {code_point(character)}", labels, ("delete it",)
        )
    shown = f"`{character}`" if character.isascii() else f"`{character}`, {code_point(character)}"
    help_ = _INSTEAD.get(character)
    return Diagnostic(
        "IS103",
        f"found {shown if character != '`' else 'a backquote'}, which has no place outside a string",
        labels,
        (help_,) if help_ else ('text stands in double quotes: `"…"`',),
    )


def _in_string(character: str, span: Span) -> tuple[str, tuple[Label, ...], tuple[str, ...]]:
    labels = (Label(span),)
    if character == "\\":
        help_ = "leave it out; for a quotation inside a string use single quotes"
        if span.source.text[span.end : span.end + 1] in {"n", "t", "r"}:
            help_ = "a line break in a string is simply written as one, and a space does for a tab"
        return "found a backslash in a string, which has no escapes", labels, (help_,)
    if character == "\t":
        return "found a tab in a string", labels, ("write a space instead; a line break is fine too",)
    return f"found the control character {code_point(character)} in a string", labels, ("delete it",)


# --- names ------------------------------------------------------------------------------------


def bad_word(span: Span, longest: int) -> Diagnostic | None:
    """The fault of a name or a fact's path, if it has one."""
    word = span.text
    parts = word.split(".")
    if all(_NAME.fullmatch(part) for part in parts):
        if max(map(len, parts)) > longest:
            return Diagnostic(
                "IS107",
                f"the name `{echoed(word)}` has {max(map(len, parts)):,} characters",
                (Label(span, f"at most {longest} are allowed"),),
                ("choose a shorter name, and say the rest in its statement or phrase",),
            )
        if len(parts) > 3:
            return Diagnostic(
                "IS120",
                f"`{echoed(word)}` has more than two dots",
                (Label(span),),
                (
                    "a fact is written `group.fact`, and a fact of somebody whom it names `group.fact.further`; "
                    "for what is further away write a `define … for each …` and use its name",
                ),
            )
        return None
    if word in _MONTHS:
        return Diagnostic(
            "IS109",
            f"`{word}` is not how the month of a date is written",
            (Label(span, "expected year-month-day"),),
            ("dates are written year-month-day, such as 2026-01-31",),
        )
    plain = plainly(word)
    help_ = [f"did you mean `{plain}`?"] if plain != word and _fits(plain) else []
    strange = [c for c in dict.fromkeys(word) if not c.isascii()]
    if strange:
        points = ", ".join(code_point(c) for c in strange[:3])
        message = f"`{echoed(word)}` contains {points}"
    elif word != word.lower():
        message = f"`{echoed(word)}` has capital letters"
        help_.append('what is meant as text stands in double quotes: `"…"`')
    else:
        message = f"`{echoed(word)}` does not begin with a letter"
    help_.append("names are written with the letters a to z, digits and `_`, and begin with a letter")
    return Diagnostic("IS120", message, (Label(span, "not a name"),), tuple(help_))


def plainly(word: str) -> str:
    """A name in plain lower-case letters, as far as look-alikes go."""
    plain = unicodedata.normalize("NFKC", word).lower().translate(_LOOK_ALIKE)
    bare = unicodedata.normalize("NFD", plain)
    return "".join(c for c in bare if not unicodedata.combining(c)).lstrip("_")


def _fits(word: str) -> bool:
    return all(_NAME.fullmatch(part) for part in word.split("."))


# --- numbers and dates ------------------------------------------------------------------------


def bad_number(span: Span) -> Diagnostic | None:
    """The fault of a number or date, if its spelling has one (whether there is such a day is seen later)."""
    word = span.text
    if _NUMBER.fullmatch(word) or _DATE.fullmatch(word):
        return None
    hint = _date_hint(word)
    if hint is not None:
        return Diagnostic(
            "IS109",
            f"`{echoed(word)}` is not written as a date",
            (Label(span, "expected year-month-day"),),
            (hint,),
        )
    label, help_ = _number_hint(word)
    return Diagnostic(
        "IS108", f"`{echoed(word)}` is not a whole number as written", (Label(span, label),), (help_,)
    )


def run_together(word: str) -> str | None:
    """The date that eight digits most likely stand for."""
    match = _RUN_TOGETHER.fullmatch(word)
    return _day(*match.groups()) if match else None


def _date_hint(word: str) -> str | None:
    if _WEEK.fullmatch(word):
        return "weeks are not understood: write the day itself, such as 2026-01-31"
    day_first, year_first = _DAY_FIRST.fullmatch(word), _YEAR_FIRST.fullmatch(word)
    found = None
    if day_first:
        day, month, year = day_first.groups()
        found = _day(year if len(year) == 4 else "20" + year, month, day)
    elif year_first:
        found = _day(*year_first.groups())
    elif not (_MONTH.fullmatch(word) or re.match(r"\d{4}-\d", word)):
        return None
    return f"write {found}" if found else "dates are written year-month-day, such as 2026-01-31"


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _number_hint(word: str) -> tuple[str, str]:
    plain = "".join(str(unicodedata.digit(c, c)) for c in word)
    whole = "whole numbers are written with the digits 0 to 9 only, such as 1000"
    if plain != word:
        return "digits of another script", f"write {plain}" if _NUMBER.fullmatch(plain) else whole
    if word.isdigit() and not word.startswith("0"):
        return "too large", "the largest number is 9007199254740991"
    joined = _JOINED_UNIT.fullmatch(word)
    if joined:
        return "a space is missing", f"write {joined[1]} {joined[2]}"
    if re.fullmatch(r"\+\d+", word):
        return "no sign is needed", f"write {word[1:]}"
    if re.fullmatch(r"\d[\d_]*", word):
        meant = word.replace("_", "").lstrip("0") or "0"
        return "digits only, and no nought in front", f"write {meant}" if len(meant) < 17 else whole
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,12}", word):
        return "base sixteen is not understood", f"write {int(word, 16)}"
    if re.fullmatch(r"\d{1,12}\.0+", word):
        return "no decimals", f"write {word.split('.', maxsplit=1)[0]}"
    if re.fullmatch(r"\d{1,3}[eE]\d{1,2}", word):
        base, exponent = re.split("[eE]", word)
        if len(base) + int(exponent) <= 16:
            return "no exponents", f"write {int(base) * 10 ** int(exponent)}"
    if re.fullmatch(r"\d+\.\d+", word):
        return "no decimals", "only whole numbers are understood: choose a smaller unit"
    return "expected digits only", whole
