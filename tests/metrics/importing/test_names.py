"""What a file's own names mean: the council's services and queues, and what its imports.toml adds."""

from pathlib import Path

import pytest

from triage.catalogue import DATA, CatalogueWrong, catalogue
from triage.metrics.importing.layouts import plain
from triage.metrics.importing.names import CHANNELS, names_of


def test_services_and_queues_are_known_by_id_and_by_name(tmp_path: Path) -> None:
    known = catalogue()
    names = names_of(known, tmp_path / "none.toml")
    missed = known.services["missed_bin"]
    assert names.services["missed bin"] == ("missed_bin", missed.queue)
    for service in known.services.values():
        assert names.services[plain(service.name)][0], service.name
    assert names.services["q waste"] == ("", "Q-WASTE")
    assert names.queues["q waste"] == "Q-WASTE"
    assert names.channels["telephone"] == "phone" and names.channels["face to face"] == "face_to_face"


def test_the_council_adds_its_own(tmp_path: Path) -> None:
    path = tmp_path / "imports.toml"
    path.write_text(
        '[services]\n"Refuse & Recycling" = "missed_bin"\n"Town hall" = ""\n"Bins" = "Q-WASTE"\n'
        '[channels]\n"Reception desk" = "face_to_face"\n'
    )
    names = names_of(catalogue(), path)
    assert names.services["refuse & recycling"][0] == "missed_bin"
    assert names.services["town hall"] == ("", "")
    assert names.services["bins"] == ("", "Q-WASTE")
    assert names.channels["reception desk"] == "face_to_face"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[services]\n"Bins" = "no_such_service"\n', "no service and no queue of ours"),
        ('[channels]\n"Pigeon" = "pigeon"\n', "is none of chat, web"),
        ("[else]\n", "Extra inputs"),
        ("[services\n", "imports.toml"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "imports.toml"
    path.write_text(text)
    with pytest.raises(CatalogueWrong, match=said):
        names_of(catalogue(), path)


def test_every_councils_own_file_can_be_read() -> None:
    paths = sorted((DATA / "councils").glob("*/imports.toml"))
    assert paths
    for path in paths:
        assert set(names_of(catalogue(), path).channels.values()) == set(CHANNELS)
