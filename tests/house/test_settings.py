"""Every setting says what it is for, and works without being set."""

import re

from triage.settings import Settings


def test_every_setting_is_described_in_a_sentence() -> None:
    short = {name for name, field in Settings.model_fields.items() if len(field.description or "") < 10}
    assert not short


def test_every_setting_has_a_value_to_begin_with() -> None:
    assert not [name for name, field in Settings.model_fields.items() if field.is_required()]


def test_secrets_are_never_printed() -> None:
    for name, field in Settings.model_fields.items():
        if re.search(r"token|key|password", name):
            assert "SecretStr" in str(field.annotation), name
