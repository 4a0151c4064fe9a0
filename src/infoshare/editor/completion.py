"""What could be written next: asked of the grammar, then of what the policy declares.

The grammar says which terminals fit after what stands before; each is offered as what an author would write there:
facts by their groups, the values of the fact that is asked, targets of the right kind, words, and the beginnings of
declarations. Where the text before does not fit the grammar, nothing but what the words just before tell is offered.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, assert_never

import attrs

from infoshare.editor import operands
from infoshare.editor.documents import Declared
from infoshare.editor.operands import Operand
from infoshare.editor.scope import Scope
from infoshare.editor.workspace import Workspace
from infoshare.syntax import tree as t
from infoshare.syntax.expected import words, written
from infoshare.syntax.lexical import tokens
from infoshare.syntax.parser import fitting
from infoshare.syntax.printer import print_node
from infoshare.text import Span
from infoshare.values import frozen

Kind = Literal["fact", "value", "group", "define", "clause", "source", "part", "word", "snippet", "file"]


@frozen
class Completion:
    """Something that could be written.

    Attributes:
        text: what to write instead of `replaces`; of a snippet, with places to fill in as `${1:name}`.
        detail: a few words beside it.
        about: more about it, in Markdown.
        order: of two, the lesser comes first.
    """

    label: str
    kind: Kind
    text: str
    replaces: Span = attrs.field(eq=False)
    detail: str = ""
    about: str = ""
    order: str = ""


_TYPED = re.compile(r"[a-z0-9_.]*\Z")
_ASSUMED = re.compile(r"\bunanswered\s+means\s+(?:[a-z0-9_]+\s*,\s*)*\Z")
_WITHIN = re.compile(r"\S+\s+\S+\s+in\s+\Z")  # `any person in |`: of whom that is, is said next
_FROM = re.compile(r"\bseek\s+consent\s+from\s+\Z")
_USE = re.compile(r'(?:^|\s)use\s+"([^"\n]*)\Z')
_FIRST = {"value": 0, "group": 1, "define": 1, "fact": 2, "word": 5}
"""What comes first of what can be said of a fact: its values."""

# Which clauses can stand after a word that names them.
_SET_ASIDE = (t.Clause, t.Exception_, t.Duty, t.Safeguard, t.Advice)
_AFTER: dict[str, tuple[type, ...]] = {
    "over": (t.Clause,),
    "aside": _SET_ASIDE,
    "relaxes": (t.Clause,),
    "requires": (t.Duty,),
    "with": (t.Duty,),
    "without": (t.Duty,),
    "lifting": (t.Duty,),
    "open": (t.Duty,),
    "because of": (t.Clause, t.Exception_),
    "instead of": (*_SET_ASIDE,),
}

_CLAUSE = '${1:name} "${2:What it says.}"\n'
SNIPPETS = {
    "policy": 'policy ${1:name} "${2:Title}"\n  version "${3:1}"\n  owner "${4:Who answers for it}"\n  from ${5:2026-01-01}\n  review by ${6:2027-01-01}\n',
    "use": 'use "${1:vocabulary.policy}"\n',
    "source": 'source ${1:name} "${2:Title}"\n',
    "facts": 'facts about ${1:group} "${2:what they are about}"\n  ${3:name} "${4:what is so}" : ${5:yes or no}\n    ask "${6:Is it so?}"\n',
    "define": 'define ${1:name} "${2:what it stands for}" as\n  ${3:condition}\n',
    "value": "value ${1:name} ${2:6 months} from ${3:2026-01-01}\n",
    "impossible": 'impossible ${1:name} "${2:Why it cannot be.}"\n  when ${3:condition}\n',
    "holidays": "holidays ${1:name} ${2:2026-12-25}\n",
    "part": 'part ${1:name} "${2:Title}"\n',
    "consent": f"consent {_CLAUSE}  ${{3|share,withhold,seek consent,seek advice|}}\n  when ${{4:consent.status is given}}\n  cites ${{5:source}}\n",
    "rule": f"rule {_CLAUSE}  ${{3|share,withhold,seek consent,seek advice|}}\n  when ${{4:condition}}\n  cites ${{5:source}}\n",
    "override": f"override {_CLAUSE}  ${{3|share,withhold,seek consent,seek advice|}}\n  prevails over ${{4:every consent clause}}\n  when ${{5:condition}}\n  cites ${{6:source}}\n",
    "exception": f"exception {_CLAUSE}  sets aside ${{3:a_clause}}\n  when ${{4:condition}}\n  cites ${{5:source}}\n",
    "duty": 'duty ${1:name} "${2:What is to be done.}"\n  ${3|before,after|} ${4|sharing,withholding,seeking consent,seeking advice|}\n  cites ${5:source}\n',
    "safeguard": f'safeguard {_CLAUSE}  for each item\n  require ${{3:item.necessary}}\n  otherwise "${{4:What to do instead.}}"\n',
    "advice": 'advice ${1:name} from "${2:whom to ask}"\n  when ${3:condition}\n',
    "guarantee": f"guarantee {_CLAUSE}  ${{3|never,always|}} ${{4|share,withhold,seek consent,seek advice|}}\n  when ${{5:condition}}\n",
    "scenario": 'scenario "${1:What is tried}"\n  given\n    ${2:consent.status is given}\n  then ${3|share,withhold,seek consent,seek advice|}\n    because of ${4:a_clause}\n',
}
"""How each declaration begins, with places to fill in."""


def completions(workspace: Workspace, path: str, offset: int) -> tuple[Completion, ...]:
    """What could be written at a place of a file."""
    document = workspace.document(path)
    if document is None:
        return ()
    stretch, start = document.at(offset)
    before = stretch.text[: offset - start]
    scope = workspace.scope(path)
    if (written_ := _USE.search(before)) is not None:
        span = Span(document.source, offset - len(written_[1]), offset)
        return tuple(_files(workspace, path, span))
    typed = _TYPED.search(before)
    word = typed.group() if typed else ""
    span = Span(document.source, offset - len(word), offset)
    before = before[: len(before) - len(word)]
    if _is_in_text(before):
        return ()
    at, accepted = fitting(before)
    asked = _of_asked(scope, before, span)
    if _FROM.search(before):  # whom to ask: to the grammar that is so once somebody stands there
        return _once(_facts(scope, span, before, _is_reference))
    if at < len(before):
        return asked or ()
    found = _offered(scope, before, span, accepted) if asked is None else iter(asked)
    if word and "." not in word:  # a word that fits as it stands is offered too
        return _once(found)
    return _once(each for each in found if "." not in word or each.text.startswith(word.rpartition(".")[0]))


def _once(found: Iterable[Completion]) -> tuple[Completion, ...]:
    return tuple({(each.label, each.text): each for each in found}.values())


def _is_in_text(before: str) -> bool:
    """Whether a place is in a text in quotation marks, or in a comment."""
    last = None
    for match in re.finditer(r'#[^\n]*|"[^"]*"?', before):
        last = match
    if last is None or last.end() < len(before):
        return False
    return last.group().startswith("#") or not (len(last.group()) > 1 and last.group().endswith('"'))


# --- by what the grammar accepts ---------------------------------------------------------------------


def _offered(scope: Scope, before: str, span: Span, accepted: frozenset[str]) -> Iterator[Completion]:
    last = [text for _, text, _ in tokens(before, 0, len(before))]
    governing = _governing(last)
    # A number or a date is compared, or counted with: no condition can begin there.
    is_term = "NUMBER" in accepted and not accepted & {"NOT", "STRING"}
    if is_term:
        yield from _operands(scope, operands.terms(scope, _counted(last), before), span)
    elif "PATH" in accepted:
        yield from _facts(scope, span, before, _fitting_types(last, accepted))
    if "DEFINED" in accepted:
        kinds = _AFTER.get(governing)
        if kinds is not None:
            own = _own_name(last)
            yield from (_clause(each, span) for each in _clauses(scope, kinds) if each.symbol[1] != own)
        elif governing == "clause of":
            yield from (_named(each, "part", span) for each in scope.of("part"))
        elif not is_term:
            yield from _terms(scope, span)
    if "NAME" in accepted:
        yield from _names(scope, last, before, span)
    of_fact = bool(last) and "." in last[-1]
    line = before.rpartition("\n")[2]
    # What stands before may be whole, and a declaration come next.
    begins = words(accepted) >= {"rule", "scenario"}
    for word in sorted(set(_written(accepted))):
        if begins and _DECLARES.get(word, word) in SNIPPETS:
            if line.strip():
                continue  # it comes on a line of its own
            if line:  # what goes on with the declaration before is what stands on an indented line
                yield Completion(word, "word", word, span, order=f"7{word}")
                continue
        if word == "each" and last[-1:] == ["each"]:
            continue
        first = of_fact and word.partition(" ")[0] in {"is", "includes"}  # what is said of the fact before
        yield Completion(
            word, "word", word, span, order=f"{(3 if word == 'is' else 4) if first else 5}{word}"
        )
    for word in sorted(words(accepted) & SNIPPETS.keys()) if begins and not line.strip() else ():
        if "PATH" in accepted and word == "value":
            continue
        yield Completion(
            f"{word} …",
            "snippet",
            SNIPPETS[word],
            span,
            detail="a whole declaration",
            order=f"8{word}" if line else f"6{word}",
        )


_DECLARES = {"facts about": "facts"}
"""What begins a declaration in several words, and its snippet."""
_WHOLE = {
    "sets": "sets aside",
    "prevails": "prevails over",
    "review": "review by",
    "unanswered": "unanswered means",
    "holding": "holding back",
    "leaving": "leaving open",
    "yes": "yes or no",
    "facts": "facts about",
}
"""Words that the grammar reads one by one, and nobody writes alone."""


def _written(accepted: frozenset[str]) -> Iterator[str]:
    """The words of terminals as they are written, those of several together."""
    for terminal in accepted:
        text = written(terminal)
        if text == "seek":
            yield from ("seek consent", "seek advice")
        elif text is not None:
            yield _WHOLE.get(text, text)


def _governing(last: list[str]) -> str:
    """The word, or two, that a name is written after; what lies between are names and commas."""
    at = len(last)
    while at and (last[at - 1] == "," or (at > 1 and last[at - 2] == ",")):
        at -= 1
    if at < len(last) and at and last[at - 1] != ",":
        at -= 1  # the first of the names
    word = last[at - 1] if at else ""
    if word == "of" and at > 1:
        return f"{last[at - 2]} of" if last[at - 2] in {"because", "instead", "clause"} else word
    return word


def _own_name(last: list[str]) -> str:
    return last[1] if len(last) > 1 else ""


def _counted(last: list[str]) -> tuple[Literal["number", "date"], ...]:
    """What is counted after these words."""
    match last[-1:]:
        case ["plus" | "minus"]:
            return ("number",)
        case ["before" | "after" | "between"]:
            return ("date",)
        case _:
            return "number", "date"


def _fitting_types(last: list[str], accepted: frozenset[str]) -> Callable[[t.FactDecl], bool] | None:
    """Which facts can stand after these words; None where every one can, and what is defined."""
    match last[-2:]:
        case [group, "in"] if "NOT" not in accepted:  # `any person in item.about`
            return lambda fact: isinstance(fact.type, t.Reference) and fact.type.group.text == group
        case [_, "of"] if "within" in last and "NOT" not in accepted:
            return lambda fact: isinstance(fact.type, t.DateType)
        case [_, "by"] if last[0] == "value":
            return lambda fact: isinstance(fact.type, t.OneOf | t.YesNo)
        case [_, "not"] if last[0] == "scenario":
            return lambda fact: isinstance(fact.type, t.YesNo)
        case _ if "STRING" in accepted:  # after `is` of what is not declared: a value, or whom another names
            return _is_reference
        case _:
            return None


def _is_reference(fact: t.FactDecl) -> bool:
    return isinstance(fact.type, t.Reference)


def _facts(
    scope: Scope, span: Span, before: str, fits: Callable[[t.FactDecl], bool] | None
) -> Iterator[Completion]:
    """The facts that fit, by their groups; of a list of which no element is in hand, only to say what is asked."""
    # Whom to ask stands before what the clause is for: each list may yet be in hand.
    asking = re.search(r"\basking\s[^\n]*\Z", before) is not None
    hands = set(scope.lists()) if _FROM.search(before) else operands.in_hand(_WITHIN.sub("", before))
    for each in scope.of("fact"):
        path, fact = each.symbol[1], each.node
        group = scope.group(path.partition(".")[0])
        far = group is not None and group.each and group.group.text not in hands
        if isinstance(fact, t.FactDecl) and (asking or not far) and (fits is None or fits(fact)):
            order, about = f"{2 if far else 1}{path}", fact_page(scope, path)
            yield Completion(path, "fact", path, span, type_of(fact), about, order)
    for each in scope.of("term") if fits is None else ():
        if isinstance(each.node, t.DefineDecl) and each.node.for_each is not None:
            path = f"{each.node.for_each.text}.{each.node.name.text}"
            yield Completion(path, "define", path, span, each.node.phrase, order=f"3{path}")


def _terms(scope: Scope, span: Span) -> Iterator[Completion]:
    for each in scope.of("term"):
        by_itself = isinstance(each.node, t.DefineDecl) and each.node.for_each is None
        if by_itself or isinstance(each.node, t.ValueDecl):
            yield _named(each, "define", span)


def _clauses(scope: Scope, kinds: tuple[type, ...]) -> Iterator[Declared]:
    return (each for each in scope.of("provision") if isinstance(each.node, kinds))


def _clause(each: Declared, span: Span) -> Completion:
    return _named(each, "clause", span)


def _named(each: Declared, kind: Kind, span: Span) -> Completion:
    name = each.symbol[1]
    about = f"```policy\n{print_node(each.node)}\n```" if isinstance(each.node, t.Declaration) else ""
    return Completion(name, kind, name, span, said_of(each.node), about, order=f"1{name}")


def _names(scope: Scope, last: list[str], before: str, span: Span) -> Iterator[Completion]:
    previous = last[-1] if last else ""
    if previous == "cites":
        yield from (_named(each, "source", span) for each in scope.of("source"))
    elif previous in {"any", "every", "no", "each", "one", "some"} or (len(last) > 1 and previous.isdigit()):
        if last[-2:] == ["or", "no"]:
            return  # of `yes or no`
        if last[-3:-1] == ["facts", "about"]:
            for name in ("item", "person", "recipient"):
                if name not in scope.lists():
                    yield Completion(name, "group", name, span, order=f"1{name}")
            return
        for name in scope.lists():
            group = scope.group(name)
            yield Completion(name, "group", name, span, group.phrase if group else "", order=f"1{name}")
    elif last[:1] == ["scenario"] and "given" in last and "then" not in last:
        if (element := operands.element(before)) is not None:
            for each in scope.of("fact"):
                group_, _, name = each.symbol[1].partition(".")
                if group_ == element and isinstance(each.node, t.FactDecl):
                    yield Completion(name, "fact", name, span, type_of(each.node), order=f"1{name}")
        else:
            for name in scope.lists():
                yield Completion(
                    f'{name} "…"', "group", f'{name} "${{1:name}}" (${{2}})', span, order=f"3{name}"
                )
    elif previous == "asking" or (previous == "," and "asking" in last):
        yield from (Completion(name, "group", name, span, order=f"3{name}") for name in scope.lists())


# --- the values of a fact ----------------------------------------------------------------------------


def _of_asked(scope: Scope, before: str, span: Span) -> tuple[Completion, ...] | None:
    """What can be said of the fact that stands before, and of nothing else: `consent.status is |`."""
    if _ASSUMED.search(before):
        return tuple(_of_declared(before, span))
    found = operands.operands(scope, before)
    return None if found is None else tuple(_operands(scope, found, span))


def _operands(scope: Scope, found: Iterable[Operand], span: Span) -> Iterator[Completion]:
    for at, each in enumerate(found):
        about = fact_page(scope, each.text) if each.kind == "fact" else ""
        order = f"{_FIRST[each.kind]}{at:04}"
        yield Completion(each.text, each.kind, each.text, span, each.detail, about, order)


def _of_declared(before: str, span: Span) -> Iterator[Completion]:
    """What the fact that is being declared may be assumed to be: its own values."""
    said = before[before.rfind(":") :]
    if re.match(r":\s*yes\s+or\s+no", said):
        yield from (Completion(value, "value", value, span, order="0") for value in ("no", "yes"))
    of = re.match(r":\s*(?:one|some)\s+of\s+(.*?)\s*(?:\bunanswered|\bask|\bin\s+order|\Z)", said, re.DOTALL)
    for option in of[1].split(",") if of else ():
        value = option.split()[0] if option.split() else ""
        if value:
            yield Completion(value, "value", value, span, order="0")


# --- files -------------------------------------------------------------------------------------------


def _files(workspace: Workspace, path: str, span: Span) -> Iterator[Completion]:
    """The files that `use` can name: those beside this one and below, and those that come with infoshare."""
    folder = path.rpartition("/")[0]
    for other in workspace.paths:
        if other != path and other.startswith(f"{folder}/"):
            name = other.removeprefix(f"{folder}/")
            yield Completion(name, "file", name, span, order=f"0{name}")
    for name in workspace.shipped():
        yield Completion(name, "file", name, span, "comes with infoshare", order=f"1{name}")


# --- words about what is declared ----------------------------------------------------------------------


def type_of(fact: t.FactDecl) -> str:
    """The type of a fact as it is written, its values left out where they are many."""
    match fact.type:
        case t.YesNo():
            return "yes or no"
        case t.OneOf(options, in_order):
            shown = ", ".join(option.value.text for option in options[:4])
            more = ", …" if len(options) > 4 else ""
            return f"one of {shown}{more}{' in order' if in_order else ''}"
        case t.SomeOf(options):
            shown = ", ".join(option.value.text for option in options[:4])
            return f"some of {shown}{', …' if len(options) > 4 else ''}"
        case t.NumberType(unit):
            return f"number of {unit}" if unit else "number"
        case t.DateType():
            return "date"
        case t.TextType():
            return "text"
        case t.Reference(group, many):
            return f"{'some' if many else 'one'} {group.text}"
        case _:
            assert_never(fact.type)


def _type_above_its_values(fact: t.FactDecl) -> str:
    """The type of a fact, where its values are told one by one below."""
    if isinstance(fact.type, t.OneOf):
        return "one of these, in order" if fact.type.in_order else "one of these"
    return "some of these" if isinstance(fact.type, t.SomeOf) else type_of(fact)


def said_of(node: object) -> str:
    """What a declaration says of itself, in its author's words."""
    match node:
        case t.Clause() | t.Exception_() | t.Duty() | t.Safeguard() | t.Guarantee():
            return node.statement
        case t.Advice(_, whom):
            return f"ask {whom}"
        case t.ImpossibleDecl(_, why):
            return why
        case t.DefineDecl(_, phrase) | t.FactsDecl(_, phrase):
            return phrase
        case t.FactDecl(_, phrase):  # "…" alone says nothing without a value: its question does
            return phrase if phrase.strip("… ") else node.ask or ""
        case t.SourceDecl(_, title) | t.PolicyDecl(_, title) | t.Part(_, title) | t.Scenario(title):
            return title
        case t.Option(value, label):
            return label or value.text
        case t.ValueDecl(_, steps):
            return ", ".join(step.span.text for step in steps)
        case _:
            return ""


def fact_page(scope: Scope, path: str) -> str:
    """A fact with its question, its values and what it is assumed to be, in Markdown."""
    fact = scope.fact(path)
    if fact is None:
        return ""
    said = [f"`{path}` : {_type_above_its_values(fact)}"]
    if fact.phrase.strip("… "):
        said.append(f"\n{fact.phrase}")
    if fact.ask:
        said.append(f"\n*{fact.ask}*{' (asked first)' if fact.ask_first else ''}")
    options = scope.options(path)
    if options:
        said.append("")
        said += [f"- `{o.value.text}`{': ' + o.label if o.label else ''}" for o in options]
    match fact.assumed:
        case None:
            said.append("\nNothing is assumed where nobody answers.")
        case t.EveryElement():
            said.append(f"\nUnanswered means {' '.join(fact.assumed.span.text.split())}.")
        case _:
            values = ", ".join(f"`{' '.join(value.span.text.split())}`" for value in fact.assumed)
            said.append(f"\nUnanswered means {values}.")
    if fact.fixed:
        said.append("\nIt cannot be otherwise.")
    return "\n".join(said)
