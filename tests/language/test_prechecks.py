"""A cheap look before a pattern must never say that a pattern cannot match which would."""

import re
import sys

from language.redaction.prechecks import figures, six_figures, small


def test_every_letter_that_a_pattern_takes_for_a_latin_one_is_made_that_one() -> None:
    any_letter = re.compile("[a-z]", re.IGNORECASE)
    taken = [sign for sign in map(chr, range(sys.maxunicode + 1)) if any_letter.fullmatch(sign)]
    assert len(taken) > 52  # "ſ" is taken for s, and a few more
    for sign in taken:
        assert re.fullmatch(small(sign), sign, re.IGNORECASE) and small(sign).isascii()
        assert small(f"the {sign}") == f"the {small(sign)}"


def test_figures_are_seen_in_any_script_and_six_of_them_with_signs_between() -> None:
    assert figures("flat ٣") and not figures("flat three")
    assert six_figures("12-34-56") and six_figures("077 (00) 9") and not six_figures("12345 and 6")
