"""Languages are told apart, English is left alone, and what is switched on is what was measured to be good enough.

`other_languages.jsonl` holds lines written by imagining residents, all by one writer, who also wrote the lists and
rules: real messages will be read less well. Lines marked `held_out` were scored before anything was changed for them
and nothing was changed after; the others were used. See docs/decisions/2026-11-23-other-languages.md.
"""

import json
import random
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from language.danger import DangerDataWrong, DangerRules
from language.languages import LanguageDataWrong, Languages
from language.languages.danger import DangersInAnyLanguage, LanguageRules
from language.languages.folding import fold, words_of
from language.languages.needs import Needs

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
CODES = ("ar", "es", "fa", "fr", "gu", "it", "pl", "pt", "ro", "tr")
LINES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "other_languages.jsonl").read_text().splitlines()
]
HELD_OUT = [line for line in LINES if line["held_out"]]
WEIGHT = {None: 0, "concern": 1, "today": 2, "now": 3}
# From which a language's rules may raise an alarm: of messages of level "now", and of ordinary ones.
NOW, FALSE_ALARMS = 0.80, 0.02
# From which the commonest needs are offered: of messages that have one, and of those that have none or another.
RIGHT, WRONG = 0.70, 0.05
SERVICES = {"missed_bin", "council_tax_bill", "homelessness", "housing_repair"}


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages.load(DATA / "languages")


@pytest.fixture(scope="module")
def known() -> DangerRules:
    return DangerRules.load(DATA / "danger")


@pytest.fixture(scope="module")
def rules(known: DangerRules) -> LanguageRules:
    return LanguageRules.load(DATA / "danger" / "languages", known)


def english() -> list[str]:
    """Every English line of this repository that imagines a resident."""
    files = sorted((DATA / "danger" / "examples").glob("*.jsonl"))
    lines = [json.loads(line)["text"] for file in files for line in file.read_text().splitlines()]
    for file in (DATA / "services").glob("*/nlu.yml"):
        for intent in yaml.safe_load(file.read_text())["nlu"]:
            for line in str(intent.get("examples") or "").splitlines():
                if line.strip().startswith("- "):
                    lines.append(line.strip()[2:])
    return lines


# ------------------------------------------------------------------------------------------------------- detection


def test_the_lines_are_many_and_of_every_language() -> None:
    assert len({(line["language"], line["text"]) for line in LINES}) == len(LINES) >= 2_000
    for code in CODES:
        mine = [line for line in LINES if line["language"] == code]
        assert sum(line["level"] is not None for line in mine) >= 80
        assert sum(line["level"] is None for line in mine) >= 80


def test_no_english_line_is_called_another_language(languages: Languages) -> None:
    lines = english()
    wrong = {line: heard.code for line in lines if (heard := languages.detect(line))}
    print(f"{len(wrong)} of {len(lines)}")
    assert len(lines) > 4_000 and len(wrong) / len(lines) < 0.001, wrong


@pytest.mark.parametrize(
    "text",
    [
        "Hola",
        "Hola, my bin was not collected",
        "hello i am need help for council tax i no understand the letter",
        "sorry my english no good, the man come and say pay",
        "please to help me with house, landlord he want me go out",
        "My name is Maria de la Cruz",
        "I am Ion Popescu from Ballards Lane",
        "Giuseppe Di Marco, 4 Via Nova Court",
        "Hussein Al-Maliki, Colindale",
        "no gas in my flat",
        "no no no",
        "la la la",
        "Avenida Road, Montrose Avenue, Rue de Paris restaurant",
        "El Vaquero restaurant on Mill Hill Broadway leaves bins out",
        "is the Polski sklep on Watling Avenue licensed",
        "ok ciao",
        "merci for your help, the permit came",
        "my daughter has her bar mitzvah, mazel tov lol",
        "salaam, when is my bin day",
        "Namaste, I need parking permit",
        "e n f i e l d",
        "N12 8QE",
        "BN-7K3M-9QXF",
        "???",
        "😀😀",
        "12 12 12",
        "Hendon Barnet Finchley Edgware Totteridge",
    ],
)
def test_second_language_english_names_and_greetings_are_english(languages: Languages, text: str) -> None:
    heard = languages.detect(text)
    # A greeting alone is all that somebody has said: it may be answered in its own language.
    assert heard is None or text == "Hola"


@pytest.mark.parametrize(
    "text",
    [
        "ich brauche hilfe mit meiner wohnung",
        "мне нужна помощь",
        "我需要帮助",
        "मुझे मदद चाहिए",
        "مجھے مدد چاہیے",
        "χρειάζομαι βοήθεια",
        "אני צריך עזרה",
        "waxaan u baahanahay caawimaad",
    ],
)
def test_a_language_that_we_do_not_know_is_none(languages: Languages, text: str) -> None:
    assert languages.detect(text) is None


@pytest.mark.parametrize("code", CODES)
def test_a_language_is_heard_and_hardly_ever_taken_for_another(languages: Languages, code: str) -> None:
    mine = [line["text"] for line in HELD_OUT if line["language"] == code]
    heard = [found.code if (found := languages.detect(text)) else None for text in mine]
    print(
        f"{code}: {heard.count(code)} of {len(mine)}; missed {[t for t, h in zip(mine, heard, strict=True) if not h]}"
    )
    assert heard.count(code) / len(mine) >= 0.75
    assert sum(found not in (code, None) for found in heard) / len(mine) <= 0.02


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pomocy!", "pl"),
        ("ajutor", "ro"),
        ("SOCORRO", None),
        ("imdat", "tr"),
        ("au secours", "fr"),
        ("aiuto", "it"),
        ("کمک", "fa"),
        ("النجدة", "ar"),
        ("મદદ", "gu"),
        ("komak", "fa"),
        ("merhaba", "tr"),
    ],
)
def test_one_telling_word_is_enough(languages: Languages, text: str, code: str | None) -> None:
    """ "Socorro" is Spanish as well as Portuguese: neither is chosen."""
    heard = languages.detect(text)
    assert (heard.code if heard else None) == code


def test_any_text_is_read_in_bounded_time(languages: Languages, rules: LanguageRules) -> None:
    chance = random.Random(20261123)
    signs = "abcčłıșñ گچيكءأ ગુજરાતી'’-.?!\n\x00\u200c\u202e😀 ne no la "
    for _ in range(300):
        text = "".join(chance.choice(signs) for _ in range(chance.randrange(200)))
        languages.detect(text)
        rules.look(text)
    usual = [line["text"] for line in LINES]
    start = time.perf_counter()
    for text in usual:
        languages.detect(text)
    assert (time.perf_counter() - start) / len(usual) < 0.001
    for long in ("nie mam " * 10_000, "a" * 80_000, "می " * 30_000, "ગ" * 80_000):
        start = time.perf_counter()
        languages.detect(long)
        assert time.perf_counter() - start < 0.1


def test_accents_capitals_and_keyboards_make_no_difference(languages: Languages) -> None:
    assert fold("MĄŻ bije") == "maz bije" and fold("Işık İyi") == "isik iyi"
    assert fold("می‌زند") == fold("می زند") == "میزند"
    assert words_of(fold("ك ي ة أ")) == words_of(fold("ک ی ه ا"))
    assert words_of(fold("મદદ કરો")) == ["મદદ", "કરો"]


@pytest.mark.parametrize("file", ["pl/words.txt", "en/words.txt"])
def test_a_list_without_words_is_refused(tmp_path: Path, file: str) -> None:
    shutil.copytree(DATA / "languages", tmp_path / "languages")
    (tmp_path / "languages" / file).write_text("# nothing\n")
    with pytest.raises(LanguageDataWrong, match=file):
        Languages.load(tmp_path / "languages")


# ---------------------------------------------------------------------------------------------------------- danger


def alarms(rules: LanguageRules, known: DangerRules, text: str) -> str | None:
    """The level of what the rules see, None when they see nothing."""
    found = rules.look(text)
    return known.sighting(found[0]).level if found else None


@pytest.mark.parametrize("code", CODES)
def test_a_language_raises_alarms_where_its_held_out_lines_justify_it_and_only_there(
    rules: LanguageRules, known: DangerRules, code: str
) -> None:
    every = replace(rules, alarms=frozenset(rules.languages))
    mine = [line for line in HELD_OUT if line["language"] == code]
    now = [alarms(every, known, line["text"]) for line in mine if line["level"] == "now"]
    ordinary = [alarms(every, known, line["text"]) for line in mine if line["level"] is None and not line["near_miss"]]
    seen, false = now.count("now") / len(now), sum(WEIGHT[level] > 1 for level in ordinary) / len(ordinary)
    print(f"{code}: now {now.count('now')} of {len(now)}, false alarms {false:.3f} of {len(ordinary)}")
    assert (code in rules.alarms) is (seen >= NOW and false <= FALSE_ALARMS)


def test_known_lines_stay_seen(rules: LanguageRules, known: DangerRules) -> None:
    every = replace(rules, alarms=frozenset(rules.languages))
    lines = [line for line in LINES if not line["held_out"]]
    dangers = [line for line in lines if line["level"]]
    missed = [x["text"] for x in dangers if WEIGHT[alarms(every, known, x["text"])] < WEIGHT[x["level"]]]
    assert len(missed) / len(dangers) <= 0.05, missed
    false = [x["text"] for x in lines if x["level"] is None and WEIGHT[alarms(every, known, x["text"])] > 1]
    assert len(false) <= 2, false


def test_near_misses_that_raise_an_alarm_are_few(rules: LanguageRules, known: DangerRules) -> None:
    near = [line for line in LINES if line["near_miss"]]
    false = [line["text"] for line in near if WEIGHT[alarms(rules, known, line["text"])] > 1]
    print(len(false), "of", len(near), false)
    assert len(false) / len(near) <= 0.10


def test_english_raises_no_alarm_in_another_language(rules: LanguageRules) -> None:
    lines = english()
    wrong = {line: found for line in lines if (found := rules.look(line))}
    assert len(wrong) / len(lines) < 0.001, wrong


def test_a_language_that_only_asks_says_may_be_danger(rules: LanguageRules) -> None:
    asking = replace(rules, alarms=rules.alarms - {"pl"})
    assert rules.look("mój mąż mnie bije") == ("domestic_abuse", "pl")
    assert asking.look("mój mąż mnie bije") == ("may_be_danger", "pl")


def test_english_rules_do_not_read_another_languages_words(
    known: DangerRules, rules: LanguageRules, languages: Languages
) -> None:
    both = DangersInAnyLanguage(known, None, rules, languages)
    # To the English rules "od", which is Polish for since, is an overdose.
    assert known.look("piec nie działa od wczoraj") is not None and both.look("piec nie działa od wczoraj") is None
    assert both.look("my husband hits me") == known.look("my husband hits me")
    seen = both.look("nie mam gdzie spać dzisiaj")
    assert seen is not None and (seen.signal, seen.priority) == ("homeless_tonight", "P1")
    assert seen.rule == "homeless_tonight.pl"


def test_the_graver_of_two_languages_is_said_first(
    known: DangerRules, rules: LanguageRules, languages: Languages
) -> None:
    both = DangersInAnyLanguage(known, None, rules, languages)
    seen = both.look("I have no food for my kids. mąż mnie bije")
    assert seen is not None and seen.signal == "domestic_abuse" and "destitution" in seen.also


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('raises = "alarm"', 'raises = "maybe"', "raises"),
        ("[signals.suicide]", "[signals.sadness]", "signals.sadness"),
        ('"pozar*"', '"{nobody}"', "signals.immediate_danger.say["),
        ("[groups]", "[things]", "file"),
    ],
)
def test_wrong_rules_are_refused_naming_file_and_key(
    tmp_path: Path, known: DangerRules, old: str, new: str, key: str
) -> None:
    shutil.copytree(DATA / "danger" / "languages", tmp_path / "languages")
    file = tmp_path / "languages" / "pl.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(DangerDataWrong) as refused:
        LanguageRules.load(tmp_path / "languages", known)
    assert refused.value.file.name == "pl.toml" and refused.value.key.startswith(key)


# ----------------------------------------------------------------------------------------------------------- needs


@pytest.mark.parametrize("code", CODES)
def test_needs_are_offered_where_they_were_measured_to_be_right_and_only_there(code: str) -> None:
    every, on = Needs.load(DATA / "languages", all_languages=True), Needs.load(DATA / "languages")
    mine = [line for line in HELD_OUT if line["language"] == code and line["level"] is None]
    # What else is offered is measured in test_other_needs.py: here no line says whether it is about that.
    found = [(line, {need.service for need in every.look(line["text"], code)} & SERVICES) for line in mine]
    with_need = [(line, services) for line, services in found if line["need"] in SERVICES]
    right = sum(line["need"] in services for line, services in with_need)
    wrong = sum(bool(services - {line["need"]}) for line, services in found)
    print(f"{code}: right {right} of {len(with_need)}, wrong {wrong} of {len(found)}")
    good = right / len(with_need) >= RIGHT and wrong / len(found) <= WRONG
    assert bool(on.look("council tax", code)) is good


def test_more_than_two_needs_are_no_guess() -> None:
    needs = Needs.load(DATA / "languages", all_languages=True)
    assert needs.look("council tax", "it") and not needs.look(
        "council tax, sfratto, muffa, e non hanno svuotato il bidone", "it"
    )


def test_wrong_needs_are_refused(tmp_path: Path) -> None:
    shutil.copytree(DATA / "languages", tmp_path / "languages")
    file = tmp_path / "languages" / "it" / "needs.toml"
    file.write_text(file.read_text().replace("word =", "words =", 1))
    with pytest.raises(LanguageDataWrong, match=r"it/needs\.toml"):
        Needs.load(tmp_path / "languages")
