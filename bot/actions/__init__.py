"""What the assistant checks while a form is open. Runs inside the web app (rasa_sdk), never in Rasa's process.

Rasa asks for `validate_<form>_form` once a turn while a form is open. Each action reads the resident's words, sets
slots, and says notes; what is done with a finished form is the web app's work.
"""

from rasa_sdk import Action

from bot.actions.contact_status import ContactStatusForm
from bot.actions.declared import action_of, declared_forms
from bot.actions.form import ENDED
from bot.actions.library import LibraryForm
from bot.actions.lookups import Lookups
from bot.actions.message import MessageForm
from bot.actions.missed_bin import MissedBinForm

__all__ = ["PLAIN_SLOTS", "actions"]

# Slots whose values are only ever words of ours. What any other slot holds came from a resident, and Rasa is given a
# mark in its place.
PLAIN_SLOTS = frozenset(("requested_slot", ENDED)).union(
    *(form.plain for form in (MissedBinForm, LibraryForm, ContactStatusForm, MessageForm)),
    *(form.plain for form in declared_forms()),
)


def actions(lookups: Lookups) -> list[Action]:
    """Every action that Rasa may ask for, looking things up through `lookups`."""
    declared = [action_of(form, lookups) for form in declared_forms()]
    return [MissedBinForm(lookups), LibraryForm(lookups), ContactStatusForm(lookups), MessageForm(), *declared]
