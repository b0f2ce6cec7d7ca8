"""A council in memory: what forms look up in tests, and a dispatcher's words as payloads."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.form import Form
from bot.actions.lookups import AddressFound, CollectionFound, LibraryFound
from language.entities import CouncilWords
from triage.catalogue import DATA

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=ZoneInfo("Europe/London"))  # a Wednesday

HOME = AddressFound("100023336956", "12 Long Lane, N3 1AB", ours=True)
FLATS = [AddressFound(f"2000233369{n:02}", f"Flat {n}, 7 Station Road, NW4 4PN", ours=True) for n in range(1, 4)]
AWAY = AddressFound("900000000001", "1 High Street, CB1 2AB", ours=False)
WORDS = CouncilWords.load(DATA / "councils" / "barnet")
ROUND = CollectionFound("Tuesday", date(2026, 11, 24), date(2026, 12, 1))


class Council:
    """`Lookups` over a few properties. `down` makes every look-up fail, as a supplier that is away does."""

    def __init__(self, found: CollectionFound | None = ROUND, *, down: bool = False, now: datetime = NOW) -> None:
        self.found = found
        self.down = down
        self.moment = now
        self.asked: list[str] = []

    @property
    def words(self) -> CouncilWords:
        return WORDS

    async def find_addresses(self, text: str) -> list[AddressFound]:
        self._answer(text)
        words = text.upper().replace(" ", "")
        if "N31AB" in words:
            return [HOME]
        if "NW44PN" in words:
            exact = [flat for flat in FLATS if flat.line.upper().replace(" ", "") == words]
            return exact or FLATS
        return [AWAY] if "CB12AB" in words else []

    async def collection(self, uprn: str, stream: str) -> CollectionFound | None:
        self._answer(f"{stream} at {uprn}")
        return self.found

    async def find_library(self, text: str) -> LibraryFound | None:
        self._answer(text)
        sites = {"hendon": "Hendon Library", "colindale": "Colindale Library"}
        return next((LibraryFound(site, name) for site, name in sites.items() if site in text.lower()), None)

    def now(self) -> datetime:
        return self.moment

    def _answer(self, asked: str) -> None:
        self.asked.append(asked)
        if self.down:
            raise TimeoutError("the supplier is away")


async def answer(
    form: Form,
    asked: str | None,
    text: str,
    *,
    intent: str = "nlu_fallback",
    confidence: float = 0.9,
    pressed: bool = False,
    **slots: Any,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Give a form one message; the slots that it sets (requested_slot included), and what it says."""
    before: dict[str, Any] = {**slots, "requested_slot": asked, "form_ended": None}
    if asked:
        before[asked] = text  # Rasa fills the slot with the bare words before it asks for validation
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "understood": {"service": intent, "pressed": pressed},
    }
    active = {"name": f"{form.form}_form"}
    tracker = Tracker("t", before, message, [], False, None, active, "action_listen")
    dispatcher = CollectingDispatcher()
    events = await form.run(dispatcher, tracker, {})
    said = [message["custom"] for message in dispatcher.messages]
    return {event["name"]: event["value"] for event in events}, said
