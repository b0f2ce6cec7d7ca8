"""What a resident in danger is shown, wherever they told us: numbers first, then one calm sentence."""

from typing import Any

from language.danger import Sighting
from triage import clock, reading
from triage.catalogue import catalogue


def danger_help(sighting: Sighting) -> dict[str, Any]:
    """`{line, note, numbers: [{value, label, href}], quick_exit, ask_safe}` for a danger in this council.

    A number that nobody has checked for 90 days is not given; 999 and the like do not change.
    """
    shown = reading.dangers().help(sighting.signal, catalogue().council["slug"])
    return {
        "line": shown.line,
        "note": shown.note,
        "numbers": [
            {"value": one.value, "label": one.label, "href": f"{'sms' if one.kind == 'text' else 'tel'}:{one.digits}"}
            for one in shown.numbers
            if one.kind == "short_code" or not one.stale(clock.today())
        ],
        "quick_exit": shown.quick_exit,
        "ask_safe": shown.ask_safe,
    }


def look_for_danger(text: str) -> tuple[Sighting, dict[str, Any]] | None:
    """The danger in a text that must be answered at once, with its help; None when there is none."""
    sighting = reading.dangers().look(text)
    return (sighting, danger_help(sighting)) if sighting and sighting.level != "concern" else None
