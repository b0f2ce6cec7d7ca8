"""The demonstration: people to sign in as, the satisfaction figures that the brief describes (2013 to 2016), comments.

Development only. Demo people are roles and never invented names; demo figures carry their source and are never added
to live ones.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import access, codes, journey
from triage.catalogue import DATA
from triage.database import transaction
from triage.metrics.importing import service as imports
from triage.metrics.importing.service import Offered
from triage.settings import get_settings
from triage.tables import Agent, SignIn

SAMPLE = DATA / "samples" / "brief_2013_2016.csv"
COMMENTS = DATA / "samples" / "made_up_comments_2016.csv"
NOTE = "Made up, so that the whole follows two published figures: 52% satisfied in early 2013, 76% in late 2016."
OF_COMMENTS = "Made up: nobody wrote these. They follow the made-up history of 2016."


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as. No queues: all of them."""

    login: str
    name: str
    role: str = "agent"
    queues: tuple[str, ...] = ()
    partner: str | None = None


PEOPLE = (
    Person("agent.revenues", "Agent, Revenues", queues=("Q-CTAX", "Q-BENS", "Q-NNDR", "Q-WELF")),
    Person("agent.housing", "Agent, Housing", queues=("Q-HOMELESS", "Q-REPAIR", "Q-TENANCY", "Q-HREG", "Q-PRS")),
    Person("agent.waste", "Agent, Waste and street", queues=("Q-WASTE", "Q-STREET", "Q-HWAY")),
    Person("agent.parking", "Agent, Parking", queues=("Q-PARK", "Q-PCN", "Q-TRAVEL")),
    Person("agent.schools", "Agent, Schools and libraries", queues=("Q-EDU", "Q-LIB", "Q-BOOST")),
    Person("agent.triage", "Agent, Triage"),
    Person("supervisor", "Supervisor", role="supervisor"),
    Person("owner", "Service owner", role="owner"),
    Person("editor", "Content editor", role="editor"),
    Person("partner.housing", "Agent, Barnet Homes", role="partner", partner="barnet_homes"),
    Person("administrator", "Administrator", role="administrator"),
)


@dataclass(frozen=True)
class Login:
    """A demo person's way in. The password is known only when the person is made: its hash alone is kept."""

    login: str
    name: str
    password: str


def _password() -> str:
    """Three groups of five letters and figures that are not misread (75 bits)."""
    return "-".join("".join(secrets.choice(codes.ALPHABET) for _ in range(5)) for _ in range(3))


async def _people(session: AsyncSession) -> list[Login]:
    """Make whoever is missing; the logins of those who were made just now."""
    known = set(await session.scalars(select(Agent.login)))
    made = []
    for person in PEOPLE:
        if person.login in known:
            continue
        password = _password()
        added = await session.scalar(
            insert(Agent)
            .values(
                login=person.login,
                name=person.name,
                role=person.role,
                queues=list(person.queues),
                partner=person.partner,
                password_hash=access.hash_password(password),
                demo=True,
            )
            .on_conflict_do_nothing(index_elements=[Agent.login])
            .returning(Agent.login)
        )
        if added is not None:
            made.append(Login(person.login, person.name, password))
    return made


async def _renewed(session: AsyncSession) -> list[Login]:
    """New passwords for the demo people there are."""
    made = []
    for person in (await session.scalars(select(Agent).where(Agent.demo).order_by(Agent.login))).all():
        password = _password()
        person.password_hash = access.hash_password(password)
        await session.execute(delete(SignIn).where(SignIn.agent_id == person.id))
        made.append(Login(person.login, person.name, password))
    return made


async def _figures(session: AsyncSession) -> None:
    """Bring in the sample files as any past figures are, unless they are there. Raises FileIsWrong when faulty."""
    for file, layout, note in ((SAMPLE, "counted_answers", NOTE), (COMMENTS, "comments", OF_COMMENTS)):
        offered = Offered(file.read_bytes(), file.name, layout, note, "demo")
        draft = await imports.checked(offered)
        if not await imports.objections(session, draft, "demo"):
            await imports.bring_in(session, offered, draft, None)


async def load(again: bool = False) -> list[Login]:
    """Make the demo people and figures that are missing. Run again, it changes nothing and returns no login.

    `again`: every demo person gets a new password, and whoever was signed in as one is signed out. Does nothing in
    production.
    """
    if get_settings().environment != "development":
        return []
    # Whoever runs the worker reads the comments: it is the journey that says so.
    assert journey.STEPS
    async with transaction() as session:
        made = await (_renewed(session) if again else _people(session))
        await _figures(session)
    return made
