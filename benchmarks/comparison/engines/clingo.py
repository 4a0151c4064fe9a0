"""clingo (answer sets, C++): grounded once over every possible answer; a case switches answers on and off, and is solved."""

from comparison.conditions import pushed
from comparison.specification import Case, Condition, Foreign, Match, Rules

TITLE, KIND = "clingo (answer sets)", "peer"
DISTRIBUTION = MODULE = "clingo"
FIRED, DUTIES = "all", True


def matching(rules: Rules) -> Match:
    """Changes only the answers that differ from the last case."""
    import clingo

    control = clingo.Control(["--warn=none"])
    control.add("base", [], _Program().write(rules))
    control.ground([("base", [])])
    atoms = {
        (fact, value): control.symbolic_atoms[_atom(fact, value)].literal
        for fact, values in rules.facts.items()
        for value in values
        if value is not False
    }
    assign = control.assign_external
    now: set[int] = set()

    def match(case: Case) -> list[str]:
        nonlocal now
        wanted = {atoms[answer] for answer in case.items() if answer[1] is not False}
        for atom in now - wanted:
            assign(atom, False)
        for atom in wanted - now:
            assign(atom, True)
        now = wanted
        with control.solve(yield_=True) as found:
            return [symbol.arguments[0].name for symbol in found.model().symbols(shown=True)]

    return match


def _atom(fact: str, value: object) -> Foreign:
    import clingo

    name = clingo.Function(fact)
    if value is True:
        return clingo.Function("yes", [name])
    if isinstance(value, int):
        return clingo.Function("number", [name, clingo.Number(value)])
    return clingo.Function("word", [name, clingo.Function(str(value))])


class _Program:
    """Collects helpers: answer sets say `or` by several rules of one name."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.helpers: dict[Condition, str] = {}
        self.variables = 0

    def write(self, rules: Rules) -> str:
        for fact, values in rules.facts.items():
            atoms = dict.fromkeys(str(_atom(fact, value)) for value in values if value is not False)
            self.lines += [f"#external {atom}." for atom in atoms]
        for name, condition in rules.named.items():
            self.rule(name, pushed(condition))
        for name, condition in rules.rules.items():
            self.rule(f"held({name})", pushed(condition))
        return "\n".join([*self.lines, "#show held/1."])

    def rule(self, head: str, condition: Condition) -> None:
        match condition:
            case ("any", *parts):
                for part in parts:
                    self.rule(head, part)
            case ("all",):
                self.lines.append(f"{head}.")
            case ("all", *parts):
                self.lines.append(f"{head} :- {', '.join(map(self.literal, parts))}.")
            case _:
                self.lines.append(f"{head} :- {self.literal(condition)}.")

    def literal(self, condition: Condition) -> str:
        match condition:
            case ("is", fact, bool(value)):
                return f"{'' if value else 'not '}yes({fact})"
            case ("is", fact, value):
                return f"word({fact},{value})"
            case ("at_least" | "below" as form, fact, number):
                self.variables += 1
                sign = ">=" if form == "at_least" else "<"
                return f"number({fact},V{self.variables}), V{self.variables} {sign} {number}"
            case ("named", str(name)):
                return name
            case ("not", inner):
                return f"not {self.literal(inner)}"
        if condition not in self.helpers:
            self.helpers[condition] = helper = f"helper{len(self.helpers)}"
            self.rule(helper, condition)
        return self.helpers[condition]
