"""A library's opening hours: which library is all there is to ask."""

from __future__ import annotations

import logging
from typing import ClassVar

from bot.actions.form import ENDED, Form, Say, Slots
from bot.actions.lookups import LibraryFound, Lookups
from bot.actions.turn import FormTurn

logger = logging.getLogger(__name__)
SITE = "library_site"


class LibraryForm(Form):
    """`library_form`. `library_site` is the library's id in libraries.toml."""

    form: ClassVar[str] = "library"
    intents: ClassVar[frozenset[str]] = frozenset({"library_hours"})
    plain: ClassVar[frozenset[str]] = frozenset({SITE})

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    async def open(self, turn: FormTurn, say: Say) -> Slots:
        """ "Is Hendon library open" already says which."""
        found = await self._find(turn.text)
        return {SITE: found.site, ENDED: "done"} if found else {}

    async def fill(self, asked: str, turn: FormTurn, say: Say) -> Slots | None:
        """See Form.fill."""
        found = await self._find(turn.text)
        return {SITE: found.site, ENDED: "done"} if found else None

    def may_ask(self, asked: str, turn: FormTurn) -> bool:
        """See Form.may_ask. "Is Hendon open?" names a library; whether one is named is seen by looking it up."""
        return False

    def not_understood(self, asked: str, turn: FormTurn, say: Say) -> None:
        """Say that no library has that name."""
        say.note("not_a_site")

    async def _find(self, text: str) -> LibraryFound | None:
        try:
            return await self._lookups.find_library(text) if text else None
        except Exception as error:
            logger.warning("Libraries could not be looked up: %s", type(error).__name__)
            return None
