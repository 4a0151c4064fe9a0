"""Loading grows in step with the policy, and is held against lark's own parse; both are counted in steps."""

from importlib.resources import files

import infoshare
from infoshare.syntax.table_making import lark_of
from steps import grows_in_step, steps


def hand_written(clauses: int) -> str:
    """A policy as people write them: facts used a few times each, overrides and exceptions near their targets."""
    facts = max(10, clauses // 10)
    lines = ["infoshare 1", 'policy big "A big policy"', "  from 2026-01-01", 'source s "A source"']
    lines.append('facts about a "the first group"')
    lines += [f'  f{i} "it is so, number {i}" : yes or no ask "Is it so, number {i}?"' for i in range(facts)]
    lines.append('facts about b "the second group"')
    levels = 'one of low "low", mid "middling", high "high"'
    lines += [
        f'  g{i} "the level of number {i}" : {levels} ask "What is the level of number {i}?"'
        for i in range(facts)
    ]
    for i in range(clauses):
        match i % 5:
            case 3:
                lines.append(
                    f'override c{i} "Number {i} overrides."\n  share\n  prevails over c{i - 1}, c{i - 2}'
                )
                lines.append(
                    f"  when any of these\n    - a.f{i * 13 % facts}\n    - b.g{i * 17 % facts} is high"
                )
            case 4:
                lines.append(f'exception c{i} "Number {i} sets aside."\n  sets aside c{i - 1}, c{i - 4}')
                lines.append(f"  when b.g{i * 5 % facts} is not low")
            case _:
                effect = "share" if i % 2 else "withhold"
                lines.append(f'consent c{i} "The wishes of number {i} are respected."\n  {effect}')
                lines.append(f"  when a.f{i % facts} and b.g{i * 7 % facts} is one of low, high")
                lines.append(f"  unless not a.f{i * 3 % facts} or b.g{i * 11 % facts} is mid")
        lines.append(f'  cites s "{i}"')
    return "\n".join(lines) + "\n"


def loaded(clauses: int) -> infoshare.Policy:
    return infoshare.load_sources({"p.policy": hand_written(clauses).encode()}, main="p.policy")


def test_loading_grows_in_step_with_the_policy() -> None:
    assert grows_in_step(loaded, 500)


def test_loading_takes_at_most_three_times_what_larks_own_parse_takes() -> None:
    grammar = (files("infoshare.syntax") / "grammar.lark").read_text(encoding="utf-8")
    lark = lark_of(grammar, lexer="contextual", propagate_positions=True)
    text = hand_written(500)
    lark.parse(text, start="file")
    loaded(10)
    parsing, loading = steps(lambda: lark.parse(text, start="file")), steps(lambda: loaded(500))
    print(f"500 clauses, in steps: lark's parse {parsing}, load {loading}, ratio {loading / parsing:.2f}")
    assert loading <= 3 * parsing
