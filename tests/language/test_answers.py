"""What words mean as the answer to one question of a form."""

from pathlib import Path

import pytest

from language.entities import CouncilWords, one_postcode, one_reference, one_stream, reply_address

BARNET = CouncilWords.load(Path(__file__).parents[2] / "data" / "councils" / "barnet")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("black", "black"),
        ("Blue bin", "blue"),
        ("the recycling one", "blue"),
        ("food caddy", "brown"),
        ("gren bin", "green"),
        ("blak", "black"),
        ("garden waste", "green"),
        ("general rubbish", "black"),
        ("no, the blue one", "blue"),
        ("not the black one, the blue", "blue"),
        ("the green bin with food in it", "green"),
        ("blue and black", None),
        ("I put it back", None),
        ("my bin", None),
        ("", None),
        ("it has been good", None),
        ("grey", "black"),
        ("the grey one", "black"),
        ("general", "black"),
        ("waste bin", "black"),
        ("food waste caddy (brown)", "brown"),
        ("reccyling", "blue"),
        ("i meant to say blue sorry", "blue"),
        ("the blue or the black", None),
        ("golders green", None),
        ("recycling in Golders Green", "blue"),
    ],
)
def test_the_bin_that_was_asked_for(text: str, meant: str | None) -> None:
    assert one_stream(text, BARNET, asked=True) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("my blue bin was not emptied", "blue"),
        ("my recycling wasn't emptied in golders green", "blue"),
        ("they missed my gren bin", "green"),
        ("i have applied for my blue badge 4 weeks ago", None),
        ("a black audi blocks the bin store every week", None),
        ("only one adult lives in this household now", None),
        ("is it blue or black that goes out tomorrow", None),
    ],
)
def test_a_bin_named_in_passing(text: str, meant: str | None) -> None:
    assert one_stream(text, BARNET) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("12 n31ab", "N3 1AB"), ("NW11 7AA please", "NW11 7AA"), ("EC1A 1BB", "EC1A 1BB"), ("N3", None), ("12", None)],
)
def test_postcodes(text: str, meant: str | None) -> None:
    assert one_postcode(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("BN-7K3M-9QXF", "BN-7K3M-9QXF"),
        ("bn 7k3m 9qxf", "BN-7K3M-9QXF"),
        ("it's BN-ABCD-EFGH", "BN-ABCD-EFGH"),
        ("BN-OI3M-9QXF", "BN-013M-9QXF"),
        ("is anything wrong with it", None),
        ("where is my report", None),
        ("XX-7K3M-9QXF", None),
    ],
)
def test_references(text: str, meant: str | None) -> None:
    assert one_reference(text, BARNET) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Jo [at] Example.org thanks", "jo@example.org"),
        ("jo @ example.org", "jo@example.org"),
        ("07700  900 123 or jo@example.org", "jo@example.org"),
        ("ring 07700  900 123.", "07700 900 123"),
        ("07700 - 900123", "07700 - 900123"),
        ("BN-7K3M-9QXF", None),
    ],
)
def test_where_to_answer(text: str, meant: str | None) -> None:
    assert reply_address(text) == meant
