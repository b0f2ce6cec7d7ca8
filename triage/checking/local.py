"""What a council decides for itself: the rules of its housing list, and what an outcome of help into work is worth."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from triage.catalogue import Catalogue
from triage.checking.facts import LONGEST_OF_ALL
from triage.checking.faults import Fault, Page
from triage.content import Reviewed


def check_local(catalogue: Catalogue, folder: Path, today: date) -> Iterator[Fault]:
    """Every fault in the dates of allocations, referrals and targets.toml; names are checked when they are loaded."""
    if catalogue.allocations:
        yield from _dates(Page(folder / "allocations.toml"), "the housing list", catalogue.allocations, "", today)
    if catalogue.referrals:
        page = Page(folder / "referrals.toml")
        for outcome, value in catalogue.referrals.values.items():
            yield from _dates(page, outcome, value, f"[values.{outcome}]", today)
    if catalogue.targets:
        page = Page(folder / "targets.toml")
        for target in catalogue.targets:
            yield from _dates(page, f"the target of {target.figure}", target, f'figure = "{target.figure}"', today)


def _dates(page: Page, what: str, row: Reviewed, head: str, today: date) -> Iterator[Fault]:
    if row.reviewed_on > today:
        yield page.fault(f"{what}: reviewed on a day to come", head, "reviewed_on")
    if not row.reviewed_on < row.review_by <= row.reviewed_on + LONGEST_OF_ALL:
        yield page.fault(
            f"{what}: review_by must lie within {LONGEST_OF_ALL.days} days of reviewed_on", head, "review_by"
        )
    if row.review_by < today:
        yield page.fault(
            f"{what}: overdue for review since {row.review_by}; it is no longer used", head, "review_by", serious=False
        )
