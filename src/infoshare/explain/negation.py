"""Turns a yes-or-no sentence into the one that says the opposite: `sexual abuse is suspected` into
`sexual abuse is not suspected`.

Invariant: what is returned denies the whole sentence, no more and no less. Where the form of a
sentence leaves that in doubt (two clauses, "may", "only", "everyone") it is `it is not so that …`,
which is stiff and always right. Deliberately not here: labels of values (`wording`).
"""

import itertools
import re

_PLAIN_AUXILIARIES = {"is", "are", "was", "were", "will", "would", "could"}
_PERFECT = {"has", "have", "had"}
_AUXILIARIES = _PLAIN_AUXILIARIES | _PERFECT | {"can"}
_ARTICLES = {"the", "a", "an", "their", "his", "her", "its", "your", "our"}
_DO = {"do", "does", "did"}
_LEXICAL = {
    third: base
    for base, third in (
        ("apply", "applies"), ("carry", "carries"), ("identify", "identifies"), ("go", "goes"), ("wish", "wishes"),
        *((base, f"{base}s") for base in (
            "act", "agree", "allow", "ask", "attend", "bear", "come", "consent", "contain", "endanger", "face", "follow",
            "forbid", "get", "give", "hold", "include", "involve", "keep", "know", "live", "name", "need",
            "object", "order", "permit", "prohibit", "protect", "put", "receive", "refuse", "relate", "require", "serve",
            "show", "speak", "tell", "threaten", "understand", "undermine", "want", "work",
        )),
    )
}  # fmt: skip

_BASES = frozenset(_LEXICAL.values())

# Words after which "not" would deny a part only, or too much.
_DOUBTFUL = {
    "all", "already", "although", "always", "any", "anybody", "anyone", "anything", "because", "both",
    "cannot", "each", "either", "ever", "every", "everybody", "everyone", "everything", "few", "if", "may",
    "might", "most", "must", "neither", "never", "no", "nobody", "none", "nor", "not", "nothing", "often",
    "only", "ought", "several", "shall", "should", "since", "some", "someone", "somebody", "something",
    "sometimes", "still", "though", "unless", "until", "while", "without", "yet",
}  # fmt: skip
_RELATIVE = {
    "that",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "who",
    "whoever",
    "whom",
    "whose",
    "how",
    "why",
}
_DONE = {
    "become", "been", "begun", "bought", "brought", "caught", "come", "felt", "found", "got", "had", "heard", "held",
    "hit", "hurt", "kept", "led", "left", "let", "lost", "met", "paid", "read", "run", "said", "set", "sought", "stood",
    "taught", "told", "understood", "won",
}  # fmt: skip
"""What follows *has* where something was done, and does not end as most of it does."""
_HEAD = 3
"""So many words at the beginning of a subject may count it: *sexual activity of a child under 13* is one thing."""
_COUNTED = {
    "another", "exactly", "half", "least", "more", "one", "than", "two", "three", "four", "five", "six", "seven",
    "eight", "nine", "ten",
}  # fmt: skip
"""Words in a subject that is not one and the same: "one parent has not agreed" does not deny that one has."""
_ANY = {"somebody": "anybody", "someone": "anyone", "something": "anything", "some": "any"}
_EXISTING = {"somebody": "nobody", "someone": "nobody", "something": "nothing"}
_NOBODY = {"anybody": "nobody", "anyone": "nobody", "anything": "nothing"}
_OF_NONE = {"nobody": "somebody", "nothing": "something"}


STIFF = "it is not so that "


def negate(sentence: str) -> str:
    """Returns the sentence that says the opposite, without a full stop, as the sentence has none."""
    if is_stiff(sentence):
        return sentence.removeprefix(STIFF)
    return _short_form(sentence) or f"{STIFF}{sentence}"


_OF_SEVERAL = {"is": "are", "was": "were", "has": "have", "does": "do"}
_OF_ONE = {several: one for one, several in (*_OF_SEVERAL.items(), *_LEXICAL.items())}
VERBS = frozenset([*_OF_SEVERAL, *_OF_ONE, *_LEXICAL])
"""Forms of the verbs that are known here."""


def plural_verb(verb: str) -> str:
    """A verb as it goes with several: `refuses` as `refuse`; what is no such form stays."""
    if verb in _OF_SEVERAL:
        return _OF_SEVERAL[verb]
    if verb in _LEXICAL:
        return _LEXICAL[verb]
    if verb.endswith("ies") and len(verb) > len("dies"):
        return f"{verb[:-3]}y"
    if verb.endswith(("sses", "shes", "ches", "xes", "oes")):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith(("ss", "us", "is")) else verb


def singular_verb(verb: str) -> str:
    """A verb as it goes with one: `refuse` as `refuses`; what is no such form stays."""
    return _OF_ONE.get(verb, verb)


def is_stiff(sentence: str) -> bool:
    """Whether it denies all that follows, so that nothing may follow that is not to be denied."""
    return sentence.startswith(STIFF)


def _short_form(sentence: str) -> str | None:
    words = sentence.split(" ")
    plain = [word.strip(",;:()“”\"'").lower() for word in words]
    if "and" in plain or re.search(r"[;:?!]|, (or|nor|but|so)\b", sentence):
        return None
    if "or" in plain and _or_joins_clauses(plain):
        return None
    first, rest = plain[0], plain[1:]
    if first in _EXISTING:
        return None if _DOUBTFUL & set(rest) else " ".join([_EXISTING[first], *words[1:]])
    if first in _OF_NONE:
        yet = rest[-1:] == [
            "yet"
        ]  # "nobody has been asked yet" is denied as "somebody has been asked already"
        if _DOUBTFUL & set(rest[:-1] if yet else rest):
            return None
        return " ".join(
            [_OF_NONE[first], *(words[1:-1] if yet else words[1:]), *(["already"] if yet else [])]
        )
    # whatever the verb is, "a child who … refuses" is denied as "no child who … refuses"
    if first in ("a", "an") and plain[2:3] in (["who"], ["that"]) and not (_DOUBTFUL - {"not"}) & set(plain):
        return " ".join(["no", *words[1:]])
    at = _verb(plain)
    if at is not None:
        # "would identify someone" is denied as "would not identify anyone"
        words = [*words[: at + 1], *(_ANY.get(word, word) for word in words[at + 1 :])]
        plain = [*plain[: at + 1], *("" if word in _ANY else word for word in plain[at + 1 :])]
    if _DOUBTFUL & set(plain):
        before = at if at is not None else plain.index("not") if "not" in plain else 0
        return None if _is_of_several(plain[:before]) else _without_not(words, plain)
    if at is None or (first not in ("a", "an") and _is_of_several(plain[:at])):
        return None
    if first == "there" and at == 1 and plain[at] in ("is", "are", "was", "were"):
        if words[at + 1 : at + 2] and words[at + 1] in _NOBODY:
            return " ".join([*words[: at + 1], _NOBODY[words[at + 1]], *words[at + 2 :]])
        rest_of_it = words[at + 2 :] if plain[at + 1 : at + 2] in (["a"], ["an"]) else words[at + 1 :]
        return " ".join([*words[: at + 1], "no", *rest_of_it])
    if first in ("a", "an"):
        subject = re.sub(r"\bor (a|an) ", "or ", " ".join(words[1:at]) + " ")
        return f"no {subject}{' '.join(words[at:])}"
    return " ".join([*words[:at], *_denied(words[at], plain[at + 1 : at + 2]), *words[at + 1 :]])


def _is_of_several(subject: list[str]) -> bool:
    """Whether a subject counts, or names one thing or another: to deny its verb is not to deny the sentence."""
    either = any(word == "or" and after in _ARTICLES for word, after in itertools.pairwise(subject))
    return either or any(word in _COUNTED or word.isdigit() for word in subject[:_HEAD])


def _or_joins_clauses(plain: list[str]) -> bool:
    """Whether what follows an `or` has a verb of its own, which "not" before it would not reach."""
    main = _verb(plain)
    after = [at for at, word in enumerate(plain) if word == "or" and (main is None or at > main)]
    return any(plain[at + 1].endswith("s") or _verb(["", *plain[at + 1 :]]) is not None for at in after)


def _verb(plain: list[str]) -> int | None:
    """Finds the verb of the main clause; None where another clause comes before it or none is known."""
    for at, word in enumerate(plain):
        if word in _RELATIVE:
            return None
        if at and (word in _AUXILIARIES or (word in _LEXICAL and not _is_noun(plain, at))):
            return at
        if at == 1 and plain[0] in ("they", "you") and word in _BASES:
            return at
    return None


def _is_noun(plain: list[str], at: int) -> bool:
    """Whether a word that may be a verb is none, as in `the child's needs are met`."""
    before, after = plain[at - 1], plain[at + 1 : at + 2]
    return before in _ARTICLES or before.endswith(("'s", "s'")) or bool(_AUXILIARIES & set(after))


def _denied(verb: str, following: list[str]) -> list[str]:
    if verb in _LEXICAL:
        return ["does", "not", _LEXICAL[verb]]
    if verb in _BASES:
        return ["do", "not", verb]
    if verb == "can":
        return ["cannot"]
    if verb in _PERFECT and not any(
        re.search(r"(ed|en|wn|ade|ut|iven|one|ent)$", word) or word in _DONE for word in following
    ):
        return [{"has": "does", "have": "do", "had": "did"}[verb], "not", "have"]
    return [verb, "not"]


def _without_not(words: list[str], plain: list[str]) -> str | None:
    """Takes a `not` away: `is not safe` becomes `is safe`, `is not yet born` becomes `is already born`."""
    doubtful = [word for word in plain if word in _DOUBTFUL]
    at = plain.index(doubtful[0])
    if doubtful == ["cannot"] and at and not _RELATIVE & set(plain[:at]) and _verb(plain[:at]) is None:
        return " ".join([*words[:at], "can", *words[at + 1 :]])
    if doubtful == ["not"] and at and plain[at - 1] in _DO and not _RELATIVE & set(plain[:at]):
        return " ".join([*words[:at], *words[at + 1 :]])
    verb = _verb([*plain[:at], *plain[at + 1 :]])
    if verb is None:
        return None
    if doubtful == ["cannot"] and verb >= at:
        return None
    if doubtful == ["not"] and verb == at - 1:
        return " ".join([*words[:at], *words[at + 1 :]])
    if doubtful == ["not", "yet"] and verb == at - 1 and plain[at + 1] == "yet":
        return " ".join([*words[:at], "already", *words[at + 2 :]])
    return None
