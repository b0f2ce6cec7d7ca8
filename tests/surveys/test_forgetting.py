"""What is counted of a survey stays when the person is forgotten."""

import pytest
from sqlalchemy import text

from tests.surveys.test_cases import AGREED, closed, the_case
from triage.database import transaction

pytestmark = pytest.mark.usefixtures("database")


async def test_counts_stay_when_a_person_is_forgotten() -> None:
    case = await closed(**AGREED)
    async with transaction() as session:
        await session.execute(text("delete from survey_letter"))
        await session.execute(text("delete from outcome_check"))
        await session.execute(text("delete from contact"))
    kept = await the_case(id=case.id)
    assert (kept.contact_id, kept.kind, kept.ending, kept.service) == (None, "contact", "closed", case.service)
