"""Cells that a spreadsheet shows and does not calculate (OWASP, CSV Injection), for whatever writes CSV. Pure."""

# What makes a spreadsheet read a cell as a formula, or hides one; the wide forms are read as the plain ones.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def shown(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would run it."""
    # Some programs take spaces away first.
    return f"'{text}" if text.startswith(STARTS) or text.lstrip().startswith(STARTS) else text
