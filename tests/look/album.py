"""One page with every picture on it, to be looked through."""

from html import escape
from itertools import groupby
from pathlib import Path

HEAD = """<!DOCTYPE html>
<html lang="en-GB"><meta charset="utf-8"><title>Frontdoor: every page and state</title>
<style>
body { font: 16px/1.4 arial, sans-serif; margin: 1rem; background: #eee; }
section { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
figure { margin: 0; } img { border: 1px solid #999; max-height: 700px; max-width: 620px; display: block; }
</style>
<h1>Frontdoor: every page and state</h1>
"""


def page_of(name: str) -> str:
    """The page that a picture shows: its name up to the first dash."""
    return name.partition("-")[0]


def write_album(folder: Path, names: list[str]) -> None:
    """Write `folder`/index.html, which shows the pictures `names` grouped by page, in the order taken."""
    # Sorting keeps the order of those that are alike.
    parts = [HEAD]
    for page, group in groupby(sorted(dict.fromkeys(names), key=page_of), key=page_of):
        parts.append(f"<h2>{escape(page)}</h2>\n<section>\n")
        for name in group:
            source = escape(name, quote=True)
            picture = f'<a href="{source}.png"><img src="{source}.png" alt="" loading="lazy"></a>'
            parts.append(f"<figure>{picture}<figcaption>{escape(name)}</figcaption></figure>\n")
        parts.append("</section>\n")
    (folder / "index.html").write_text("".join(parts), encoding="utf-8")
