"""What a resident in danger is shown, wherever they told us: numbers first, then one calm sentence."""

from typing import Any

from language.danger import Sighting
from triage import clock, reading
from triage.catalogue import catalogue
from triage.hours import bank_holidays


def danger_help(sighting: Sighting) -> dict[str, Any]:
    """What is shown for a danger that was seen just now; see signal_help."""
    return signal_help(sighting.signal)


def signal_help(signal: str) -> dict[str, Any]:
    """`{line, note, numbers: [{value, label, href}], quick_exit, ask_safe}` for a danger signal in this council.

    A number that nobody has checked for 90 days is not given; 999 and the like do not change. Numbers that nobody
    answers at this hour come last: at night the first line of "homeless tonight" must not ring in an empty office
    (FACTS H1).
    """
    shown = reading.dangers().help(signal, catalogue().council["slug"])
    moment = clock.now().astimezone(clock.LONDON)
    holiday = moment.date() in bank_holidays("england", moment.year)
    return {
        "line": shown.line,
        "note": shown.note,
        "numbers": [
            {"value": one.value, "label": one.label, "href": f"{'sms' if one.kind == 'text' else 'tel'}:{one.digits}"}
            for one in sorted(shown.numbers, key=lambda one: not one.answered(moment, holiday=holiday))
            if one.kind == "short_code" or not one.stale(clock.today())
        ],
        "quick_exit": shown.quick_exit,
        "ask_safe": shown.ask_safe,
    }


def look_for_danger(text: str) -> tuple[Sighting, dict[str, Any]] | None:
    """The danger in a text that must be answered at once, with its help; None when there is none."""
    sighting = reading.dangers().look(text)
    return (sighting, danger_help(sighting)) if sighting and sighting.level != "concern" else None
