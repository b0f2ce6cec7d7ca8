"""Keeping from the command line: erasing a person and exporting what is held of them, done here and now."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from connectors.errors import ConnectorError
from triage import database, journey
from triage.database import transaction
from triage.delivery import steps as delivery
from triage.errors import Invalid
from triage.keeping import erasing, exporting
from triage.keeping.erasing import Erased
from triage.metrics.counting.holding import hold


async def erase(reference: str, by: str, open_too: bool, sure: Callable[[list[str]], bool]) -> list[str]:
    """Erase the person behind a contact, once whoever runs this is sure; what to print. Raises as erasing.erase."""
    assert journey.STEPS
    try:
        async with transaction() as session:
            await erasing.who(session, by)
            whose = await erasing.find(session, reference, lock=False)
            theirs = [one.reference for one in whose.contacts]
        if not sure(theirs):
            return ["Nothing was erased."]
        async with transaction() as session:
            done = await erasing.erase(session, reference, by, hold, open_too=open_too)
    finally:
        await database.close()
    return [*erasing.told(done), *await _taken_back(done)]


async def _taken_back(done: Erased) -> list[str]:
    """Files of ours that still lie where a supplier takes them from are deleted; what to print of it."""
    known, said = delivery.suppliers(), []
    for one in done.elsewhere:
        take_back = getattr(known.get(one.where), "take_back", None)
        if take_back is None or one.handle is None:
            continue
        try:
            files = await take_back(one.handle)
        except ConnectorError:
            said.append(f"  {one.where}: the files of {one.known_by} could not be deleted. Look in its folder.")
        else:
            said.append(f"  {one.where}: {files} files that nobody had taken away were deleted.")
    return said


async def export(reference: str, by: str, to: Path) -> list[str]:
    """Write what is held of the person behind a contact to a new file; what to print. Raises NotFound, Invalid."""
    try:
        async with transaction() as session:
            found = await exporting.export(session, reference, by)
            try:
                # Nobody else on this machine reads it, and nothing that is there is written over.
                handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except OSError as error:
                raise Invalid(f"{to} cannot be written: {error.strerror}. Name a file that is not there yet.") from None
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(found, file, ensure_ascii=False, indent=2, default=str)
                file.write("\n")
    finally:
        await database.close()
    return [f"Written to {to}. It holds personal data: hand it over, then delete it.", *found["look_before_sending"]]
