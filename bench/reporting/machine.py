"""What a report was measured on and with: figures without it cannot be compared."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
OURS = ("onnxruntime", "tokenizers", "numpy", "scipy", "scikit-learn", "fastapi", "sqlalchemy")


def machine() -> dict[str, Any]:
    """The machine, how busy it was with other work, the versions, the commit and the moment (UTC)."""
    return {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load_at_start": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release()}",
        "commit": _commit(),
        "versions": {"python": platform.python_version(), **_versions()},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _versions() -> dict[str, str]:
    found = {}
    for name in OURS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    # Rasa lives in an environment of its own.
    folders = (ROOT / "bot" / ".venv" / "lib").glob("python3.*/site-packages")
    others = {one.metadata["Name"]: one.version for one in distributions(path=[str(folder) for folder in folders])}
    return {**found, "rasa": others.get("rasa", "not installed")}


def _commit() -> str:
    """The commit, with "+ changes" when something else was measured; "unknown" outside a checkout."""

    def git(*words: str) -> str:
        ran = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
        return ran.stdout.strip()

    try:
        # The report is written into the checkout: its own change is none.
        changed = git("status", "--porcelain", "--", ".", ":!bench/report.md", ":!bench/report.json")
        return git("rev-parse", "--short=12", "HEAD") + (" + changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
