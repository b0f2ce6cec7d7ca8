"""The report as a page of Markdown: a table a part, each figure beside its mark."""

from __future__ import annotations

from typing import Any


def page(report: dict[str, Any]) -> str:
    """The whole page."""
    machine = report["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    marked = [figure for part in report["parts"] for figure in part["figures"] if figure["reached"] is not None]
    reached = sum(figure["reached"] for figure in marked)
    lines = [
        "# Measured",
        "",
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}. "
        f"{versions}.",
        "",
        f"{reached} of {len(marked)} marks reached. Made by `make bench`; each part also runs alone, and says when it "
        "ran and how busy the machine was with other work.",
    ]
    if report["quick"]:
        lines += [
            "",
            "**A quick report: small versions of each part, to see that they run. Its figures mean nothing.**",
        ]
    for part in report["parts"]:
        when = part["measured"]
        at = f"{when['measured_at']}, commit {when['commit']}, load {when['load_at_start']}"
        lines += ["", f"## {part['title']}", "", f"`{part['command']}`, {part['seconds']:.0f} s ({at})"]
        if said := part["missing"] or part["error"]:
            lines += ["", f"Not measured: {said}."]
        if part["figures"]:
            lines += ["", "| | ours | mark | reached |", "|---|---|---|---|", *(map(_row, part["figures"]))]
        if picture := part.get("picture"):
            lines += ["", f"![{part['title']}: how often right, against how sure]({picture})"]
    return "\n".join(lines) + "\n"


def _row(figure: dict[str, Any]) -> str:
    mark = "" if figure["mark"] is None else f"{_said(figure['mark'], figure['unit'])} ({figure['source']})"
    reached = {True: "yes", False: "**no**", None: ""}[figure["reached"]]
    return f"| {figure['name']} | {_said(figure['value'], figure['unit'])} | {mark} | {reached} |"


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    number = f"{value:,.4f}".rstrip("0").rstrip(".")
    return f"{number}{'' if unit in ('', '%') else ' '}{unit}"
