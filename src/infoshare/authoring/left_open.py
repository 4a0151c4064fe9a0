"""What a policy leaves open on purpose, in words for those who read and sign it.

Every clash of two clauses, with the reason for which its author allows it, and every other finding about what the
policy means that a comment allows: whoever signs a page must not learn of them from the policy's text alone.
Deliberately not here: what is found (`findings`), and where the sentences stand (`page`, `infoshare.explain.aloud`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from infoshare.analysis.search import Search
from infoshare.authoring.findings import Checked, Finding, about_meaning
from infoshare.authoring.findings.interplay import Clash
from infoshare.explain.aloud import LeftOpen, Reader, Remark
from infoshare.explain.english import listed, opening

CLASHES = "Where clauses disagree, and who decides then"
OTHERS = "What the authors have looked at and left as it is"


def left_open(checked: Checked, reader: Reader, search: Search, today: date) -> tuple[LeftOpen, ...]:
    """The sections: clauses that disagree, then what else is allowed; only those in which something is said."""
    found = about_meaning(checked, search, today)
    allowed = [(each.finding, each.reason) for each in found.allowed]
    clashes = [pair for pair in allowed if isinstance(pair[0], Clash)]
    clashes += [(finding, "") for finding in found.findings if isinstance(finding, Clash)]
    others = [pair for pair in allowed if not isinstance(pair[0], Clash)]
    sections = (
        LeftOpen(CLASHES, tuple(_clashes(reader, clashes))),
        LeftOpen(OTHERS, tuple(Remark(_sentence(reader, f), _because(why)) for f, why in others)),
    )
    return tuple(section for section in sections if section.remarks)


def _clashes(reader: Reader, clashes: Sequence[tuple[Finding, str]]) -> Iterator[Remark]:
    """A remark for each clause and reason, and those that it clashes with; the clause that clashes most comes first."""
    left = {(finding.about, (reason, _is_shown(finding))): None for finding, reason in clashes}
    while left:
        count = Counter((name, said) for about, said in left for name in about)
        name, said = min(count, key=lambda each: (-count[each], reader.number[each[0]]))
        mine = [about for about, same in left if same == said and name in about]
        left = {key: None for key in left if key[1] != said or key[0] not in mine}
        others = [other for about in mine for other in about - {name}]
        reason, shown = said
        yield Remark(
            f"{reader.clauses([name], capital=True)} {'can' if shown else 'may'} apply together with"
            f" {reader.clauses(others)}, which {'gives' if len(others) == 1 else 'give'} another answer, and nothing says"
            " which goes first: the answer is then to seek advice."
            + (
                ""
                if shown
                else " No case was found in which they do, and it is not proved that there is none."
            ),
            _because(reason),
        )


def _is_shown(finding: Finding) -> bool:
    """Whether a case was found that shows a clash."""
    return not isinstance(finding, Clash) or bool(finding.shown.scenario)


def _because(reason: str) -> str:
    return f"The authors' reason: {opening(reason)}" if reason else "No reason is given."


def _sentence(reader: Reader, finding: Finding) -> str:
    """A finding that a comment allows, without names that only its author knows."""
    code = finding.diagnostic.code
    main = finding.diagnostic.labels[0].span.text
    about = [main] if main in finding.about else sorted(finding.about)
    what = _named(reader, about)
    others = _named(reader, sorted(finding.about - {main}))
    match code:
        case "IS216":
            mine = [n for n in finding.about if n not in about]
            return f"{opening(_named(reader, mine)).rstrip('.')} does not say must, and prevails over {what}, which does."
        case "IS602":
            return "There are cases that no clause decides: the answer is then to seek advice."
        case "IS603":
            return f"{opening(what).rstrip('.')} promises what can fail."
        case "IS606":
            return f"{opening(what).rstrip('.')} is set aside in every case in which it holds, by {others}."
        case "IS607":
            return (
                f"{opening(what).rstrip('.')} is outweighed in every case in which it applies, by {others}."
            )
        case "IS608":
            return f"{opening(_named(reader, sorted(finding.about))).rstrip('.')} never meet, though one is said to act on another."
        case "IS609":
            return f"What is taken to be so of {what} where nobody answered can let something be shared, or a family be told."
        case "IS611":
            return "There are more cases than could be tried, so what is said here to hold for every case may not."
        case "IS612":
            return f"Where nobody is listed, {what} lets something be shared."
        case "IS613":
            return f"By {what}, years that are counted from 29 February are over on 28 February."
        case "IS614":
            return f"{opening(_named(reader, sorted(finding.about))).rstrip('.')} can both close what no other clause decides."
        case "IS615":
            return f"There are answers to {what} that a clause of the policy it builds on was not written for, and lets through by a “not”."
        case _:
            return f"What {what} asks is so in every case, or in none."


def _named(reader: Reader, names: Iterable[str]) -> str:
    """`clauses 3 and 7`, “the words of a define”, the phrase of a fact."""
    names = list(names)
    numbered = [name for name in names if name in reader.number]
    told = [reader.clauses(numbered)] if numbered else []
    told += [word for name in names if name not in reader.number and (word := reader.words_of(name))]
    return listed(told) or "the policy"
