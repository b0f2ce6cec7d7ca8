"""The PDF is PDF/UA-1 by what can be looked up in it: its structure, language, title, alternatives and table heads."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfua
import pikepdf
import pytest
import typst

from tests.metrics.reporting.test_content import columns
from triage.metrics.periods import quarter
from triage.metrics.reporting import pdf
from triage.metrics.reporting.content import Given, build
from triage.metrics.reporting.presets import presets
from triage.metrics.reporting.rules import Measured

AT = datetime(2017, 2, 28, 10, tzinfo=UTC)
EVIL = '#read("/etc/passwd") *bold* $x$ <label> @ref // \\u{41} ]} " 😀 مرحبا 你好 ﷽\u202e\nSecond line'


def content(**front: str) -> dict[str, Any]:
    def one(result: str) -> Measured:
        return Measured("higher", Decimal(95), Decimal(result), Decimal(90))

    rows = [
        columns("CSG-01", one("97"), benchmark=EVIL, numerator=Decimal(97), denominator=Decimal(100)),
        columns("CSG-02", one("50"), name=EVIL, comment=EVIL, comment_role=EVIL, action=EVIL),
        columns("CSG-03", Measured("lower", None, Decimal("12.5"), None), unit=EVIL[:20], definition=EVIL, source=EVIL),
        columns("CSG-04", Measured("lower", Decimal(9), None, None), comment=EVIL, comment_role=EVIL),
    ]
    notes = [
        {"kind": kind, "partner": "CSG", "area": "CSG", "text": EVIL} for kind in ("success", "challenge", "experience")
    ]
    said = {
        "sentences": ["Of 100 people 74 were satisfied."],
        "rows": [
            {"queue": "Council tax", "run_by": "CSG", "answers": 400, "why_not": "", "satisfied_in_100": 74}
            | {"low": 70, "high": 78},
            {"queue": "Parking", "run_by": "NSL", "answers": 4, "why_not": "too few to show"},
        ],
        "method": ["Counted so."],
    }
    front = {"title": "Contracts performance report", "summary": EVIL, "committee": EVIL} | front
    made = build(Given("Barnet Council", quarter(2016, 4), presets()["barnet"], front, rows, notes, said))
    return made | {"approved_by": "Service owner", "published_at": "2017-02-28T10:00:00+00:00"}


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf.make(content(), AT)


@pytest.fixture
def opened(made: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(made)) as found:
        yield found


def elements(opened: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Every element of the structure tree, in the order in which a screen reader goes through it."""
    found: list[pikepdf.Dictionary] = []

    def into(kids: Any) -> None:
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                found.append(kid)
                if "/K" in kid:
                    into(kid.K)

    into(opened.Root.StructTreeRoot.K)
    return found


def kinds(opened: pikepdf.Pdf) -> list[str]:
    roles = opened.Root.StructTreeRoot.get("/RoleMap", pikepdf.Dictionary())
    return [str(roles.get(one.S, one.S)) for one in elements(opened)]


def test_it_says_that_it_is_tagged_and_what_it_is(opened: pikepdf.Pdf) -> None:
    root = opened.Root
    assert root.MarkInfo.Marked
    assert str(root.Lang) == "en-GB"
    assert root.ViewerPreferences.DisplayDocTitle
    with opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Contracts performance report"
    assert str(opened.docinfo.Title) == "Contracts performance report"
    assert str(opened.docinfo.Author) == "Barnet Council"


def test_everything_on_a_page_is_in_the_structure_or_is_decoration(opened: pikepdf.Pdf) -> None:
    """What is drawn stands between marks: of an element of the structure (with an id), or of an artifact."""
    drawing = {"Tj", "TJ", "f", "F", "f*", "S", "B", "Do", "sh"}
    for page in opened.pages:
        assert "/StructParents" in page
        assert str(page.get("/Tabs", "/S")) == "/S"
        depth = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                depth += 1
                assert str(operands[0]) == "/Artifact" or "/MCID" in operands[1]
            elif name == "EMC":
                depth -= 1
            elif name in drawing:
                assert depth > 0, f"{name} outside the structure"


def test_headings_go_down_one_level_at_a_time(opened: pikepdf.Pdf) -> None:
    levels = [int(kind[2]) for kind in kinds(opened) if kind[:2] == "/H" and kind[2:].isdigit()]
    assert levels[0] == 1
    assert len(levels) > 8
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_has_heads_that_say_what_they_are_of(opened: pikepdf.Pdf) -> None:
    counted = Counter(kinds(opened))
    assert counted["/Table"] == 3
    assert counted["/THead"] == 3
    heads = [one for one in elements(opened) if one.S == "/TH"]
    # Service and its ten columns less one; an indicator's seven; a team's five.
    assert len(heads) == 10 + 7 + 5
    for head in heads:
        attributes = head.A if isinstance(head.A, pikepdf.Array) else [head.A]
        assert any(str(one.get("/Scope")) in ("/Column", "/Row") for one in attributes)


def test_the_chart_is_told_in_words(opened: pikepdf.Pdf) -> None:
    figures = [one for one in elements(opened) if one.S == "/Figure"]
    assert [str(one.Alt) for one in figures] == [
        "A bar divided by how the 2 rated indicators stand: Green 50% (1), Green Amber 0% (0), Red Amber 0% (0), "
        "Red 50% (1)."
    ]


def test_every_font_is_in_the_file_and_can_be_read_as_text(opened: pikepdf.Pdf) -> None:
    fonts = [one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
    whole = [one for one in fonts if "/DescendantFonts" in one]
    assert whole
    for font in whole:
        assert "/ToUnicode" in font
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
        assert "SourceSansPro" in str(descriptor.FontName)


def test_a_checker_finds_nothing(made: bytes, tmp_path: Path) -> None:
    """pdfua checks a part of the standard's rules; typst itself refuses to write what breaks those it knows."""
    path = tmp_path / "report.pdf"
    path.write_bytes(made)
    report = pdfua.validate(path)
    assert not report.findings, report.findings


def test_what_was_typed_is_printed_and_never_run(made: bytes) -> None:
    read = text_of(made)
    assert '#read("/etc/passwd") *bold* $x$ <label> @ref //' in read
    assert "root:" not in read
    assert "[grinning face]" in read


def text_of(made: bytes) -> str:
    """The text in the order of the pages, by each font's own table of characters."""
    with pikepdf.open(BytesIO(made)) as opened:
        found = []
        for page in opened.pages:
            tables = {name: _characters(font) for name, font in page.Resources.Font.items()}
            table: dict[bytes, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    table = tables[str(operands[0])]
                elif str(operator) in ("Tj", "TJ"):
                    for part in operands[0] if str(operator) == "TJ" else operands:
                        if isinstance(part, pikepdf.String):
                            raw = bytes(part)
                            found += [table.get(raw[at : at + 2], "?") for at in range(0, len(raw), 2)]
        return "".join(found)


def _characters(font: Any) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for line in bytes(font.ToUnicode.read_bytes()).decode("latin-1").splitlines():
        parts = line.split()
        if len(parts) == 2 and all(part.startswith("<") for part in parts) and len(parts[0]) == 6:
            found[bytes.fromhex(parts[0][1:-1])] = bytes.fromhex(parts[1][1:-1]).decode("utf-16-be")
    return found


def test_every_character_that_we_say_we_can_print_can_be() -> None:
    characters = "".join(sorted(pdf.has() - {"\n"}))
    rows = [characters[at : at + 60] for at in range(0, len(characters), 60)]
    # In the weight of text and in that of headings.
    made = content(summary="\n".join(f"x{row}x" for row in rows), title=characters)
    made["sections"][0]["title"] = characters
    assert pdf.make(made, AT).startswith(b"%PDF-")


def test_typst_refuses_what_is_not_pdf_ua(tmp_path: Path) -> None:
    """The guard is real: an image without an alternative, or a character without a shape, makes no file."""
    source = tmp_path / "bad.typ"
    source.write_text('#set document(title: "t")\n#image(bytes(sys.inputs.svg))', encoding="utf-8")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
    with pytest.raises(typst.TypstError, match="alt"):
        typst.compile(str(source), sys_inputs={"svg": svg}, pdf_standards=["ua-1"])
    source.write_text('#set document(title: "t")\n你', encoding="utf-8")
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        typst.compile(str(source), pdf_standards=["ua-1"], ignore_system_fonts=True)


def test_the_same_report_makes_the_same_file() -> None:
    given = json.loads(json.dumps(content()))
    assert pdf.make(given, AT) == pdf.make(given, AT)


def test_a_report_without_anything_in_it_is_a_file_too() -> None:
    empty = build(
        Given(
            "Barnet Council",
            quarter(2016, 4),
            presets()["havering"],
            {},
            [],
            [],
            {"sentences": [], "rows": [], "method": []},
        )
    )
    made = pdf.make(empty | {"approved_by": "", "published_at": None}, AT)
    assert "Draft. This report has not been published and may change." in text_of(made)
