"""The services and how they stand, one of them whole, and what is due: as an editor's browser gets them."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.editing.conftest import Fell
from tests.makers import make_agent, session_of
from triage import access, catalogue, clock, reading
from triage.editing import examples, facts, service
from triage.settings import get_settings


def names(page: httpx2.Response) -> list[str]:
    """The services listed, in order."""
    return re.findall(r'edit-row__name" href="/content/services/(\w+)"', page.text)


@pytest.fixture
def next_summer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A day on which many facts are past review."""
    monkeypatch.setenv("FRONTDOOR_NOW", "2027-07-01T10:00")
    get_settings.cache_clear()
    clock._shift.cache_clear()
    yield
    clock._shift.cache_clear()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the content, which this test may edit."""
    folder = tmp_path / "data"
    shutil.copytree(catalogue.DATA, folder)
    for module in (catalogue, examples, service):
        monkeypatch.setattr(module, "DATA", folder)
    monkeypatch.setattr(catalogue, "_held", catalogue._Held())
    return folder


async def test_every_service_is_listed_with_how_it_stands(editor: httpx2.AsyncClient) -> None:
    page = await editor.get("/content")
    assert page.status_code == 200
    assert sorted(names(page)) == sorted(catalogue.catalogue().services)
    assert f"trained on content <code>{reading.reader_version().removeprefix('reader-')}</code>" in page.text
    assert re.search(r"Of [\d,]{5,} examples, \d\d in 100 are read rightly", page.text)
    assert "not known" not in page.text
    by_share = await editor.get("/content?sort=accuracy")
    shares = [int(share) for share in re.findall(r"Read rightly, in 100</dt><dd>(\d+)<", by_share.text)]
    assert shares == sorted(shares) and len(shares) == len(catalogue.catalogue().services)


async def test_a_service_is_found_by_its_words(editor: httpx2.AsyncClient) -> None:
    assert names(await editor.get("/content?q=missed+bin")) == ["missed_bin"]
    nothing = await editor.get("/content?q=%3Cscript%3E")
    assert names(nothing) == [] and "No service has all of these words" in nothing.text
    assert "<script>" not in nothing.text.partition("<main")[2]


async def test_what_fell_through_most_needs_attention_first(editor: httpx2.AsyncClient, fell: Fell) -> None:
    before = names(await editor.get("/content"))
    for _ in range(3):
        await fell("can i bring a skip", guesses=(("tip", 0.5), ("dropped_kerb", 0.3)), offered=(("tip", "The tip"),))
    page = await editor.get("/content")
    assert names(page)[0] == "tip" and before[0] != "tip"
    assert "3 messages near it fell through lately" in page.text
    assert "3 messages fell through" in page.text


async def test_facts_past_review_need_attention_first_and_are_marked(
    next_summer: None, editor: httpx2.AsyncClient
) -> None:
    first = names(await editor.get("/content"))[0]
    held = facts.of_service(catalogue.catalogue().services[first], catalogue.catalogue(), clock.today())
    assert any(fact.state == "overdue" for fact in held)
    page = (await editor.get("/content/services/council_tax_bill")).text
    assert "Not stated: past review" in page
    assert re.search(r"<strong>Said in other words</strong>, because [\w ]+ cannot be stated today", page)
    review = (await editor.get("/content/review")).text
    assert "Nothing is past review" not in review
    assert "days ago)" in review.partition("Due in the next 30 days")[0]


async def test_what_is_due_soon_is_listed_with_who_uses_it(editor: httpx2.AsyncClient) -> None:
    page = await editor.get("/content/review")
    assert page.status_code == 200
    review = facts.review(catalogue.catalogue(), clock.today())
    assert f"Never verified: {len(review.unverified)}" in page.text and review.unverified
    known = catalogue.catalogue()
    council = [fact for fact in known.facts.values() if not fact.verified]
    assert len(review.unverified) >= len(council)


async def test_one_service_whole(editor: httpx2.AsyncClient) -> None:
    page = (await editor.get("/content/services/help_with_rent")).text
    answer = catalogue.catalogue().services["help_with_rent"].answer
    assert "Automated assistant" in page and "Talk to a person" in page
    assert answer.say[-1].text.split("{")[0][:30] in page.replace("&#39;", "'")
    assert "How much is it?" in page
    # What its examples are mistaken for, with the examples.
    crossed = examples.crossed()
    assert crossed is not None
    other, lines = crossed.mistaken("help_with_rent")[0]
    assert f"{catalogue.catalogue().services[other].name}: {len(lines)}" in page
    assert lines[0].text.replace("'", "&#39;") in page
    assert f'href="/content/services/{other}"' in page
    assert len(examples.examples()["help_with_rent"]) >= 40
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


async def test_a_service_that_is_not_there(editor: httpx2.AsyncClient) -> None:
    assert (await editor.get("/content/services/nothing")).status_code == 404
    assert (await editor.get("/content/services/everyday")).status_code == 404


async def test_an_edit_is_seen_at_once_and_a_slip_is_told(data: Path, editor: httpx2.AsyncClient) -> None:
    path = data / "services" / "tip" / "service.toml"
    good = path.read_text()
    path.write_text(good.replace('name = "The tip"', 'name = "The tip"\nnonsense = 1'))
    page = (await editor.get("/content")).text
    assert "residents still hear what was said before the last edit" in page
    assert "data/services/tip/service.toml: nonsense" in page and str(data) not in page
    path.write_text(good.replace('text = "', 'text = "In order to start. ', 1))
    page = await editor.get("/content")
    assert names(page)[0] == "tip" and "1 fault to mend before it is published" in page.text
    assert "data/services/tip/service.toml:" in (await editor.get("/content/services/tip")).text


async def test_an_example_that_was_added_since_training_is_counted(data: Path, editor: httpx2.AsyncClient) -> None:
    assert "of them have been added" not in (await editor.get("/content/services/tip")).text
    with (data / "services" / "tip" / "nlu.yml").open("a") as lines:
        # A block of its own: the last block of the file may be examples of a point.
        lines.write("- intent: tip\n  examples: |\n")
        lines.write("    - where do the old paint tins go then\n    - chucking out my [blue](stream) carpet\n")
    page = (await editor.get("/content/services/tip")).text
    assert "2 of them have been added, changed or taken away since" in page
    assert "chucking out my blue carpet" in page


async def test_without_a_cross_validation_the_pages_say_so(
    editor: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "FILE", "nothing-of-this-name.json")
    examples._crossed.cache_clear()
    for address in ("/content", "/content/services/tip"):
        page = (await editor.get(address)).text
        assert "There is no cross-validation yet" in page and "make train" in page
    assert "not known" in (await editor.get("/content")).text


@pytest.mark.parametrize("role", ["agent", "owner"])
async def test_only_editors_and_supervisors_come_in(app_client: httpx2.AsyncClient, role: str) -> None:
    app_client.cookies.set(access.DESK_COOKIE, await session_of(await make_agent(role=role)))
    for address in ("/content", "/content/services/tip", "/content/fell-through", "/content/review", "/content/try"):
        assert (await app_client.get(address)).status_code == 403


async def test_an_editor_is_shown_the_editors_room_and_no_other(editor: httpx2.AsyncClient) -> None:
    assert (await editor.get("/desk/sign-in")).headers["location"] == "/content"
    assert (await editor.get("/desk")).status_code == 403
    assert (await editor.get("/owner")).status_code == 403
