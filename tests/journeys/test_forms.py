"""Every form that is written down in a form.yml, gone through in a real browser to its end.

Parametrized by the forms themselves, so a new form is gone through without new code: each question's `example` is
typed, or its button pressed where it has one, from the choice in its service's answer to a reference or a result.
Every third form is done without scripts at /chat, the others in the widget, all on a window 320 pixels wide.
"""

import re
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
import yaml
from playwright.sync_api import Page

from bot.actions.declared import SKIPPED, Declared, Question, declared_forms
from bot.actions.parsing import yes_no
from tests.journeys.browser import axe, fits
from tests.journeys.house import until
from tests.journeys.people import Widget
from triage.catalogue import DATA, catalogue
from triage.content import Form, Service, Wording
from triage.reading import dangers

pytestmark = pytest.mark.journey
# These two go on with a contact that was filed before, from its status: no answer starts them.
FROM_A_STATUS = {"add_to_contact", "not_settled"}
FORMS = [form for form in declared_forms() if form.id not in FROM_A_STATUS]
SMALL = {"width": 320, "height": 720}
REFERENCE = re.compile(r"\b[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
# Ways of saying a service that are tried until its answer is there; the reader is measured elsewhere.
MOST_WAYS = 6
PATIENCE_S = 60
# A shorter piece of a sentence may stand in any other.
FEWEST_LETTERS = 8


class Chat(Protocol):
    """A conversation as its resident uses it."""

    def said(self) -> str:
        """All that was said in answer to the resident's newest message; "" while nothing was."""
        ...

    def log(self) -> str:
        """The end of all that can be read, for whoever looks why a test failed."""
        ...

    def send(self, text: str) -> None:
        """Type something and send it."""
        ...

    def press(self, label: str) -> None:
        """Press one of the buttons that are offered now."""
        ...


class InWidget:
    """The chat on the first page."""

    def __init__(self, page: Page) -> None:
        page.goto("/")
        self.page, self.chat = page, Widget(page)
        self.chat.open()

    def said(self) -> str:
        bubbles = self.chat.log.locator(".said").evaluate_all("all => all.map(one => [one.className, one.innerText])")
        return _since_the_resident([(css, text) for css, text in bubbles], "resident")

    def log(self) -> str:
        return self.chat.panel.inner_text()[-1200:]

    def send(self, text: str) -> None:
        self.chat.type(text)

    def press(self, label: str) -> None:
        self.chat.choice(label).last.click()


class WithoutScripts:
    """/chat: each press is a form, each answer a fresh page."""

    def __init__(self, page: Page) -> None:
        page.goto("/chat")
        self.page = page

    def said(self) -> str:
        bubbles = [
            (one.get_attribute("class") or "", one.inner_text()) for one in self.page.locator("#log > .fd-said").all()
        ]
        return _since_the_resident(bubbles, "fd-said--resident")

    def log(self) -> str:
        return f"{self.page.url}\n{self.page.locator('main').inner_text()[-1200:]}"

    def send(self, text: str) -> None:
        self.page.get_by_label("Your message").fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()

    def press(self, label: str) -> None:
        self.page.locator("#log").get_by_role("button", name=label, exact=True).last.click()


def _since_the_resident(bubbles: list[tuple[str, str]], resident: str) -> str:
    spoke = [at for at, (css, _) in enumerate(bubbles) if resident in css.split()]
    return "\n".join(text for _, text in bubbles[spoke[-1] + 1 :]) if spoke else ""


def way_in(form: Declared) -> tuple[Service, str | None]:
    """The service whose answer starts the form, and the label that does; no label where its words alone open it."""
    for service in catalogue().services.values():
        for choice in (*service.answer.next, *service.answer.choices):
            if choice.do == form.start:
                return service, choice.label
    owner, _ = catalogue().form(form.id)
    assert owner and form.opens_on, f"{form.id}: no answer starts it"
    return catalogue().services[owner], None


def ways_to_say(service: Service) -> Iterator[str]:
    """The service's name, and how residents ask for it; never in a way that is a danger, which is another journey."""
    content = yaml.safe_load((DATA / "services" / service.id / "nlu.yml").read_text(encoding="utf-8"))
    examples = [line.removeprefix("- ") for block in content["nlu"] for line in block["examples"].splitlines()]
    ways = [one for one in (service.name, *examples) if one and dangers().look(one) is None]
    yield from ways[:MOST_WAYS]


def sentences(wording: Wording) -> list[str]:
    """What a wording certainly says: of each sentence the longest piece without anything to fill in."""
    texts = [text for one in wording.say for text in (one.text, one.otherwise) if text]
    pieces = [max(re.split(r"\{[^}]*\}", text), key=len).strip() for text in texts]
    return [piece for piece in pieces if len(piece) >= FEWEST_LETTERS]


class Walk:
    """One form, gone through by one resident."""

    def __init__(self, chat: Chat, form: Declared) -> None:
        self.chat, self.form = chat, form
        self.words: Form = catalogue().form(form.id)[1]
        lines = catalogue().everyday.lines
        self.asks = {one.id: self.words.ask[one.id] for one in form.questions}
        self.asks["confirm"] = self.words.ask.get("confirm", lines["form_confirm"])

    def hear(self, *words: str) -> str:
        """Wait until any of these was said in answer, and give all that was."""

        def heard() -> bool:
            said = self.chat.said()
            return any(one in said for one in words)

        until(heard, lambda: f"{self.form.id}: none of {words}, but:\n{self.chat.log()}", patience_s=PATIENCE_S)
        return self.chat.said()

    def hear_anything(self, otherwise: str) -> None:
        """Wait until the resident's newest message has an answer."""
        until(
            lambda: bool(self.chat.said()),
            lambda: f"{self.form.id}: {otherwise}:\n{self.chat.log()}",
            patience_s=PATIENCE_S,
        )

    def question(self, but: str | None) -> str:
        """The question that is open now, which is not the one that was just answered."""
        others = {name: said for name, ask in self.asks.items() if name != but for said in [sentences(ask)]}
        said = self.hear(*(one for texts in others.values() for one in texts))
        return max(others, key=lambda name: max((len(one) for one in others[name] if one in said), default=0))

    def reach(self, service: Service, label: str | None) -> None:
        """Ask for the service until its answer is there, and start the form."""
        opening = sentences(service.answer)
        for way in ways_to_say(service):
            self.chat.send(way)
            self.hear_anything(f"no answer to how to say {service.id}")
            if label is None or any(one in self.chat.said() for one in opening):
                break
        if label is not None:
            self.hear(*opening)
            self.chat.press(label)

    def answer(self, question: Question) -> None:
        """Press the button that the question's example means, or type the example where there is none."""
        wanted = question.example
        if question.kind == "choice":
            wanted = question.named(question.example) or ""
        elif question.kind == "yes_no":
            wanted = yes_no(question.example) or ""
        buttons = {choice.say: choice.label for choice in self.asks[question.id].choices if choice.say}
        if label := buttons.get(SKIPPED if wanted == SKIPPED else wanted):
            self.chat.press(label)
        else:
            self.chat.send(question.example)

    def to_its_end(self) -> str:
        """Answer every question, check what is read back, send it; what was said last."""
        questions = {one.id: one for one in self.form.questions}
        answered: list[str] = []
        while (name := self.question(answered[-1] if answered else None)) != "confirm":
            assert name not in answered, f"{self.form.id}: {name} is asked again: {self.chat.said()!r}"
            self.answer(questions[name])
            answered.append(name)
        read_back = self.chat.said()
        missing = [name for name in answered if f"{self.words.labels[name]}:" not in read_back]
        assert not missing, f"{self.form.id}: not read back: {missing} in {read_back!r}"
        self.chat.press(next(choice.label for choice in self.asks["confirm"].choices if choice.say == "yes"))
        self.hear_anything("nothing was said at the end")
        return self.chat.said()

    def shows_what_came_of_it(self, said: str) -> bool:
        """Whether a reference is shown, or a result in the form's own words."""
        results = [note for name, note in self.words.note.items() if not name.startswith(("not_", "stopped"))]
        return bool(REFERENCE.search(said)) or any(one in said for note in results for one in sentences(note))


@pytest.mark.parametrize(
    ("form", "scripts"),
    [(form, number % 3 != 0) for number, form in enumerate(FORMS)],
    ids=[f"{form.id}-{'widget' if number % 3 else 'no-scripts'}" for number, form in enumerate(FORMS)],
)
def test_a_form_is_finished(form: Declared, scripts: bool, page_of: Any) -> None:
    page = page_of("resident", viewport=SMALL, java_script_enabled=scripts)
    walk = Walk(InWidget(page) if scripts else WithoutScripts(page), form)
    walk.reach(*way_in(form))
    said = walk.to_its_end()
    assert walk.shows_what_came_of_it(said), f"{form.id}: neither a reference nor a result in {said!r}"
    axe(page, scripts=scripts)
    fits(page)
