"""A dialogue: an incomplete case and what a person types, turn by turn -> a completed case and its decision.

First the questions that decide the outcome, best first; then, before any answer is told, what was assumed and could
change it; then the questions that decide only duties and disclosures, and what was assumed of those. Every turn
decides the case anew, so no more is asked than matters. Invariants: pure, so that going back is the dialogue of a turn ago; the case
is at every turn one that can be decided. Deliberately not here: words (`prompts`) and terminals (`cli.ask`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs

from infoshare.asking import prompts
from infoshare.asking.answers import Command, Given, Unclear, Word, command, tidy, understand
from infoshare.asking.prompts import Prompt
from infoshare.asking.review import Assumed, answer_of, to_confirm
from infoshare.errors import FactsError
from infoshare.explain import letter, rows
from infoshare.explain.duties import at_once, still_open
from infoshare.explain.wording import Voice
from infoshare.meaning import facts as reading
from infoshare.meaning.case import Case, as_facts, element_of, path_of, plain_answers
from infoshare.meaning.facts import LONGEST_LIST
from infoshare.meaning.findings import Question
from infoshare.meaning.model import All, Among, Condition
from infoshare.meaning.types import FactType, OneOf, Reference, SomeOf, plain
from infoshare.outcome import Basis, Outcome
from infoshare.policy.decision import Decision
from infoshare.policy.policy import Policy

_OFFERED = {"item": "What would you share?", "recipient": "With whom would you share it?"}
_NAMED_FIRST = {
    **_OFFERED,
    "person": "Who is in this: the child, the family, anybody else whom the information is about?",
}
_MOST_AT_ONCE = 12
"""How many questions stand together, where a door shows more than one."""
_HELP = {
    "answer": ("Answer with the number of an answer, with its words, or with the beginning of them.",),
    "list": ("Type one name on each line, and an empty line when that is all.",),
    "assumed": (
        "Nobody was asked about these. Type the numbers of those that are wrong or that you are not sure of: each is asked.",
        "  yes       all of it is right: it is kept in the case as answered",
        "  skip      leave all of it assumed: the decision goes on saying so",
    ),
}
_YES = {"yes", "y", "ok", "right", "all right"}
_WORDS = (
    "  not sure  somebody was asked and does not know: the doubt is kept in the case",
    "  skip      leave it unanswered for now",
    "  back      go back one answer",
    "  stop      end here, and see what is decided on what is known",
)


@attrs.frozen
class Turn:
    """What came of one line: the dialogue after it, what to say about it, and whether to ask anew in full."""

    dialogue: "Dialogue"
    said: tuple[str, ...] = ()
    anew: bool = True


@attrs.frozen
class Alike:
    """What safeguards ask of each element of a list, where more than one of these questions is open.

    Attributes:
        group: the list.
        names: the elements of which something is asked.
        asked: the facts that are asked, in words, as they are where nothing is wrong: `it is accurate`.
        keys: the questions.
    """

    group: str
    names: tuple[str, ...]
    asked: tuple[str, ...]
    keys: tuple[str, ...]


@attrs.frozen(eq=False, slots=False)
class Dialogue:
    """One state of a dialogue.

    Attributes:
        naming: whether the lists that matter are offered before anything but what is to be asked first.
        apart: the lists of whose elements each question is asked by itself, although they could be confirmed together.
        passed: what was skipped, in vain or by choice, and is not asked again.
        listing: the names given so far, while a list is being given.
        correcting: the assumed facts that are being put right, the next one first.
        assumed: what is left assumed by choice, and is not shown again.
        told: the answer that was told last.
        before: the dialogue of a turn ago.
    """

    policy: Policy
    as_of: date
    presume: bool
    case: Case
    decision: Decision
    naming: bool = False
    apart: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    listing: tuple[str, ...] = ()
    correcting: tuple[str, ...] = ()
    assumed: frozenset[str] = frozenset()
    told: tuple[object, ...] | None = None
    stopped: bool = False
    before: "Dialogue | None" = None

    @staticmethod
    def start(
        policy: Policy,
        facts: Mapping[str, object],
        *,
        as_of: date,
        presume: bool = True,
        naming: bool = False,
    ) -> "Dialogue":
        """A dialogue about a case. Raises FactsError if it cannot be decided as it stands."""
        decision = policy.decide(facts, as_of=as_of, presume=presume)
        return Dialogue(policy, as_of, presume, reading.read(policy.model, facts).case, decision, naming)

    # --- what is asked

    @cached_property
    def prompt(self) -> Prompt | None:
        """What to ask now; None when nothing is left to ask."""
        if self.stopped:
            return None
        if self.correcting:
            return self._of_fact(self.correcting[0])
        if question := self._ask_first:
            return self._put(question, _stage(question))
        if self.naming and (group := self._unnamed):
            why = "What may go to whom, and what is to be done for whom, is then said for each of them."
            return prompts.list_of(
                group, self.policy.model.groups[group].phrase, _NAMED_FIRST[group], why=why, offered=True
            )
        if (question := self._question) and "outcome" in question.for_:
            return self._put(question, "outcome")
        if self.reviewed and self.reviewed[0].first:
            return self.review
        if question:
            return self._put(question, "rest")
        if group := self._offered:
            phrase = self.policy.model.groups[group].phrase
            why = "To see what may go and what is held back; without it only the general conditions are told."
            return prompts.list_of(group, phrase, _OFFERED[group], why=why, offered=True)
        if question := self._disclosing:
            return self._put(question, "rest")
        if self.reviewed:
            return self.review
        return None

    @cached_property
    def first(self) -> tuple[Prompt, ...]:
        """The questions that are to be asked first, for a door that shows them together; none where others come."""
        if self.stopped or self.correcting or self._ask_first is None:
            return ()
        facts = self.policy.model.facts
        asked = [q for q in self._asked if (f := facts.get(path_of(q.fact))) and f.ask_first]
        put = [self._put(question, _stage(question)) for question in asked[:_MOST_AT_ONCE]]
        return tuple(prompt for prompt in put if prompt.stage != "list") or tuple(put[:1])

    @cached_property
    def alike(self) -> Alike | None:
        """What can be confirmed together, for a door that asks it so; None where that is not what comes next."""
        prompt = self.prompt
        if prompt is None or self.correcting or path_of(prompt.key) not in self._required:
            return None
        group = prompt.key.partition("[")[0]
        keys = [q.fact for q in self._asked if q.fact.partition("[")[0] == group]
        keys = [key for key in keys if path_of(key) in self._required]
        if group in self.apart or len(keys) < 2:
            return None
        names = dict.fromkeys(found[1] for key in keys if (found := element_of(key)))
        phrases = {path_of(key): self.policy.model.facts[path_of(key)].phrase for key in keys}
        return Alike(group, tuple(names), tuple(phrases.values()), tuple(keys))

    @property
    def _required(self) -> set[str]:
        """The facts of elements that safeguards ask to be so, and nothing else of them."""
        asked: list[Condition] = []
        for safeguard in self.policy.model.safeguards.values():
            require = safeguard.require
            asked += require.items if isinstance(require, All) else [require]
        return {
            each.fact.path
            for each in asked
            if isinstance(each, Among) and each.fact.each and each.values == {True}
        }

    @property
    def _unnamed(self) -> str | None:
        """A list on which something hangs and that nobody has given or left open."""
        decision = self.decision
        hang = {question.fact for question in decision.questions}
        hang |= {each.fact for each in decision.assumed if each.matters}
        hang |= {group for safeguard in self.policy.model.safeguards.values() for group in safeguard.scope}
        given = {*self.case.elements, *self.case.unsure, *self.passed}
        return next((group for group in _NAMED_FIRST if group in hang - given), None)

    def _put(self, question: Question, stage: prompts.Stage) -> Prompt:
        """The prompt for a question; whom a reference may name has to be listed first."""
        model = self.policy.model
        if group := self._to_list_first(question.fact):
            phrase = model.groups[group].phrase
            about = self._voice.whether(question.fact)
            return prompts.list_of(
                group, phrase, f"Please list each one: {phrase}.", why=f"It is asked after that: {about}."
            )
        return prompts.put(self._voice, question, stage, self._trial(question), self._names(question.fact))

    def _of_fact(self, key: str) -> Prompt:
        """The prompt for what was assumed: a fact, or that a list is empty."""
        group = self.policy.model.groups.get(key)
        if group is not None:
            return prompts.list_of(key, group.phrase, f"Please list each one: {group.phrase}.")
        return prompts.of_fact(self._voice, key, self._names(key))

    def _reference(self, key: str) -> Reference | None:
        fact = self.policy.model.facts.get(path_of(key))
        return fact.type if fact is not None and isinstance(fact.type, Reference) else None

    def _as_shown(self, key: str, type_: FactType) -> FactType:
        """A type with its labels as they are shown, so that they can be typed."""
        if not isinstance(type_, OneOf | SomeOf):
            return type_
        whose = self._voice.element(key)
        return attrs.evolve(type_, labels=tuple(self._voice.placed(label, whose) for label in type_.labels))

    def _names(self, key: str) -> tuple[str, ...]:
        """Those whom a reference may name."""
        reference = self._reference(key)
        return self.case.elements.get(reference.group, ()) if reference else ()

    def _to_list_first(self, key: str) -> str | None:
        """The list of which a reference names elements, where the case does not give it."""
        reference = self._reference(key)
        given = reference is None or reference.group in self.case.elements
        return None if given or reference is None else reference.group

    @property
    def opening(self) -> tuple[str, ...]:
        """What does not wait for an answer, and what must not be done without one: said before the first question."""
        voice = attrs.evolve(self._voice, full=False)
        anyway = () if self.settled else rows.nowhere_anyway(voice)
        return (*at_once(self._voice), *anyway, *still_open(self._voice, cannot_be_taken_back=True))

    @property
    def settled(self) -> bool:
        """Whether the outcome is settled, and that of every row."""
        return self.decision.basis is not Basis.UNKNOWN_FACTS and not self._voice.open_rows

    @property
    def facts(self) -> dict[str, Any]:
        """The case as it now is: plain JSON data that decides the same."""
        return as_facts(self.case, self.policy.model)

    @property
    def headline(self) -> str:
        """The answer as it now is, in one line."""
        return letter.headline(self._voice)

    @property
    def row_by_row(self) -> tuple[str, ...]:
        """What goes to whom, where the answer is not the same for everything and everybody."""
        voice = attrs.evolve(self._voice, full=False)
        return tuple(rows.lines(voice)) if rows.differ(voice) else ()

    @cached_property
    def _voice(self) -> Voice:
        model = self.policy.model
        return Voice(self.decision, model, answers=plain_answers(self.case, model))

    @cached_property
    def _ask_first(self) -> Question | None:
        """The best question on a fact that is to be asked first, whatever hangs on it."""
        facts = self.policy.model.facts
        return next((q for q in self._asked if (f := facts.get(path_of(q.fact))) and f.ask_first), None)

    @cached_property
    def _question(self) -> Question | None:
        """The best question on the outcome while it is not settled; then those on what is to be done."""
        asked = self._asked
        if not self.settled:
            return next((q for q in asked if "outcome" in q.for_), None)
        return next((q for q in asked if {"mandatory", "duties"} & set(q.for_)), None)

    @property
    def _disclosing(self) -> Question | None:
        """Then, when the lists are given, those on what may go to whom."""
        return next(iter(self._asked), None) if self.settled else None

    @cached_property
    def _asked(self) -> list[Question]:
        return [
            q
            for q in self.decision.questions
            if q.answered is None and q.fact not in self.passed and not self._in_vain(q.fact)
        ]

    def _in_vain(self, key: str) -> bool:
        """Whether a reference may not be asked, as nobody lists whom it could name."""
        group = self._to_list_first(key)
        return group is not None and (group in self.passed or group in self.case.unsure)

    @property
    def _offered(self) -> str | None:
        """A list that safeguards speak of and the case does not give, when it may be shared."""
        if self.decision.outcome is not Outcome.SHARE:
            return None
        scopes = {group for safeguard in self.policy.model.safeguards.values() for group in safeguard.scope}
        given = {*self.case.elements, *self.case.unsure, *self.passed}
        return next((group for group in _OFFERED if group in scopes - given), None)

    @cached_property
    def reviewed(self) -> list[Assumed]:
        """What nobody said and is to be confirmed together: first what could change the answer, then the rest."""
        left = [each for each in self._weighed if each.assumption.fact not in self.assumed]
        return [each for each in left if each.first] or left

    @cached_property
    def _weighed(self) -> list[Assumed]:
        """What is assumed and not left so by choice, weighed by another decision each: of the state before, if that holds."""
        if self.before is not None and self.before.decision is self.decision:
            return self.before._weighed  # noqa: SLF001 - a dialogue too

        def if_unsure(fact: str) -> Decision | None:
            return self._decided(attrs.evolve(self.case, unsure=self.case.unsure | {fact}))

        def always_first(key: str) -> bool:
            fact = self.policy.model.facts.get(path_of(key))
            return fact is None or fact.ask_first  # that a list is empty, or what is to be asked first

        return to_confirm(self.decision, if_unsure, always_first, left=self.assumed)

    @property
    def review(self) -> Prompt:
        """The prompt for what is to be confirmed."""
        return prompts.of_assumptions(self._voice, self.reviewed)

    @property
    def said(self) -> tuple[str, ...]:
        """What was answered so far, in words: a sentence for each answer and each doubt."""
        facts, voice = self.policy.model.facts, self._voice
        answered = [
            str(voice.said(key, plain(answer, facts[path_of(key)].type)))
            for key, answer in self.case.answers.items()
        ]
        return (*answered, *(f"not known: {voice.whether(key)}" for key in sorted(self.case.unsure)))

    @property
    def is_told(self) -> bool:
        """Whether nothing that could change the answer is still to be confirmed."""
        return self.settled and not any(each.first for each in self.reviewed)

    def _trial(self, question: Question) -> prompts.Trial:
        def trial(value: Any) -> Decision | None:
            return self._decided(self._with_answer(question.fact, value))

        return trial

    # --- what is answered

    def reply(self, typed: str) -> Turn:
        """The dialogue after a line was typed."""
        prompt = self.prompt
        if prompt is None:
            return Turn(self)
        if prompt.stage == "list":
            return self._list(prompt, typed)
        if prompt.key == "":
            return self._review(prompt, typed)
        if not typed.strip():
            return self._again("type an answer; `skip` leaves the question open")
        match self.understood(prompt.key, typed):
            case Given() as given:
                return self.answer({prompt.key: given})
            case Command(word):
                return self._command(word, prompt)
            case Unclear(why):
                return self._again(why)

    def understood(self, key: str, typed: str) -> Given | Command | Unclear:
        """What was typed in answer to the question about a fact."""
        type_ = self.policy.model.facts[path_of(key)].type
        return understand(typed, self._as_shown(key, type_), self._names(key))

    def answer(self, given: Mapping[str, Given | Command]) -> Turn:
        """The dialogue after some questions were answered, as one turn.

        Args:
            given: by fact or list: its answer, or `not sure`; any other command leaves it open.
        """
        case, passed = self.case, self.passed
        said: list[str] = []
        for key, each in given.items():
            match each:
                case Given(value):
                    type_ = self.policy.model.facts[path_of(key)].type
                    said.append(f"Noted: {self._voice.said(key, plain(value, type_))}.")
                    case = self._with_answer(key, value, case)
                case Command(word) if word == "not sure" or key in self.correcting:
                    said.append("Noted: not known. The doubt is kept.")
                    case = attrs.evolve(case, unsure=case.unsure | {key})
                case _:
                    said.append("Left open.")
                    passed |= {key}
        left = tuple(key for key in self.correcting if key not in given)
        if case is self.case:
            return self._turn(self._next(passed=passed, correcting=left), *said)
        return self._settle(case, *said, passed=passed, correcting=left)

    def one_by_one(self, group: str) -> "Dialogue":
        """The dialogue that asks each question about each element of a list by itself."""
        return self._next(apart=self.apart | {group})

    def stop(self) -> "Dialogue":
        """The dialogue, ended with what is known: what was to be put right is not taken to be so any more."""
        doubted = attrs.evolve(self.case, unsure=self.case.unsure.union(self.correcting))
        decision = self._decided(doubted) if self.correcting else None
        ended = self if decision is None else attrs.evolve(self, case=doubted, decision=decision)
        return attrs.evolve(ended, stopped=True, listing=(), correcting=())

    def _again(self, why: str) -> Turn:
        """The same question, and why what was typed is no answer to it."""
        end = "" if why.endswith((".", "?")) else "."
        return Turn(self, (f"{why[:1].upper()}{why[1:]}{end}",), anew=False)

    def _command(self, word: Word, prompt: Prompt) -> Turn:
        match word:
            case "help":
                return Turn(self, _help(prompt))
            case "stop":
                return Turn(attrs.evolve(self.stop(), before=self))
            case "back":
                return self._again("this is the first question") if self.before is None else Turn(self.before)
            case _:
                return self.answer({prompt.key: Command(word)})

    def _settle(self, case: Case, *said: str, **changes: Any) -> Turn:
        """The case with something more known, unless that cannot be."""
        try:
            decision = self._decide(case)
        except FactsError as error:
            told = [f"{each.message[:1].upper()}{each.message[1:]}" for each in error.diagnostics]
            return Turn(self, (*told, "Answer otherwise, or go back."), anew=False)
        changes = {"correcting": self.correcting[1:], **changes}
        return self._turn(self._next(case=case, decision=decision, **changes), *said)

    def _turn(self, after: "Dialogue", *said: str) -> Turn:
        """The turn to a dialogue, with the answer where it is settled anew and nothing assumed could change it."""
        now = answer_of(after.decision)
        if after.told == now or after.prompt is None or after.correcting or not after.is_told:
            return Turn(after, said)
        news: tuple[str, ...]
        if after.told is not None:
            news = (f"That changes the answer: {after.headline}", *after.row_by_row)
        else:
            # what was left assumed may yet prove wrong, and what was done on it could not be undone
            how = ", if all that is assumed is right" if after.assumed else ""
            more = "What is asked from here on settles the rest of it; `stop` ends here."
            news = (f"Settled{how}: {after.headline}", *after.row_by_row, more)
        return Turn(attrs.evolve(after, told=now), (*said, "", *news))

    def _next(self, **changes: Any) -> "Dialogue":
        return attrs.evolve(self, **{"listing": (), "correcting": (), "before": self, **changes})

    def _with_answer(self, key: str, value: Any, case: Case | None = None) -> Case:
        case = case or self.case
        return attrs.evolve(case, answers={**case.answers, key: value}, unsure=case.unsure - {key})

    def _decide(self, case: Case) -> Decision:
        return self.policy.decide(as_facts(case, self.policy.model), as_of=self.as_of, presume=self.presume)

    def _decided(self, case: Case) -> Decision | None:
        try:
            return self._decide(case)
        except FactsError:
            return None

    # --- lists and assumptions

    def _list(self, prompt: Prompt, typed: str) -> Turn:
        """A name of a list, or the end of it."""
        offered = self._question is None and self._offered == prompt.key
        word, line = command(typed), tidy(typed)
        if word is not None:
            return self._command("skip" if offered and word == "not sure" else word, prompt)
        if line is None:
            return self._again("that holds characters that cannot be kept; type it in plain text")
        if self.listing and not line:
            return self._listed(prompt.key)
        if not line:
            if not offered:
                return self._again("type a name, or `none`, or `skip`")
            return self._turn(self._next(passed=self.passed | {prompt.key}))
        if line.casefold() == "none" and not self.listing:
            return self._listed(prompt.key)
        return self.add(line)

    def add(self, name: str) -> Turn:
        """The dialogue after a name was given for the list that is asked for."""
        line = tidy(name)
        if not line:
            return self._again("that holds characters that cannot be kept; type it in plain text")
        if line in self.listing:
            return self._again("that name was given already: every one needs a name of its own")
        if len(self.listing) == LONGEST_LIST:
            return self._again("that is more than can be listed: press Enter")
        return Turn(attrs.evolve(self, listing=(*self.listing, line), before=self), anew=False)

    def take_out(self, at: int) -> Turn:
        """The dialogue without one of the names that were given so far."""
        return Turn(attrs.evolve(self, listing=(*self.listing[:at], *self.listing[at + 1 :]), before=self))

    def listed(self) -> Turn:
        """The dialogue with the names that were given so far, none included, as the whole list that is asked for."""
        prompt = self.prompt
        return Turn(self) if prompt is None or prompt.stage != "list" else self._listed(prompt.key)

    def _listed(self, group: str) -> Turn:
        """The whole list as one answer, which `back` takes away at once."""
        start = self
        while start.listing and start.before is not None:
            start = start.before
        elements = {**self.case.elements, group: self.listing}
        said = f"Noted: {len(self.listing)} named." if self.listing else "Noted: none."
        turn = start._settle(attrs.evolve(self.case, elements=elements), said)  # noqa: SLF001 - a dialogue too
        return attrs.evolve(turn, dialogue=self) if turn.dialogue is start else turn

    def _review(self, prompt: Prompt, typed: str) -> Turn:
        """Confirms what was assumed, has it asked or leaves it; a mere Enter does none of these."""
        text = typed.strip().casefold()
        facts = [each.assumption.fact for each in self.reviewed]
        if text in _YES:
            return self.confirm(facts)
        numbers = text.replace(",", " ").split()
        if numbers and all(each.isascii() and each.isdigit() and len(each) < 5 for each in numbers):
            wrong = sorted({int(each) for each in numbers})
            if wrong[0] >= 1 and wrong[-1] <= len(facts):
                return self.confirm((), [facts[number - 1] for number in wrong])
        match command(typed):
            case "skip":
                return self.leave_assumed(facts)
            case None | "not sure":
                nothing = "nothing is confirmed by Enter alone: " if not text else ""
                return self._again(
                    f"{nothing}type `yes` if all of it is right, or the numbers, from 1 to {len(facts)}, of what is wrong or not known"
                )
            case word:
                return self._command(word, prompt)

    def leave_assumed(self, facts: Iterable[str]) -> Turn:
        """The dialogue that does not have these assumptions confirmed any more."""
        left = self._next(assumed=self.assumed.union(facts))
        return self._turn(left, "Left assumed; the decision says so.")

    def confirm(self, confirmed: Iterable[str], wrong: Sequence[str] = ()) -> Turn:
        """What was assumed becomes what somebody said.

        Args:
            confirmed: the assumed facts, and empty lists, that are right.
            wrong: those that are not, or of which somebody is not sure: they are asked.
        """
        correcting, confirmed = tuple(wrong), list(confirmed)
        if not confirmed:
            return Turn(self._next(correcting=correcting, stopped=False))
        facts, assumed = self.policy.model.facts, {each.fact: each.value for each in self.decision.assumed}
        said = {
            key: facts[path_of(key)].type.of_plain(assumed[key]) for key in confirmed if path_of(key) in facts
        }
        empty = {key: () for key in confirmed if key in self.policy.model.groups}
        case = attrs.evolve(
            self.case, answers={**self.case.answers, **said}, elements={**self.case.elements, **empty}
        )
        return self._settle(
            case, "Noted: all of that.", correcting=correcting, stopped=self.stopped and not wrong
        )


def _stage(question: Question) -> prompts.Stage:
    return "outcome" if "outcome" in question.for_ else "rest"


def _help(prompt: Prompt) -> tuple[str, ...]:
    """What can be typed now."""
    if prompt.key == "":
        return (*_HELP["assumed"], *(line for line in _WORDS if line.split()[0] in {"back", "stop"}))
    return (*_HELP["list" if prompt.stage == "list" else "answer"], *_WORDS)
