"""Reporting a missed bin: which bin, which address, was it out, was anything wrong, and a last look.

Nothing here refuses a report. A check that fails says a line and goes on, and what the resident said goes with the
report for a person to weigh.
"""

from __future__ import annotations

import logging
import re
from typing import ClassVar

from bot.actions.form import ENDED, Form, Say, Slots
from bot.actions.lookups import AddressFound, Lookups
from bot.actions.parsing import (
    contact_details,
    correction,
    is_question,
    looks_like_address,
    plain,
    problem,
    yes_no,
)
from bot.actions.rounds import say_about_round
from bot.actions.turn import FormTurn
from language.entities import one_stream
from language.entities.streams import streams

logger = logging.getLogger(__name__)

STREAM, ADDRESS, OUT, PROBLEM, CONFIRM, CHANGE = (
    "missed_bin_stream",
    "missed_bin_address",
    "missed_bin_out_on_time",
    "missed_bin_problem",
    "missed_bin_confirm",
    "missed_bin_change",
)
UPRN, TRIES = "missed_bin_uprn", "missed_bin_address_tries"
MOST_CHOICES = 10  # addresses offered at once; more are asked for a house number
LONGEST_PROBLEM = 300  # characters of a problem told in the resident's own words
LONGEST_ADDRESS = 120
MOST_WORDS_FOR_ALL = 6  # in a longer message "all" is more likely something else
ALL = "all of them"
_EVERY = re.compile(r"\b(all|every|everything|each|whole lot|the lot)\b")
_BINS = re.compile(r"\b(bins|both|several|two|three)\b")


class MissedBinForm(Form):
    """`missed_bin_form`. Slots hold what the buttons say, so that answers read back as they were chosen."""

    form: ClassVar[str] = "missed_bin"
    intents: ClassVar[frozenset[str]] = frozenset({"missed_bin"})
    confirm: ClassVar[str | None] = CONFIRM
    order: ClassVar[tuple[str, ...]] = (STREAM, ADDRESS, OUT, PROBLEM)
    plain: ClassVar[frozenset[str]] = frozenset({STREAM, OUT, CONFIRM, CHANGE, TRIES})

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    async def open(self, turn: FormTurn, say: Say) -> Slots:
        """ "My blue bin was not emptied" already says which bin."""
        named = one_stream(turn.text, self._lookups.words)
        return {STREAM: named} if named else {}

    async def fill(self, asked: str, turn: FormTurn, say: Say) -> Slots | None:
        """See Form.fill."""
        text = turn.text
        if asked in (ADDRESS, OUT, PROBLEM) and (other := self._other_bin(asked, turn)):
            say.note("corrected", question="stream", answer=other)
            return {**await self._bin(other, turn, say), asked: None}
        match asked:
            case "missed_bin_stream":
                named = self._bins(turn)
                return await self._bin(named, turn, say) if named else None
            case "missed_bin_address":
                return await self._address(turn, say)
            case "missed_bin_out_on_time":
                return self._out(text, say)
            case "missed_bin_problem":
                return self._problem(turn, say)
            case "missed_bin_confirm" if yes_no(text) == "yes" and not correction(text):
                return {CONFIRM: "yes", ENDED: "done"}
            case _:
                return await self._change(asked, turn, say)

    def not_understood(self, asked: str, turn: FormTurn, say: Say) -> None:
        """Say what kind of answer is needed."""
        if asked == STREAM:
            say.note("which_bins" if _BINS.search(plain(turn.text)) else "not_a_bin")
        elif asked == ADDRESS:
            say.note("not_an_address")
        else:
            say.note(f"not_{asked.removeprefix('missed_bin_')}")

    def certainly_answer(self, asked: str, turn: FormTurn) -> bool:
        """Street names hold any word, so what looks like an address is one."""
        if asked == ADDRESS:
            return looks_like_address(turn.text)
        return len(plain(turn.text).split()) <= 4 and self._reads(asked, turn.text)

    def undo(self, turn: FormTurn, say: Say) -> Slots:
        """See Form.undo. What was found at an address goes with it."""
        slots = super().undo(turn, say)
        return {**slots, UPRN: None, TRIES: None} if slots.get("requested_slot") == ADDRESS else slots

    def may_ask(self, asked: str, turn: FormTurn) -> bool:
        """See Form.may_ask. "Is it 12 N3 1AB" is an address."""
        return asked != ADDRESS or not looks_like_address(turn.text)

    def _bins(self, turn: FormTurn) -> str | None:
        """The bin or bins that were missed: one, several in the council's order ("black and blue"), or all of them."""
        if one := self._stream(turn.text):
            return one
        words = plain(turn.text)
        several = [
            one
            for one, ways in self._lookups.words.streams.items()
            if any(f" {way} " in f" {words} " for way in (one, *ways))
        ]
        # "Blue or black" is somebody who does not know, and "not black" rules one out.
        if len(several) > 1 and not re.search(r"\b(or|not|either)\b", words):
            return f"{', '.join(several[:-1])} and {several[-1]}"
        short = len(words.split()) <= MOST_WORDS_FOR_ALL
        return ALL if short and _EVERY.search(words) and not self.is_aside(turn) else None

    def _stream(self, text: str) -> str | None:
        return one_stream(text, self._lookups.words, asked=True)

    def _reads(self, asked: str, text: str) -> bool:
        match asked:
            case "missed_bin_stream":
                return self._stream(text) is not None or len(streams(text, self._lookups.words.streams)) > 1
            case "missed_bin_out_on_time":
                return yes_no(text) is not None
            case "missed_bin_problem":
                return problem(text) is not None
            case _:
                return correction(text) or yes_no(text) is not None or self._stream(text) is not None

    def _other_bin(self, asked: str, turn: FormTurn) -> str | None:
        """The bin that the resident puts right while another question is open ("actually the blue one")."""
        named = self._stream(turn.text) if correction(turn.text) and not looks_like_address(turn.text) else None
        if named == turn.slots.get(STREAM) or (asked == PROBLEM and problem(turn.text)):
            return None
        return named

    async def _bin(self, named: str, turn: FormTurn, say: Say) -> Slots:
        if turn.has(UPRN):
            await self._say_about_rounds(str(turn.slots[UPRN]), named, say)
        return {STREAM: named, CHANGE: None, CONFIRM: None}

    async def _address(self, turn: FormTurn, say: Say) -> Slots | None:
        text = turn.text
        likely = looks_like_address(text)
        if not likely and (self.is_aside(turn) or contact_details(text) == "skip" or len(text) > LONGEST_ADDRESS):
            return None
        try:
            found = await self._lookups.find_addresses(text)
        except Exception as error:
            logger.warning("Addresses could not be looked up: %s", type(error).__name__)
            say.note("address_unchecked")
            return self._settled(text[:LONGEST_ADDRESS], None)
        tries = int(turn.slots.get(TRIES) or 0)
        if not found:
            if likely and tries:
                say.note("address_unchecked")
                return self._settled(text[:LONGEST_ADDRESS], None)
            say.note("not_an_address")
            return {ADDRESS: None, TRIES: tries + 1 if likely else tries}
        if len(found) == 1:
            return await self._found(found[0], tries, turn, say)
        exact = [one for one in found if plain(one.line) == plain(text)]
        if len(exact) == 1:
            return await self._found(exact[0], tries, turn, say)
        say.note("address_choice", choices=[one.line for one in found[:MOST_CHOICES]])
        return {ADDRESS: None}

    async def _found(self, found: AddressFound, tries: int, turn: FormTurn, say: Say) -> Slots:
        if not found.ours and not tries:
            say.note("not_ours")
            return {ADDRESS: None, TRIES: tries + 1}
        if turn.has(STREAM):
            await self._say_about_rounds(found.uprn, str(turn.slots[STREAM]), say)
        return self._settled(found.line, found.uprn)

    @staticmethod
    def _settled(line: str, uprn: str | None) -> Slots:
        return {ADDRESS: line, UPRN: uprn, TRIES: None, CHANGE: None, CONFIRM: None}

    async def _say_about_rounds(self, uprn: str, named: str, say: Say) -> None:
        # Of several bins each has its own day; a line for each would bury the question. A person looks at those.
        if named in self._lookups.words.streams:
            await self._say_about_round(uprn, named, say)

    async def _say_about_round(self, uprn: str, named: str, say: Say) -> None:
        try:
            found = await self._lookups.collection(uprn, named)
        except Exception as error:
            logger.warning("The bin round could not be looked up: %s", type(error).__name__)
            return
        if found is not None:
            say_about_round(found, self._lookups.now(), say)

    @staticmethod
    def _out(text: str, say: Say) -> Slots | None:
        answer = yes_no(text)
        if answer is None:
            return None
        if answer == "no":
            say.note("will_report_anyway")
        return {OUT: answer}

    def _problem(self, turn: FormTurn, say: Say) -> Slots | None:
        known = problem(turn.text)
        if known is None and (self.is_aside(turn) or not turn.text or is_question(turn.text)):
            return None
        if known != "nothing":
            say.note("will_report_anyway")
        return {PROBLEM: known or turn.text[:LONGEST_PROBLEM]}

    async def _change(self, asked: str, turn: FormTurn, say: Say) -> Slots | None:
        """What to put right, at the last look ("no, the blue one") or when asked what to change."""
        text, again = turn.text, {CHANGE: None, CONFIRM: None}
        if looks_like_address(text):
            slots = await self._address(turn, say)
            return {**again, **slots} if slots else None
        if named := self._bins(turn):
            return await self._bin(named, turn, say)
        words = set(plain(text).split())
        if words & {"address", "house", "road", "street", "postcode", "home"}:
            return {ADDRESS: None, UPRN: None, **again}
        if words & {"bin", "colour", "color", "stream", "type", "which"}:
            return {STREAM: None, **again}
        if words & {"time", "out", "edge", "early", "late"}:
            return {OUT: None, **again}
        if words & {"problem", "tag", "heavy", "blocked"}:
            return {PROBLEM: None, **again}
        if asked == CHANGE and (words & {"nothing", "none", "back"} or yes_no(text) == "no"):
            return again
        if asked == CONFIRM and (correction(text) or yes_no(text) in ("no", "not sure")):
            return {CONFIRM: None, "requested_slot": CHANGE}
        return None
