"""Half of the fuzzer's steps keep the shape of what they change: words of a policy, answers of a case.

Bytes changed at random are nearly always refused by the first reader; these get further in.
"""

import json
import random
import re
from collections.abc import Callable
from typing import Any

from fuzz_targets import protocol
from infoshare.syntax.words import KEYWORDS
from seeds import seeds

_ALIKE = (
    {"and", "or"},
    {"share", "withhold"},
    {"any", "every", "no", "all", "none"},
    {"before", "after"},
    {"when", "unless"},
    {"from", "until"},
    {"consent", "rule"},
    {"days", "weeks", "months", "years"},
    {"sharing", "withholding", "deciding"},
    {"with", "without", "lifting"},
    {"never", "always"},
    {"one", "some"},
    {"item", "recipient"},
)
_WORD = re.compile(rb'\s+|[\w.]+|"[^"]*"|[^\w\s]')


def _kind(word: bytes) -> str:
    """Words that may stand for one another: keywords only for themselves and their like."""
    text = word.decode("utf-8", "replace")
    if text.isspace() or text[0] in '"<>':
        return text[0]
    if text[0].isdigit():
        return "number"
    if text in KEYWORDS:
        return next((str(number) for number, alike in enumerate(_ALIKE) if text in alike), text)
    return "path" if "." in text else "name" if text[0].isalpha() else text


def policy_mutator() -> Callable[[bytes, random.Random], bytes]:
    """Words and declarations left out, put in, changed for others and exchanged."""
    texts = list(seeds("policy").values())
    words = sorted({word for text in texts for word in _WORD.findall(text) if word.strip()})
    starts = re.compile(rb"(?m)^(?=[a-z])")
    declarations = sorted({part for text in texts for part in starts.split(text) if part[:9] != b"infoshare"})

    def mutate(data: bytes, chance: random.Random) -> bytes:
        if chance.random() < 0.3:
            parts = starts.split(data)
            parts.insert(chance.randint(min(1, len(parts)), len(parts)), chance.choice(declarations) + b"\n")
            return b"".join(parts)
        parts = _WORD.findall(data) or [b"infoshare 1\n"]
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
            alike = [part for part in parts if part != parts[at] and _kind(part) == _kind(parts[at])]
            match chance.randrange(10):
                case 0:
                    parts[at] = b" "
                case 1:
                    parts[at] = chance.choice(words)
                case 2:
                    parts.insert(at, b" " + chance.choice(words) + b" ")
                case 3:
                    parts[at], parts[other] = parts[other], parts[at]
                case 4 | 5:
                    parts[at] = chance.choice(
                        [word for word in words if _kind(word) == _kind(parts[at])] or [parts[at]]
                    )
                case _:
                    parts[at] = chance.choice(alike or [parts[at]])
        return b"".join(parts)

    return mutate


def case_mutator() -> Callable[[bytes, random.Random], bytes]:
    """Answers of a case in JSON given, taken away, made unsure or wrong; elements added to lists."""
    facts = protocol().facts
    odd: list[Any] = [
        None,
        "unsure",
        True,
        False,
        0,
        18,
        -1,
        2**53 + 1,
        7.0,
        "",
        "x\x1b[2J",
        "\u202e",
        [],
        {},
        "2024-02-29",
    ]

    def answer(labels: list[Any], chance: random.Random) -> Any:
        return chance.choice(labels) if labels and chance.random() < 0.7 else chance.choice(odd)

    def mutate(data: bytes, chance: random.Random) -> bytes:
        try:
            case = json.loads(data)
        except (ValueError, RecursionError):
            case = {}
        if not isinstance(case, dict):
            case = {}
        for _ in range(chance.randint(1, 4)):
            fact = chance.choice(facts)
            group, _, name = fact.name.partition(".")
            given = answer([*(fact.labels or {}), True, False], chance)
            if fact.each:
                rows = case.setdefault(group, [])
                if not isinstance(rows, list):
                    continue
                if not rows or chance.random() < 0.3:
                    rows.append(
                        {"name": chance.choice(["GP letter", "notes", f"n{len(rows)}", "\x07", 'a"]'])}
                    )
                row = chance.choice(rows)
                if isinstance(row, dict):
                    row[name] = given
            elif chance.random() < 0.1:
                case[fact.name] = given
            else:
                inner = case.setdefault(group, {})
                if isinstance(inner, dict):
                    inner[name] = given
        return json.dumps(case).encode()

    return mutate


MUTATORS = {"policy": policy_mutator, "case": case_mutator}
