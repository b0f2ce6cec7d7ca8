"""`frontdoor …` for whoever answers for residents' data: erasing a person, and exporting what is held of them.

Imports are inside the commands, as in cli.py.
"""

from pathlib import Path
from typing import Annotated

import typer

from triage.cli_figures import run_and_tell

app = typer.Typer()

Reference = Annotated[str, typer.Argument(help="the reference of one of their contacts, such as BN-7K3M-9QXF")]
By = Annotated[str, typer.Option(help="the sign-in name of the administrator who does this; kept on record")]


@app.command()
def erase(
    reference: Reference,
    by: By,
    open_too: Annotated[bool, typer.Option("--open-too", help="though somebody is still to deal with it")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Erase the person behind a contact: all their contacts of one chat, words, files and addresses. Counts stay."""
    from triage import keep

    def sure(references: list[str]) -> bool:
        typer.echo(f"All that is held of whoever left {', '.join(references)} will be erased. It cannot be undone.")
        return yes or typer.confirm("Erase it?")

    run_and_tell(lambda: keep.erase(reference, by, open_too, sure))


@app.command("export-person")
def export_person(
    reference: Reference,
    by: By,
    to: Annotated[Path, typer.Option(help="a JSON file that is not there yet", dir_okay=False)],
) -> None:
    """Write all that is held of the person behind a contact to a file, for a subject access request."""
    from triage import keep

    run_and_tell(lambda: keep.export(reference, by, to))
