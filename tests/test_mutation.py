"""Slips that scenarios notice or miss: by hand, the proof of equivalence against the oracle, and as printed."""

import json
import re
from itertools import product
from random import Random

import attrs
import pytest

from cli_samples import PASSING, POLICY, write
from infoshare.analysis.every_case import Analysis
from infoshare.authoring.mutants import mutants
from infoshare.authoring.mutation import Mutation, _Bench, mutate, mutate_library
from infoshare.budget import Budget
from infoshare.cli import main
from infoshare.meaning.resolver import resolve
from infoshare.policy.load import load_result
from infoshare.scenarios import run_scenarios
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
  age "the age" : number of years from 0 to 4
facts about each item "a piece of information"
  needed "it is needed" : yes or no
"""


def tried(tmp_path, text: str) -> Mutation:
    loaded = load_result(write(tmp_path / "p.policy", HEAD + text))
    assert loaded.policy is not None, loaded.diagnostics
    assert all(result.passed for result in run_scenarios(loaded.policy, today=DAY))
    return mutate(loaded.policy, loaded.files, today=DAY)


def became(mutation: Mutation) -> dict[str, str]:
    return {f"{trial.mutant.name}: {trial.mutant.what}": trial.verdict for trial in mutation.trials}


def changes(text: str) -> set[str]:
    file = parse(Source("p.policy", HEAD + text)).file
    assert file is not None
    return {mutant.what for node in file.declarations for mutant in mutants(node)}


def scenario(then: str, *given: str) -> str:
    lines = "".join(f"    {line}\n" for line in given)
    return f'scenario "{then} {" ".join(given).replace(chr(34), "")}"\n  given\n{lines}  then {then}\n'


def test_every_kind_of_slip_is_made():
    assert changes('rule r "R."\n  must share\n  when a.one and a.age < 3\n  unless a.two\n') == {
        "`r` never holds",
        "`must share` becomes `share`",
        "`must share` becomes `must withhold`",
        "without its `when`",
        "without its `unless`",
        "and becomes or",
        "without `a.one`",
        "without `a.age < 3`",
        "`a.one` is negated",
        "`a.age < 3` is negated",
        "`a.two` is negated",
        "3 becomes 4",
        "3 becomes 2",
    }
    assert changes('override o "O."\n  share\n  prevails over every consent clause, r\n') == {
        "`o` never holds",
        "`share` becomes `withhold`",
        "without `every consent clause`",
        "without `r`",
    }
    assert changes('duty d "D."\n  before sharing, after deciding\n') == {
        "`d` never holds",
        "without `before sharing`",
        "without `after deciding`",
        "before sharing becomes before withholding",
        "after deciding becomes after sharing",
    }
    assert changes('safeguard s "S."\n  for each item\n  require item.needed\n  otherwise "No."\n') == {
        "`s` never holds",
        "`item.needed` is negated",
    }
    assert {"any of these becomes all of these", "without `a.two`"} <= changes(
        'define x "x" as any of these\n  - a.one\n  - a.two\n'
    )
    assert "any becomes every" in changes('define x "x" as any item (item.needed)\n')


def test_advice_promises_and_scenarios_are_left_as_they_are():
    assert (
        changes('advice w from "whom"\n  when a.one\nguarantee g "G."\n  never share\n  when a.one\n')
        == set()
    )


def test_a_scenario_notices_only_what_it_expects_otherwise(tmp_path):
    text = 'rule r "R."\n  share\n  when a.one and a.two\n'
    found = became(tried(tmp_path, text + scenario("share", "a.one", "a.two")))
    assert found["r: `a.one` is negated"] == "noticed"
    assert found["r: `share` becomes `withhold`"] == "noticed"
    assert found["r: and becomes or"] == "survived"
    assert found["r: without `a.one`"] == "survived"
    more = scenario("share", "a.one", "a.two") + scenario("seek advice", "not a.one", "a.two")
    found = became(tried(tmp_path, text + more))
    assert found["r: and becomes or"] == "noticed"
    assert found["r: without `a.one`"] == "noticed"
    assert found["r: without `a.two`"] == "survived"


def test_a_difference_that_a_scenario_does_not_speak_of_is_not_noticed(tmp_path):
    text = 'rule r "R."\n  share\n  when a.one\nduty d "D."\n  before sharing\n  when a.two\n'
    silent = scenario("share", "a.one", "a.two")
    assert became(tried(tmp_path, text + silent))["d: `d` never holds"] == "survived"
    told = silent.replace("then share", "then share with d")
    assert became(tried(tmp_path, text + told))["d: `d` never holds"] == "noticed"


def test_a_guarantee_that_would_fail_in_some_case_notices_too(tmp_path):
    text = 'rule r "R."\n  share\n  when a.one and not a.two\n'
    promise = 'guarantee g "G."\n  never share\n  when a.two\n'
    found = became(tried(tmp_path, text + promise + scenario("share", "a.one", "not a.two")))
    assert found["r: without `not a.two`"] == "guaranteed"
    assert found["r: without `a.one`"] == "survived"


def test_what_provably_changes_nothing_is_no_survivor(tmp_path):
    text = 'rule r "R."\n  share\n  when a.one and (a.one or a.two)\n'
    mutation = tried(
        tmp_path, text + scenario("share", "a.one") + scenario("seek advice", "not a.one", "a.two")
    )
    found = became(mutation)
    assert found["r: without `(a.one or a.two)`"] == "equivalent"
    assert mutation.score == 100 * mutation.count("noticed") / (
        len(mutation.trials) - mutation.count("equivalent")
    )


def test_what_hangs_on_an_unknown_list_is_not_taken_for_proved(tmp_path):
    text = (
        'define listed "something is needed" as any item (item.needed)\n'
        'rule r "R."\n  share\n  when a.one and listed\nrule s "S."\n  share\n  when a.one and not listed\n'
    )
    found = became(tried(tmp_path, text + scenario("share", "a.one", 'item "A" (needed)')))
    assert found["listed: `item.needed` is negated"] == "survived"


def test_what_hangs_on_the_day_is_not_taken_for_proved(tmp_path):
    text = (
        'facts about b "b"\n  day "the day" : date\n'
        'rule r "R."\n  share\n  when b.day < 30 days before today or b.day < 1 months before today\n'
    )
    assert "equivalent" not in became(tried(tmp_path, text)).values()


def test_the_same_verdict_as_running_every_scenario_on_every_mutant(tmp_path):
    rng = Random("short cuts")
    text = (
        'define both "both are so" as a.one and a.two\n'
        'impossible never_both "It cannot be." when both and a.three\n'
        'rule r "R."\n  share\n  when both or a.three\nconsent c "C."\n  withhold\n  when a.two\n'
        'override o "O."\n  must share\n  prevails over every consent clause\n  when a.age >= 3\n'
        'exception e "E."\n  sets aside c, d\n  when not a.one\nduty d "D."\n  before sharing\n'
        'safeguard s "S."\n  for each item\n  require item.needed or both\n  otherwise "No."\n'
        'guarantee g "G."\n  always share\n  when both\n'
    )
    for number in range(6):
        facts = [f"{rng.choice(('', 'not '))}a.{fact}" for fact in ("one", "two") if rng.random() < 0.8]
        facts += ["not a.three", f"a.age is {rng.randrange(5)}", 'item "A" (not needed)'][
            : rng.randint(0, 3)
        ] or ["a.one"]
        for then in (
            "share",
            "share with d",
            "share because of e",
            "withhold",
            "withhold because of c",
            "seek advice",
        ):
            text += scenario(then, *dict.fromkeys(facts)).replace(f'"{then}', f'"{number} {then}', 1)
    loaded = load_result(write(tmp_path / "p.policy", HEAD + text))
    assert loaded.policy is not None, loaded.diagnostics
    passing = [r.title for r in run_scenarios(loaded.policy, today=DAY) if r.passed]
    seen = 0
    for trial in mutate(loaded.policy, loaded.files, today=DAY).trials:
        changed = resolve([_changed(loaded, trial.mutant)]).model
        results = run_scenarios(attrs.evolve(loaded.policy, model=changed), today=DAY)
        failing = [r.title for r in results if r.title in passing and not r.passed]
        assert (trial.verdict == "noticed") is bool(failing), (trial.mutant, failing)
        seen += bool(failing)
    assert seen > 10


def test_where_the_diagrams_give_up_every_case_is_decided_instead(tmp_path, monkeypatch):
    text = (
        'rule r "R."\n  share\n  when a.one and (a.two or a.age > 2)\n'
        'override o "O."\n  withhold\n  prevails over r\n  when a.three and a.age < 2\n'
        + scenario("seek advice because of unknown facts", "a.one")
        + scenario("share because of r", "a.one", "a.two", "not a.three")
        + scenario("withhold", "a.three", "a.age is 1")
    )
    before = became(tried(tmp_path, text))
    look = _Bench._look

    def spent(self, scenario):
        found = look(self, scenario)
        found.seen.world.diagrams.budget.left = 0
        return found

    monkeypatch.setattr(_Bench, "_look", spent)
    assert became(tried(tmp_path, text)) == before


def test_what_is_proved_to_change_nothing_changes_nothing_in_any_case(tmp_path):
    rng = Random("proved")
    proved = 0
    for _ in range(25):
        atoms = [rng.choice(("a.one", "a.two", "not a.one", "a.age < 2", "a.age >= 1")) for _ in range(4)]
        text = (
            f'rule r "R."\n  share\n  when {atoms[0]} or ({atoms[1]} and {atoms[2]})\n'
            f'override o "O."\n  withhold\n  prevails over r\n  when {atoms[3]} and ({atoms[0]} or {atoms[1]})\n'
        )
        loaded = load_result(write(tmp_path / "p.policy", HEAD + text))
        assert loaded.policy is not None
        cases = [
            {"a": {"one": one, "two": two, "age": age}}
            for one, two, age in product((True, False), (True, False), range(5))
        ]
        trees = tuple(file.tree for file in loaded.files)
        for trial in mutate(loaded.policy, loaded.files, today=DAY).trials:
            changed = (_changed(loaded, trial.mutant).tree,)
            same = all(_said(trees, case) == _said(changed, case) for case in cases)
            assert (trial.verdict == "equivalent") is same, (text, trial)
            proved += same
    assert proved > 20


def _said(files, case):
    want = expect(files, case, DAY)
    return want.outcome, want.basis, want.mandatory, sorted(want.fired)


def _changed(loaded, mutant):
    (file,) = loaded.files
    name = mutant.node.name.span
    nodes = [
        mutant.node if hasattr(node, "name") and node.name.span == name else node
        for node in file.tree.declarations
    ]
    return attrs.evolve(file, tree=attrs.evolve(file.tree, declarations=tuple(nodes)))


# --- as printed -----------------------------------------------------------------------------------


def test_the_command_prints_the_score_and_each_survivor_with_its_line(tmp_path, capsys):
    assert main(["test", write(tmp_path / "p.policy", POLICY + PASSING), "--mutate"]) == 0
    out = capsys.readouterr().out
    assert "mutants of sample: " in out
    assert "no scenario notices:" in out
    assert "p.policy:19 respected" in out
    assert "`respected` never holds" in out


@pytest.mark.parametrize(("least", "code"), [("99", 1), ("1", 0)])
def test_a_score_below_the_threshold_exits_with_one(tmp_path, least, code):
    assert (
        main(["test", write(tmp_path / "p.policy", POLICY + PASSING), "--mutate", "--fail-under", least])
        == code
    )


def test_as_json_every_mutant_says_what_became_of_it(tmp_path, capsys):
    main(["test", write(tmp_path / "p.policy", POLICY + PASSING), "--mutate", "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    assert data["format"] == "infoshare.mutation/1"
    assert {m["verdict"] for m in data["mutants"]} <= {"noticed", "guaranteed", "equivalent", "survived"}
    noticed = next(m for m in data["mutants"] if m["verdict"] == "noticed")
    assert noticed["by"] == "The family agrees"
    assert noticed["line"] > 0


def test_a_slip_in_what_an_assumption_is_made_of_is_tried_on_what_is_then_assumed(tmp_path):
    text = """\
infoshare 1
policy p "P"
facts about each person "a person"
  kid "they are a kid" : yes or no
facts about each item "a piece of information"
  about "whom it is about" : some person
    unanswered means every person (person.is_kid)
define is_kid "they are one of the kids" for each person as
  person.kid
rule r "R."
  share
  when any item (item.about is not empty)
scenario "It is about the kid"
  given
    person "A" (kid)
    item "x"
  then share
"""
    loaded = load_result(write(tmp_path / "p.policy", text))
    found = became(mutate(loaded.policy, loaded.files, today=DAY))
    assert found["is_kid: `person.kid` is negated"] == "noticed"


def test_a_slip_in_a_define_that_only_says_what_cannot_be_is_none_that_a_scenario_could_notice(tmp_path):
    text = """\
define odd "it is odd" as
  a.one and a.two
define even "it is even" as
  a.one or a.three
impossible no_odd "It is never odd."
  when odd
rule r "R."
  share
  when even
"""
    names = {trial.mutant.name for trial in tried(tmp_path, text + scenario("share", "a.one")).trials}
    assert names == {"even", "r"}


# --- libraries ------------------------------------------------------------------------------------


def test_a_slip_in_a_library_is_noticed_by_the_scenarios_of_any_policy_that_uses_it(tmp_path, capsys):
    library = HEAD.replace('policy p "P"\n', "") + 'duty d "D." before sharing when a.three\n'
    write(tmp_path / "lib.policy", library)
    for name, three, due in (("one", "a.three", "with d"), ("two", "not a.three", "without d")):
        text = f'infoshare 1\npolicy {name} "P"\nuse "lib.policy"\nrule r "R."\n  share\n  when a.one\n'
        text += scenario("share", "a.one", three) + f"    {due}\n"
        write(tmp_path / f"{name}.policy", text)
    loaded = [load_result(str(tmp_path / f"{name}.policy")) for name in ("one", "two")]
    found = next(file for file in loaded[0].files if file.path.endswith("lib.policy"))
    survived = [
        {m.what for m in mutate_library(found, [(e.policy, e.files) for e in of], today=DAY).survivors}
        for of in (loaded[:1], loaded[1:], loaded)
    ]
    assert survived == [
        {"without its `when`"},
        {"before sharing becomes before withholding", "`d` never holds"},
        set(),
    ]
    main(["test", str(tmp_path), "--mutate", "--format", "json"])
    policies = [json.loads(line)["policy"] for line in capsys.readouterr().out.splitlines()]
    assert policies == ["one", "two", "lib.policy"]


# --- the budget -----------------------------------------------------------------------------------


def test_where_the_budget_is_spent_those_tried_are_spread_over_the_policy_and_the_rest_is_counted(tmp_path):
    rules = "".join(f'rule r{n} "R."\n  share\n  when a.one and a.age is {1 + n % 3}\n' for n in range(20))
    loaded = load_result(
        write(tmp_path / "p.policy", HEAD + rules + scenario("share", "a.one", "a.age is 1"))
    )
    whole = mutate(loaded.policy, loaded.files, today=DAY)
    assert whole.untried == 0
    spent = Budget(2_000)
    some = mutate(loaded.policy, loaded.files, today=DAY, budget=spent)
    assert spent.exhausted
    assert 0 < len(some.trials) < len(whole.trials)
    assert len(some.trials) + some.untried == len(whole.trials)
    assert {trial.mutant for trial in some.trials} <= {trial.mutant for trial in whole.trials}
    halves = {int(trial.mutant.name[1:]) // 10 for trial in some.trials}
    assert halves == {0, 1}


def test_nothing_that_was_not_tried_is_claimed(tmp_path, capsys):
    name = write(tmp_path / "p.policy", POLICY + PASSING)
    assert main(["test", name, "--mutate", "--steps", "1", "--fail-under", "1"]) == 1
    out = capsys.readouterr().out
    assert re.search(r"tried \d+ of \d+: the steps that they may take are spent", out)
    assert main(["test", name, "--mutate", "--steps", "1"]) == 0
    capsys.readouterr()
    main(["test", name, "--mutate", "--steps", "1", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["untried"] > 0
    assert main(["test", name, "--mutate", "--steps", "none"]) == 2
    assert "a number of steps was expected" in capsys.readouterr().err


def test_no_mutant_takes_the_diagrams_of_the_policy_apart_again(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(
        "infoshare.authoring.mutation.Analysis", lambda *a, **k: made.append(1) or Analysis(*a, **k)
    )
    rules = "".join(f'rule r{n} "R."\n  share\n  when a.one and a.age is {1 + n % 3}\n' for n in range(20))
    mutation = tried(tmp_path, rules + scenario("share", "a.one", "a.age is 1"))
    assert len(mutation.trials) > 50
    assert len(made) == 1


def test_where_looking_at_the_cases_takes_the_whole_budget_no_mutant_is_tried(tmp_path):
    rng, facts = Random(5), 60
    text = 'infoshare 1\npolicy p "P"\nfacts about f "f"\n'
    text += "".join(f'  a{n} "fact {n}" : yes or no\n' for n in range(facts))
    for n in range(120):
        one, two, three = rng.sample(range(facts), 3)
        effect = ("share", "withhold", "seek advice")[n % 3]
        text += f'rule r{n} "R." {effect} when f.a{one} and (f.a{two} or not f.a{three})\n'
    for n in range(6):
        text += f'scenario "s{n}"\n  given\n    f.a{n}\n    not f.a{n + 1}\n  then seek advice\n'
    path = write(tmp_path / "p.policy", text)
    loaded = load_result(path)
    budget = Budget(300_000)
    found = mutate(loaded.policy, loaded.files, today=DAY, budget=budget)
    assert (found.trials, budget.exhausted) == ((), True)
    assert found.untried == len([m for node in loaded.files[0].tree.declarations for m in mutants(node)])
