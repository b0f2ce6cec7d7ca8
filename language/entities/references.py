"""Our contacts' references, however they are typed."""

from __future__ import annotations

import re

# Made without I, L and O (Crockford's base 32): these are misread 1 and 0.
_MISREAD = str.maketrans("OIL", "011")


def references(text: str, prefix: str) -> list[str]:
    """Each reference in its written form, such as BN-7K3M-9QXF. Without dashes one figure at least must be in it."""
    pattern = re.compile(rf"\b{re.escape(prefix)}([ -]?)([0-9A-Z]{{4}})([ -]?)([0-9A-Z]{{4}})\b", re.IGNORECASE)
    found = []
    for match in pattern.finditer(text):
        dashed = match.group(1) == "-" == match.group(3)
        rest = match.group(2) + match.group(4)
        if dashed or any(c.isdigit() for c in rest):
            first, second = (match.group(part).upper().translate(_MISREAD) for part in (2, 4))
            found.append(f"{prefix}-{first}-{second}")
    return found
