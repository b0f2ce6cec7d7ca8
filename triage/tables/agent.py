"""A person who works at the desk, reads the figures or writes the content, and their signed-in sessions."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, false, text
from sqlalchemy.orm import Mapped, mapped_column

from triage import clock
from triage.tables.base import EMPTY_LIST, Base

METHODS = ("password", "openid", "link")
STAGES = ("open", "code", "enrol")
ROLES = ("agent", "partner", "supervisor", "owner", "editor", "administrator")


class Agent(Base):
    """Somebody who can sign in. Demo people are roles, never invented names."""

    __tablename__ = "agent"
    __table_args__ = (CheckConstraint(f"role in {ROLES}", name="role"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(doc="What residents and colleagues see: 'Agent, Revenues'.")
    role: Mapped[str]
    queues: Mapped[list[Any]] = mapped_column(default=list, doc="Queue codes this person works; empty: all.")
    partner: Mapped[str | None] = mapped_column(doc="Role partner: whose queues they see, an id in partners.toml.")
    skills: Mapped[list[Any]] = mapped_column(
        default=list, server_default=EMPTY_LIST, doc="Services they alone should be given, by id."
    )
    languages: Mapped[list[Any]] = mapped_column(
        default=list, server_default=EMPTY_LIST, doc="ISO 639-1 codes besides English."
    )
    capacity: Mapped[int] = mapped_column(
        default=5, server_default=text("5"), doc="How many contacts they are given at once."
    )
    away_since: Mapped[datetime | None] = mapped_column(doc="Signed in and not to be given anything, since then.")
    password_hash: Mapped[str] = mapped_column(doc="argon2id.")
    demo: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    set_up_hash: Mapped[bytes | None] = mapped_column(doc="Of the one-time link with which they choose a password.")
    set_up_until: Mapped[datetime | None]
    openid_name: Mapped[str | None] = mapped_column(
        unique=True, doc="What the council's sign-in calls them; their first sign-in there is bound to this person."
    )
    openid_subject: Mapped[str | None] = mapped_column(unique=True, doc="Issuer and subject, once they signed in.")
    openid_mapped: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="Their role follows their groups there at each sign-in."
    )


class SignIn(Base):
    """A server-side session. The cookie holds a token; we hold its hash."""

    __tablename__ = "sign_in"
    __table_args__ = (
        CheckConstraint(f"method in {METHODS}", name="method"),
        CheckConstraint(f"stage in {STAGES}", name="stage"),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    ends_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(default=clock.now, doc="Last request; tells who is at the desk.")
    acted_at: Mapped[datetime] = mapped_column(
        default=clock.now,
        server_default=text("now()"),
        doc="Last request that a person made, and not the page by itself; a session that rests too long ends.",
    )
    id: Mapped[UUID] = mapped_column(
        default=uuid4, unique=True, server_default=text("gen_random_uuid()"), doc="To name it without its token."
    )
    method: Mapped[str] = mapped_column(default="password", server_default=text("'password'"))
    stage: Mapped[str] = mapped_column(
        default="open",
        server_default=text("'open'"),
        doc="open; code: a code from their app is still to come; enrol: they must set an app up first.",
    )
    second_factor_at: Mapped[datetime | None] = mapped_column(doc="When a second factor was shown, if one was.")
    browser: Mapped[str | None] = mapped_column(doc="Its kind, for the person's own list of sessions.")
