"""Danger is seen in what people write, ordinary messages are left alone, and what is said back is fit to be said.

`danger_lines.jsonl` holds lines written by imagining residents. Those marked `held_out` were written last and the
rules were never changed for one of them, so their marks are the honest ones: rules alone find about six in ten
messages worded in a way that nobody thought of. That is why a model is asked as well.
"""

import ast
import json
import random
import shutil
import sys
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from language.danger import CAP, DangerDataWrong, DangerRules
from language.danger.numbers import STALE_AFTER, number_wrong
from language.danger.reading import Reading

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data" / "danger"
LINES = [json.loads(line) for line in (Path(__file__).parent / "danger_lines.jsonl").read_text().splitlines()]
WEIGHT = {None: 0, "concern": 1, "today": 2, "now": 3}


@pytest.fixture(scope="module")
def rules() -> DangerRules:
    return DangerRules.load(DATA)


def share_right(rules: DangerRules, lines: list[dict[str, object]], what: str) -> float:
    """Return the share of lines read at their level or graver (none at all for ordinary ones); print each miss."""
    right = 0
    for line in lines:
        seen = rules.look(str(line["text"]))
        found = seen.level if seen else None
        if line["level"] is None:
            good = seen is None
        else:
            good = WEIGHT[found] >= WEIGHT[str(line["level"])]
        right += good
        if not good:
            print(f"{what}: {line['signal']}: {line['text']!r} -> {seen.rule if seen else None}")
    print(f"{what}: {right} of {len(lines)}")
    return right / len(lines)


def of(levels: set[str | None], *, held_out: bool) -> list[dict[str, object]]:
    return [line for line in LINES if line["level"] in levels and line["held_out"] is held_out]


def test_the_lines_are_many_varied_and_whole(rules: DangerRules) -> None:
    assert len(LINES) >= 260
    assert len({line["text"] for line in LINES}) == len(LINES)
    assert sum(line["signal"] is None for line in LINES) >= 130
    assert {line["signal"] for line in LINES if line["signal"]} <= set(rules.signals)


@pytest.mark.parametrize(
    ("levels", "held_out", "mark"),
    [
        ({"now"}, False, 0.99),
        ({"today", "concern"}, False, 0.95),
        ({None}, False, 0.98),
        ({"now"}, True, 0.60),
        ({"today", "concern"}, True, 0.75),
        ({None}, True, 0.95),
    ],
)
def test_enough_is_seen_and_little_is_seen_that_is_not_there(
    rules: DangerRules, levels: set[str | None], held_out: bool, mark: float
) -> None:
    what = f"{'held out' if held_out else 'known'} {sorted(map(str, levels))}"
    assert share_right(rules, of(levels, held_out=held_out), what) >= mark


def test_the_signal_is_the_right_one_when_danger_is_seen(rules: DangerRules) -> None:
    seen = [(line, sighting) for line in LINES if line["signal"] and (sighting := rules.look(line["text"]))]
    right = [line for line, s in seen if line["signal"] in (s.signal, *s.also)]
    assert len(right) / len(seen) >= 0.98


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("I WANT TO KILL MYSELF", "suicide"),
        ("i want to kil myself", "suicide"),
        ("i wnat to kill mysefl", "suicide"),
        ("im feeling sucidal", "suicide"),
        ("k i l l  m y s e l f", "suicide"),
        ("killmyself", "suicide"),
        ("k*ll myself", "suicide"),
        ("k1ll mys3lf", "suicide"),
        ("kiiiiilllll myselffff", "suicide"),
        ("ki\u200bll my\u200dself", "suicide"),
        ("кill mуsеlf", "suicide"),
        ("𝐤𝐢𝐥𝐥 𝐦𝐲𝐬𝐞𝐥𝐟", "suicide"),
        ("ｋｉｌｌ ｍｙｓｅｌｆ", "suicide"),
        ("kill\u0336 my\u0301self", "suicide"),
        ("I can’t go on", "suicide"),
        ("kms", "suicide"),
        ("wanna die", "suicide"),
        ("my husbnad hits me", "domestic_abuse"),
        ("smell of gaz in the hall", "gas_or_carbon_monoxide"),
        ("😭😭 he hit me again 😭", "domestic_abuse"),
        ("\u202eI can smell gas\u202c", "gas_or_carbon_monoxide"),
        ("my neighbour's kid is left alone", "child_at_risk"),
    ],
)
def test_it_is_seen_however_it_is_typed(rules: DangerRules, text: str, signal: str) -> None:
    seen = rules.look(text)
    assert seen is not None and signal in (seen.signal, *seen.also)


@pytest.mark.parametrize(
    "text",
    ["", " ", "...", "\x00\x01", "🙂🙂🙂", "مرحبا", "dying to get my bin back", "this queue is killing me"],
)
def test_nothing_is_seen_where_there_is_nothing(rules: DangerRules, text: str) -> None:
    assert rules.look(text) is None


def test_a_joke_hides_only_its_own_words(rules: DangerRules) -> None:
    seen = rules.look("this queue is killing me and my husband hits me")
    assert seen is not None and seen.signal == "domestic_abuse"


def test_the_gravest_comes_first_and_the_rest_are_named(rules: DangerRules) -> None:
    seen = rules.look("My husband hits me. I have nowhere to sleep tonight. I have no food for my kids.")
    assert seen is not None
    assert (seen.signal, seen.level, seen.priority) == ("domestic_abuse", "now", "P0")
    assert set(seen.also) >= {"homeless_tonight", "destitution"}
    weights = [rules.signals.index(one) for one in (seen.signal, *seen.also)]
    assert weights == sorted(weights)


def test_a_rule_may_send_to_a_queue_of_its_own(rules: DangerRules) -> None:
    wall, wires = rules.look("the wall is about to collapse"), rules.look("bare wires on the lamp post")
    assert wall is not None and wall.queue == "Q-BC"
    assert wires is not None and wires.queue == "Q-HWAY"


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("i want to kill myself", True),
        ("my husband hits me and i want to die", True),  # one sure rule is enough
        ("my husband hits me", True),
        ("i can smell gas", True),
        ("we need a refuge place for the cat", False),
    ],
)
def test_a_rule_that_says_it_outright_is_sure(rules: DangerRules, text: str, sure: bool) -> None:
    seen = rules.look(text)
    assert seen is not None and seen.sure is sure


@pytest.mark.parametrize(
    "text",
    [
        "my wife came on a dependant visa",
        "my husband's beets are big enough for the show",
        "who takes wooden planks",
        "fibres from the loft",
        "the bin store in the park is overflowing",
        "my son has gone off to university",
        "dont want the binmen to cut themselves on the glass",
        "everyone else on the street has theirs",
        "I want to chop down a dead ash",
        "the ivy is strangling my fence",
        "how many rough sleepers were counted",
        "i have lost my passport",
        "my house flooded in 2021",
        "my daughter lost her coat",
        "what does a carbon monoxide alarm cost",
    ],
)
def test_a_word_or_a_figure_of_speech_that_only_looks_like_danger_is_left_alone(rules: DangerRules, text: str) -> None:
    assert rules.look(text) is None


def test_a_sighting_holds_no_words_of_the_resident(rules: DangerRules) -> None:
    names = {rule.name for signal in rules._read.signals for rule in signal.rules}
    for line in LINES:
        seen = rules.look(line["text"])
        assert seen is None or seen.rule in names


def test_what_is_read_is_bounded_however_long_the_text(rules: DangerRules) -> None:
    reader = rules._read.reader
    for long in ("help " * 10_000, "a" * 50_000, "my he i " * 8_000, "k " * 25_000, "*" * 50_000, "'s" * 25_000):
        reading: Reading = reader.read(long)
        # Stretches overlap by half, so no more than twice what the cap lets in (and meanings are short).
        assert sum(map(len, reading.stretches)) <= 4 * CAP
        rules.look(long)
    filler = "The bins on our road were not emptied again this week. " * 1_000
    for grave in ("my husband hits me. " + filler, filler + " my husband hits me"):
        seen = rules.look(grave)
        assert seen is not None and seen.signal == "domestic_abuse"


def test_no_pattern_has_a_gap_without_an_end(rules: DangerRules) -> None:
    patterns = [p for s in rules._read.signals for r in s.rules for p in (*r.patterns, *s.unless)]
    for pattern in [*patterns, *rules._read.idioms]:
        for part in [part for parts in (*pattern.together, *pattern.without) for part in parts]:
            # "[^ ]*" ends at the next space; nothing else in an expression may repeat without a bound.
            bare = part.expression.replace("[^ ]*", "").replace("[^ ]+", "")
            assert "*" not in bare and "+" not in bare, pattern.written


def test_anything_at_all_can_be_looked_at(rules: DangerRules) -> None:
    chance = random.Random(20261122)
    signs = "ab '’*!.?\n\t\x00\u200b\u202e\ud83d\U0001f600אب£0123 kill me gas fire child "
    for _ in range(300):
        rules.look("".join(chance.choice(signs) for _ in range(chance.randrange(200))))


# ------------------------------------------------------------------------------------------------- what is said back


def test_every_signal_says_something_short_calm_and_true(rules: DangerRules) -> None:
    for id in rules.signals:
        said = rules.help(id, "barnet")
        words = f"{said.line} {said.note or ''}".lower()
        assert said.numbers, id
        assert len(said.line.split()) <= 32, id
        for never in ("sorry", "confidential", "log in", "login", "sign in", "user", "query", "ticket", "don't worry"):
            assert never not in words, (id, never)


def test_999_is_first_where_life_is_at_stake(rules: DangerRules) -> None:
    for signal in rules._read.signals:
        if signal.level == "now":
            assert "emergency_999" in {n.key for n in signal.numbers}
            first = "gas_emergency" if signal.id == "gas_or_carbon_monoxide" else "emergency_999"
            assert signal.numbers[0].key == first


def test_domestic_abuse_offers_a_way_out_and_the_silent_call(rules: DangerRules) -> None:
    said = rules.help("domestic_abuse", "barnet")
    assert said.quick_exit and said.ask_safe
    assert said.note is not None and "55" in said.line + said.note and "mobile only" in said.note


def test_another_council_is_not_given_the_first_ones_numbers(rules: DangerRules) -> None:
    for id in rules.signals:
        assert {n.council for n in rules.help(id, "elsewhere").numbers} <= {None}
    assert {n.council for n in rules.help("child_at_risk", "barnet").numbers} == {None, "barnet"}
    with pytest.raises(KeyError):
        rules.help("weather", "barnet")


# ------------------------------------------------------------------------------------------------------ the numbers


def test_every_number_was_looked_at_in_the_last_90_days(rules: DangerRules) -> None:
    stale = [n.key for n in rules.numbers.values() if n.stale(datetime.now(UTC).date())]
    assert not stale, f"ring these, or look at their source, and set verified_on: {stale}"


def test_a_number_goes_stale_after_90_days_and_not_before(rules: DangerRules) -> None:
    number = rules.numbers["samaritans"]
    assert not number.stale(number.verified_on + STALE_AFTER)
    assert number.stale(number.verified_on + STALE_AFTER + timedelta(days=1))
    assert number.verified_on >= date(2026, 11, 21)


@pytest.mark.parametrize(
    ("moment", "holiday", "answered"),
    [
        (datetime(2026, 11, 26, 9, 0), False, True),  # a Thursday
        (datetime(2026, 11, 26, 16, 59), False, True),
        (datetime(2026, 11, 26, 17, 0), False, False),
        (datetime(2026, 11, 26, 2, 30), False, False),
        (datetime(2026, 11, 28, 11, 0), False, False),  # a Saturday
        (datetime(2026, 12, 25, 11, 0), True, False),  # a Friday, and Christmas
    ],
)
def test_an_office_answers_in_its_hours_and_999_always(
    rules: DangerRules, moment: datetime, holiday: bool, answered: bool
) -> None:
    assert rules.numbers["barnet_housing"].answered(moment, holiday=holiday) is answered
    for key in ("emergency_999", "barnet_council", "samaritans"):
        assert rules.numbers[key].answered(moment, holiday=holiday)


@pytest.mark.parametrize(
    ("value", "kind", "good"),
    [
        ("0800 316 9800", "phone", True),
        ("0800 316 98000", "phone", False),  # Thames Water as a council's page prints it, with a digit too many
        ("020 8359 4066", "phone", True),
        ("020 8359 406", "phone", False),
        ("020 1359 4066", "phone", False),
        ("0800 111 999", "phone", True),
        ("0800 111 99", "phone", False),
        ("0800 1111", "phone", True),
        ("116 123", "phone", True),
        ("0345 988 1188", "phone", True),
        ("0900 123 4567", "phone", False),
        ("070 1234 5678", "phone", False),
        ("+44 20 8359 4066", "phone", False),
        ("O20 8359 4066", "phone", False),
        ("999", "short_code", True),
        ("998", "short_code", False),
        ("85258", "text", True),
        ("8525", "text", False),
        ("999", "fax", False),
    ],
)
def test_the_form_of_a_number_is_checked(value: str, kind: str, good: bool) -> None:
    assert (number_wrong(value, kind) is None) is good


def test_numbers_are_written_in_one_place_only() -> None:
    said = tomllib.loads((DATA / "signals.toml").read_text(encoding="utf-8"))["signals"]
    for id, signal in said.items():
        digits = [run for run in signal["line"].split() if sum(c.isdigit() for c in run) > 2]
        assert {"".join(filter(str.isdigit, run)) for run in digits} <= {"999", "101"}, id


# -------------------------------------------------------------------------------------------- wrong data is refused


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("numbers.toml", 'value = "020 8359 4066"', 'value = "020 8359 40666"', "barnet_children.value"),
        ("numbers.toml", "verified_on = 2026-11-21", 'verified_on = "soon"', "emergency_999.verified_on"),
        ("numbers.toml", 'label = "Samaritans, any time, free"', 'label = ""', "samaritans.label"),
        ("numbers.toml", "[samaritans]", "[samaritans]\nopen = 1", "samaritans"),
        ("numbers.toml", "[samaritans]", "[samaritans]\nhours = 1", "samaritans.hours"),
        ("numbers.toml", "[samaritans]", '[samaritans]\nhours = ["mon-fri 9-5"]', "samaritans.hours"),
        ("numbers.toml", "mon-fri 09:00-17:00", "mon-fri 17:00-09:00", "barnet_housing.hours"),
        ("numbers.toml", "[samaritans]", "[samaritans", "file"),
        ("signals.toml", '"samaritans"', '"samaritan"', "signals.suicide.numbers"),
        ("signals.toml", 'queue = "Q-EMERG"', 'queue = "EMERG"', "signals.immediate_danger.queue"),
        ("signals.toml", 'level = "now"', 'level = "soon"', "signals.immediate_danger.level"),
        ("signals.toml", 'priority = "P0"', 'priority = "P3"', "signals.immediate_danger.priority"),
        ("signals.toml", "ask_safe = true", 'ask_safe = "yes"', "signals.immediate_danger.ask_safe"),
        ("signals.toml", "Call 999 now, and", "Call 999. Now", "signals.immediate_danger.line"),
        ("signals.toml", '"punch up"', '"punch {nobody}"', "signals.immediate_danger.rules.attack_now["),
        ("signals.toml", '"punch up"', '".. ..."', "signals.immediate_danger.rules.attack_now["),
        ("signals.toml", 'sure = ["asked_999"', 'sure = ["asked_998"', "signals.immediate_danger.sure"),
        ("signals.toml", 'wires = "Q-HWAY"', 'wire = "Q-HWAY"', "signals.dangerous_structure.rules"),
    ],
)
def test_wrong_data_is_refused_naming_file_and_key(tmp_path: Path, file: str, old: str, new: str, key: str) -> None:
    folder = tmp_path / "danger"
    shutil.copytree(DATA, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DangerDataWrong) as refused:
        DangerRules.load(folder)
    assert refused.value.file.name == file and refused.value.key.startswith(key)
    assert file in str(refused.value) and key in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DangerDataWrong, match=r"numbers\.toml"):
        DangerRules.load(tmp_path)


def test_the_rules_need_only_the_standard_library_and_nothing_of_triage() -> None:
    # Nothing else here may import these.
    with_model = {"model", "train", "heads", "fits", "examples", "neighbours", "weighing", "judging", "letters"}
    for file in (ROOT / "language" / "danger").glob("*.py"):
        if file.stem in with_model:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for name in names:
                assert name.startswith("language.danger") or name.split(".")[0] in sys.stdlib_module_names, name
                assert name.split(".")[-1] not in with_model, name
