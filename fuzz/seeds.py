"""What a fuzzer starts from: the words of the grammar as its dictionary; policies, cases and examples as its seeds."""

import re
from pathlib import Path

from fuzz_targets import ROOT, blocks, protocol
from infoshare.syntax.words import KEYWORDS

_LONGEST = 6000
"""Bytes of a seed: what is longer is tried by the tests, and would make every step of the fuzzer slow."""


def seeds(target: str) -> dict[str, bytes]:
    """The seeds of a target by name."""
    found = _policies() if target == "policy" else _cases()
    return {name: data for name, data in found.items() if len(data) <= _LONGEST}


def write_dictionary(target: str, path: Path) -> None:
    """Writes the words that a fuzzer puts together, as libFuzzer reads them."""
    words = _policy_words() if target == "policy" else _case_words()
    escaped = (
        re.sub(rb'[\\"]|[^ -~]', lambda m: b"\\x%02x" % m[0][0], word.encode()) for word in sorted(words)
    )
    path.write_bytes(b"\n".join(b'"%s"' % word for word in escaped) + b"\n")


def _policies() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    language = (ROOT / "docs" / "language.md").read_text("utf-8")
    (start,) = blocks(language, "policy-start")
    for number, text in enumerate(blocks(language, "policy")):
        whole = text if re.search(r"^infoshare ", text, re.MULTILINE) else start + text
        found[f"language-{number}"] = whole.encode()
    for page in sorted((ROOT / "docs" / "codes").glob("IS*.md")):
        if page.stem == "IS611":  # goes to the limit of what is tried for a case, a second each time
            continue
        for number, text in enumerate(blocks(page.read_text("utf-8"), r"policy[^\n]*")):
            found[f"{page.stem}-{number}"] = text.encode()
    for path in sorted((ROOT / "policies").glob("*.policy")):
        found |= _clause_by_clause(path)
    found["words"] = blocks(language, "policy-words")[0].encode()
    return found


def _clause_by_clause(path: Path) -> dict[str, bytes]:
    """A few declarations of a shipped policy at a time, on its own vocabulary."""
    text = path.read_text("utf-8")
    parts = re.split(
        r"(?m)^(?=(?:consent|rule|override|exception|duty|safeguard|advice|guarantee|scenario) )", text
    )
    start = 'infoshare 1\nuse "infoshare:vocabulary"\n'
    return {
        f"{path.stem}-{at}": (start + "".join(parts[at : at + 4])).encode() for at in range(1, len(parts), 4)
    }


def _cases() -> dict[str, bytes]:
    folder = ROOT / "examples"
    found = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.json"))}
    found |= {path.stem: b"# toml\n" + path.read_bytes() for path in sorted(folder.glob("*.toml"))}
    for page in sorted((ROOT / "docs" / "codes").glob("IS*.md")):
        for number, text in enumerate(blocks(page.read_text("utf-8"), "json")):
            found[f"{page.stem}-{number}"] = text.encode()
    found["yaml"] = b"---\nconsent: {status: refused}\nitem:\n  - name: GP letter\n    necessary: yes\n"
    return found


def _policy_words() -> set[str]:
    words = set(KEYWORDS) | {
        *(
            "infoshare 1\n",
            'use "words.policy"\n',
            'use "infoshare:vocabulary"\n',
            "facts about each item",
            "is one of",
        ),
        *(
            "any of these\n  - ",
            "all of these\n  - ",
            "none of these\n  - ",
            "prevails over every consent clause",
        ),
        *(
            "yes or no",
            "one of",
            "some of",
            "number of years from 0 to 25",
            "is not one of",
            "any item (",
            "2026-01-01",
        ),
        *(
            "2024-02-29",
            "6 months before",
            "is exactly",
            "because of silence",
            "seek advice",
            "seek consent",
            "every ",
        ),
        *(
            '"',
            "(",
            ")",
            ",",
            ":",
            "-",
            "<=",
            ">=",
            "<",
            ">",
            "#",
            "\r\n",
            "\u2026",
            "\u202e",
            "\ufeff",
            "e\u0301",
            "unsure",
        ),
    }
    return words | {
        "consent.status",
        "child.age",
        "child.born_on",
        "item.necessary",
        "concern.signs",
        "concern.harm",
    }


def _case_words() -> set[str]:
    values = {f'"{value}"' for fact in protocol().facts for value in fact.labels or ()}
    names = {f'"{part}"' for fact in protocol().facts for part in (fact.name, *fact.name.split("."))}
    shapes = {
        '"name"',
        '"case"',
        "true",
        "false",
        "null",
        '"unsure"',
        "NaN",
        "Infinity",
        "1e400",
        "-0",
        "[]",
        "{}",
        "\\ud800",
    }
    days = {
        '"2026-01-31"',
        '"2024-02-29"',
        "2026-01-31",
        '"yes"',
        '"no"',
        "[[item]]\n",
        "# toml\n",
        "---\n",
        "&a ",
        "*a",
        "<<: ",
    }
    return values | names | shapes | days | {"\u202e", "\\u001b[2J", "\x1b", "18", "18.0", "=", ": ", "- "}
