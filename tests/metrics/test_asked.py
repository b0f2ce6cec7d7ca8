"""What no address may ask for: made-up figures under the name of whoever really does the work."""

import httpx2
import pytest

from tests.metrics.test_pages import JULY, MakeFacts
from triage.metrics.figures import ALL
from triage.metrics.room.schemas import View
from triage.metrics.room.summaries import view_of

UNDER_A_NAME = "source=demo&partner=csg"
SIDE_BY_SIDE = "source=demo&table=partner"


@pytest.mark.parametrize("query", [UNDER_A_NAME, SIDE_BY_SIDE])
async def test_made_up_figures_stand_under_no_partners_name_on_any_page_or_file(
    owner: httpx2.AsyncClient, make_facts: MakeFacts, query: str
) -> None:
    await make_facts(JULY, (8, 6, 10, 36, 40), queue="Q-CTAX", source="demo")
    files = ["/owner/satisfaction.csv", "/owner/figures/satisfaction.csv"]
    pages = ["/owner", "/owner/figures", "/owner/figures.csv", *(f"/owner/figures/{figure}" for figure in ALL)]
    for path in files + (pages if query == UNDER_A_NAME else []):
        answer = await owner.get(f"{path}?{query}")
        assert answer.status_code == 404, path
        assert "never shown under a partner&#39;s name" in answer.text and "90" not in answer.text, path
    # Nor is it kept, or sent each month.
    if query == UNDER_A_NAME:
        for path, typed in (("views", {"name": "Ours"}), ("summary", {"email": "a@example.org"})):
            sent = await owner.post(f"/owner/{path}?{query}", data=typed, headers={"sec-fetch-site": "same-origin"})
            assert sent.status_code == 404
    # The made-up figures themselves, and past figures under a partner's name, are there.
    assert (await owner.get("/owner?source=demo")).status_code == 200
    assert (await owner.get("/owner?source=import&partner=csg")).status_code == 200


def test_a_summary_that_was_asked_for_before_is_of_the_whole() -> None:
    assert view_of(f"?{UNDER_A_NAME}")[0] == View()
    assert view_of("?source=demo&channel=phone")[0].channel == "phone"
