"""`python fuzz/keep.py policy|case DIR`: keeps of what a run found the smallest input for everything that it shows.

What an input shows is told by the codes of its diagnostics, or by what is in it and what was decided. The inputs go
to `tests/corpus`, in place of those that were kept before; what begins with `found-` stays.
"""

import argparse
import hashlib
from pathlib import Path

import infoshare
from fuzz_targets import DAY, ROOT, beside_words, protocol
from infoshare.authoring.findings import Checked, findings
from infoshare.casefile import CaseFormat, read_case
from infoshare.policy.files import FilesInMemory
from infoshare.policy.load import _load

MOST = 300
"""Of each target; the rarest are kept first."""


def main() -> None:
    """Replaces the kept corpus of one target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=["policy", "case"])
    parser.add_argument("found", type=Path)
    options = parser.parse_args()
    kept = ROOT / "tests" / "corpus" / options.target
    shows = of_policy if options.target == "policy" else of_case
    smallest: dict[object, bytes] = {}
    times: dict[object, int] = {}
    for path in [*kept.iterdir(), *options.found.iterdir()]:
        data = path.read_bytes()
        what = shows(data)
        times[what] = times.get(what, 0) + 1
        if what not in smallest or (len(data), data) < (len(smallest[what]), smallest[what]):
            smallest[what] = data
    for path in kept.iterdir():
        if not path.name.startswith("found-"):
            path.unlink()
    for what in sorted(smallest, key=lambda what: (times[what], len(smallest[what])))[:MOST]:
        (kept / hashlib.sha256(smallest[what]).hexdigest()[:16]).write_bytes(smallest[what])
    print(f"{options.target}: {len(smallest)} kinds, {min(MOST, len(smallest))} kept")


def of_policy(data: bytes) -> object:
    """The codes that it gets; where it loads, what it declares, what is found and what it decides of nothing known."""
    result = _load(FilesInMemory(beside_words(data), "main.policy"))
    codes = frozenset(each.code for each in result.diagnostics)
    if result.policy is None:
        return codes
    checked = Checked.of(result)
    found = findings([checked], today=DAY) if checked is not None else ()
    declared = frozenset(type(each).__name__ for each in result.files[-1].tree.declarations)
    return codes, frozenset(each.diagnostic.code for each in found), declared, _decided(result.policy, {})


def of_case(data: bytes) -> object:
    """How it is read, the codes that it gets, or what is decided."""
    form: CaseFormat = "toml" if data.startswith(b"#") else "yaml" if data.startswith(b"---") else "json"
    facts, found = read_case(data, f"case.{form}", form)
    if facts is None:
        return form, frozenset((each.code, each.message.rpartition(" is ")[2][:40]) for each in found)
    return form, _decided(protocol(), facts)


def _decided(policy: infoshare.Policy, facts: dict[str, object]) -> object:
    try:
        decision = policy.decide(facts, as_of=DAY)
    except infoshare.FactsError as error:
        return frozenset(each.code for each in error.diagnostics)
    standing = frozenset(each.clause for each in (*decision.fired, *decision.excepted, *decision.defeated))
    return decision.outcome, decision.basis, decision.exact, decision.mandatory, standing


if __name__ == "__main__":
    main()
