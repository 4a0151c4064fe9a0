"""Loading is quick and grows in step with the policy: held against lark's own parse, in one run."""

import gc
import time
from collections.abc import Callable
from importlib.resources import files

from lark import Lark

import infoshare


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


def seconds(work: Callable[[], object]) -> float:
    """Processor time, without going through what other tests left behind, so that neither decides a test."""
    gc.collect()
    gc.freeze()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.unfreeze()


def test_ten_thousand_clauses_load_within_three_times_larks_own_parse_and_in_linear_time() -> None:
    grammar = (files("infoshare.syntax") / "grammar.lark").read_text(encoding="utf-8")
    lark = Lark(
        grammar, parser="lalr", lexer="contextual", start=["file", "declarations"], propagate_positions=True
    )
    infoshare.load_sources({"p.policy": hand_written(10).encode()}, main="p.policy")
    figures: dict[int, tuple[float, float]] = {}
    for clauses in (2_500, 10_000):
        text = hand_written(clauses)
        parse = seconds(lambda: lark.parse(text, start="file"))  # noqa: B023 - called at once
        load = seconds(lambda: infoshare.load_sources({"p.policy": text.encode()}, main="p.policy"))  # noqa: B023
        figures[clauses] = parse, load
        print(f"{clauses} clauses: lark's parse {parse:.2f} s, load {load:.2f} s, ratio {load / parse:.2f}")
    parse, load = figures[10_000]
    assert load <= 3 * parse
    assert load <= 2 * 4 * figures[2_500][1], "four times the clauses, so about four times as long"
