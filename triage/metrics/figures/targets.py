"""Which of the council's targets a figure of one view is held against. Pure but for the catalogue."""

from collections.abc import Iterable
from datetime import date

from triage import clock
from triage.catalogue import catalogue
from triage.content import Target


def target_on(day: date, figure: str, service: str = "", partner: str = "") -> Target | None:
    """The target of a figure on a day, for a service and a partner: the nearest to them that may be used today."""
    usable = [target for target in catalogue().targets if target.can_state(clock.today())]
    return nearest(usable, day, figure, service, partner)


def nearest(targets: Iterable[Target], day: date, figure: str, service: str, partner: str) -> Target | None:
    """The one of both the service and the partner, else of the service, else of the partner, else of everything."""
    begun = [
        target
        for target in targets
        if target.figure == figure
        and target.service in ("", service)
        and target.partner in ("", partner)
        and target.from_ <= day <= (target.to or date.max)
    ]
    return max(begun, key=lambda target: (bool(target.service), bool(target.partner)), default=None)
