"""A second council, small and made up: nothing in the code, and nothing that every council says, is Barnet's."""

import re
from collections.abc import Iterator

import httpx2
import pytest

import triage.catalogue
from triage import clock, reading
from triage.catalogue import DATA, Catalogue, load
from triage.chat.rendering import render
from triage.checking import check
from triage.content import Form, Wording
from triage.settings import get_settings
from triage.sorting.service import Sorter

OTHERS = re.compile(r"barnet", re.IGNORECASE)


@pytest.fixture
def sampleton(monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    monkeypatch.setenv("FRONTDOOR_COUNCIL", "sampleton")
    get_settings.cache_clear()
    monkeypatch.setattr(triage.catalogue, "_held", triage.catalogue._Held())
    yield load(DATA, "sampleton")
    get_settings.cache_clear()


def wordings(catalogue: Catalogue) -> Iterator[tuple[str, str | None, Wording]]:
    def of(form: Form) -> Iterator[Wording]:
        yield from form.ask.values()
        yield from form.note.values()

    for service in catalogue.services.values():
        for wording in (service.answer, *service.details.values(), *service.lines.values()):
            yield service.id, service.id, wording
        for form in service.forms.values():
            yield from ((service.id, service.id, wording) for wording in of(form))
    everyday = catalogue.everyday
    for key, wording in (*everyday.answers.items(), *everyday.lines.items()):
        yield key, None, wording


def test_every_answer_can_be_said_and_names_no_other_council(sampleton: Catalogue) -> None:
    for name, service, wording in wordings(sampleton):
        values = {key: "x" for _, key in re.findall(r"\{(value):([a-z_0-9]+)\}", str(wording))}
        said = render(wording, sampleton, clock.today(), service=service, values=values)
        assert said.text, f"{name}: nothing is left to say in a council that has no facts yet"
        assert not OTHERS.search(f"{said.text} {said.extras}"), f"{name}: {said}"


def test_its_content_can_be_checked(sampleton: Catalogue) -> None:
    faults = [fault for fault in check(DATA, "sampleton", clock.today()) if fault.serious and "sampleton" in str(fault)]
    assert faults == []


def test_work_goes_to_the_queues_it_has(sampleton: Catalogue, trained: None) -> None:
    sorter = Sorter(reading.reader(), reading.dangers(), sampleton, "test")
    assert sorter.sort("my black bin was not collected this morning").queue == "Q-OFFICE"
    assert sorter.sort("he is hitting me").queue in ("Q-EMERG", "Q-SAFE-A")


async def test_its_pages(sampleton: Catalogue, app_client: httpx2.AsyncClient) -> None:
    for path in ("/", "/chat", "/contact", "/desk", "/docs"):
        page = (await app_client.get(path, follow_redirects=True)).text
        assert not OTHERS.search(page), (path, OTHERS.search(page) and page[OTHERS.search(page).start() - 80 :][:160])
    begun = (await app_client.post("/api/conversations")).json()
    assert "Sampleton" in str(begun)
