"""Reading a contact's words with the rules, the readers and the model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from language.danger import Sighting
from language.danger.model import MAY_BE, RULE, Dangers
from language.intents import Reader
from triage import clock, reading
from triage.catalogue import Catalogue, catalogue
from triage.sorting.complaints import complaint as complaint_in
from triage.sorting.elsewhere import where_to_go
from triage.sorting.letters import read_letter
from triage.sorting.loading import model as trained_model
from triage.sorting.model import Model, Opinion
from triage.sorting.rules import RULES_VERSION, Danger, Decision, Guess, Route, Signs, decide
from triage.sorting.statutory import statutory
from triage.sorting.urgency import urgencies
from triage.sorting.vulnerable import vulnerable
from triage.timetable import GENERAL, HOLDING

# Where a contact about a life or safety now may go: nobody waits in another queue for a person to act.
LIFE = ("Q-SAFE-C", "Q-SAFE-A", "Q-EMERG", "Q-TELE")
LEAST = 0.05
"""The chance from which the nearest service is named to the person who is to decide."""
LIKELY = 0.3
"""The chance of a queue from which it is believed about where a danger goes, where no sure rule says."""
PLAIN = 0.6
"""The chance from which a queue is believed against a rule that is sure, of a contact which is like none of harm."""
IN_PASSING = frozenset({"suicide", "domestic_abuse", "child_at_risk", "adult_at_risk", "modern_slavery"})
"""Dangers that people tell in a word amid ordinary business: how the whole contact reads says nothing against them."""


@dataclass(frozen=True)
class _Words:
    """What is read for signs: each text apart, what may be a complaint, and what a form's answers say without words."""

    read: tuple[str, ...]
    own: str
    means: tuple[str, ...]
    law: str | None


@dataclass(frozen=True)
class Sorter:
    """Everything that a decision is made with. `version` names the intent reader, kept with each decision."""

    reader: Reader
    dangers: Dangers
    catalogue: Catalogue
    version: str
    model: Model | None = None

    @classmethod
    def current(cls) -> "Sorter":
        """What this process sorts with. Raises ReaderNotTrained."""
        return cls(reading.reader(), reading.dangers(), catalogue(), reading.reader_version(), trained_model())

    @property
    def made_by(self) -> dict[str, str | None]:
        """The versions of all that decides, for the record."""
        sorting = self.trained.version if self.trained else None
        return {"rules": RULES_VERSION, "model": self.version, "sorting": sorting}

    @property
    def trained(self) -> Model | None:
        """The model, the process's own unless one was given."""
        return self.model or trained_model()

    def sort(
        self,
        text: str,
        *,
        channel: str = "chat",
        service: str | None = None,
        danger: str | None = None,
        priority: str = "P4",
        heard: bool = False,
        request: bool = False,
        queue: str | None = None,
        law: str | None = None,
        typed: Sequence[str] = (),
        means: Sequence[str] = (),
        now: datetime | None = None,
    ) -> Decision:
        """Decide where `text` goes. `service` and `danger` are what was known before; `priority` is never lowered.

        With `heard`, what the resident said was read when they said it: the labels of a form's questions, which stand
        in `text` beside the answers ("Council tax: a court letter or bailiffs"), are no cry for help and no complaint.
        What else is read for then are the answers that they `typed`, and what their buttons say of them (`means`).
        `request`: its resident was asked, and said that it is no complaint, whatever the words sound like.
        `queue` is the one that a form chose among those that share the service's work, and `law` the legal clock that
        its answers start. `now` is when the contact came, from which a date in it is near or not.
        """
        known = self._route(service, queue)
        letter = read_letter(text)
        ruled = None if heard else self.dangers.first_look(letter.body)
        looked = None if heard else self.dangers.look_again(letter.body, ruled)
        if looked is None and letter.quoted and not heard:
            # Somebody else's words, perhaps ours ("in danger? call 999"): a person looks sooner, no alarm is raised.
            quoted = self.dangers.first_look(letter.quoted)
            looked = self.dangers.gentler(quoted) if quoted else None
        opinion = self.trained.opinion(text, channel, ruled) if self.trained else None
        guess = self._guess(text, opinion)
        sighting = self._weighed(looked, opinion, heard) or self._seen(danger)
        may_be = sighting if sighting and sighting.signal == MAY_BE else None
        told = language.code if (language := reading.languages().detect(text)) else None
        harm = None if may_be else self._danger(sighting, opinion, seen_before=looked is None, understood=told is None)
        if harm is None and not heard and known is None:
            harm = self._like_harm(opinion, guess)
        meant = known or guess.route
        # A request that its resident was asked about is no complaint, whatever it sounds like.
        own = "" if request else "\n".join(typed) if heard else letter.own
        words = _Words(tuple(typed) if heard else (text,), own, tuple(means), law)
        signs = self._signs(words, meant, request)
        likeliest = harm.queue if harm else meant.queue if meant else GENERAL
        day = (now or clock.now()).astimezone(clock.LONDON).date()
        urgent = [
            one
            for each in words.read
            for one in urgencies(each, queue=likeliest, vulnerable=signs.vulnerable, today=day)
        ]
        reasons = [*signs.reasons, f"It is written in another language ({told})." if told else ""]
        # Where else to go is said of what is likely: a person who is to decide must not take a guess for a fact.
        said = () if known or guess.abstained else where_to_go(self.catalogue, meant.service if meant else None)
        return decide(
            known=known,
            guess=guess,
            danger=harm,
            # A gentle "is anybody in danger?" says nothing of where a contact belongs; it makes it sooner.
            priority=min(priority, may_be.priority) if may_be else priority,
            complaint=service == "complaint",
            urgent=urgent,
            signs=replace(signs, language=told, reasons=(*(one for one in reasons if one), *said)),
        )

    def _guess(self, text: str, opinion: Opinion | None) -> Guess:
        """The likeliest route; by the intent reader alone where no sorter is trained."""
        if opinion is None or self.trained is None:
            read = self.reader.read(text)
            return Guess(self._route(read.label), read.confidence, read.abstained)
        (queue, chance), *others = self._queues(opinion).items()
        held = queue == HOLDING or chance < self.trained.threshold
        if queue == HOLDING and others:
            queue, chance = others[0]
        if held and chance < LEAST:
            return Guess(None, chance, held)
        service = next((service for (service, of), _ in opinion.chances.items() if self._here(of) == queue), None)
        known = self._route(service)
        name = known.name if known else self.catalogue.queues[queue].name if queue in self.catalogue.queues else queue
        route = Route(service, name, queue, known.priority if known else "P3")
        cues = tuple(self.trained.readers.words.cues.said(read_letter(text).body, queue))
        return Guess(route, chance, held, cues)

    def _weighed(self, seen: Sighting | None, opinion: Opinion | None, heard: bool) -> Sighting | None:
        """What was seen, unless it is next to nothing in what is otherwise an ordinary contact.

        A rule that is sure always stands. An alarm of the danger model, or of a rule that it may doubt, is the gentle
        question where the contact as a whole is like none that was one: those models were made for cries in a chat.
        So is what the danger model alone takes for a concern, such as a notice to leave or bailiffs: in letters it is
        wrong about the queue three times in four, and about what is urgent the sorter's own model knows more.
        """
        if seen is None or heard or opinion is None or self.trained is None:
            return seen
        if seen.level == "concern":
            return self.dangers.gentler(seen) if seen.rule == RULE else seen
        if seen.sure and seen.rule != RULE:
            return seen
        return seen if _harm(opinion) >= self.trained.calm else self.dangers.gentler(seen)

    def _danger(
        self, seen: Sighting | None, opinion: Opinion | None, *, seen_before: bool, understood: bool
    ) -> Danger | None:
        """A danger, and the queue that helps: the model's where it is likely, and of those that act at once for P0.

        `understood`: it is in English, so that what the model makes of the whole of it may be set against a rule.
        """
        if seen is None:
            return None
        name = self.dangers.help(seen.signal, self.catalogue.council["slug"]).name
        queue = self.catalogue.queue(seen.queue)
        if opinion is not None and not seen_before:
            queue = self._queue_for(seen, opinion, queue, understood)
        priority = seen.priority
        if priority == "P0" and queue not in self._life() and not (seen.sure and seen.rule != RULE):
            priority = "P1"
        return Danger(seen.signal, name, queue, priority, seen.rule)

    def _queue_for(self, seen: Sighting, opinion: Opinion, queue: str, understood: bool) -> str:
        """The queue of a danger that was seen in `queue`'s words.

        What a sure rule of level now names goes to those that act at once, however likely another queue is, unless the
        contact as a whole is like none in which somebody came to harm: there the words were about something else ("the
        bin was set alight"). Its priority stays what the rule says. A concern goes to `queue` unless another is plain.
        """
        found = self._queues(opinion)
        found.pop(HOLDING, None)
        best = max(found, key=lambda code: found[code], default=queue)
        calm = self.trained is not None and _harm(opinion) < self.trained.calm and seen.signal not in IN_PASSING
        if found.get(best, 0.0) >= PLAIN and understood and (calm or seen.level == "concern"):
            return best
        if seen.level == "concern":
            return queue
        plainly = seen.sure and seen.rule != RULE
        among = self._life() if plainly and seen.priority == "P0" else None
        found = {code: chance for code, chance in found.items() if among is None or code in among}
        best = max(found, key=lambda code: found[code], default=queue)
        return best if found.get(best, 0.0) >= LIKELY or (among and found[best] > 2 * found.get(queue, 0.0)) else queue

    def _here(self, queue: str) -> str:
        """A queue of the model's as this council has it: one model serves them all."""
        return HOLDING if queue == HOLDING else self.catalogue.queue(queue)

    def _queues(self, opinion: Opinion) -> dict[str, float]:
        """The chance of each queue that this council has, the likeliest first."""
        found: dict[str, float] = {}
        for queue, chance in opinion.queues().items():
            found[self._here(queue)] = found.get(self._here(queue), 0.0) + chance
        return dict(sorted(found.items(), key=lambda one: -one[1]))

    def _life(self) -> tuple[str, ...]:
        return tuple(self.catalogue.queue(code) for code in LIFE)

    def _like_harm(self, opinion: Opinion | None, guess: Guess) -> Danger | None:
        """A danger that no signal names: the contact is like those in which somebody came to harm."""
        if opinion is None or self.trained is None or _harm(opinion) < self.trained.alarm or guess.route is None:
            return None
        life = opinion.urgency["P0"] > opinion.urgency["P1"] and guess.route.queue in self._life()
        return Danger("like_harm", "serious harm", guess.route.queue, "P0" if life else "P1", RULE)

    def _signs(self, words: _Words, meant: Route | None, request: bool) -> Signs:
        """What else the words say."""
        service, queue = (meant.service, meant.queue) if meant else (None, GENERAL)
        who = sorted({*words.means, *(word for each in words.read for word in vulnerable(each))})
        heard = complaint_in(words.own)
        complains = heard.is_one or (service == "complaint" and not request)
        law = statutory("\n".join(words.read), queue=queue, service=service, complaint=complains, answered=words.law)
        reasons = [heard.reason, law.reason, f"It speaks of: {', '.join(who)}." if who else ""]
        return Signs(complains, law.name, tuple(who), None, tuple(reason for reason in reasons if reason))

    def _route(self, service: str | None, queue: str | None = None) -> Route | None:
        known = self.catalogue.services.get(service or "")
        if known is None:
            return None
        return Route(known.id, known.name, self.catalogue.queue(queue or known.queue), known.priority)

    def _seen(self, signal: str | None) -> Sighting | None:
        return self.dangers.sighting(signal) if signal else None


def _harm(opinion: Opinion) -> float:
    return opinion.urgency["P0"] + opinion.urgency["P1"]
