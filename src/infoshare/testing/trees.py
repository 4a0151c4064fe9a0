"""Hypothesis strategies over the tree: any well-formed tree, whether or not it means anything.

Invariant: what is drawn can be printed, so `parse(print_file(tree)).file == tree`. Names need not be declared and
types need not fit: for policies that load, see `infoshare.testing.policies`.
"""

import unicodedata
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from infoshare.outcome import OUTCOMES, Act, Basis, Outcome
from infoshare.syntax import tree
from infoshare.syntax.condition_builder import LARGEST_NUMBER
from infoshare.syntax.words import BY_PLACE, DECLARATIONS, KEYWORDS, RESERVED_GROUP, RESERVED_VALUE


def _brief(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """The same strategy, which Hypothesis does not write out wherever it stands in another."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Any:
        return draw(strategy)

    return drawn()


# --- names and literals -----------------------------------------------------------------------

_by_place = st.sampled_from(sorted(BY_PLACE | {"first", "least", "most", "order", "than", "them", "between"}))
_plain = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True) | _by_place
_keyword = st.sampled_from(sorted(KEYWORDS))

_any_word = _plain | _keyword  # wherever the grammar has no room for anything but a name
_group_word = _any_word.filter(lambda word: word != RESERVED_GROUP)
_option_word = _any_word.filter(lambda word: word != RESERVED_VALUE)
_fact_word = _any_word.filter(lambda word: word not in DECLARATIONS or word in BY_PLACE)
_declared_word = _plain.filter(lambda word: word not in KEYWORDS)

declared_names: SearchStrategy[tree.Name] = _brief(_declared_word.map(tree.Name))
free_names: SearchStrategy[tree.Name] = _brief(_any_word.map(tree.Name))
words: SearchStrategy[tree.Word] = _plain.map(tree.Word) | _keyword.filter(
    lambda word: word not in {"not", "exactly"}
).map(tree.Word)
own_paths: SearchStrategy[tree.Path] = st.builds(tree.Path, _any_word, _any_word)
paths: SearchStrategy[tree.Path] = _brief(own_paths | st.builds(tree.Path, _any_word, _any_word, _any_word))
numbers: SearchStrategy[tree.Number] = st.integers(-LARGEST_NUMBER, LARGEST_NUMBER).map(tree.Number)
dates: SearchStrategy[tree.Date] = st.dates(date(1000, 1, 1), date(9999, 12, 31)).map(tree.Date)
durations: SearchStrategy[tree.Duration] = st.builds(
    tree.Duration, st.integers(0, 1000), st.sampled_from(("days", "weeks", "months", "years"))
)


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return " ".join(part for part in composed.split(" ") if part)


texts: SearchStrategy[str] = _brief(
    st.text(
        st.characters(
            exclude_characters='"\\', exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        ),
        max_size=12,
    ).map(_folded)
)
values: SearchStrategy[tree.Value] = _brief(words | numbers | dates | texts.map(tree.Text))

# --- conditions -------------------------------------------------------------------------------

_points: SearchStrategy[tree.Term] = _brief(
    st.recursive(
        paths | declared_names | numbers | dates | st.just(tree.Today()),
        lambda inner: st.builds(
            tree.Offset, durations | declared_names, st.sampled_from(("before", "after")), inner
        ),
        max_leaves=3,
    )
)
_single_terms = _points | st.builds(tree.YearsBetween, _points, _points)
terms: SearchStrategy[tree.Term] = _brief(
    st.recursive(
        _single_terms,
        lambda inner: st.builds(tree.Sum, inner, st.sampled_from(("plus", "minus")), _single_terms),
        max_leaves=3,
    )
)
_options_compared = free_names.filter(lambda name: name.text != "today")


def _tuples(items: SearchStrategy[Any], least: int = 1, most: int = 3) -> SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


_members = _any_word.map(tree.Word) | paths
_signs = st.sampled_from(("<", "<=", ">", ">="))
_atoms: SearchStrategy[tree.Condition] = _brief(
    st.one_of(
        st.builds(tree.Holds, paths | declared_names),
        st.builds(tree.Is, paths, values.map(lambda value: (value,)), st.booleans()),
        st.builds(tree.Is, paths, _tuples(values), st.booleans(), st.just(value=True)),
        st.builds(tree.Is, paths, _tuples(paths | st.just(tree.NoneOfThem()), most=1), st.booleans()),
        st.builds(tree.Includes, paths, _tuples(_members, most=1)),
        st.builds(
            tree.Includes, paths, _tuples(_members), st.sampled_from(("any", "all", "none", "exactly"))
        ),
        st.builds(tree.Compare, terms, _signs, terms),
        st.builds(tree.Compare, terms, _signs, terms | _options_compared, st.just(value=True)),
    )
)


def _joins(inner: SearchStrategy[tree.Condition]) -> SearchStrategy[tree.Condition]:
    return st.one_of(
        st.builds(tree.Not, inner),
        st.builds(tree.And, _tuples(inner, 2)),
        st.builds(tree.Or, _tuples(inner, 2)),
        st.builds(
            tree.Quantified, st.sampled_from(("any", "every", "no")), free_names, inner, st.none() | paths
        ),
        st.builds(
            tree.Counted,
            st.sampled_from(("at least", "at most", "exactly")),
            st.integers(0, LARGEST_NUMBER),
            free_names,
            inner,
            st.none() | paths,
        ),
    )


_listless: SearchStrategy[tree.Condition] = _brief(st.recursive(_atoms, _joins, max_leaves=5))
_lists: SearchStrategy[tree.Condition] = st.builds(
    tree.These, st.sampled_from(("any", "all", "none")), _tuples(_listless)
)
conditions: SearchStrategy[tree.Condition] = _brief(st.recursive(_listless | _lists, _joins, max_leaves=4))

# --- vocabulary -------------------------------------------------------------------------------

_options = _tuples(st.builds(tree.Option, _option_word.map(tree.Name), st.none() | texts), most=4)
types: SearchStrategy[tree.TypeExpr] = _brief(
    st.one_of(
        st.just(tree.YesNo()),
        st.builds(tree.OneOf, _options, st.booleans()),
        st.builds(tree.Reference, free_names.filter(lambda name: name.text != "of"), st.booleans()),
        st.builds(tree.SomeOf, _options),
        st.builds(tree.NumberType, st.none() | _any_word),
        st.builds(tree.NumberType, st.none() | _any_word, st.integers(-9, 9), st.integers(-9, 200)),
        st.just(tree.DateType()),
        st.just(tree.TextType()),
    )
)
_assumed = _tuples(values) | st.builds(tree.EveryElement, free_names, conditions)
_questions = st.tuples(st.none(), st.just(value=False)) | st.tuples(texts, st.booleans())
facts: SearchStrategy[tree.FactDecl] = _brief(
    st.builds(
        lambda name, phrase, type_, assumed, asked, fixed: tree.FactDecl(
            name, phrase, type_, assumed, asked[0], asked[1], fixed
        ),
        _fact_word.map(tree.Name),
        texts,
        types,
        st.none() | _assumed,
        _questions,
        st.booleans(),
    )
)
more_options: SearchStrategy[tree.MoreOptions] = _brief(
    st.builds(
        tree.MoreOptions,
        _fact_word.map(tree.Name),
        st.builds(tree.OneOf, _options, st.booleans()) | st.builds(tree.SomeOf, _options),
    )
)
_in_a_group = _tuples(facts | more_options, 0)
facts_declarations: SearchStrategy[tree.FactsDecl] = st.builds(
    tree.FactsDecl, _group_word.map(tree.Name), texts, _in_a_group
) | st.builds(
    tree.FactsDecl, _group_word.map(tree.Name), texts, _in_a_group, st.just(value=True), st.booleans()
)

# --- clauses ----------------------------------------------------------------------------------

cites: SearchStrategy[tree.Cite] = _brief(st.builds(tree.Cite, free_names, _tuples(texts, 0)))
provisions: SearchStrategy[tree.Provisions] = _brief(
    st.builds(
        tree.Provisions,
        st.none() | conditions,
        st.none() | conditions,
        st.none() | dates,
        st.none() | dates,
        st.none() | texts,
        _tuples(cites, 0, 2),
    )
)
_reasons = st.builds(
    tree.Provisions, when=st.none() | conditions, because=st.none() | texts, cites=_tuples(cites, 0, 2)
)
_outcomes = st.sampled_from(OUTCOMES)
_strengths = st.sampled_from(({}, {"must": True}, {"should": True}))
_eachs = st.builds(tree.EachOf, free_names, conditions, st.none() | paths)
_whoms: SearchStrategy[tree.Whom] = texts.map(tree.Text) | paths | free_names | _eachs


def _effect(outcome: Outcome, strength: dict[str, Any], whom: tree.Whom, *, closing: bool) -> tree.Effect:
    asked = whom if outcome is Outcome.SEEK_CONSENT else None
    return tree.Effect(outcome, whom=asked, closing=closing, **strength)


effects: SearchStrategy[tree.Effect] = _brief(
    st.builds(_effect, _outcomes, _strengths, st.none() | _whoms, closing=st.booleans())
)
targets: SearchStrategy[tree.Target] = _brief(
    declared_names
    | st.sampled_from((tree.EveryConsentClause(), tree.AllOtherClauses()))
    | st.builds(tree.EveryClauseOf, declared_names)
)
timings: SearchStrategy[tree.Timing] = st.builds(
    tree.Timing, st.sampled_from(("before", "after")), st.sampled_from(Act)
).filter(lambda timing: timing.order == "after" or timing.act not in {Act.DECIDING, Act.HOLDING_BACK})
_sides = st.sampled_from(((), ("item",), ("recipient",), ("item", "recipient")))
_scopes = _sides | _group_word.map(lambda word: (word,))
_modalities = st.sampled_from(("never", "always"))
_deadlines = st.builds(
    tree.Deadline,
    st.integers(0, LARGEST_NUMBER),
    st.sampled_from(("hours", "days", "working days", "weeks", "months")),
    st.none() | paths,
)
_instead = st.none() | declared_names

clauses: SearchStrategy[tree.Declaration] = _brief(
    st.one_of(
        st.builds(
            tree.Clause,
            st.sampled_from(("consent", "rule")),
            declared_names,
            texts,
            effects,
            provisions=provisions,
            scope=_scopes,
            instead_of=_instead,
        ),
        st.builds(
            tree.Clause,
            st.just("override"),
            declared_names,
            texts,
            effects,
            _tuples(targets),
            provisions,
            _scopes,
            _instead,
        ),
        st.builds(
            tree.Exception_,
            declared_names,
            texts,
            _tuples(targets),
            provisions,
            st.booleans(),
            _scopes,
            _instead,
        ),
        st.builds(
            tree.Duty,
            declared_names,
            texts,
            _tuples(timings),
            provisions,
            _scopes,
            st.none() | _deadlines,
            _instead,
        ),
        st.builds(tree.Safeguard, declared_names, texts, _scopes, conditions, texts, provisions, _instead),
        st.builds(tree.Advice, declared_names, texts, provisions, _scopes, _instead),
        st.builds(
            tree.Guarantee,
            declared_names,
            texts,
            _modalities,
            outcome=_outcomes,
            provisions=_reasons,
            scope=_scopes,
        ),
        st.builds(
            tree.Guarantee,
            declared_names,
            texts,
            _modalities,
            duty=declared_names,
            provisions=_reasons,
            scope=_scopes,
        ),
        st.builds(
            tree.Part,
            declared_names,
            texts,
            st.builds(
                tree.Provisions,
                when=st.none() | conditions,
                start=st.none() | dates,
                end=st.none() | dates,
                cites=_tuples(cites, 0, 2),
            ),
        ),
    )
)

# --- scenarios --------------------------------------------------------------------------------

# `exactly` reads on to the next words, and `(not …)` denies; the oddest facts are left out of elements.
_given_values = values | st.just(tree.Word("exactly"))
_element_word = _any_word.filter(lambda word: word not in {"is", "not"})


_nobody = st.just(tree.NoneOfThem())


def _elements(group: str) -> SearchStrategy[tree.GivenElement]:
    fact = st.builds(tree.Path, st.just(group), _element_word)
    holds = st.builds(tree.GivenHolds, fact, st.booleans())
    is_ = st.builds(tree.GivenIs, fact, _tuples(values | _nobody, most=1))
    exactly = st.builds(tree.GivenIs, fact, _tuples(values), st.just(value=True))
    return st.builds(tree.GivenElement, st.just(tree.Name(group)), texts, _tuples(holds | is_ | exactly, 0))


givens: SearchStrategy[tree.Given] = _brief(
    st.one_of(
        st.builds(tree.GivenHolds, own_paths, st.booleans()),
        st.builds(tree.GivenIs, own_paths, _tuples(_given_values | _nobody, most=1)),
        st.builds(tree.GivenIs, own_paths, _tuples(values), st.just(value=True)),
        # what is given of a list called `is` would be read on from a fact before it
        _group_word.filter(lambda word: word != "is").flatmap(_elements),
        st.builds(tree.GivenNone, free_names),
    )
)
_names = _tuples(declared_names, 0, 2)
_duties = declared_names | st.builds(tree.DutyFor, _declared_word, texts, st.none() | texts)
_one_row = st.builds(tree.Row, texts, st.none() | texts)
_rows = _tuples(_one_row, 0, 2)
_some_duties = _tuples(_duties, 0, 2)
_outcomes_of_rows = st.builds(
    lambda outcome, strength, sides: tree.OutcomeFor(outcome, item=sides[0], recipient=sides[1], **strength),
    _outcomes,
    _strengths,
    st.tuples(texts, st.none() | texts) | st.tuples(st.none(), texts),
)
_thens: SearchStrategy[Any] = st.tuples(_outcomes, _strengths) | st.just((Outcome.DIFFERS, {}))
expectations: SearchStrategy[tree.Expectation] = _brief(
    st.builds(
        lambda then, **said: tree.Expectation(then[0], **then[1], **said),
        _thens,
        rows=_tuples(_outcomes_of_rows, 0, 2),
        asking_consent=_tuples(texts, 0, 2),
        because_of=_names,
        basis=st.none()
        | st.sampled_from([basis for basis in Basis if basis not in {Basis.CLAUSES, Basis.ROWS}]),
        with_=_some_duties,
        without=_some_duties,
        lifting=_some_duties,
        asking=_tuples(own_paths | declared_names, 0, 2),
        releasing=_rows,
        holding_back=_rows,
        leaving_open=_tuples(_one_row | _duties, 0, 2),
    )
)
scenarios: SearchStrategy[tree.Scenario] = st.builds(
    tree.Scenario, texts, _tuples(givens, 0), expectations, st.none() | dates, _tuples(cites, 0, 2)
)

# --- files ------------------------------------------------------------------------------------

policies: SearchStrategy[tree.PolicyDecl] = st.builds(
    tree.PolicyDecl,
    free_names,
    texts,
    st.none() | texts,
    st.none() | texts,
    st.none() | dates,
    st.none() | dates,
    st.none() | dates,
)
sources: SearchStrategy[tree.SourceDecl] = st.builds(
    tree.SourceDecl, free_names, texts, st.none() | texts, st.none() | dates, st.none() | texts
)
steps: SearchStrategy[tree.ValueStep] = st.builds(tree.ValueStep, numbers | durations | dates, dates)
entries: SearchStrategy[tree.ValueEntry] = st.builds(
    tree.ValueEntry, free_names, numbers | durations | dates, st.none() | dates
)
declarations: SearchStrategy[tree.Declaration] = _brief(
    st.one_of(
        policies,
        st.builds(tree.Use, texts),
        sources,
        facts_declarations,
        st.builds(tree.DefineDecl, declared_names, texts, conditions, st.none() | free_names),
        st.builds(tree.ValueDecl, declared_names, _tuples(steps)),
        st.builds(tree.ValueDecl, declared_names, by=own_paths, entries=_tuples(entries)),
        st.builds(tree.HolidaysDecl, declared_names, _tuples(dates, most=9)),
        st.builds(tree.ImpossibleDecl, declared_names, texts, conditions),
        clauses,
        scenarios,
    )
)
files: SearchStrategy[tree.File] = st.builds(tree.File, st.just(1), _tuples(declarations))
