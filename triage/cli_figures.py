"""`frontdoor …` for whoever looks after figures: past ones brought in, days counted again, published ones withdrawn.

Imports are inside the commands, as in cli.py.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer()


@app.command("import-surveys")
def import_surveys(
    file: Annotated[Path, typer.Argument(help="a CSV file", exists=True, dir_okay=False, readable=True)],
    layout: Annotated[
        str,
        typer.Option(help="answers, faces (GovMetric), contacts, comments, or counted_answers, _faces, _contacts"),
    ],
    note: Annotated[str, typer.Option(help="where the figures come from")] = "",
    dry_run: Annotated[bool, typer.Option(help="say what would be counted, and count nothing")] = False,
    beside: Annotated[bool, typer.Option(help="count it though another import counts some of the same days")] = False,
) -> None:
    """Bring in past surveys or contacts from a CSV file; every fault is told with its line."""
    # Comments are read by a step, so the import must know the journey.
    from triage import journey  # noqa: F401
    from triage.metrics.importing import command

    run_and_tell(lambda: command.import_file(command.offered_from(file, layout, note, beside=beside), dry_run))


@app.command("take-back-import")
def take_back_import(
    import_id: Annotated[str, typer.Argument(help="the id that import-surveys printed")],
    why: Annotated[str, typer.Option(help="kept on record")],
) -> None:
    """Count an import no longer. What it was stays on record."""
    from uuid import UUID

    from triage.metrics.importing import command

    try:
        found = UUID(import_id)
    except ValueError:
        raise typer.BadParameter("that is no import's id") from None
    run_and_tell(lambda: command.take_back(found, why))


@app.command("withdraw-open-data")
def withdraw_open_data(
    quarter: Annotated[str, typer.Argument(help="by calendar, such as 2026-q2")],
    why: Annotated[str, typer.Option(help="kept on record")],
    source: Annotated[str, typer.Option(help="live: our own surveys; import: past figures")] = "live",
    dry_run: Annotated[bool, typer.Option(help="say what the next edition will hold, and withdraw nothing")] = False,
) -> None:
    """Withdraw a published quarter that was counted wrongly; it says what the corrected edition will hold."""
    from triage.metrics.opendata import command

    run_and_tell(lambda: command.withdraw(quarter, why, source, dry_run=dry_run))


@app.command()
def recount(
    first: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="FROM", help="such as 2026-04-01")],
    last: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="TO", help="that day too")],
) -> None:
    """Count days again from the record, such as after an upgrade. Each day by itself, while everything runs; stopped,
    it says where to go on. Who was erased is counted as before.
    """
    from triage import logs
    from triage.metrics.counting import command
    from triage.running.messages import CannotStart

    logs.begin()
    done: list[date] = []

    async def counting() -> list[str]:
        days = command.days(first.date(), last.date())
        with typer.progressbar(length=len(days), label="Counting", file=sys.stderr) as bar:

            def tell(day: date) -> None:
                done.append(day)
                bar.update(1)

            return await command.recount(days, tell)

    try:
        run_and_tell(counting)
    except KeyboardInterrupt:
        onward = done[-1] + timedelta(days=1) if done else first.date()
        raise CannotStart(f"Stopped. To go on: frontdoor recount {onward} {last.date()}") from None


def run_and_tell(work: Callable[[], Coroutine[Any, Any, list[str]]]) -> None:
    """Run a command and print what it says; what refuses it is told on standard error."""
    from triage.errors import FrontdoorError
    from triage.running import environment
    from triage.running.messages import CannotStart

    environment.prepare()
    try:
        said = asyncio.run(work())
    except FrontdoorError as problem:
        raise CannotStart(problem.detail) from None
    typer.echo("\n".join(said))
