"""What is said today, sentence by sentence, and which facts a service leans on."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from triage.catalogue import Catalogue
from triage.content import PLACEHOLDER, Service, Wording

# As written; its `otherwise`, because a fact cannot be stated; not at all, because it has none.
State = Literal["said", "instead", "left_out"]


@dataclass(frozen=True)
class Sentence:
    """One sentence of a wording as it stands on a day. `missing` are the facts that cannot be stated."""

    state: State
    text: str
    written: str
    missing: tuple[str, ...] = ()


def sentences(wording: Wording, catalogue: Catalogue, service: str | None, day: date) -> tuple[Sentence, ...]:
    """Every sentence of a wording on `day`, those that are not said too (DESIGN decision 6)."""
    found = []
    for sentence in wording.say:
        missing = _missing(sentence.text, catalogue, service, day)
        if not missing:
            found.append(Sentence("said", _filled(sentence.text, catalogue, service), sentence.text))
            continue
        otherwise = sentence.otherwise
        if otherwise and not _missing(otherwise, catalogue, service, day):
            found.append(Sentence("instead", _filled(otherwise, catalogue, service), sentence.text, missing))
        else:
            found.append(Sentence("left_out", "", sentence.text, missing))
    return tuple(found)


def facts_of(service: Service) -> set[str]:
    """The keys of every fact that stands in what a service says, and of its own."""
    forms = (one for form in service.forms.values() for one in (*form.ask.values(), *form.note.values()))
    wordings = (service.answer, *service.details.values(), *service.points.values(), *service.lines.values(), *forms)
    return set(service.facts).union(*(facts_in(wording) for wording in wordings))


def facts_in(wording: Wording) -> set[str]:
    """The keys of the facts in one wording."""
    texts = (text for sentence in wording.say for text in (sentence.text, sentence.otherwise or ""))
    return {key for text in texts for kind, key in PLACEHOLDER.findall(text) if kind == "fact"}


def _missing(text: str, catalogue: Catalogue, service: str | None, day: date) -> tuple[str, ...]:
    keys = dict.fromkeys(key for kind, key in PLACEHOLDER.findall(text) if kind == "fact")
    facts = ((key, catalogue.fact(key, service)) for key in keys)
    return tuple(key for key, fact in facts if fact is None or not fact.can_state(day))


def _filled(text: str, catalogue: Catalogue, service: str | None) -> str:
    for kind, key in PLACEHOLDER.findall(text):
        fact = catalogue.fact(key, service) if kind == "fact" else None
        text = text.replace(f"{{{kind}:{key}}}", fact.value if fact else f"[{key}]")
    return text.replace("{council}", str(catalogue.council["name"]))
