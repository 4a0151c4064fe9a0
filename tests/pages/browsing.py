"""A browser that keeps cookies, follows addresses and sends forms, in this process; and somebody who answers out of a case."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent / "service"))

from asgi_client import Client
from starlette.applications import Starlette

from infoshare.meaning.case import element_of, path_of
from infoshare.pages import Pages
from infoshare.pages.questions import is_asked
from infoshare.pages.routes import COOKIE

VOID = {"meta", "br", "col", "input", "link"}


class Tree(HTMLParser):
    """What is on a page; it is well formed, or this says where it is not."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.forms, self.links, self.texts = [], [], [], [], []
        self.labels, self.elements, self.legends = {}, [], 0
        self._label = None
        assert text.startswith("<!doctype html>\n")
        self.feed(text.removeprefix("<!doctype html>\n"))
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        assert len(told) == len(attrs)
        self.elements.append((tag, told))
        if "id" in told:
            self.ids.append(told["id"])
        if tag == "form":
            self.forms.append({"action": told["action"], "fields": [], "buttons": []})
        if tag in {"input", "textarea"}:
            self.forms[-1]["fields"].append(told)
        if tag == "button":
            self.forms[-1]["buttons"].append(told)
        if tag == "a":
            self.links.append(told["href"])
        if tag == "label":
            self._label = told["for"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag not in VOID
        assert self.open.pop() == tag
        if tag == "label":
            self._label = None

    def handle_data(self, data):
        if data.strip():
            self.texts.append(data.strip())
        if self._label:
            self.labels[self._label] = self.labels.get(self._label, "") + data

    def handle_entityref(self, name):
        raise AssertionError(name)


class Browser:
    """Somebody's browser. Every address and every answer that it saw is kept."""

    def __init__(self, application):
        self.client = Client(application)
        self.cookie, self.at, self.answer = None, "/", None
        self.addresses, self.pages = [], []

    def go(self, address, **headers):
        return self._ask("GET", address, b"", headers)

    def _ask(self, method, address, body, headers):
        for _ in range(5):
            self.at = urljoin(self.at, address)
            assert not urlsplit(self.at).netloc
            self.addresses.append(self.at)
            if self.cookie:
                headers = {**headers, "cookie": f"{COOKIE}={self.cookie}"}
            self.answer = self.client.ask(method, self.at, body=body, **headers)
            if given := self.answer.headers.get("set-cookie"):
                self.cookie = re.match(rf"{COOKIE}=([^;]+);", given)[1]
            if self.answer.status != 303:
                break
            method, address, body, headers = "GET", self.answer.headers["location"], b"", {}
        self.pages.append(self.answer)
        return self

    @property
    def tree(self):
        return Tree(self.answer.text)

    @property
    def text(self):
        return " ".join(" ".join(self.tree.texts).split())

    def token(self):
        return next(f["value"] for f in self.tree.forms[0]["fields"] if f.get("name") == "token")

    def send(self, *pairs, to=None, **fields):
        """Sends the first form of the page, with its token."""
        form = self.tree.forms[0]
        told = [("token", self.token()), *pairs, *fields.items()]
        body = urlencode(told).encode()
        headers = {"content_type": "application/x-www-form-urlencoded"}
        return self._ask("POST", to or form["action"], body, headers)

    def upload(self, data, **fields):
        """Sends the first form with a file."""
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"token": self.token(), "do": "upload", **fields}.items()
        ]
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\nContent-Type: application/json'
        body = b"".join(parts) + head + b"\r\n\r\n" + data + b"\r\n--x--\r\n"
        return self._ask(
            "POST", self.tree.forms[0]["action"], body, {"content_type": "multipart/form-data; boundary=x"}
        )


class Interview(Browser):
    """A browser at pages of which the test can see the inside."""

    def __init__(self, policy, **given):
        self.pages_ = Pages(lambda: {policy.name: policy}, **given)
        super().__init__(Starlette(routes=self.pages_.routes()))
        self.policy = policy

    def start(self):
        self.go(f"/start?policy={self.policy.name}")
        return self.send(do="start")

    @property
    def dialogue(self):
        session = self.pages_.sessions.find(self.cookie)
        step = re.search(r"step=(\d+)", self.at)
        return session.states()[int(step[1])] if step else session.dialogue

    def choose(self, label, field="a0"):
        """The value of the option with this label."""
        tree = self.tree
        for each in tree.forms[0]["fields"]:
            if each.get("name") == field and tree.labels.get(each.get("id")) == label:
                return each["value"]
        raise AssertionError(f"no answer {label!r} of {field} on {self.at}")

    def answer_all(self, facts, *, review="leave", most=80):
        """Answers what is asked out of a case, and leaves open what is not in it, until there is an answer."""
        for _ in range(most):
            assert self.answer.status == 200, self.text
            if not is_asked(self.dialogue):
                return self
            self.send(*self.filled_in(facts, review))
        raise AssertionError("there is no end to it")

    def filled_in(self, facts, review="leave"):
        dialogue = self.dialogue
        labels = self.tree.labels.values()
        if any("I have read it" in label for label in labels):
            reviewed = [each.assumption for each in dialogue.reviewed]
            wrong = [
                str(number)
                for number, each in enumerate(reviewed, 1)
                if "." in each.fact and looked_up(facts, each.fact) not in (None, each.value)
            ]
            return [*(("wrong", number) for number in wrong), ("a0", review)]
        if alike := dialogue.alike:
            so = all(looked_up(facts, key) is True for key in alike.keys)
            return [("a0", "yes" if so else "no")]
        prompts = dialogue.first or (dialogue.prompt,)
        if prompts[0].stage == "list":
            group = prompts[0].key
            names = [each["name"] for each in facts.get(group, [])]
            left = names[len(dialogue.listing) :]
            if left:
                return [("a0", left[0]), ("do", "add")]
            return [("do", "done" if group in facts else "open")]
        sent = []
        for number, prompt in enumerate(prompts):
            value = looked_up(facts, prompt.key)
            if value is not None:
                sent += self._field(f"a{number}", prompt.key, value)
        return [*sent, ("do", "open" if len(sent) < len(prompts) else "answer")]

    def _field(self, id_, key, value):
        fact = self.policy.model.facts[path_of(key)]
        if value == "unsure":
            return [(id_, "unsure")]
        if fact.type.kind == "number":
            return [(id_, str(value))]
        if fact.type.kind == "yes or no":
            return [(id_, self.choose("yes" if value else "no", id_))]
        values = [each for each, _ in fact.type.choices]
        return [(id_, str(values.index(value) + 1))]


def looked_up(facts, key):
    """The answer of a case to the question with this key; None where there is none."""
    group, _, name = path_of(key).partition(".")
    found = element_of(key)
    if found is None:
        return facts.get(group, {}).get(name)
    return next((each.get(name) for each in facts.get(group, []) if each["name"] == found[1]), None)
