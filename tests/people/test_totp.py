"""Codes of an authenticator app, against the standard's own vectors."""

import base64

import pytest

from triage.people import totp

# RFC 6238 appendix B, SHA-1: the secret is the ASCII of twenty figures.
RFC = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.mark.parametrize(("moment", "code"), VECTORS)
def test_the_codes_are_those_of_rfc_6238(moment: int, code: str) -> None:
    assert totp.code_at(RFC, totp.step_of(moment), digits=8) == code
    assert totp.code_at(RFC, totp.step_of(moment)) == code[-6:]


def test_a_phone_may_be_half_a_minute_off_and_no_more() -> None:
    now = 1000
    for step, good in ((997, False), (998, False), (999, True), (1000, True), (1001, True), (1002, False)):
        found = totp.matching_step(RFC, totp.code_at(RFC, step), now, after=0)
        assert (found == step) is good, step


def test_a_code_counts_once_and_none_before_it_counts_after_it() -> None:
    code = totp.code_at(RFC, 1000)
    assert totp.matching_step(RFC, code, 1000, after=999) == 1000
    assert totp.matching_step(RFC, code, 1000, after=1000) is None
    assert totp.matching_step(RFC, totp.code_at(RFC, 999), 1000, after=1000) is None


def test_a_code_may_be_typed_with_a_space_and_nothing_else() -> None:
    code = totp.code_at(RFC, 1000)
    assert totp.matching_step(RFC, f" {code[:3]} {code[3:]} ", 1000, 0) == 1000
    for typed in ("", "12345", code + "0", code[:5] + "٣", "abcdef"):
        assert totp.matching_step(RFC, typed, 1000, 0) is None


def test_a_new_secret_has_160_bits_and_is_never_the_same() -> None:
    made = {totp.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b32decode(secret)) for secret in made} == {20}


def test_the_square_says_what_apps_read() -> None:
    said = totp.address("ABC234", "agent.revenues", "Barnet Council Frontdoor")
    assert said == (
        "otpauth://totp/Barnet%20Council%20Frontdoor%3Aagent.revenues"
        "?secret=ABC234&issuer=Barnet%20Council%20Frontdoor&digits=6&period=30"
    )
