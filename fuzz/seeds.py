"""What a fuzzer starts from: the words of the grammar as its dictionary; policies, cases and examples as its seeds."""

import re
from pathlib import Path

from fuzz_targets import ROOT, blocks, protocol
from infoshare.syntax.words import BY_PLACE, KEYWORDS

_LONGEST = 6000
"""Bytes of a seed: what is longer is tried by the tests, and would make every step of the fuzzer slow."""


_PEOPLE_AND_ROWS = """infoshare 1
policy p "P" from 2026-01-01
source act "The act"
value age_of_consent by place.state: ireland 16, others 17 from 2026-01-01
holidays bank 2026-01-01, 2026-12-25
facts about place "the place"
  state "where" : one of ireland, france
  level "how serious" : one of none, low, high in order ask first "How serious?"
  came_on "the day it came" : date fixed
facts about each person "somebody" unanswered means none
  role "they are" : one of child, parent
  born_on "born" : date
  age "age" : number of years from 0 to 120
  suspected "suspected" : yes or no
facts about each item "a piece of information"
  about "whom it is about" : some person unanswered means every person (person.role is child)
  kind "it is" : some of letter, note
facts about each recipient "somebody who is to receive it"
  who "which of the people" : one person
define young "they are young" for each person as years between person.born_on and today < age_of_consent
part main "Main" when place.level is at least low from 2026-01-01 cites act
rule nobody "Nobody else gets it."
  must withhold where no other clause stands
rule him "He gets nothing."
  withhold
  for each recipient
  when recipient.who.suspected or recipient.who is none of them
consent ask_them "Ask them."
  should seek consent from each person in item.about (person.young)
  for each item and recipient
  when item.about includes recipient.who and item.kind includes none of letter, note
override all_of_it "It goes."
  share
  prevails over all other clauses, every clause of main
  for each item
  when at least 2 person (person.age plus 2 > 18) and no person in item.about (person.suspected)
exception need_not "It need not."
  relaxes him
duty tell "Tell them."
  after holding back
  for each person
  within 3 working days of place.came_on
guarantee g "Never him." never share for each recipient when recipient.who.suspected
scenario "It differs"
  given
    person "Ann" (role is child)
    item "note" (about is exactly ("Ann"), kind is exactly note)
    recipient "him" (who is none of them)
  then differs
    must withhold for "note" to "him"
    asking consent of "Ann"
    with tell for "Ann"
"""


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
    found["people-and-rows"] = _PEOPLE_AND_ROWS.encode()
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
    words = set(KEYWORDS | BY_PLACE) | {
        *(
            "for each recipient\n",
            "for each item and recipient\n",
            "for each person\n",
            "seek consent from each person in item.about (",
            "where no other clause stands",
            "prevails over all other clauses",
            "every clause of",
            "instead of",
            "recipient.who.suspected",
            "any person in item.about (",
            "at least 2 person (",
            "is none of them",
            "is empty",
            "is at least",
            "includes any of",
            "years between",
            "within 3 working days of",
            "some person",
            "one person",
            "also one of",
            "in order",
            "unanswered means every person (",
            'ask first "',
        ),
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
