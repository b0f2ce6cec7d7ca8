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
        f"{machine['measured_at']}, commit {machine['commit']}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB, {machine['system']}; load {machine['load_at_start']} from other work "
        f"at the start. {versions}.",
        "",
        f"{reached} of {len(marked)} marks reached. Made by `make bench`; each part also runs alone.",
    ]
    if report["quick"]:
        lines += [
            "",
            "**A quick report: small versions of each part, to see that they run. Its figures mean nothing.**",
        ]
    for part in report["parts"]:
        lines += ["", f"## {part['title']}", "", f"`{part['command']}`, {part['seconds']:.0f} s"]
        if said := part["missing"] or part["error"]:
            lines += ["", f"Not measured: {said}."]
        if part["figures"]:
            lines += ["", "| | ours | mark | reached |", "|---|---|---|---|", *(map(_row, part["figures"]))]
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
