"""Nobody is counted twice: two files of the same time, service, queue and channel, however coarsely each is counted."""

import pytest

from triage.clock import today
from triage.database import transaction
from triage.errors import Conflict
from triage.metrics.importing import counting, names, service
from triage.metrics.importing.service import Offered

HEADS = "month,service,channel,very_satisfied,satisfied,neither,dissatisfied,very_dissatisfied\n"


def counted(when: str, about: str = "missed_bin,phone") -> Offered:
    return Offered(f"{HEADS}{when},{about},40,36,10,6,8\n".encode(), f"{when}.csv", "counted_answers")


def answers(day: str, about: str = "missed_bin,phone") -> Offered:
    return Offered(f"date,service,channel,satisfaction\n{day},{about},5\n".encode(), f"{day}.csv", "answers")


async def bring(offered: Offered) -> None:
    draft = counting.read(offered.content, offered.layout, names.current(), today())
    assert draft.right, draft.faults
    async with transaction() as session:
        await service.bring_in(session, offered, draft, None)


async def told(offered: Offered) -> list[str]:
    draft = counting.read(offered.content, offered.layout, names.current(), today())
    async with transaction() as session:
        return await service.objections(session, draft)


TWICE = {
    "a day and its month": (answers("2016-07-13"), counted("2016-07")),
    "a day and its quarter": (answers("2016-09-30"), counted("2016-q3")),
    "a month and its quarter": (counted("2016-08"), counted("2016-q3")),
    "a month and a day of it that has no channel": (counted("2016-07"), answers("2016-07-31", "missed_bin,")),
    "a month without a service and a day of it": (counted("2016-07", ",phone"), answers("2016-07-01")),
    "a quarter with neither and a month of it": (counted("2016-q3", ","), counted("2016-09")),
    "two days, one without a channel": (answers("2016-07-13"), answers("2016-07-13", "missed_bin,")),
}
APART = {
    "a day and the next month": (answers("2016-07-31"), counted("2016-08")),
    "a month and the next quarter": (counted("2016-09"), counted("2016-q4")),
    "a day and its quarter, by other channels": (answers("2016-07-13", "missed_bin,web"), counted("2016-q3")),
    "a month and its quarter, of other services": (counted("2016-08", "council_tax_bill,phone"), counted("2016-q3")),
    "two days": (answers("2016-07-13"), answers("2016-07-14")),
    "one is of faces": (
        counted("2016-07"),
        Offered(b"date,service,channel,rating\n13/07/2016,missed_bin,phone,Good\n", "faces.csv", "faces"),
    ),
}


@pytest.mark.parametrize("case", TWICE)
@pytest.mark.parametrize("turned", [False, True])
async def test_who_may_be_counted_already_is_not_counted_again(database: str, case: str, turned: bool) -> None:
    one, two = TWICE[case][::-1] if turned else TWICE[case]
    await bring(one)
    [objection] = await told(two)
    assert objection.startswith(f"{one.file_name} has ")
    with pytest.raises(Conflict, match="Take that import back first"):
        await bring(two)


@pytest.mark.parametrize("case", APART)
@pytest.mark.parametrize("turned", [False, True])
async def test_other_people_are_counted(database: str, case: str, turned: bool) -> None:
    one, two = APART[case][::-1] if turned else APART[case]
    await bring(one)
    assert await told(two) == []
    await bring(two)


def test_a_line_without_a_channel_beside_lines_with_one_may_be_a_total() -> None:
    lines = ["2016-07,missed_bin,phone,1,1,1,1,1\n", "2016-07,missed_bin,web,1,1,1,1,1\n"]

    def notes(*more: str) -> list[str]:
        text = HEADS + "".join([*lines, *more])
        return counting.read(text.encode(), "counted_answers", names.current(), today()).notes

    assert notes() == []
    [note] = notes("2016-07,missed_bin,,2,2,2,2,2\n")
    assert note.startswith("Of the same time there are lines with a channel and lines without.")
    # Of another month nothing is in it twice.
    assert notes("2016-08,missed_bin,,2,2,2,2,2\n") == []
