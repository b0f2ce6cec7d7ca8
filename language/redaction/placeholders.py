"""What stands in a text where something was taken out, and the text without it."""

from __future__ import annotations

import re

from language.redaction.spans import KINDS

# Kinds whose placeholder is not simply their name.
_WRITTEN = {
    "ni_number": "[ni number]",
    "nhs_number": "[nhs number]",
    "bank_account": "[bank account]",
    "date_of_birth": "[date of birth]",
    "driving_licence": "[driving licence]",
    "url_secret": "[link]",
    "account": "[account number]",
}
_ANY = "|".join(re.escape(_WRITTEN.get(kind, f"[{kind}]")) for kind in KINDS)
# Words that only lead to a detail, and mean nothing once it is gone: "my name is …", "ring me on …".
_LEADING = (
    r"(?:\b(?:this is|it ?['’]?s|i ?['’]?m|i am|name(?: is|['’]s)?|i live (?:at|in|on)|we live (?:at|in|on)|"
    r"(?:my|our) (?:full )?(?:name|address|house|home|post ?code|number|phone|mobile|tel|landline|email|e-mail|reg|"
    r"registration|plate|car|ni|nino|national insurance|nhs|card|bank|account|sort code|dob|date of birth|birthday)"
    r"(?: (?:no|number|address))?\.?(?: is|['’]s)?|(?:e-?mail|ring|call|text|phone|contact|reach|write to) me "
    r"(?:back )?(?:on|at)|dob|d\.o\.b\.?|(?:i was )?born(?: on)?|reg|ni (?:no|number)|sort code|account|tel|"
    r"mob|mr|mrs|ms|miss|dr|at|from|on|of|and|is|by)\b"
    r"[\s:,.]{0,3})?"
)
_DETAIL = re.compile(rf"{_LEADING}(?:{_ANY})(?:['’]s\b)?[,.;]?", re.IGNORECASE)


def placeholder(kind: str) -> str:
    """What is written in place of a detail of `kind` (of KINDS)."""
    return _WRITTEN.get(kind, f"[{kind}]")


def without_placeholders(text: str) -> str:
    """A redacted text without its placeholders and the words that lead to them: what a reader of needs should see.

    "hi im [name], my bin was missed" is "hi my bin was missed". A text that is nothing else is left as it is.
    """
    if "[" not in text:
        return text
    rest = " ".join(_DETAIL.sub(" ", text).split())
    return rest if re.search(r"\w", rest) else text
