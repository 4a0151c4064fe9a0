"""The parts that pages are put together from: the frame, forms, fields with their errors, and what is said when it goes wrong.

Invariants: every field has a label, every group of fields a legend, every error stands at the top too, linked to its field;
nothing runs and nothing is fetched but the style sheet.
"""

from collections.abc import Mapping, Sequence

import attrs

from infoshare.pages.words import Words
from infoshare.webpage.markup import Content, Markup, html, tag


@attrs.frozen
class Page:
    """A page before it is put in its frame.

    Attributes:
        title: as tabs show it: of the page alone, and nothing of a case.
        content: what is in the main part.
        back: the address of the page before, if there is one.
        about: what the page is about, such as a procedure, beside the name of the service.
        errors: what is wrong with what was sent, by the id of its field.
        status: of the answer that the page is.
    """

    title: str
    content: Content
    back: str | None = None
    about: str | None = None
    errors: Mapping[str, str] = attrs.field(factory=dict)
    status: int = 200


def framed(page: Page, words: Words) -> bytes:
    """The page as HTML."""
    title = f"{words.error if page.errors else ''}{page.title} – {words.service}"
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("link", rel="stylesheet", href="style.css"),
    ]
    name = tag("a", words.service, href="./")
    about = tag("span", page.about, class_="about") if page.about else None
    back = tag("nav", tag("a", words.back, href=page.back, class_="back"), aria_label=words.back)
    body = [
        tag("a", words.to_content, href="#main", class_="skip"),
        tag("header", tag("div", name, about, class_="width"), class_="bar"),
        tag(
            "div",
            back if page.back else None,
            tag("main", errors_at_the_top(page.errors, words), page.content, id="main", tabindex=-1),
            class_="width",
        ),
    ]
    return (
        "<!doctype html>\n" + html(tag("html", tag("head", head), tag("body", body), lang=words.lang)) + "\n"
    ).encode()


def errors_at_the_top(errors: Mapping[str, str], words: Words) -> Content:
    """Everything that is wrong, each linked to its field."""
    if not errors:
        return None
    links = [tag("li", tag("a", said, href=f"#{id_}")) for id_, said in errors.items()]
    return tag(
        "div",
        tag("h2", words.problem, id="problem"),
        tag("ul", links),
        class_="errors",
        role="alert",
        aria_labelledby="problem",
        tabindex=-1,
        autofocus=True,
    )


# --- forms --------------------------------------------------------------------------------------


def form(address: str, token: str, *content: Content, files: bool = False) -> Markup:
    """A form that is sent to an address, with what shows that it came from here."""
    return tag(
        "form",
        tag("input", type="hidden", name="token", value=token),
        content,
        method="post",
        action=address,
        autocomplete="off",
        enctype="multipart/form-data" if files else None,
        novalidate=True,
    )


def button(
    text: str, do: str, *, class_: str | None = None, label: str | None = None, at: int | None = None
) -> Markup:
    """A button that sends its form and says what to do with it."""
    value = do if at is None else f"{do} {at}"
    return tag("button", text, type="submit", name="do", value=value, class_=class_, aria_label=label)


@attrs.frozen
class Field:
    """How a field, or a group of them, is shown.

    Attributes:
        id: also its name.
        label: what is asked.
        hint: how to answer it.
        error: what is wrong with what was sent.
        heading: whether the label is the heading of the page.
        beside: what stands between the label and the field.
    """

    id: str
    label: Content
    hint: str | None = None
    error: str | None = None
    heading: bool = False
    beside: Content = None

    @property
    def described(self) -> str | None:
        """The ids of what describes it."""
        ids = [f"{self.id}-hint"] * bool(self.hint) + [f"{self.id}-error"] * bool(self.error)
        return " ".join(ids) or None

    def notes(self, words: Words) -> Content:
        """The hint and the error."""
        error = [tag("span", words.error, class_="unseen"), self.error]
        return [
            tag("p", self.hint, id=f"{self.id}-hint", class_="hint") if self.hint else None,
            tag("p", error, id=f"{self.id}-error", class_="error") if self.error else None,
        ]

    @property
    def class_(self) -> str:
        """Its class."""
        return "field wrong" if self.error else "field"


def typed(
    field: Field,
    words: Words,
    value: str,
    *,
    kind: str = "text",
    long: bool = False,
    **more: str | int | None,
) -> Markup:
    """A field to type in."""
    label = tag("label", field.label, for_=field.id)
    own = {"id": field.id, "name": field.id, "aria_describedby": field.described, **more}
    own["aria_invalid"] = "true" if field.error else None
    entry = (
        tag("textarea", f"\n{value}" if value else "", rows=4, **own)
        if long
        else tag("input", type=kind, value=value, **own)
    )
    label = tag("h1", label, class_="asked") if field.heading else label
    return tag("div", label, field.beside, field.notes(words), entry, class_=field.class_)


def group(field: Field, words: Words, *content: Content) -> Markup:
    """Fields that answer one question together."""
    legend = tag("h1", field.label, class_="asked") if field.heading else field.label
    return tag(
        "fieldset",
        tag("legend", legend),
        field.beside,
        field.notes(words),
        content,
        class_=field.class_,
        aria_describedby=field.described,
    )


@attrs.frozen
class Option:
    """One of the answers that can be chosen; `apart` where a word stands between it and those before."""

    value: str
    label: Content
    apart: bool = False


def options(
    field: Field, words: Words, offered: Sequence[Option], chosen: Sequence[str], *, several: bool = False
) -> Markup:
    """Radio buttons, or check boxes where several can be ticked. The first has the id of the field."""
    shown: list[Content] = []
    for number, option in enumerate(offered):
        id_ = field.id if number == 0 else f"{field.id}-{number}"
        entry = tag(
            "input",
            type="checkbox" if several else "radio",
            id=id_,
            name=field.id,
            value=option.value,
            checked=option.value in chosen,
        )
        shown += [tag("p", words.or_, class_="or") if option.apart else None]
        shown.append(tag("div", entry, tag("label", option.label, for_=id_), class_="option"))
    return group(field, words, shown)


def opened(summary: str, *content: Content, class_: str | None = None) -> Markup:
    """Something that is shown on request."""
    return tag("details", tag("summary", summary), tag("div", content), class_=class_)


def said(
    words: Words, heading: str, *lead: str, link: str = "./", link_text: str | None = None, status: int = 200
) -> Page:
    """A page that says something and leads on."""
    content: list[Content] = [
        tag("h1", heading),
        [tag("p", each) for each in lead],
        tag("p", tag("a", link_text or words.to_list, href=link)),
    ]
    return Page(heading, content, status=status)
