"""CEL in Python (cel-python): a compiled program for each rule; a case is converted once."""

from comparison.conditions import Infix
from comparison.specification import Case, Match, Rules

TITLE, KIND = "CEL in Python (cel-python)", "peer"
DISTRIBUTION, MODULE = "cel-python", "celpy"
FIRED, DUTIES = "all", True


def matching(rules: Rules) -> Match:
    """With the faster of its two runners."""
    import celpy

    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    texts = Infix("&&,||,!,true", quote='"').rules(rules)
    programs = [
        (name, environment.program(environment.compile(text)).evaluate) for name, text in texts.items()
    ]
    convert = celpy.json_to_cel

    def match(case: Case) -> list[str]:
        converted = convert(case)
        return [name for name, evaluate in programs if evaluate(converted)]

    return match
