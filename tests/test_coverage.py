"""Which conditions scenarios show to matter: by hand, against brute force on random policies, and as printed."""

import json
from datetime import date
from html.parser import HTMLParser
from random import Random

import attrs
import pytest

from cli_samples import FAILING, PASSING, POLICY, write
from infoshare.authoring.coverage import Coverage, measure, measure_library
from infoshare.authoring.coverage_page import page
from infoshare.cli import main
from infoshare.meaning.resolver import ParsedFile, resolve
from infoshare.policy.load import load_result
from infoshare.policy.policy import Policy
from infoshare.syntax import tree as t
from infoshare.syntax.parser import parse
from infoshare.text import Source
from oracle import expect
from small import DAY

HEAD = """\
infoshare 1
policy p "P"
facts about a "a"
  one "one is so" : yes or no
  two "two is so" : yes or no
  three "three is so" : yes or no
facts about each item "a piece of information"
  needed "it is needed" : yes or no
"""
SHARE = 'rule r "R."\n  share\n  when a.one and a.two\n'


def scenario(then: str, *given: str) -> str:
    lines = "".join(f"    {line}\n" for line in given)
    return f'scenario "{then} {" ".join(given).replace(chr(34), "")}"\n  given\n{lines}  then {then}\n'


def covered(tmp_path, text: str) -> Coverage:
    loaded = load_result(write(tmp_path / "p.policy", HEAD + text))
    assert loaded.policy is not None, loaded.diagnostics
    return measure(loaded.policy, loaded.files, today=DAY)


def ways(coverage: Coverage) -> dict[str, tuple[bool, bool, bool, bool]]:
    return {
        f"{o.owner} {o.text}": (o.clause.yes, o.clause.no, o.decision.yes, o.decision.no)
        for o in coverage.occurrences
    }


def test_a_condition_matters_as_yes_where_the_clause_would_otherwise_fall(tmp_path):
    found = ways(covered(tmp_path, SHARE + scenario("share", "a.one", "a.two")))
    assert found == {"r a.one": (True, False, True, False), "r a.two": (True, False, True, False)}


def test_a_condition_matters_as_no_only_where_everything_beside_it_holds(tmp_path):
    one = scenario("seek advice", "not a.one", "a.two")
    assert ways(covered(tmp_path, SHARE + one)) == {
        "r a.one": (False, True, False, True),
        "r a.two": (False, False, False, False),
    }
    both_no = scenario("seek advice", "not a.one", "not a.two")
    assert not any(any(seen) for seen in ways(covered(tmp_path, SHARE + both_no)).values())


def test_what_a_scenario_leaves_unknown_is_shown_neither_way(tmp_path):
    found = ways(covered(tmp_path, SHARE + scenario("seek advice", "a.two")))
    assert found["r a.one"] == (False, False, False, False)
    assert found["r a.two"] == (
        True,
        False,
        True,
        False,
    )  # open becomes no: it is no longer asked for, and never share


def test_a_clause_can_turn_where_the_decision_does_not(tmp_path):
    other = 'rule s "S."\n  share\n  when a.three\n'
    found = ways(covered(tmp_path, SHARE + other + scenario("share", "a.one", "a.two", "a.three")))
    assert found["r a.one"] == (True, False, False, False)


def test_the_same_fact_in_two_places_counts_twice(tmp_path):
    text = 'rule r "R."\n  share\n  when a.one or (a.one and a.two)\n'
    coverage = covered(tmp_path, text + scenario("share", "a.one", "not a.two"))
    first, second, third = ((o.clause.yes, o.clause.no) for o in coverage.occurrences)
    assert (first, second, third) == ((True, False), (False, False), (False, False))


def test_a_define_counts_once_for_its_own_conditions_and_wherever_it_is_named(tmp_path):
    text = (
        'define both "both are so" as a.one and a.two\n'
        'rule r "R."\n  share\n  when both\nrule s "S."\n  withhold\n  when not both\n'
    )
    found = ways(
        covered(
            tmp_path, text + scenario("share", "a.one", "a.two") + scenario("withhold", "not a.one", "a.two")
        )
    )
    assert found == {
        "both a.one": (True, True, True, True),
        "both a.two": (True, False, True, False),
        "r both": (True, True, True, True),
        "s both": (True, True, True, True),
    }


def test_a_safeguard_is_covered_by_rows_that_it_holds_back_and_that_it_lets_go(tmp_path):
    text = (
        'rule r "R."\n  share\n'
        'safeguard s "S."\n  for each item\n  require item.needed\n  otherwise "Leave it out."\n'
        + scenario("share", 'item "A" (needed)', 'item "B" (not needed)')
    )
    assert ways(covered(tmp_path, text)) == {"s item.needed": (True, True, True, True)}


def test_duties_and_exceptions_are_covered_too(tmp_path):
    text = (
        'rule r "R."\n  share\n'
        'duty d "D."\n  before sharing\n  unless a.two\n'
        'exception e "E."\n  sets aside d\n  when a.one\n'
    )
    coverage = covered(tmp_path, text + scenario("share", "a.one", "not a.two"))
    assert ways(coverage) == {"d a.two": (False, True, False, True), "e a.one": (True, False, True, False)}
    assert coverage.never_lifted == ()


def test_clauses_that_never_stood_and_exceptions_that_lifted_nothing_are_named(tmp_path):
    text = (
        SHARE
        + 'exception e "E."\n  sets aside r\n  when a.three\n'
        + scenario("seek advice", "not a.one", "a.three")
    )
    coverage = covered(tmp_path, text)
    assert [missed.name for missed in coverage.never_fired] == ["r"]
    assert [missed.name for missed in coverage.never_lifted] == ["e"]


def test_what_only_an_empty_list_shows_is_asked_for_and_what_no_case_shows_is_not(tmp_path):
    text = 'impossible i "Never both." when a.one and a.two\n'
    text += 'rule r "R."\n  share\n  when a.three and no item (item.needed or not item.needed)\n'
    text += 'rule s "S."\n  withhold\n  when a.one and not a.two\n'
    found = {f"{o.owner} {o.text}": o.clause.missing for o in covered(tmp_path, text).occurrences}
    assert found["r a.three"] == [True, False]  # a case that lists nothing shows it
    assert found["s a.one"] == [True, False]
    assert found["s a.two"] == [False]  # where both are so, nothing can be


def test_what_a_used_policy_says_is_not_counted_where_it_is_only_used(tmp_path):
    write(tmp_path / "national.policy", HEAD + SHARE)
    local = 'infoshare 1\npolicy l "L"\nuse "national.policy"\nrule s "S."\n  withhold\n  when a.three\n'
    loaded = load_result(write(tmp_path / "local.policy", local))
    assert loaded.policy is not None
    assert [o.owner for o in measure(loaded.policy, loaded.files, today=DAY).occurrences] == ["s"]


def library(tmp_path):
    """A library of one duty, and two policies that use it, each with a scenario that shows one half of it."""
    write(
        tmp_path / "lib.policy",
        HEAD.replace('policy p "P"\n', "") + 'duty d "D." before sharing when a.three\n',
    )
    for name, three in (("one", "a.three"), ("two", "not a.three")):
        text = f'infoshare 1\npolicy {name} "P"\nuse "lib.policy"\n' + SHARE
        write(tmp_path / f"{name}.policy", text + scenario("share", "a.one", "a.two", three))


def test_a_library_is_covered_by_the_scenarios_of_all_policies_that_use_it(tmp_path):
    library(tmp_path)
    loaded = [load_result(str(tmp_path / f"{name}.policy")) for name in ("one", "two")]
    found = next(file for file in loaded[0].files if file.path.endswith("lib.policy"))
    shown = [
        ways(measure_library(found, [each.policy for each in of], today=DAY))["d a.three"]
        for of in (loaded[:1], loaded[1:], loaded)
    ]
    assert shown == [(True, False, True, False), (False, True, False, True), (True, True, True, True)]


def test_the_command_counts_a_library_among_the_paths_once(tmp_path, capsys):
    library(tmp_path)
    main(["test", str(tmp_path), "--coverage", "--format", "json"])
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["policy"], each["scenarios"]) for each in found] == [
        ("one", 1),
        ("two", 1),
        ("lib.policy", 2),
    ]
    main(["test", str(tmp_path / "one.policy"), "--coverage", "--format", "json"])
    assert [json.loads(line)["policy"] for line in capsys.readouterr().out.splitlines()] == ["one"]


# --- against brute force --------------------------------------------------------------------------

FACTS = ("one", "two", "three")


def random_condition(rng: Random, depth: int) -> t.Condition:
    kind = rng.randrange(6) if depth else 5
    if kind < 2:
        items = tuple(random_condition(rng, depth - 1) for _ in range(rng.randint(2, 3)))
        return t.And(items) if kind else t.Or(items)
    if kind == 2:
        return t.Not(random_condition(rng, depth - 1))
    if kind == 3:
        items = tuple(random_condition(rng, 0) for _ in range(2))
        return t.These(rng.choice(("any", "all", "none")), items)
    fact = t.Path("a", rng.choice(FACTS))
    return (
        t.Holds(fact)
        if rng.random() < 0.6
        else t.Is(fact, (t.Word(rng.choice(("yes", "no"))),), rng.random() < 0.5)
    )


def random_file(rng: Random) -> t.File:
    loaded = parse(Source("p.policy", HEAD)).file
    assert loaded is not None
    clauses = []
    for number in range(4):
        said = t.Provisions(
            random_condition(rng, 2), random_condition(rng, 1) if rng.random() < 0.3 else None
        )
        outcome = rng.choice((t.Outcome.SHARE, t.Outcome.WITHHOLD, t.Outcome.SEEK_CONSENT))
        name, effect = t.Name(f"r{number}"), t.Effect(outcome, rng.random() < 0.2)
        if number == 3:
            targets = (t.Name("r0"), t.Name("r1"))
            clauses.append(t.Clause("override", name, "R.", effect, targets, said))
        else:
            clauses.append(t.Clause("rule", name, "R.", effect, (), said))
    said = t.Provisions(random_condition(rng, 1))
    clauses.append(t.Exception_(t.Name("e"), "E.", (t.Name("r2"), t.Name("d")), said))
    clauses.append(
        t.Duty(
            t.Name("d"), "D.", (t.Timing("before", t.Act.SHARING),), t.Provisions(random_condition(rng, 1))
        )
    )
    return attrs.evolve(loaded, declarations=(*loaded.declarations, *clauses))


def leaves(node: object, path: tuple[object, ...] = ()):
    """The way to every atom in a declaration: names of fields, and places in tuples."""
    match node:
        case t.Holds() | t.Is():
            yield path
        case tuple():
            for index, item in enumerate(node):
                yield from leaves(item, (*path, index))
        case t.Clause() | t.Exception_() | t.Duty():
            yield from leaves(node.provisions.when, (*path, "provisions", "when"))
            yield from leaves(node.provisions.unless, (*path, "provisions", "unless"))
        case t.Not():
            yield from leaves(node.item, (*path, "item"))
        case t.And() | t.Or() | t.These():
            yield from leaves(node.items, (*path, "items"))
        case _:
            pass


def put(node, path, new):
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        return (*node[:first], put(node[first], rest, new), *node[first + 1 :])
    return attrs.evolve(node, **{first: put(getattr(node, first), rest, new)})


def seen_by_oracle(file: t.File, case: dict[str, object]) -> tuple[dict[str, object], object]:
    """What becomes of each clause, and the decision."""
    want = expect((file,), case, DAY)
    owners = {n.name.text: None for n in file.declarations if hasattr(n, "provisions")}
    for name in owners:
        owners[name] = (name in want.fired, want.duties.get(name), name in want.lifted)
    acting = {name for by in (*want.excepted.values(), *want.lifted.values()) for name in by.always}
    decision = (want.outcome, want.basis, want.mandatory, want.duties, sorted(want.lifted))
    return {**owners, "e": "e" in acting}, decision


def test_coverage_is_what_flipping_every_occurrence_by_hand_shows():
    rng = Random("flipping")
    tried = 0
    for _ in range(40):
        file = random_file(rng)
        cases = [{"a": {fact: rng.random() < 0.5 for fact in FACTS}} for _ in range(2)]
        givens = [
            tuple(t.GivenHolds(t.Path("a", fact), not answer) for fact, answer in case["a"].items())
            for case in cases
        ]
        scenarios = tuple(
            t.Scenario(str(n), given, t.Expectation(t.Outcome.SHARE)) for n, given in enumerate(givens)
        )
        whole = attrs.evolve(file, declarations=(*file.declarations, *scenarios))
        parsed = [ParsedFile("p.policy", whole)]
        resolution = resolve(parsed)
        assert resolution.model is not None, resolution.diagnostics
        policy = Policy(resolution.model, tuple(attrs.evolve(s, as_of=DAY) for s in resolution.scenarios), ())
        found = iter(measure(policy, parsed, today=DAY).occurrences)
        for index, node in enumerate(file.declarations):
            for path in leaves(node):
                wanted = {
                    "decision yes": False,
                    "decision no": False,
                    "clause yes": False,
                    "clause no": False,
                }
                name = node.name.text
                for case in cases:
                    owners, decision = seen_by_oracle(file, case)
                    for forced in (True, False):
                        constant = t.And(()) if forced else t.Or(())
                        changed = put(file, ("declarations", index, *path), constant)
                        after, decided = seen_by_oracle(changed, case)
                        was = "no" if forced else "yes"
                        wanted[f"decision {was}"] |= decided != decision
                        if name != "e":
                            wanted[f"clause {was}"] |= after[name] != owners[name]
                shown = next(found)
                got = {"decision yes": shown.decision.yes, "decision no": shown.decision.no}
                if name != "e":
                    got |= {"clause yes": shown.clause.yes, "clause no": shown.clause.no}
                assert got == {key: wanted[key] for key in got}, (file, name, path)
                tried += 1
        assert next(found, None) is None
    assert tried > 500


# --- as printed -----------------------------------------------------------------------------------


def test_the_command_prints_figures_and_what_is_missing(tmp_path, capsys):
    assert main(["test", write(tmp_path / "p.policy", POLICY + PASSING), "--coverage"]) == 0
    out = capsys.readouterr().out
    assert "coverage of sample: 0.0 %" in out
    assert "p.policy:17 agreed" in out
    assert "decision: as no" in out
    assert "never fired:" in out


def test_a_figure_below_the_threshold_exits_with_one(tmp_path):
    name = write(tmp_path / "p.policy", POLICY + PASSING)
    assert main(["test", name, "--coverage", "--fail-under", "10"]) == 1
    assert main(["test", name, "--coverage", "--fail-under", "0"]) == 0


def test_json_is_one_line_a_policy_and_failures_go_elsewhere(tmp_path, capsys):
    name = write(tmp_path / "p.policy", POLICY + PASSING + FAILING)
    assert main(["test", name, "--coverage", "--format", "json"]) == 1
    out, err = capsys.readouterr()
    data = json.loads(out)
    assert data["format"] == "infoshare.coverage/1"
    assert data["scenarios"] == 2
    assert {o["in"] for o in data["occurrences"]} == {
        "agreed",
        "respected",
        "ask_first",
        "safety_first",
        "secrets",
    }
    assert "FAILED" in err


def test_scenarios_in_another_file_count_for_the_policy_that_they_use(tmp_path, capsys):
    write(tmp_path / "p.policy", POLICY)
    write(tmp_path / "s.policy", 'infoshare 1\nuse "p.policy"\n' + PASSING)
    main(["test", str(tmp_path), "--coverage", "--format", "json"])
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["scenarios"] == 1


@pytest.mark.parametrize(
    "options", [["--fail-under", "90"], ["--format", "json"], ["--mutate", "--format", "html"]]
)
def test_options_that_say_nothing_together_are_an_error(tmp_path, capsys, options):
    assert main(["test", write(tmp_path / "p.policy", POLICY), *options]) == 2
    assert "--coverage" in capsys.readouterr().err


class _Tags(HTMLParser):
    void = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        if tag not in self.void:
            self.open.append(tag)
        found = dict(attributes)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_escaped_and_has_no_script(tmp_path):
    nasty = POLICY.replace("A sample", "<script>alert(1)</script>").replace(
        "when concern.serious", "when concern.serious\n    and not\n      concern.secret"
    )
    loaded = load_result(write(tmp_path / "p.policy", nasty + PASSING))
    assert loaded.policy is not None
    html = page([measure(loaded.policy, loaded.files, today=date(2026, 6, 1))])
    tags = _Tags()
    tags.feed(html)
    assert tags.open == []
    assert not tags.seen & {"script", "link", "img", "iframe", "base"}
    assert "&lt;script&gt;" in html
    assert len(tags.ids) == len(set(tags.ids))
    assert {link.removeprefix("#") for link in tags.links} <= set(tags.ids)
    assert html.isascii()
