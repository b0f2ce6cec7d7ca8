"""What can be found: every paragraph of the content as it would be said today, and the whole answer it stands in."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from language.danger.spelling import Spelling
from language.redaction.lexicon import lexicon
from triage.catalogue import Catalogue
from triage.chat.rendering import Said, render
from triage.content import Detail

# What each kind of detail tells, in the words of somebody who asks for it.
ASPECTS: dict[str, str] = {
    "cost": "what it costs",
    "time": "when, and how long it takes",
    "documents": "papers and proof you need",
    "eligible": "who can have it",
    "where": "where",
    "how": "how to do it",
    "contact": "who to call",
    "flats": "if you live in a flat",
    "someone_else": "for somebody else",
    "problem": "if something went wrong",
}
assert set(ASPECTS) == set(get_args(Detail))
WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Passage:
    """One paragraph. `says` names the whole answer that is shown when the paragraph is found.

    `title` is what it is about in plain words; `around` is what the words of a question are looked for in besides
    the title: the service's summary and the whole answer, of which `text` is a part.
    """

    id: str
    says: str
    service: str | None
    title: str
    text: str
    around: str
    source: dict[str, Any]

    @property
    def read_as(self) -> str:
        """What the sentence encoder reads: the paragraph, under the name of what it is about."""
        return f"{self.title.partition(':')[0]}: {self.text}"

    def hash(self, encoder: str) -> str:
        """Changes when anything of the passage, or the encoder that made its vector, does."""
        everything = json.dumps([encoder, self.says, self.title, self.text, self.around, self.source], sort_keys=True)
        return hashlib.sha256(everything.encode()).hexdigest()


@dataclass(frozen=True)
class Passages:
    """All passages of one day by id, what is shown for each, and how their words are spelled."""

    by_id: dict[str, Passage]
    said: dict[str, Said]
    spelling: Spelling


def gather(catalogue: Catalogue, day: date) -> Passages:
    """Everything that can be found on `day`.

    It is rendered as an answer is, so a sentence whose fact cannot be stated that day is not in it (DESIGN decision
    6). What has no source is left out: nothing found is shown without one.
    """
    by_id: dict[str, Passage] = {}
    shown: dict[str, Said] = {}
    for says, service, title, about, said in _answers(catalogue, day):
        if not said.text or "source" not in said.extras:
            continue
        shown[says] = said
        for number, text in enumerate(said.text.split("\n\n"), 1):
            one = Passage(
                id=f"{says}.{number}",
                says=says,
                service=service,
                title=title,
                text=text,
                around=f"{about}\n\n{said.text}".strip(),
                source=said.extras["source"],
            )
            by_id[one.id] = one
    words = {word for one in by_id.values() for word in WORD.findall(f"{one.title} {one.around}".lower())}
    return Passages(by_id, shown, Spelling.of(words, lexicon().ordinary))


def _answers(catalogue: Catalogue, day: date) -> Iterator[tuple[str, str | None, str, str, Said]]:
    """What it is, its service, title, what else it is about, and what is said."""
    for service in catalogue.services.values():
        for aspect, wording in (("answer", service.answer), *service.details.items()):
            title = f"{service.name}: {ASPECTS[aspect]}" if aspect in ASPECTS else service.name
            said = render(wording, catalogue, day, service=service.id)
            yield f"{service.id}.{aspect}", service.id, title, service.summary, said
    for name, wording in catalogue.everyday.answers.items():
        yield f"everyday.{name}", name, name.replace("_", " ").capitalize(), "", render(wording, catalogue, day)
    yield from _directories(catalogue, day)


def _directories(catalogue: Catalogue, day: date) -> Iterator[tuple[str, str | None, str, str, Said]]:
    """The council's number, and its libraries: each is one line of data/services/everyday."""
    lines = catalogue.everyday.lines
    phone = render(lines["find_phone"], catalogue, day)
    yield "council.phone", None, "Phone the council", "telephone number, ring, phone lines, opening hours", phone
    # Whoever asks where a library is most often asks next when it is open.
    hours = "library_hours" if "library_hours" in catalogue.services else None
    names = [str(site["name"]) for site in catalogue.libraries.values()]
    every = render(lines["find_libraries"], catalogue, day, values={"libraries": ", ".join(names)})
    yield "libraries.all", hours, "Libraries", "all libraries and branches", every
    for site, row in catalogue.libraries.items():
        one = render(lines["find_library"], catalogue, day, values={"library": row["name"]})
        yield f"libraries.{site}", hours, str(row["name"]), f"branch, {', '.join(row.get('aliases', ()))}", one
