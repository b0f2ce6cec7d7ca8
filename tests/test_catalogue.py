"""The content is whole, and a slip in it is told with its file and key."""

import re
import shutil
from pathlib import Path

import pytest

from triage.catalogue import DATA, CatalogueWrong, catalogue, load
from triage.settings import ROOT


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def test_the_council_has_thirty_queues_and_two_for_the_rest() -> None:
    known = catalogue()
    assert len(known.queues) == 32 and {"Q-HOLDING", "Q-GENERAL"} <= set(known.queues)


def test_every_queue_has_a_partner_in_both_profiles() -> None:
    known = catalogue()
    for profile in {row.profile for row in known.run_by}:
        assert {row.queue for row in known.run_by if row.profile == profile} == set(known.queues)


def test_every_line_is_said_somewhere() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "triage").rglob("*.py"))
    said = set(re.findall(r"line\(\s*[\"']([a-z_]+)[\"']", code)) | set(
        re.findall(r"lines\[[\"']([a-z_]+)[\"']\]", code)
    )
    said |= {name for pair in re.findall(r"line\(\"([a-z_]+)\" if .*? else \"([a-z_]+)\"", code) for name in pair}
    assert set(catalogue().everyday.lines) == said


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('queue = "Q-WASTE"', 'queue = "Q-WAIST"', "Q-WAIST"),
        ('id = "missed_bin"', 'id = "missed_bins"', "not the folder's name"),
        ("[answer]", "[answers]", "answer"),
        ("say = [", "say = ", "service.toml"),
    ],
)
def test_a_slip_is_told_with_its_file(data: Path, old: str, new: str, told: str) -> None:
    path = data / "services" / "missed_bin" / "service.toml"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(CatalogueWrong, match="missed_bin") as caught:
        load(data, "barnet")
    assert told in str(caught.value)
