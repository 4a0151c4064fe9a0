"""Cedar (Rust) through cedarpy: a permit for each rule, parsed beforehand; every permit that is satisfied is a reason."""

from collections.abc import Callable, Sequence

from comparison.conditions import Infix
from comparison.specification import REFERENCE, Answer, Case, Concluded, Foreign, Match, Rules

TITLE, KIND = "Cedar (cedarpy)", "peer"
DISTRIBUTION = MODULE = "cedarpy"
FIRED, DUTIES = "all", True


def _loaded(rules: Rules) -> Foreign:
    import cedarpy

    texts = Infix("&&,||,!,true", fact="context.{}", quote='"').rules(rules)
    policies = cedarpy.PolicySet.from_str(
        "\n".join(
            f'@id("{name}") permit(principal, action == Action::"share", resource) when {{ {text} }};'
            for name, text in texts.items()
        )
    )
    return policies, cedarpy.Entities.from_json_str("[]")


def _request(case: Case) -> dict[str, object]:
    return {
        "principal": 'User::"worker"',
        "action": 'Action::"share"',
        "resource": 'Case::"case"',
        "context": case,
    }


def matching(rules: Rules) -> Match:
    """The reasons bear the ids of the rules."""
    import cedarpy

    policies, entities = _loaded(rules)
    ask = cedarpy.is_authorized
    return lambda case: list(
        ask(_request(case), policies, entities).diagnostics.id_annotations_by_reason.values()
    )


def decide_many() -> Callable[[Sequence[Case]], list[Answer]]:
    """By its call for many requests, a thousand at a time."""
    import cedarpy

    policies, entities = _loaded(REFERENCE)
    concluded = Concluded()

    def decide(cases: Sequence[Case]) -> list[Answer]:
        answers: list[Answer] = []
        for start in range(0, len(cases), 1000):
            requests = [_request(case) for case in cases[start : start + 1000]]
            for found in cedarpy.is_authorized_batch(requests, policies, entities):
                answers.append(concluded[tuple(found.diagnostics.id_annotations_by_reason.values())])
        return answers

    return decide
