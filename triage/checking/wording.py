"""What is said: short, plain, with a way on, and with something true left to say when a fact has expired."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from triage.catalogue import Catalogue
from triage.checking.facts import loose_values
from triage.checking.faults import Fault, Page, words_of
from triage.content import PLACEHOLDER, Sentence, Service, Wording

MOST_WORDS = 90
LONGEST_SENTENCE = 30
# LOOK.md: plain English. Each with what to write in its place.
JARGON = {
    "in order to": "to",
    "utilise": "use",
    "commence": "start",
    "prior to": "before",
    "regarding": "about",
    "liaise": "talk",
    "facilitate": "help",
    "aforementioned": "this",
    "hereby": "nothing",
    "pursuant": "under",
    "sorry you feel": "what we will do",
    "upon receipt": "when we get it",
    "in respect of": "for",
    "ascertain": "find out",
    "endeavour": "try",
}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def check_service(service: Service, catalogue: Catalogue, services: Path, today: date) -> Iterator[Fault]:
    """Every fault of what one service says."""
    page = Page(services / service.id / "service.toml")
    words = [word for sentence in service.answer.say for word in words_of(filled(sentence, catalogue, service, today))]
    if len(words) >= MOST_WORDS:
        yield page.fault(f"the answer has {len(words)} words; {MOST_WORDS - 1} at most", "[answer]")
    if not service.answer.source:
        yield page.fault("the answer names no source", "[answer]")
    if not any(choice.do == "person" for choice in service.answer.next):
        yield page.fault("the answer offers no person", "[answer]", "next")
    for head, wording in _wordings(service):
        if not any(filled(sentence, catalogue, service, date.max) for sentence in wording.say):
            yield page.fault("nothing is left to say once its facts have expired", head)
        for sentence in wording.say:
            yield from _sentence(page, head, sentence)


def filled(sentence: Sentence, catalogue: Catalogue, service: Service, day: date) -> str:
    """The sentence as a resident would read it on `day`, or nothing."""
    for text in (sentence.text, sentence.otherwise):
        if text is None:
            continue
        for key in (key for kind, key in PLACEHOLDER.findall(text) if kind == "fact"):
            fact = catalogue.fact(key, service.id)
            if fact is None or not fact.can_state(day):
                break
            text = text.replace(f"{{fact:{key}}}", fact.value)
        else:
            return text
    return ""


def _wordings(service: Service) -> list[tuple[str, Wording]]:
    details = [(f"[details.{key}]", wording) for key, wording in service.details.items()]
    points = [(f"[points.{key}]", wording) for key, wording in service.points.items()]
    return [("[answer]", service.answer), *details, *points]


def _sentence(page: Page, head: str, sentence: Sentence) -> Iterator[Fault]:
    for text in (sentence.text, sentence.otherwise or ""):
        start = text[:40]
        for value in loose_values(text):
            yield page.fault(f"{value!r} may change: make it a fact", head, start)
        for phrase, better in JARGON.items():
            if re.search(rf"\b{phrase}\b", text, re.IGNORECASE):
                yield page.fault(f"{phrase!r} is not plain English; try {better!r}", head, start)
        for each in _SENTENCE_END.split(text):
            if len(words_of(each)) > LONGEST_SENTENCE:
                yield page.fault(f"a sentence of {len(words_of(each))} words; {LONGEST_SENTENCE} at most", head, start)
