"""The end of an interview: the answer, the form for a record of it, and what is said once there is one."""

from infoshare.asking import Dialogue
from infoshare.explain.english import opening
from infoshare.outcome import OUTCOMES
from infoshare.pages.parts import Field, Option, Page, button, form, opened, options, typed
from infoshare.pages.questions import Place
from infoshare.pages.recording import Made
from infoshare.pages.words import Words
from infoshare.webpage.markup import Content, Markup, tag


def answer(dialogue: Dialogue, place: Place, *, records: bool) -> Page:
    """What the policy says, and what can be done next.

    Args:
        records: whether a record can be made.
    """
    words, step = place.words, place.step
    given = [tag("li", opening(line)) for line in dialogue.said]
    more = dialogue.stopped and bool(dialogue.decision.questions)
    can = [
        tag("a", words.record, href=f"record?step={step}", class_="button") if records else None,
        tag("a", words.go_on_answering, href=place.back, class_="button second") if more else None,
        tag("a", words.keep, href="case"),
    ]
    content = [
        Markup(dialogue.decision.to_html(level=1)),
        opened(words.given, tag("ul", given) if given else tag("p", words.given_none), class_="given"),
        opened(words.in_full, Markup(dialogue.decision.to_html(full=True, level=3)), class_="in-full"),
        tag(
            "section",
            tag("h2", words.next_heading),
            tag("ul", [tag("li", each) for each in can if each], class_="next"),
            tag("p", words.paused, class_="hint"),
            tag("p", words.print_),
            None if records else tag("p", words.no_records),
            _forget(place),
            class_="screen",
        ),
    ]
    return Page(words.answer_title, content, back=place.back, about=dialogue.policy.title)


def _forget(place: Place) -> Markup:
    return form("end", place.token, button(place.words.forget, "end", class_="second"))


def record(dialogue: Dialogue, place: Place, *, signed: bool, before: Made | None) -> Page:
    """The form for a record.

    Args:
        signed: whether it is signed and kept here.
        before: the record that this one takes the place of.
    """
    words, sent, errors = place.words, place.sent, place.errors

    def field(id_: str, label: str, hint: str | None = None) -> Field:
        return Field(id_, label, hint, errors.get(id_))

    def line(id_: str, label: str, hint: str | None = None) -> Markup:
        return typed(field(id_, label, hint), words, sent.text(id_), maxlength=500, autocomplete="off")

    followed = [Option("yes", words.followed_yes), Option("no", words.followed_no)]
    instead = [Option(each.value, getattr(words, f"instead_{each.value}")) for each in OUTCOMES]
    lead: list[Content] = [tag("p", words.record_lead.format(headline=dialogue.headline), class_="lead")]
    lead += [tag("p", words.record_unsettled)] if not dialogue.settled else []
    lead += [tag("p", words.record_again)] if before is not None else []
    content: list[Content] = [
        tag("h1", words.record_heading),
        lead,
        options(field("followed", words.followed), words, followed, sent.all("followed")),
        options(field("instead", words.instead), words, instead, sent.all("instead")),
        typed(field("because", words.because, words.because_hint), words, sent.text("because"), long=True),
        typed(field("note", words.note, words.note_hint), words, sent.text("note"), long=True),
        line("name", words.your_name),
        line("role", words.your_role, words.your_role_hint),
        line("organisation", words.your_organisation),
        tag("div", button(words.record_sign if signed else words.record_file, "record"), class_="buttons"),
    ]
    return Page(
        words.record_heading,
        form(f"record?step={place.step}", place.token, content),
        back=f"interview?step={place.step}",
        about=dialogue.policy.title,
        errors=errors,
        status=422 if errors else 200,
    )


def recorded(made: Made, dialogue: Dialogue, place: Place) -> Page:
    """That there is a record, and how to keep it."""
    words = place.words
    if made.number is not None:
        content: list[Content] = [
            tag("h1", words.recorded_heading),
            tag("p", words.recorded_signed.format(number=made.number), class_="lead"),
            tag("p", tag("strong", words.recorded_id.format(id=made.id)), class_="id"),
            tag("p", tag("a", words.receipt, href="receipt")),
            tag("p", words.receipt_why),
        ]
    else:
        content = [
            tag("h1", words.made_heading),
            tag("p", words.made_lead, class_="lead"),
            tag("p", tag("strong", words.recorded_id.format(id=made.id)), class_="id"),
            tag("p", tag("a", words.made_page, href="record.html")),
            tag("p", tag("a", words.made_file, href="record.json")),
        ]
    content.append(_forget(place))
    title = words.recorded_heading if made.number is not None else words.made_heading
    return Page(title, content, back=f"interview?step={place.step}", about=dialogue.policy.title)


def ended(words: Words) -> Page:
    """That nothing is left of it."""
    content = [
        tag("h1", words.ended_heading),
        tag("p", words.ended_lead, class_="lead"),
        tag("p", tag("a", words.to_list, href="./")),
    ]
    return Page(words.ended_heading, content)
