"""A comment is read when its answer has come: redacted first, once, and again by a newer reader at night."""

import sys

from sqlalchemy import delete, select, update

from tests.metrics.comments.conftest import MakeComment
from triage import clock, reading
from triage.database import transaction
from triage.metrics.comments import repository, steps
from triage.metrics.comments.themes import themes
from triage.tables import Answer, CommentReading

TOLD = "I waited six weeks for a reply. Ring me on 07700 900123, or write to Flat 2, 14 Long Lane, N3 2PY."


async def kept() -> list[CommentReading]:
    async with transaction() as session:
        return list((await session.scalars(select(CommentReading))).all())


async def test_only_redacted_words_are_kept(trained: None, make_comment: MakeComment) -> None:
    answer = await make_comment(TOLD, clock.now())
    for _ in range(2):
        async with transaction() as session:
            await steps.read_comment(session, answer)
    (read,) = await kept()
    assert "waited six weeks" in read.text
    assert "07700" not in read.text
    assert "N3 2PY" not in read.text
    # What was read is what is kept: the reader never saw the telephone number.
    reader = reading.themes()
    assert reader is not None
    assert read.themes == list(themes().of_comment(read.text, reader.read(read.text).themes))
    assert (read.service, read.version) == ("missed_bin", reading.themes_version())


async def test_an_answer_without_words_is_not_read(trained: None, make_comment: MakeComment) -> None:
    answer = await make_comment("  ", clock.now())
    async with transaction() as session:
        await steps.read_comment(session, answer)
        assert await steps.read_missed(session) == 0
    assert await kept() == []


async def test_a_comment_of_spaces_and_line_breaks_is_none_to_the_database_as_to_the_reader(
    make_comment: MakeComment,
) -> None:
    assert set(repository.SPACES) == {char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace()}
    for nothing in ("\r\n\n", "\u00a0\u2003\t \u2029"):
        await make_comment(nothing, clock.now())
    answer = await make_comment("\n Thanks\n", clock.now())
    async with transaction() as session:
        assert await repository.unread(session, "themes-new", 10) == [answer]


async def test_the_night_reads_what_was_missed_and_what_an_older_reader_read(
    trained: None, make_comment: MakeComment
) -> None:
    await make_comment("Nobody told me what was going on", clock.now())
    await make_comment("Staff were so kind", clock.now())
    async with transaction() as session:
        assert await steps.read_missed(session) == 2
    async with transaction() as session:
        assert await steps.read_missed(session) == 0
        await session.execute(update(CommentReading).values(version="themes-older", themes=["other"]))
    async with transaction() as session:
        assert await steps.read_missed(session) == 2
    assert all(read.version == reading.themes_version() for read in await kept())
    assert any("manner" in read.themes for read in await kept())


async def test_a_reading_goes_with_its_answer(trained: None, make_comment: MakeComment) -> None:
    answer = await make_comment("Too slow", clock.now(), "waiting")
    async with transaction() as session:
        await session.execute(delete(Answer).where(Answer.id == answer))
    assert await kept() == []
