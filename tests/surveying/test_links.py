"""A link that we did not sign leads nowhere."""

import pytest

from triage.errors import NotFound
from triage.settings import get_settings
from triage.surveys.tokens import check_token, new_token


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signing key of this test's own."""
    monkeypatch.setenv("FRONTDOOR_SIGNING_KEY", "a key for tests only, long enough to sign with")
    get_settings.cache_clear()


def test_our_own_links_are_known() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(check_token(token) == token for token in tokens)


def test_any_change_is_noticed() -> None:
    token = new_token()
    for place in range(len(token)):
        other = "0" if token[place] != "0" else "1"
        with pytest.raises(NotFound):
            check_token(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "x", "0" * 63, "0" * 64, "0" * 65, "é" * 64])
def test_what_is_no_token(token: str) -> None:
    with pytest.raises(NotFound):
        check_token(token)


def test_another_key_signs_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    token = new_token()
    monkeypatch.setenv("FRONTDOOR_SIGNING_KEY", "another key, of another council")
    get_settings.cache_clear()
    with pytest.raises(NotFound):
        check_token(token)
