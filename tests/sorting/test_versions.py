"""What the sorter calls itself, before and after it was trained."""

from pathlib import Path

import pytest

from triage.settings import get_settings
from triage.sorting.versions import NOT_TRAINED, Sorters


def test_before_the_first_training_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_HOME", str(tmp_path))
    get_settings.cache_clear()
    try:
        assert Sorters().built() == NOT_TRAINED
        (tmp_path / "models" / "reader-0123").mkdir(parents=True)
        (tmp_path / "models" / "reader").symlink_to("reader-0123")
        assert Sorters().built() == "reader-0123"
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
