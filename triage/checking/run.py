"""The whole check: every file of data/ that residents are told from."""

import tomllib
from datetime import date
from pathlib import Path

from triage.catalogue import load
from triage.checking.clocks import check_clocks
from triage.checking.examples import check_examples
from triage.checking.facts import check_facts, check_sources
from triage.checking.faults import Fault, Page
from triage.checking.local import check_local
from triage.checking.wording import check_service
from triage.content import Source


def check(data: Path, council: str, today: date) -> list[Fault]:
    """Every fault of the services and of one council, in the order of their files.

    Raises CatalogueWrong when the content cannot be read at all.
    """
    catalogue = load(data, council)
    services, folder = data / "services", data / "councils" / council
    faults = [*check_facts(catalogue, folder, services, today), *check_examples(services)]
    faults += check_local(catalogue, folder, today)
    faults += check_clocks(catalogue, folder, data / "clocks" / "statutory.toml", today)
    for path in sorted((folder / "sources").glob("*.toml")):
        page = Page(path)
        rows = {key: Source.model_validate(row) for key, row in tomllib.loads("\n".join(page.lines)).items()}
        faults += check_sources(rows, page, "", today)
    for service in catalogue.services.values():
        page = Page(services / service.id / "service.toml")
        faults += check_sources(service.sources, page, "sources.", today)
        faults += check_service(service, catalogue, services, today)
    return sorted(set(faults))
