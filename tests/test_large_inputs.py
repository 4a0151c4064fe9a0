"""Reading grows in step with what is read, sound or wrong: steps are counted, at a size and at twice that size."""

import difflib
from collections.abc import Callable
from datetime import date

import pytest

from infoshare import FactsError
from infoshare.diagnostic import Nearest
from infoshare.policy.files import FilesInMemory
from infoshare.policy.load import LoadResult, _load
from infoshare.rendering import render_all
from steps import grows_in_step

HEAD = 'infoshare 1\npolicy p "P" from 2026-01-01\nsource s "S"\nfacts about g "g"\n  it "it is so" : yes or no\n'


def loaded(text: str) -> LoadResult:
    return _load(FilesInMemory({"p.policy": (HEAD + text).encode()}, "p.policy"))


def many(n: int, one: Callable[[int], str], between: str = "") -> str:
    return between.join(one(i) for i in range(n))


LARGE: dict[str, Callable[[int], str]] = {
    "facts": lambda n: 'facts about h "h"\n' + many(n, lambda i: f'  f{i} "f" : yes or no\n'),
    "an or of many": lambda n: 'rule r "R."\n  share\n  when ' + " or ".join(["g.it"] * n) + "\n",
    "a list of many": lambda n: 'define d "D" as any of these ' + "- g.it " * n + "\n",
    "clauses": lambda n: many(n, lambda i: f'rule r{i} "R."\n  share\n  when g.it\n  cites s "{i}"\n'),
    "defines": lambda n: many(n, lambda i: f'define d{i} "D" as g.it\n'),
    "scenarios": lambda n: many(n, lambda i: f'scenario "s{i}" given g.it then seek advice\n'),
    "targets": lambda n: (
        many(n, lambda i: f'rule r{i} "R." withhold\n')
        + 'override o "O." share prevails over '
        + many(n, lambda i: f"r{i}", ", ")
    ),
    "elements": lambda n: (
        'facts about each item "i"\n  a "a" : yes or no\nscenario "s" given '
        + many(n, lambda i: f'item "i{i}" (a) ')
        + "then seek advice releasing "
        + many(n, lambda i: f'"i{i}"', ", ")
    ),
    "clauses over defines that use a value": lambda n: (
        'facts about h "h"\n  n "n" : number\nvalue v 3 from 2026-01-01\n'
        + many(n, lambda i: f'define d{i} "D" as h.n < v\n')
        + f'define all "D" as any of these {many(n, lambda i: f"- d{i} ")}\n'
        + many(n, lambda i: f'rule r{i} "R." share when all\n')
    ),
    "circles of defines": lambda n: many(n, lambda i: f'define d{i} "D" as e{i}\ndefine e{i} "D" as d{i}\n'),
    "one circle of defines": lambda n: many(n, lambda i: f'define d{i} "D" as d{(i + 1) % n}\n'),
    "circles within circles": lambda n: many(
        n, lambda i: f'define d{i} "D" as d{(i + 1) % n} or d{max(0, i - 1)}\n'
    ),
    "circles of exceptions": lambda n: many(
        n, lambda i: f'exception d{i} "D" sets aside e{i}\nexception e{i} "D" sets aside d{i}\n'
    ),
    "a misspelt word in each clause": lambda n: many(n, lambda i: f'rule r{i} "R."\n  share\n  wen g.it\n'),
    "a wrong character in each clause": lambda n: many(
        n, lambda i: f'rule r{i} "R."\n  share\n  when g.it = 1\n'
    ),
    "a part said twice in each clause": lambda n: many(
        n, lambda i: f'rule r{i} "R."\n  share\n  when g.it\n  when g.it\n'
    ),
    "a wrong type in each clause": lambda n: many(n, lambda i: f'rule r{i} "R."\n  share\n  when g.it < 3\n'),
    "clauses of one name": lambda n: 'rule r "R."\n  share\n  when g.it\n' * n,
    "one value said again and again": lambda n: 'facts about h "h"\n  a "a" : one of a' + ", a" * n + "\n",
    "values joined with or": lambda n: (
        'facts about h "h"\n  a "a" : one of a, b\nrule r "R." share when h.a is a' + " or b" * n + "\n"
    ),
    "an error after many clauses": lambda n: many(n, lambda i: f'rule r{i} "R." share\n') + "oops\n",
    "an error at the end of a long line": lambda n: 'rule r "R." share when ' + "g.it and " * n + "!\n",
    "items that go on": lambda n: 'define d "D" as any of these ' + "- g.it or g.it " * n + "\n",
    "one item that goes on": lambda n: 'define d "D" as any of these - g.it' + " or g.it" * n + "\n",
    "strings that are not closed": lambda n: many(n, lambda i: f'rule r{i} "R.\n  share\n'),
    "a string that is not closed": lambda n: 'rule r "' + "word " * n,
    "words that say nothing": lambda n: "oops " * n,
    "quotation marks": lambda n: '"' * n,
    "brackets": lambda n: 'rule r "R." share when ' + "(" * n,
    "dashes": lambda n: 'define d "D" as any of these ' + "- " * n,
    "commas": lambda n: 'facts about h "h"\n  a "a" : one of ' + "a, " * n,
    "headers": lambda n: "infoshare 1\n" * n,
    "files that are not there": lambda n: many(n, lambda i: f'use "f{i}.policy"\n'),
    "clauses without a name": lambda n: many(n, lambda i: f'rule "R{i}."\n  share\n'),
}


@pytest.mark.parametrize("kind", LARGE)
def test_twice_as_much_takes_about_twice_as_many_steps(kind):
    assert grows_in_step(lambda size: render_all(loaded(LARGE[kind](size)).diagnostics), 80)


NAMES = [f"{group}_{i}" for i in range(200) for group in ("consent", "child", "sharing", "concern", "court")]


def slip(name: str) -> str:
    """A name with its second and third letters the wrong way round."""
    return name[0] + name[2] + name[1] + name[3:]


@pytest.fixture
def compared(monkeypatch):
    """How many pairs of letters each search for the nearest name compared."""
    numbers: list[int] = []
    search = difflib.get_close_matches

    def counted(word, possibilities, **options):
        numbers.append(len(word) * sum(map(len, possibilities)))
        return search(word, possibilities, **options)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    return numbers


def test_a_thousand_misspelt_names_are_each_told_what_was_meant_and_few_names_are_compared(compared):
    text = 'facts about x "x"\n' + many(len(NAMES), lambda i: f'  {NAMES[i]} "f" : yes or no\n')
    text += many(len(NAMES), lambda i: f'rule r{i} "R."\n  share\n  when x.{slip(NAMES[i])}\n')
    found = loaded(text).diagnostics
    assert [fault.help[0] for fault in found] == [f"did you mean `x.{name}`?" for name in NAMES]
    assert sum(compared) <= Nearest.MOST_LETTERS


@pytest.mark.parametrize("name", NAMES[::50])
def test_where_few_names_are_compared_the_same_one_is_found(name):
    every, few = Nearest(NAMES), Nearest(NAMES)
    few._spent = Nearest.BUDGET
    assert few.to(slip(name)) == every.to(slip(name)) == name


@pytest.mark.parametrize("length", [1, 4, 8])
def test_however_many_and_however_long_misspelt_names_are_the_search_for_what_was_meant_ends(
    compared, length
):
    names = [f"{'abcdefghij' * length}_{i}" for i in range(200)]
    near, once = Nearest(names), len(names[-1]) * sum(map(len, names))
    told = [near.to(f"{'abcdefghji' * length}_{i}") for i in range(200)] * 5
    assert told[0] == names[0]
    assert sum(compared) <= Nearest.MOST_LETTERS + 2 * once


def test_a_message_lists_the_first_values_of_many():
    text = 'facts about h "h"\n  a "a" : one of ' + many(1_000, lambda i: f"v{i}", ", ")
    (fault,) = loaded(text + '\nrule r "R."\n  share\n  when h.a is other\n').diagnostics
    assert fault.labels[0].text.endswith("`v19` and 980 more")


def test_a_case_with_a_thousand_misspelt_facts_is_told_of_each_and_few_names_are_compared(compared):
    text = 'facts about x "x"\n' + many(len(NAMES), lambda i: f'  {NAMES[i]} "f" : yes or no\n')
    policy = loaded(text).policy
    assert policy is not None
    with pytest.raises(FactsError) as caught:
        policy.decide({"x": {slip(name): True for name in NAMES}}, as_of=date(2026, 1, 1))
    assert [fault.help[0] for fault in caught.value.diagnostics] == [
        f"did you mean `x.{name}`?" for name in NAMES
    ]
    assert sum(compared) <= Nearest.MOST_LETTERS
