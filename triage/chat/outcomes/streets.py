"""What comes of the forms about streets and large things to take away."""

from datetime import date

from triage.chat.outcomes.shape import Answers, Outcome

# What may hurt somebody goes first (FACTS 3, Q-STREET: P2 for needles and obstruction).
_HURTS = ("needles", "blocks the way", "chemicals")


def fly_tipping(answers: Answers, today: date) -> Outcome:
    """Dumped rubbish that may hurt somebody goes first; private land is its owner's (FACTS W9)."""
    urgent = answers.get("danger") in _HURTS
    note = "sent_private" if answers.get("land") == "private" else "sent"
    return Outcome((note,), priority="P2" if urgent else None)


def street_report(answers: Answers, today: date) -> Outcome:
    """A dirty street (FACTS W10). What may hurt somebody and graffiti that attacks people go first.

    A dead cat or dog is somebody's pet: its report asks the team to look for a collar and a chip.
    """
    attacks = answers.get("graffiti") == "yes"
    urgent = attacks or answers.get("danger") in _HURTS
    note = "sent_hateful" if attacks else "sent_pet" if answers.get("animal") == "pet" else "sent"
    return Outcome((note,), priority="P2" if urgent else None)


def bulky_booking(answers: Answers, today: date) -> Outcome:
    """A collection asked for: the price and the day are told by a person, who may say no to dangerous things."""
    note = "sent_hazardous" if answers.get("special") in ("hazardous", "both") else "sent"
    return Outcome((note,))
