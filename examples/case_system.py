"""A small case system that embeds infoshare: cases are kept, decided as they grow, and the answer is acted on.

    python examples/case_system.py

It shows what an embedding needs: one policy loaded once, a typed call without input or output, a
decision that is never taken for a yes or a no, questions put to whoever works on the case, and a
person who may decide otherwise, with a reason. The case is invented.
"""

from dataclasses import dataclass, field
from datetime import date

import infoshare

POLICY = infoshare.load("infoshare:cscp")


@dataclass
class CaseFile:
    """One case: what has been answered so far, and what was decided about it."""

    title: str
    facts: dict[str, object] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def answer(self, fact: str, value: object) -> None:
        """Somebody answers a question; the next decision takes it into account."""
        self.facts[fact] = value

    def decide(self, today: date) -> infoshare.Decision:
        """Decides on what is known, and notes what was decided on which version of which policy."""
        decision = POLICY.decide({"case": self.title, **self.facts}, as_of=today)
        self.log.append(
            f"{today}: {decision.outcome.words} ({decision.policy.name} {decision.policy.version})"
        )
        return decision

    def decide_otherwise(self, today: date, by: str, because: str) -> None:
        """A person decides otherwise: the program informs judgement and does not replace it."""
        self.log.append(f"{today}: {by} decided otherwise: {because}")


def work_on(case: CaseFile, known: dict[str, object], today: date) -> infoshare.Decision:
    """Puts the best question until the decision is settled, or nobody knows more; `known` plays the practitioner."""
    decision = case.decide(today)
    while decision.basis is infoshare.Basis.UNKNOWN_FACTS:
        question = next((q for q in decision.questions if q.answered is None and "outcome" in q.for_), None)
        if question is None:
            break  # only doubt is left: the decision says whom to ask
        case.answer(question.fact, known.get(question.fact, "unsure"))
        decision = case.decide(today)
    return decision


def main() -> None:
    """A family refuses; the practitioner knows how serious it is, and is asked just that."""
    today = date(2026, 11, 23)
    case = CaseFile("an invented case", {"consent.status": "refused", "telling.endangers_child": True})
    decision = work_on(case, {"concern.harm_to_child": "significant"}, today)
    print(decision.explain())
    if decision.may_share:
        print("\n-> the file is opened for sending")
    elif decision.outcome is infoshare.Outcome.SHARE:
        print(f"\n-> only these may go: {decision.released}")
    else:
        print("\n-> nothing leaves the system")
    for duty in decision.duties:
        if duty.state == "due":
            print(f"-> to do {duty.timing}: {duty.do}")
    print("\n".join(case.log))


if __name__ == "__main__":
    main()
