"""A deployment that is older than cases has one for each thing that was, and its links and answers go on."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from alembic import command

from triage.migrations import configuration

BEFORE = "0013"
TALKS = {"invited": "ended", "not asked": "ended", "goes on": "assistant"}
TALK = """
    insert into conversation (id, secret_hash, mode, dialogue, context, last_seq, survey_sampled, demo, started_at,
        last_at)
    values (%s, '', %s, '[]', '{}', 0, true, false, now() - interval '2 days', now())
"""
CONTACT = """
    insert into contact (id, reference, secret_hash, channel, live, text, details, consent, priority, state, queue,
        version, demo, arrived_at, closed_at)
    values (%s, %s, '', 'web', false, 'My bin', '{}', true, 'P3', %s, 'Q-WASTE', 1, %s, now(), %s)
"""


@pytest.fixture
def old(postgres: Any) -> Iterator[str]:
    """A database as it was before cases."""
    name = f"t_{uuid4().hex}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as link:
        link.execute(f"create database {name}")
    url = postgres.get_uri(database=name)
    command.upgrade(configuration(url), BEFORE)
    yield url
    with psycopg.connect(postgres.get_uri(), autocommit=True) as link:
        link.execute(f"drop database {name} with (force)")


def test_everything_that_was_has_its_case(old: str) -> None:
    talks = {name: uuid4() for name in TALKS}
    invite, answer, closed, open_still, demo = (uuid4() for _ in range(5))
    with psycopg.connect(old) as link:
        for name, mode in TALKS.items():
            link.execute(TALK, (talks[name], mode))
        link.execute(CONTACT, (closed, "BN-1", "closed", False, "2026-11-20"))
        link.execute(CONTACT, (open_still, "BN-2", "queued", False, None))
        link.execute(CONTACT, (demo, "BN-3", "closed", True, "2026-11-20"))
        link.execute(
            "insert into invite (id, token_hash, conversation_id, channel, demo, invited_at, expires_at, answered_at)"
            " values (%s, '', %s, 'chat', false, now(), now(), now())",
            (invite, talks["invited"]),
        )
        link.execute(
            "insert into answer (id, invite_id, satisfaction, answered_at) values (%s, %s, 4, now())", (answer, invite)
        )
    command.upgrade(configuration(old), "head")
    with psycopg.connect(old) as link:
        found = link.execute(
            "select coalesce(conversation_id, contact_id), kind, ending, eligible, answered_at is not null, why_not"
            " from survey_case"
        ).fetchall()
        kept = link.execute(
            "select invite.version, invite.asked, invite.via, survey_case.conversation_id, answer.satisfaction,"
            " answer.version, answer.excluded from answer join invite on invite.id = answer.invite_id"
            " join survey_case on survey_case.id = invite.case_id"
        ).fetchall()
    assert {row[0]: row[1:] for row in found} == {
        talks["invited"]: ("conversation", None, None, True, None),
        talks["not asked"]: ("conversation", None, None, False, "before"),
        talks["goes on"]: ("conversation", None, None, False, None),
        closed: ("contact", "closed", True, False, "before"),
        open_still: ("contact", None, None, False, None),
        demo: ("contact", "closed", False, False, "test"),
    }
    first = "2026-11"
    assert kept == [(first, ["satisfaction", "got_it", "comment"], "chat", talks["invited"], 4, first, None)]
