"""What an ID token must say to be for us, and of now (OpenID Connect Core 3.1.3.7)."""

from typing import Any

import pytest

from triage.people import mapping, provider
from triage.settings import GroupRole

GOOD: dict[str, Any] = {"iss": "https://id.example", "aud": "us", "sub": "s", "exp": 1000, "iat": 900, "nonce": "n"}
NOW = 950.0


def refused(claims: dict[str, Any]) -> str | None:
    try:
        provider.check(claims, issuer="https://id.example", client_id="us", nonce="n", now=NOW)
    except ValueError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    "claims", [GOOD, GOOD | {"aud": ["us", "them"], "azp": "us"}, GOOD | {"aud": ["us"]}, GOOD | {"exp": NOW - 59}]
)
def test_a_token_for_us_is_taken(claims: dict[str, Any]) -> None:
    assert refused(claims) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"iss": "https://other.example"}, "iss"),
        ({"iss": "https://id.example/"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "them"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": ["us", "them"]}, "azp"),
        ({"azp": "them"}, "azp"),
        ({"exp": NOW - 61}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "soon"}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": NOW + 61}, "iat"),
        ({"iat": None}, "iat"),
        ({"nbf": NOW + 61}, "nbf"),
        ({"nonce": "other"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": "ñ"}, "nonce"),
        ({"sub": ""}, "sub"),
        ({"sub": 5}, "sub"),
    ],
)
def test_a_token_that_is_not_for_us_or_not_of_now_is_refused(change: dict[str, Any], why: str) -> None:
    assert refused(GOOD | change) == why


def test_what_the_claims_mean_here() -> None:
    meanings = {"bosses": GroupRole(role="supervisor"), "bins": GroupRole(role="agent", queues=("Q-WASTE",))}
    assert mapping.groups_of({"groups": ["bins", 5, "bosses"]}, "groups") == ["bins", "bosses"]
    assert mapping.groups_of({"groups": "bins"}, "groups") == ["bins"]
    assert mapping.groups_of({"groups": {"bins": True}}, "groups") == []
    assert mapping.role_of(["bins", "bosses"], meanings) == meanings["bosses"]
    assert mapping.role_of(["other"], meanings) is None


def test_an_address_that_the_provider_did_not_verify_names_nobody() -> None:
    assert mapping.name_of({"email": "a@b.example", "email_verified": True}, "email") == "a@b.example"
    assert mapping.name_of({"email": "a@b.example", "email_verified": False}, "email") is None
    assert mapping.name_of({"sub": ["x"]}, "sub") is None


def test_a_second_factor_is_what_the_provider_says_it_is() -> None:
    assert mapping.second_factor({"amr": ["pwd", "otp"]}) and mapping.second_factor({"amr": ["mfa"]})
    assert not mapping.second_factor({"amr": ["pwd"]}) and not mapping.second_factor({"amr": "mfa"})


def test_a_partner_is_named_for_the_role_partner_and_for_no_other() -> None:
    for wrong in ({"role": "partner"}, {"role": "agent", "partner": "csg"}, {"role": "king"}):
        with pytest.raises(ValueError):
            GroupRole.model_validate(wrong)
