"""The model beside the rules finds danger that no rule foresaw, and doubts only rules that are not sure.

`danger_held_out_3.jsonl` was written before the rules and examples of 26 November 2026 and no choice was made on it;
the two older sets are learned from now. The marks below are a little under what was reached on it that day, when its
misses were published. The hope is 99% of level "now", 95% of the rest, and alarms for 1% of ordinary messages and 3%
of near misses: see docs/decisions/2026-11-26-danger.md.
"""

import json
from dataclasses import fields, replace
from pathlib import Path
from random import Random

import pytest

from language.danger import CAP, DangerRules, Sighting
from language.danger.examples import Example, read_all
from language.danger.model import (
    ENCODED,
    MAY_BE,
    RULE,
    TOKENS,
    DangerModel,
    DangerModelMismatch,
    Dangers,
    Guess,
    judge,
)
from language.danger.pieces import pieces
from language.danger.signals import LEVELS
from language.danger.train import SHARE_LOWERED, SHARES_NEAR, SHARES_ORDINARY, Unseen
from language.encoder import Encoder
from triage import reading
from triage.settings import get_settings

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"
HELD_OUT = [json.loads(line) for line in (HERE / "danger_held_out_3.jsonl").read_text().splitlines()]
OLDER = [json.loads(line) for line in (HERE / "danger_lines.jsonl").read_text().splitlines()]
WEIGHT = {None: 0, "concern": 1, "today": 2, "now": 3}


@pytest.fixture(scope="module")
def rules() -> DangerRules:
    return DangerRules.load(DATA / "danger")


@pytest.fixture(scope="module")
def examples(rules: DangerRules) -> list[Example]:
    return read_all(DATA, rules)


@pytest.fixture(scope="module")
def encoder(trained: None) -> Encoder:
    return reading.encoder()


@pytest.fixture(scope="module")
def learned(trained: None, encoder: Encoder) -> tuple[DangerModel, Unseen]:
    """The model that answers residents, and what it was chosen on."""
    folder = get_settings().home / "models" / "danger"
    return DangerModel.load(folder, encoder), Unseen.load(folder)


@pytest.fixture(scope="module")
def dangers(rules: DangerRules, learned: tuple[DangerModel, Unseen]) -> Dangers:
    return Dangers(rules, learned[0])


@pytest.fixture(scope="module")
def seen(dangers: Dangers) -> dict[str, Sighting | None]:
    return {line["text"]: dangers.look(line["text"]) for line in HELD_OUT}


def share(seen: dict[str, Sighting | None], kinds: set[str], good: str) -> float:
    """Of the held-out lines of these levels or kinds, the share raised at their level, alarmed at all, or noticed."""
    lines = [line for line in HELD_OUT if (line["level"] or line["kind"]) in kinds]
    hits = 0
    for line in lines:
        found = seen[line["text"]]
        level = found.level if found is not None and found.signal != MAY_BE else None
        raised = WEIGHT[level] >= (WEIGHT[line["level"]] or WEIGHT["today"])
        hits += raised if good == "raised" else found is not None
        print(f"{line['signal']}: {line['text']!r} -> {found and (found.signal, found.rule)}")
    print(f"{good} {sorted(kinds)}: {hits} of {len(lines)}")
    return hits / len(lines)


@pytest.mark.parametrize(
    ("kinds", "good", "fewest", "most"),
    [
        ({"now"}, "raised", 0.87, 1.0),
        ({"now"}, "noticed", 0.98, 1.0),
        ({"today", "concern"}, "raised", 0.97, 1.0),
        ({"today", "concern"}, "noticed", 0.98, 1.0),
        ({"ordinary"}, "raised", 0.0, 0.01),
        ({"ordinary"}, "noticed", 0.0, 0.05),
        ({"near_miss"}, "raised", 0.0, 0.05),
        ({"near_miss"}, "noticed", 0.0, 0.15),
    ],
)
def test_the_marks_on_lines_that_no_choice_was_made_on(
    seen: dict[str, Sighting | None], kinds: set[str], good: str, fewest: float, most: float
) -> None:
    assert fewest <= share(seen, kinds, good) <= most


def test_the_rules_alone_alarm_few_near_misses(rules: DangerRules) -> None:
    alarmed = [
        line["text"]
        for line in HELD_OUT
        if line["level"] is None and (found := rules.look(line["text"])) is not None and found.level != "concern"
    ]
    assert len(alarmed) <= 9, alarmed


@pytest.mark.parametrize(
    "text",
    [
        "lost my dad two days ago. what do I have to do before we can book the cremation",
        "my mum died last night, what do I do now",
        "my husband passed away on Sunday, when can we have the funeral",
        "How do I register a death? It was my sister",
        "we lost our baby at 20 weeks, is there a place for her in the cemetery",
    ],
)
def test_somebody_bereaved_is_answered_and_not_alarmed(dangers: Dangers, text: str) -> None:
    seen = dangers.look(text)
    assert seen is None or seen.level == "concern"


def test_somebody_bereaved_who_wants_to_die_is_alarmed(dangers: Dangers) -> None:
    for text in (
        "since my wife died I want to be with her, I have the tablets",
        "we buried him on Friday and I am going to end it too",
    ):
        seen = dangers.look(text)
        assert seen is not None and seen.signal == "suicide"


@pytest.mark.parametrize("text", ["I do not feel safe", "i dont feel safe", "I feel unsafe", "not safe here"])
def test_who_does_not_feel_safe_is_asked_what_is_wrong_and_not_sent_to_the_samaritans(
    dangers: Dangers, text: str
) -> None:
    seen = dangers.look(text)
    assert seen is not None
    assert seen.signal in (MAY_BE, "immediate_danger", "domestic_abuse")


def test_thresholds_keep_the_false_alarms_within_their_shares(
    rules: DangerRules, examples: list[Example], learned: tuple[DangerModel, Unseen]
) -> None:
    model, unseen = learned
    for ordinary, shares in ((False, SHARES_NEAR), (True, SHARES_ORDINARY)):
        alarms = asked = of = 0
        for at, example in enumerate(examples):
            if example.signal is None and example.ordinary is ordinary:
                found = both(rules, model, unseen, at, example.text)
                of += 1
                asked += found is not None
                alarms += found in LEVELS[:2]
        assert alarms / of <= shares.alarm
        assert asked / of <= shares.ask + 0.01  # rules of level "concern" are no part of what is chosen


def test_few_dangers_that_the_rules_see_are_doubted(
    rules: DangerRules, examples: list[Example], learned: tuple[DangerModel, Unseen]
) -> None:
    model, unseen = learned
    ruled = lowered = 0
    for example, (alarm, _) in zip(examples, unseen.weighed, strict=True):
        seen = rules.look(example.text) if example.signal is not None else None
        if seen is not None and seen.level != "concern" and not seen.sure:
            ruled += 1
            lowered += bool(alarm < model.thresholds.doubt)
    assert ruled > 500
    assert lowered / ruled <= SHARE_LOWERED


def guessed(model: DangerModel, unseen: Unseen, at: int) -> Guess:
    """What readers that had not seen an example make of it."""
    alarm, danger = unseen.weighed[at]
    signal = judge(unseen.blended[at], alarm, danger, model.labels, model.levels, model.thresholds)
    return Guess(signal, bool(alarm < model.thresholds.doubt))


def both(rules: DangerRules, model: DangerModel, unseen: Unseen, at: int, text: str) -> str | None:
    """The level of what rules and model see together in an example; "concern" for the question."""
    found = told(rules, model, guessed(model, unseen, at)).look(text)
    return found.level if found is not None else None


def test_most_dangers_are_noticed_by_models_that_never_saw_them(
    rules: DangerRules, examples: list[Example], learned: tuple[DangerModel, Unseen]
) -> None:
    model, unseen = learned
    found = {True: 0, False: 0}
    asked = 0
    for at, example in enumerate(examples):
        noticed = guessed(model, unseen, at).signal is not None
        noticed = noticed or rules.look(example.text) is not None
        if example.signal is None:
            asked += noticed and example.ordinary
        else:
            found[rules.sighting(example.signal).level == "now"] += noticed
    now = sum(e.signal is not None and rules.sighting(e.signal).level == "now" for e in examples)
    rest = sum(e.signal is not None for e in examples) - now
    ordinary = sum(e.ordinary for e in examples)
    assert found[True] / now >= 0.93
    assert found[False] / rest >= 0.92
    assert asked / ordinary <= 0.07


def test_what_a_sure_rule_saw_is_never_lowered_and_nothing_seen_is_lost(dangers: Dangers, rules: DangerRules) -> None:
    sure = lowered = 0
    for line in [*HELD_OUT[::2], *OLDER[::4]]:
        alone, together = rules.look(line["text"]), dangers.look(line["text"])
        if alone is None:
            continue
        assert together is not None
        assert alone.signal in (together.signal, *together.also)
        assert together == alone or together.rule == RULE
        sure += alone.sure
        if LEVELS.index(together.level) > LEVELS.index(alone.level):
            lowered += 1
            assert together.signal == MAY_BE and dangers.may_lower(alone)
    assert sure > 40
    assert lowered >= 1


def told(rules: DangerRules, model: DangerModel | None, guess: Guess) -> Dangers:
    """The rules with a model that makes this of every message."""
    assert model is not None

    class Told(DangerModel):
        def weigh_up(self, text: str, vector: object = None) -> Guess:
            return guess

    return Dangers(rules, Told(**{field.name: getattr(model, field.name) for field in fields(model)}))


def test_a_doubted_alarm_becomes_the_gentle_question_unless_the_rule_is_sure(
    rules: DangerRules, dangers: Dangers
) -> None:
    doubting = told(rules, dangers.model, Guess(None, doubts=True))
    weak = doubting.look("we need a refuge place for the cat")
    assert weak is not None
    assert (weak.signal, weak.level, weak.rule) == (MAY_BE, "concern", RULE)
    assert "domestic_abuse" in weak.also
    for text in ("i want to kill myself", "i cannot go on", "my husband hits me and i want to die"):
        sure = doubting.look(text)
        assert sure is not None and sure.level == "now" and sure.sure, text
    deciding = told(rules, dangers.model, Guess(None, doubts=False))
    undecided = deciding.look("we need a refuge place for the cat")
    assert undecided is not None and undecided.signal == "domestic_abuse"


def test_the_model_may_raise_what_a_rule_that_is_not_sure_saw(rules: DangerRules, dangers: Dangers) -> None:
    raising = told(rules, dangers.model, Guess("suicide", doubts=False))
    raised = raising.look("our street is flooded and water is rising fast")
    assert raised is not None and raised.signal == "suicide" and "flood" in raised.also


def test_without_a_model_the_rules_are_asked_alone(rules: DangerRules) -> None:
    alone = Dangers(rules)
    for line in HELD_OUT[:60]:
        assert alone.look(line["text"]) == rules.look(line["text"])
    assert alone.help("suicide", "barnet") == rules.help("suicide", "barnet")
    assert alone.signals == rules.signals


def test_a_vector_that_the_caller_has_gives_the_same_answer(dangers: Dangers, encoder: Encoder) -> None:
    for line in HELD_OUT[::20]:
        assert dangers.look(line["text"], encoder.encode([line["text"]])[0]) == dangers.look(line["text"])


def test_one_grave_sentence_among_many_is_noticed(dangers: Dangers) -> None:
    filler = "The bins on our road were not emptied again this week. The brown one is still full. "
    grave = "My uncle keeps pushing my nan over and she is black and blue. "
    for text in (filler * 5 + grave + filler * 5, grave + filler * 10, filler * 10 + grave):
        assert dangers.look(text) is not None
    assert dangers.look(filler * 12) is None


def test_anything_at_all_can_be_looked_at(dangers: Dangers) -> None:
    for text in ("", " ", "\n\n", "🙂", "مرحبا", "a" * 9_000, "? " * 4_000, "\x00", "\ud83d"):
        dangers.look(text)


def test_a_saved_model_looks_the_same(tmp_path: Path, dangers: Dangers, rules: DangerRules, encoder: Encoder) -> None:
    assert dangers.model is not None
    dangers.model.save(tmp_path)
    again = Dangers(rules, DangerModel.load(tmp_path, encoder))
    for line in HELD_OUT[::25]:
        assert again.look(line["text"]) == dangers.look(line["text"])
    note = tmp_path / "danger.json"
    note.write_text(note.read_text().replace('"format": 4', '"format": 1'))
    with pytest.raises(DangerModelMismatch):
        DangerModel.load(tmp_path, encoder)


def test_a_model_of_other_signals_is_refused(rules: DangerRules, dangers: Dangers) -> None:
    assert dangers.model is not None
    model = dangers.model
    levels = tuple("today" if level else None for level in model.levels)
    wrong = replace(model, levels=levels)
    with pytest.raises(DangerModelMismatch):
        Dangers(rules, wrong)


# --------------------------------------------------------------------------------------------------------- the data


def test_a_grave_sentence_is_not_drowned_in_the_longest_message(
    learned: tuple[DangerModel, Unseen], examples: list[Example]
) -> None:
    model = learned[0]
    chance = Random(4)
    ordinary = chance.sample([example.text for example in examples if example.ordinary], 400)
    calm = [text for text in ordinary if model.guess(text) is None]
    grave = chance.sample([line["text"] for line in HELD_OUT if line["level"]], 60)
    noticed = alarmed = 0
    for text in grave:
        around = chance.choices(calm, k=4_000 // (sum(map(len, calm)) // len(calm)))
        around.insert(chance.randrange(len(around)), text)
        guess = model.guess(". ".join(around)[:CAP])
        noticed += guess is not None
        alarmed += guess not in (None, MAY_BE)
    print(f"{noticed} noticed, {alarmed} alarmed, of {len(grave)}")
    # 49 and 24 when it was last measured for itself. What stands around is drawn anew whenever an example is added, and
    # of sixty that alone moves either by some four.
    assert noticed >= 42 and alarmed >= 19


def test_few_pieces_of_a_long_message_are_encoded(learned: tuple[DangerModel, Unseen], encoder: Encoder) -> None:
    model = learned[0]
    for text in (
        "he hit me. " * 400,
        "my bin is full and nobody came today. " * 120,
        "<b>&#0;</b>; " * 300,
        "я" * 5_000,
    ):
        kept = model._gravest(pieces(text))
        assert len(kept) <= ENCODED
        assert sum(len(encoder.tokens(piece.text)) for piece in kept) <= TOKENS or len(kept) == 1
        assert all(piece.tokens == encoder.tokens(piece.text) for piece in kept)


def test_messages_are_guessed_together_as_each_alone(
    learned: tuple[DangerModel, Unseen], dangers: Dangers, encoder: Encoder
) -> None:
    texts = [line["text"] for line in HELD_OUT[::9]] + ["", " ", "My bin is full. He hit me again. When is it emptied?"]
    assert learned[0].weigh_up_many(texts) == [learned[0].weigh_up(text) for text in texts]
    assert dangers.look_many(texts) == [dangers.look(text) for text in texts]
    assert dangers.look_many(texts, encoder.encode(texts)) == dangers.look_many(texts)
    assert dangers.look_many([]) == [] and learned[0].weigh_up_many([]) == []
