"""Rasa's rules, found by what was said instead of one after another.

Rasa holds every rule against every turn, twice over: once for the text of the message and once for its intent. With a
rule for each of a hundred services that was a fifth of a turn. Here only the rules that could fit are held against it,
and the text only when some rule speaks of a text. What is decided is the same; tests/bot/test_rules.py compares.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

# What a rule's last state asks of the turn: which action came before, and which intent was read. None: any.
Asks = tuple[str | None, str | None]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class RulesByIntent(RulePolicy):  # type: ignore[misc]  # Rasa is read untyped
    """Decides as Rasa's RulePolicy does."""

    _text_matters: bool | None = None

    def _get_possible_keys(self, lookup: dict[str, str], states: list[dict[str, Any]]) -> set[str]:
        if not states or not states[-1].get(PREVIOUS_ACTION):
            # At the very start Rasa lets every rule of a start through, whatever it asks.
            return super()._get_possible_keys(lookup, states)  # type: ignore[no-any-return]
        before, intent = _asks(states[-1])
        by_ask = self._by_ask(lookup)
        near: dict[str, str] = {}
        for asks in {(before, intent), (before, None), (None, intent), (None, None)}:
            near.update(by_ask.get(asks, {}))
        return super()._get_possible_keys(near, states)  # type: ignore[no-any-return]

    def _by_ask(self, lookup: dict[str, str]) -> dict[Asks, dict[str, str]]:
        """The rules of a lookup by what they ask; a lookup does not change once it is made."""
        known: list[tuple[dict[str, str], dict[Asks, dict[str, str]]]] = self.__dict__.setdefault("_known", [])
        for one, by_ask in known:
            if one is lookup:
                return by_ask
        made: dict[Asks, dict[str, str]] = {}
        for key, action in lookup.items():
            made.setdefault(_asks(self._rule_key_to_state(key)[-1]), {})[key] = action
        known.append((lookup, made))
        return made

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and not tracker.active_loop_name and not self._text_can_matter():
            return None, None, False
        return super()._find_action_from_rules(  # type: ignore[no-any-return]
            tracker, domain, use_text_for_last_user_input
        )

    def _text_can_matter(self) -> bool:
        """Whether some rule would fit a turn that is known by its text and not by its intent."""
        if self._text_matters is None:
            lasts = (self._rule_key_to_state(key)[-1] for key in self.lookup[RULES])
            self._text_matters = any(_fits_a_text(last) for last in lasts)
        return self._text_matters


def _asks(state: dict[str, Any]) -> Asks:
    return state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT)


def _fits_a_text(last: dict[str, Any]) -> bool:
    before, intent = _asks(last)
    return TEXT in last.get(USER, {}) or (intent is None and before in (None, ACTION_LISTEN_NAME))


def copy_slot(slot: Slot) -> Slot:
    """A slot with the same value. Python's own way takes five times as long, and Rasa copies all of them many times."""
    new = object.__new__(type(slot))
    new.__dict__.update(slot.__dict__)
    return new


Slot.__copy__ = copy_slot
