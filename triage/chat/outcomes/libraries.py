"""What comes of the forms about libraries: a card, and books brought to somebody's home."""

from datetime import date

from triage.chat.outcomes.shape import Answers, Outcome


def library_help(answers: Answers, today: date) -> Outcome:
    """Join, renew, a lost card or a forgotten PIN (FACTS L1).

    Every primary school pupil is made a member through their school, so a pupil most likely has a card already, and
    the library looks for it before it makes another. A lost card is stopped, so that nobody else borrows with it.
    """
    what = answers.get("what")
    if what == "join":
        note = "pupil" if answers.get("who") == "pupil" else "child" if answers.get("who") == "child" else "adult"
        return Outcome((note, "sent_join"))
    if what == "renew":
        return Outcome(("sent_renew",))
    if what == "lost":
        return Outcome(("sent_lost",), priority="P3", details={"To do first": "Stop the lost card"})
    return Outcome(("sent_pin",))


def home_library_request(answers: Answers, today: date) -> Outcome:
    """Books brought to somebody who cannot get to a library (FACTS L2). Nobody is turned away here: a person decides.

    Whoever is asked for without knowing it is spoken to first.
    """
    unasked = answers.get("agreed") in ("no", "not sure")
    return Outcome(
        ("sent_unasked" if unasked else "sent",),
        details={"Before anything": "They may not know of this: ask them first"} if unasked else {},
    )
