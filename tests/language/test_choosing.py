"""Which of a few things a message asks for, learned from a handful of examples."""

from pathlib import Path

import pytest

from language.encoder import Encoder
from language.encoder.build import build
from language.intents.choosing import Chooser
from language.intents.examples import Example, read_examples
from language.intents.lexicon import Lexicon

ASKS = {
    "": ("how do I pay my council tax", "council tax", "I have a question about my bill", "paying the council"),
    "date": ("what day is the direct debit taken", "when does the money go out", "can I pay on the 20th instead"),
    "refund": ("I paid too much, can I have it back", "money back after we moved out", "you owe me a refund"),
}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    home = tmp_path_factory.mktemp("home")
    build(home)
    return Encoder.load(home)


@pytest.fixture(scope="module")
def chooser(encoder: Encoder) -> tuple[Chooser, Lexicon]:
    texts = [text for each in ASKS.values() for text in each]
    lexicon = Lexicon.fit(texts)
    asks = [name for name, each in ASKS.items() for _ in each]
    return Chooser.fit(asks, encoder.encode(texts), lexicon.rows(texts)), lexicon


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("which date will my direct debit leave my bank", "date"),
        ("we moved and you still have our money, please pay it back", "refund"),
        ("pay council tax", ""),
    ],
)
def test_what_is_asked_is_likeliest(chooser: tuple[Chooser, Lexicon], encoder: Encoder, text: str, asked: str) -> None:
    learned, lexicon = chooser
    chances = learned.chances(encoder.encode([text])[0], lexicon.row(text))
    assert set(chances) == set(ASKS)
    assert max(chances, key=lambda name: chances[name]) == asked
    assert sum(chances.values()) == pytest.approx(1, abs=0.05)


def test_an_example_says_which_point_it_asks_for(tmp_path: Path) -> None:
    file = tmp_path / "nlu.yml"
    file.write_text(
        'version: "3.1"\nnlu:\n- intent: tip\n  examples: |\n    - the tip\n    - is [Summers Lane](place) open\n'
        "- intent: tip\n  metadata: {point: cost}\n  examples: |\n    - what do you charge\n"
        "- synonym: x\n  examples: |\n    - y\n"
    )
    assert list(read_examples(file)) == [
        Example("the tip", "tip"),
        Example("is Summers Lane open", "tip"),
        Example("what do you charge", "tip", "cost"),
    ]
