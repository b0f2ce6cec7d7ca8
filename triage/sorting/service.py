"""Reading a contact's words with the rules and the reader."""

from dataclasses import dataclass

from language.danger import Sighting
from language.danger.model import MAY_BE, Dangers
from language.intents import Reader
from triage.catalogue import Catalogue
from triage.sorting.rules import Danger, Decision, Guess, Route, decide


@dataclass(frozen=True)
class Sorter:
    """Everything that a decision is made with. `model` is the reader's version, kept with each decision."""

    reader: Reader
    dangers: Dangers
    catalogue: Catalogue
    model: str

    def sort(
        self,
        text: str,
        *,
        service: str | None = None,
        danger: str | None = None,
        priority: str = "P4",
        heard: bool = False,
        request: bool = False,
        queue: str | None = None,
    ) -> Decision:
        """Decide where `text` goes. `service` and `danger` are what was known before; `priority` is never lowered.

        With `heard`, what the resident said was read when they said it: the labels of a form's questions, which stand
        in `text` beside the answers ("Council tax: a court letter or bailiffs"), are no cry for help and no complaint.
        `request`: its resident was asked, and said that it is no complaint, whatever the words sound like.
        `queue` is the one that a form chose among those that share the service's work.
        """
        reading = self.reader.read(text)
        sighting = (None if heard else self.dangers.look(text)) or self._seen(danger)
        may_be = sighting if sighting and sighting.signal == MAY_BE else None
        sighting = None if may_be else sighting
        route = self._route(reading.label)
        return decide(
            known=self._route(service, queue),
            guess=Guess(route, reading.confidence, reading.abstained),
            danger=self._danger(sighting),
            # A gentle "is anybody in danger?" says nothing of where a contact belongs; it makes it sooner.
            priority=min(priority, may_be.priority) if may_be else priority,
            complaint=service == "complaint"
            or (reading.label == "complaint" and not reading.abstained and not request and not (heard and service)),
        )

    def _route(self, service: str | None, queue: str | None = None) -> Route | None:
        known = self.catalogue.services.get(service or "")
        if known is None:
            return None
        return Route(known.id, known.name, self.catalogue.queue(queue or known.queue), known.priority)

    def _seen(self, signal: str | None) -> Sighting | None:
        return self.dangers.sighting(signal) if signal else None

    def _danger(self, sighting: Sighting | None) -> Danger | None:
        if sighting is None:
            return None
        name = self.dangers.help(sighting.signal, self.catalogue.council["slug"]).name
        queue = self.catalogue.queue(sighting.queue)
        return Danger(sighting.signal, name, queue, sighting.priority, sighting.rule)
