"""`python cold_start.py ENGINE`: from a fresh process to the first decision, told as numbers: milliseconds to import, to load and
to decide, of processor time, and for the three by the clock on the wall; microseconds each for the next hundred.

Run as a program of its own: nothing is imported before the clock is read.
"""

from time import perf_counter, process_time

_started, _wall = process_time(), perf_counter()

import sys  # noqa: E402

_KEPT = f"{__file__.rpartition('benchmarks')[0]}tests/data/policies-2026.1/cscp.policy"


def _shipped() -> None:
    """The shipped policy as it was in 2026.1, with a case that leaves most of it unknown."""
    import infoshare

    global _imported, _loaded, _done, _wall  # noqa: PLW0603 - the clock of this program
    _imported = process_time()
    policy = infoshare.load(_KEPT)
    _loaded = process_time()
    case = {"consent": {"status": "refused"}, "concern": {"harm_to_child": "significant"}}
    decision = policy.decide(case)
    _ = decision.outcome, [c.clause for c in decision.fired], [d.duty for d in decision.duties]
    _done, _wall = process_time(), perf_counter() - _wall


def _engine(key: str) -> None:
    from importlib import import_module

    global _imported, _loaded, _done, _wall, _next  # noqa: PLW0603 - the clock of this program
    code = import_module(f"comparison.engines.{key}")
    if code.MODULE:
        import_module(code.MODULE)
    _imported = process_time()
    if hasattr(code, "decide"):
        decide = code.decide()
    else:
        from comparison.specification import REFERENCE, concluding

        decide = concluding(code.matching(REFERENCE))
    _loaded = process_time()
    decide(_CASE)
    _done, _wall = process_time(), perf_counter() - _wall
    from comparison.cases import cases

    others = cases(100, seed=61)
    _next = process_time()
    for case in others:
        decide(case)
    _next = process_time() - _next


_CASE = {
    "consent_status": "refused",
    "recipient": "health",
    "harm_score": 70,
    "child_age": 15,
    "risk_to_child": True,
    "risk_to_adult": False,
    "suspected_sexual_abuse": False,
    "suspected_fabricated_illness": False,
    "would_undermine_investigation": False,
    "telling_raises_risk": False,
    "legal_duty": False,
    "in_doubt": False,
    "has_sought_advice": False,
    "accurate": True,
    "up_to_date": True,
    "necessary": True,
    "need_to_know": True,
    "secure_channel": True,
}
_imported = _loaded = _done = _started
_next = 0.0

if __name__ == "__main__":
    _shipped() if sys.argv[1] == "shipped" else _engine(sys.argv[1])
    parts = ((_started, _imported), (_imported, _loaded), (_loaded, _done))
    print(*((after - before) * 1e3 for before, after in parts), _wall * 1e3, _next * 1e4)
