"""The model beside the rules finds danger that no rule foresaw, and never hides what the rules saw.

`danger_held_out.jsonl` was written apart from the rules and from the examples, by imagining people and not signals,
and nothing was tuned on it. The marks below are what was reached on it, and not what was hoped for: the hope was
99% of level "now", 95% of the rest, and alarms for 1% of ordinary messages and 3% of near misses. Never tune on
these lines; write new ones.
"""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest

from language.danger import CAP, DangerDataWrong, DangerRules, Sighting
from language.danger.model import (
    ENCODED,
    MAY_BE,
    RULE,
    TOKENS,
    DangerModel,
    DangerModelMismatch,
    Dangers,
    Thresholds,
    judge,
)
from language.danger.pieces import PIECES, pieces
from language.danger.signals import LEVELS
from language.danger.train import EXAMPLES, Example, Unseen, read_all, read_examples, read_ordinary, train
from language.encoder import Encoder
from language.encoder.build import build

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"
HELD_OUT = [json.loads(line) for line in (HERE / "danger_held_out.jsonl").read_text().splitlines()]
OLDER = [json.loads(line) for line in (HERE / "danger_lines.jsonl").read_text().splitlines()]
WEIGHT = {None: 0, "concern": 1, "today": 2, "now": 3}


@pytest.fixture(scope="module")
def rules() -> DangerRules:
    return DangerRules.load(DATA / "danger")


@pytest.fixture(scope="module")
def examples(rules: DangerRules) -> list[Example]:
    return read_all(DATA, rules)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    place = tmp_path_factory.mktemp("home")
    build(place)
    return Encoder.load(place)


@pytest.fixture(scope="module")
def trained(examples: list[Example], rules: DangerRules, encoder: Encoder) -> tuple[DangerModel, Unseen]:
    return train(examples, rules, encoder)


@pytest.fixture(scope="module")
def dangers(rules: DangerRules, trained: tuple[DangerModel, Unseen]) -> Dangers:
    return Dangers(rules, trained[0])


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
    ("kinds", "good", "least", "most"),
    [
        ({"now"}, "raised", 0.79, 1.0),  # 99 of 121; the rules alone 58
        ({"now"}, "noticed", 0.90, 1.0),  # 111, the gentle question among them
        ({"today", "concern"}, "raised", 0.84, 1.0),  # 61 of 71; the rules alone 28
        ({"today", "concern"}, "noticed", 0.97, 1.0),  # 70
        ({"ordinary"}, "raised", 0.0, 0.01),  # none of 111
        ({"ordinary"}, "noticed", 0.0, 0.05),  # 3, each asked gently
        ({"hard"}, "raised", 0.0, 0.12),  # 12 of 109, every one by a rule
        ({"hard"}, "noticed", 0.0, 0.21),  # 21
    ],
)
def test_the_marks_on_lines_that_nothing_was_tuned_on(
    seen: dict[str, Sighting | None], kinds: set[str], good: str, least: float, most: float
) -> None:
    assert least <= share(seen, kinds, good) <= most


def test_the_model_adds_almost_no_alarm_of_its_own(rules: DangerRules, seen: dict[str, Sighting | None]) -> None:
    added = [
        line["text"]
        for line in HELD_OUT
        if line["level"] is None
        and (found := seen[line["text"]]) is not None
        and found.rule == RULE
        and found.level != "concern"
    ]
    assert len(added) <= 2, added


def test_most_dangers_are_noticed_by_models_that_never_saw_them(
    rules: DangerRules, examples: list[Example], trained: tuple[DangerModel, Unseen]
) -> None:
    model, unseen = trained
    levels = model.levels
    found = {True: 0, False: 0}
    asked = 0
    for example, chances in zip(examples, unseen.chances, strict=True):
        noticed = judge(chances, model.reader.labels, levels, model.thresholds) is not None
        noticed = noticed or rules.look(example.text) is not None
        if example.signal is None:
            asked += noticed and example.ordinary
        else:
            found[rules.sighting(example.signal).level == "now"] += noticed
    now = sum(e.signal is not None and rules.sighting(e.signal).level == "now" for e in examples)
    rest = sum(e.signal is not None for e in examples) - now
    ordinary = sum(e.ordinary for e in examples)
    assert found[True] / now >= 0.975
    assert found[False] / rest >= 0.95
    assert asked / ordinary <= 0.07


def test_what_the_rules_saw_is_never_lowered_or_lost(dangers: Dangers, rules: DangerRules) -> None:
    for line in [*HELD_OUT[::2], *OLDER[::4]]:
        alone, both = rules.look(line["text"]), dangers.look(line["text"])
        if alone is not None:
            assert both is not None
            assert LEVELS.index(both.level) <= LEVELS.index(alone.level)
            assert alone.signal in (both.signal, *both.also)
            assert both == alone or both.rule == RULE


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
    note.write_text(note.read_text().replace('"format": 1', '"format": 0'))
    with pytest.raises(DangerModelMismatch):
        DangerModel.load(tmp_path, encoder)


def test_a_model_of_other_signals_is_refused(rules: DangerRules, dangers: Dangers) -> None:
    assert dangers.model is not None
    model = dangers.model
    wrong = DangerModel(model.reader, tuple("today" if level else None for level in model.levels), model.thresholds)
    with pytest.raises(DangerModelMismatch):
        Dangers(rules, wrong)


def test_chances_are_judged_by_the_gravest_row() -> None:
    labels, levels = ("flood", "none", "notice", "suicide"), ("today", None, "concern", "now")
    limits = Thresholds(now=0.5, alarm=0.7, ask=0.2)

    def judged(*rows: tuple[float, float, float, float]) -> str | None:
        return judge(np.array(rows), labels, levels, limits)  # type: ignore[arg-type]

    assert judged((0.0, 0.9, 0.0, 0.1)) is None
    assert judged((0.3, 0.7, 0.0, 0.0)) == MAY_BE
    assert judged((0.8, 0.2, 0.0, 0.0)) == "flood"
    assert judged((0.1, 0.7, 0.2, 0.0)) == "notice"  # a concern stops nothing, so it may be named at once
    assert judged((0.9, 0.1, 0.0, 0.0), (0.0, 0.4, 0.0, 0.6)) == "suicide"


# --------------------------------------------------------------------------------------------------------- the data


def test_the_examples_are_many_and_none_is_held_out(rules: DangerRules) -> None:
    examples = read_examples(DATA / "danger" / EXAMPLES, rules)
    assert len(examples) >= 2_500
    assert sum(example.signal is None for example in examples) >= 1_000
    for signal in set(rules.signals) - {MAY_BE}:
        assert sum(example.signal == signal for example in examples) >= 35, signal
    held = {line["text"].lower() for line in [*HELD_OUT, *(line for line in OLDER if line["held_out"])]}
    assert not {example.text.lower() for example in examples} & held
    assert len(HELD_OUT) >= 400 and sum(line["level"] is None for line in HELD_OUT) >= 200


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "a", "signal": "weather", "level": "now"}',
        '{"text": "a", "signal": "suicide", "level": "today"}',
        '{"text": "a", "signal": null, "level": "now"}',
        '{"text": " ", "signal": null, "level": null}',
        '{"text": "a", "signal": null}',
        "[]",
        "text",
    ],
)
def test_a_wrong_example_is_refused_by_its_line(tmp_path: Path, rules: DangerRules, line: str) -> None:
    file = tmp_path / EXAMPLES
    file.write_text('{"text": "hello", "signal": null, "level": null}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(DangerDataWrong) as refused:
        read_examples(file, rules)
    assert refused.value.key == "line 2"


def test_a_list_that_names_no_service_is_refused(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("# none\nno_such_service\n", encoding="utf-8")
    with pytest.raises(DangerDataWrong, match=r"names\.txt"):
        read_ordinary(tmp_path / "names.txt", DATA / "services")


def test_a_grave_sentence_is_not_drowned_in_the_longest_message(
    trained: tuple[DangerModel, Unseen], examples: list[Example]
) -> None:
    model = trained[0]
    chance = Random(4)
    calm = [example.text for example in examples if example.ordinary and model.guess(example.text) is None]
    grave = chance.sample([line["text"] for line in HELD_OUT if line["level"]], 60)
    noticed = alarmed = 0
    for text in grave:
        around = chance.choices(calm, k=4_000 // (sum(map(len, calm)) // len(calm)))
        around.insert(chance.randrange(len(around)), text)
        guess = model.guess(". ".join(around)[:CAP])
        noticed += guess is not None
        alarmed += guess not in (None, MAY_BE)
    print(f"{noticed} noticed, {alarmed} alarmed, of {len(grave)}")
    # 24 longer pieces noticed 15 of such 60, and alarmed for one.
    assert noticed >= 45 and alarmed >= 25


def test_few_pieces_of_a_long_message_are_encoded(trained: tuple[DangerModel, Unseen], encoder: Encoder) -> None:
    model = trained[0]
    for text in (
        "he hit me. " * 400,
        "my bin is full and nobody came today. " * 120,
        "<b>&#0;</b>; " * 300,
        "я" * 5_000,
    ):
        kept = model._gravest(pieces(text))
        assert len(kept) <= ENCODED
        assert sum(encoder.tokens(piece) for piece, _ in kept) <= TOKENS or len(kept) == 1


def test_messages_are_guessed_together_as_each_alone(
    trained: tuple[DangerModel, Unseen], dangers: Dangers, encoder: Encoder
) -> None:
    texts = [line["text"] for line in HELD_OUT[::9]] + ["", " ", "My bin is full. He hit me again. When is it emptied?"]
    assert trained[0].guess_many(texts) == [trained[0].guess(text) for text in texts]
    assert dangers.look_many(texts) == [dangers.look(text) for text in texts]
    assert dangers.look_many(texts, encoder.encode(texts)) == dangers.look_many(texts)
    assert dangers.look_many([]) == [] and trained[0].guess_many([]) == []


def test_pieces_are_bounded_and_lose_no_word() -> None:
    assert pieces("") == [] and pieces("He hit me. Help.") == []
    for text in ("one two three four five six seven. " * 30, "word " * 900, "Hi. " * 1_000, "a b c\n" * 50):
        found = pieces(text)
        assert 1 < len(found) <= PIECES
        if len(text) <= CAP:
            assert " ".join(found).split() == text.split()
