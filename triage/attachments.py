"""Files that come with a contact: which are taken, and keeping them.

The desk and the page about a contact both take files, so this is below both rooms. What a file is, its content says:
its name and what its sender calls it are not asked (PROMISES 16).
"""

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage.errors import Invalid, NotFound, TooLarge
from triage.tables import Attachment, Contact

MOST_FILES = 10
# Of which the resident may send so many: the desk can always add some.
MOST_FROM_RESIDENT = 6
LARGEST = 5 * 1024 * 1024
LONGEST_NAME = 120
# How each kind of file begins.
BEGINNINGS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"....ftyp(heic|heix|mif1)", re.DOTALL), "image/heic"),
    (re.compile(rb"%PDF-\d"), "application/pdf"),
)
# What a file of each kind is called by: the first where its own ending is none of these.
ENDINGS = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "application/pdf": ("pdf",),
    "text/plain": ("txt",),
}
TAKEN = "a photograph (PNG, JPEG, GIF, WebP or HEIC), a PDF, or plain text"
# Characters of control that no plain text has; tab, line feed, form feed and carriage return are let through.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def kind_of(content: bytes) -> str | None:
    """The media type that the content shows, or None when it is none of those we take."""
    for beginning, kind in BEGINNINGS:
        if beginning.match(content):
            return kind
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else "text/plain"


def tidy_name(name: str) -> str:
    """A file's name without folders and without what could steer a screen or a header; its ending is kept."""
    name = re.sub(r"[^\w .,()+-]", "_", re.split(r"[/\\]", name)[-1]).strip(" .") or "file"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def called(name: str, kind: str) -> str:
    """The name that a file is kept by: its ending says what its content is, so that nothing else is opened with it."""
    name = tidy_name(name)
    ending = name.rpartition(".")[2].lower()
    return name if ending in ENDINGS[kind] else f"{name[: LONGEST_NAME - 5]}.{ENDINGS[kind][0]}"


async def sent_before(session: AsyncSession, contact_id: UUID, content: bytes) -> Attachment | None:
    """The same file from the resident, if this contact has it already: a button is pressed twice."""
    return await session.scalar(
        select(Attachment)
        .where(
            Attachment.contact_id == contact_id,
            Attachment.agent_id.is_(None),
            Attachment.size == len(content),
            Attachment.content == content,
        )
        .limit(1)
    )


async def sent_by_resident(session: AsyncSession, contact_id: UUID) -> Sequence[Attachment]:
    """The files that came from the resident of a contact, oldest first, without what is in them."""
    rows = await session.scalars(
        select(Attachment)
        .where(Attachment.contact_id == contact_id, Attachment.agent_id.is_(None))
        .order_by(Attachment.at)
        .limit(MOST_FILES)
    )
    return rows.all()


async def keep(
    session: AsyncSession, contact_id: UUID, name: str, content: bytes, agent_id: UUID | None = None
) -> Attachment:
    """Keep one file with a contact. The caller has made sure that its sender may; `agent_id` empty: the resident.

    Raises Invalid for an empty file, one of a kind that we do not take or one too many, TooLarge, NotFound.
    """
    if not content:
        raise Invalid("Choose a file that is not empty.")
    if len(content) > LARGEST:
        raise TooLarge("That file is larger than 5 MB. Send a smaller one, such as a photograph at half its size.")
    kind = kind_of(content)
    if kind is None:
        raise Invalid(f"We cannot take that kind of file. Send {TAKEN}.")
    # The contact's row is locked, so that two files that come at once are both counted.
    if await session.get(Contact, contact_id, with_for_update=True) is None:
        raise NotFound
    there = await session.scalar(select(func.count()).where(Attachment.contact_id == contact_id)) or 0
    if there >= MOST_FILES:
        raise Invalid(f"There are {MOST_FILES} files already, and no more can be kept with one contact.")
    file = Attachment(
        contact_id=contact_id, name=called(name, kind), kind=kind, size=len(content), content=content, agent_id=agent_id
    )
    session.add(file)
    await session.flush()
    return file
