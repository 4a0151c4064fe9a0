"""Cedar (Rust) through cedarpy: a permit for each rule, parsed beforehand; every permit that is satisfied is a reason."""

from comparison.conditions import Infix
from comparison.specification import Case, Match, Rules

TITLE, KIND = "Cedar (cedarpy)", "peer"
DISTRIBUTION = MODULE = "cedarpy"
FIRED, DUTIES = "all", True


def matching(rules: Rules) -> Match:
    """The reasons bear the ids of the rules."""
    import cedarpy

    texts = Infix("&&,||,!,true", fact="context.{}", quote='"').rules(rules)
    policies = cedarpy.PolicySet.from_str(
        "\n".join(
            f'@id("{name}") permit(principal, action == Action::"share", resource) when {{ {text} }};'
            for name, text in texts.items()
        )
    )
    entities = cedarpy.Entities.from_json_str("[]")
    ask = cedarpy.is_authorized

    def match(case: Case) -> list[str]:
        request = {
            "principal": 'User::"worker"',
            "action": 'Action::"share"',
            "resource": 'Case::"case"',
            "context": case,
        }
        return list(ask(request, policies, entities).diagnostics.id_annotations_by_reason.values())

    return match
