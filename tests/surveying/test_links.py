"""A link that we did not sign leads nowhere."""

from uuid import uuid4

import pytest

from triage.errors import NotFound
from triage.settings import get_settings
from triage.surveying.links import case_of, check_token, token_for


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signing key of this test's own."""
    monkeypatch.setenv("FRONTDOOR_SIGNING_KEY", "a key for tests only, long enough to sign with")
    get_settings.cache_clear()


def test_a_link_is_of_its_case_alone() -> None:
    cases = [uuid4() for _ in range(100)]
    tokens = {token_for(case): case for case in cases}
    assert len(tokens) == 100
    assert all(check_token(token) == token and case_of(token) == case for token, case in tokens.items())
    assert all(token_for(case) == token for token, case in tokens.items()), "made again, it is the same"


def test_any_change_is_noticed() -> None:
    token = token_for(uuid4())
    for place in range(len(token)):
        other = "0" if token[place] != "0" else "1"
        with pytest.raises(NotFound):
            check_token(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "x", "0" * 63, "0" * 64, "0" * 65, "é" * 64])
def test_what_is_no_token(token: str) -> None:
    with pytest.raises(NotFound):
        check_token(token)


def test_another_key_signs_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_for(uuid4())
    monkeypatch.setenv("FRONTDOOR_SIGNING_KEY", "another key, of another council")
    get_settings.cache_clear()
    with pytest.raises(NotFound):
        check_token(token)
