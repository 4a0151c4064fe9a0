"""The catalogue of diagnostic codes. A code is never reused or renumbered.

`IS`, a digit for the stage (1 syntax, 2 names, 3 types, 4 facts, 5 lint, 6 analysis, 7 records,
8 files, 9 internal), two digits; and a kebab name.
"""

CODES: dict[str, str] = {
    # 1 syntax
    "IS101": "unexpected-word",
    "IS102": "unexpected-end",
    "IS103": "unexpected-character",
    "IS104": "unterminated-string",
    "IS105": "nothing-declared",
    "IS106": "too-deep",
    "IS107": "name-too-long",
    "IS108": "bad-number",
    "IS109": "bad-date",
    "IS110": "reserved-word",
    "IS111": "mixed-and-or",
    "IS112": "list-item-continues",
    "IS113": "bad-character-in-string",
    "IS114": "language-version",
    "IS115": "version-not-first",
    "IS116": "repeated-part",
    "IS117": "hidden-character",
    "IS118": "line-ending",
    "IS119": "value-or-value",
    "IS120": "bad-name",
    "IS121": "nested-list",
    # 2 names
    "IS201": "unknown-fact",
    "IS202": "unknown-name",
    "IS203": "unknown-target",
    "IS204": "unknown-source",
    "IS205": "unknown-group",
    "IS206": "duplicate-name",
    "IS207": "duplicate-fact",
    "IS208": "wrong-kind-of-target",
    "IS209": "circle-of-defines",
    "IS210": "circle-of-clauses",
    "IS211": "no-element-here",
    "IS212": "reserved-name",
    "IS213": "two-policies",
    "IS214": "group-mismatch",
    "IS215": "scenario-without-policy",
    "IS216": "prevails-over-must",
    # 3 types
    "IS301": "unknown-value",
    "IS302": "wrong-type",
    "IS303": "duplicate-value",
    "IS304": "bad-range",
    "IS305": "out-of-range",
    "IS306": "dates-out-of-order",
    "IS307": "value-before-its-first-date",
    "IS308": "not-comparable",
    # 4 facts
    "IS401": "unknown-fact-in-case",
    "IS402": "wrong-answer",
    "IS403": "two-answers",
    "IS404": "answer-out-of-range",
    "IS405": "impossible-case",
    "IS406": "unnamed-element",
    "IS407": "duplicate-element",
    "IS408": "not-a-case",
    "IS409": "too-deep-case",
    "IS410": "unreadable-answer",
    "IS411": "bad-as-of-date",
    "IS412": "case-file",
    # 7 records
    "IS701": "not-a-decision",
    # 8 files
    "IS801": "not-utf-8",
    "IS802": "file-too-large",
    "IS803": "unreadable-file",
    "IS804": "outside-the-root",
    "IS805": "bad-use-path",
    "IS806": "circle-of-files",
    "IS807": "too-many-files",
    "IS808": "not-a-policy",
    # 9 internal
    "IS901": "internal-error",
}


def name_of(code: str) -> str:
    """The kebab name of a code. Raises KeyError for a code that is not in the catalogue."""
    return CODES[code]
