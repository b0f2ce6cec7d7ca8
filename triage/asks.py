"""What the points of a service are asked. Standard library only: whether to train is decided before anything else."""

import tomllib
from pathlib import Path


def asks_of(service: Path) -> list[str]:
    """The questions of the points of a service.toml. Everyday's are of no service and are matched as they are."""
    if service.parent.name == "everyday":
        return []
    points = tomllib.loads(service.read_text(encoding="utf-8")).get("points", {})
    return [ask for point in points.values() for ask in point["asks"]]
