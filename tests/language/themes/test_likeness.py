"""No comment is learned from and tested on as well, in other letters or nearly the same ones."""

from language.themes.examples import read_comments
from language.themes.likeness import groups, held_out, tenth
from triage.catalogue import DATA


def test_the_same_words_are_one_group() -> None:
    assert groups(["Nothing.", "nothing", "NOTHING!!", "Everything"]) == ["nothing"] * 3 + ["everything"]


def test_nearly_the_same_words_are_one_group() -> None:
    long = "The drivers were always on time and very polite to me"
    found = groups([long, long.replace("very", "veri"), "The staff were rude"])
    assert found[0] == found[1] != found[2]


def test_likeness_is_passed_on_and_the_order_does_not_matter() -> None:
    texts = [f"the crew were kind and quick to come to the house {'x' * at}" for at in range(4)]
    assert len(set(groups(texts))) == 1
    assert groups(texts[::-1]) == groups(texts)[::-1]


def test_a_group_is_on_one_side() -> None:
    texts = ["Nothing.", "nothing", "Waiting time", "waiting time!"]
    kept = held_out(texts)
    assert kept[0] == kept[1]
    assert kept[2] == kept[3]
    assert kept[0] is (tenth("nothing") < 3)


def test_what_is_shipped_to_learn_from_was_not_held_out() -> None:
    # A group's first words may be of a comment further on, and redaction changed some words after the split; so each
    # comment whose group is itself alone is looked at.
    texts = [one.text for one in read_comments(DATA / "themes" / "nhs_fft.jsonl") if "[" not in one.text]
    assert len(texts) > 2_500
    assert sum(held_out(texts)) == 0
