"""python -m connectors new <name> --kind <kind> | check [name ...] | list [council.toml]"""

import argparse
import os
import sys
import tomllib
from pathlib import Path

from connectors.checking import check, to_do
from connectors.errors import ConnectorError
from connectors.kinds import KINDS
from connectors.manifest import HERE, manifests
from connectors.registry import build, choose
from connectors.scaffold import new


def main(arguments: list[str]) -> int:
    """Do what is asked; the exit status: 0, or 1 when something is not right."""
    parser = argparse.ArgumentParser(prog="python -m connectors", description="Connectors: the outside world.")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("new", help="write a new connector's folder, manifest, tests and fixture")
    making.add_argument("name")
    making.add_argument("--kind", required=True, choices=sorted(KINDS))
    checking = commands.add_parser("check", help="say what is not right with connectors, all of them or those named")
    checking.add_argument("names", nargs="*")
    listing = commands.add_parser("list", help="say what there is and what a council has switched on")
    listing.add_argument("council", nargs="?", type=Path, default=_council())
    asked = parser.parse_args(arguments)
    try:
        match asked.command:
            case "new":
                return _new(asked.name, asked.kind)
            case "check":
                return _check(asked.names)
            case _:
                return _list(asked.council)
    except ConnectorError as error:
        print(error, file=sys.stderr)
        print(error.what_to_do, file=sys.stderr)
        return 1


def _council() -> Path:
    return HERE.parent / "data" / "councils" / os.environ.get("FRONTDOOR_COUNCIL", "barnet") / "council.toml"


def _new(name: str, kind: str) -> int:
    for path in new(name, kind):
        print(f"wrote {path.relative_to(HERE.parent)}")
    print(f"Now: connectors/{name}/client.py, one call after another; name each in the manifest's offers, and run")
    print(f"  python -m pytest tests/connectors -q -k {name}")
    print(f"  python -m connectors check {name}")
    return 0


def _check(names: list[str]) -> int:
    wrong = 0
    for name in names or sorted(path.parent.name for path in HERE.glob("*/manifest.toml")):
        problems = check(name)
        wrong += len(problems)
        for problem in problems:
            print(problem)
        if not problems:
            left = to_do(name)
            print(f"{name}: whole" + (f", {len(left)} to do ({'; '.join(left)})" if left else ""))
    return 1 if wrong else 0


def _list(council: Path) -> int:
    for name, manifest in manifests().items():
        print(f"{name:<20} {', '.join(manifest.classes):<24} {manifest.about}")
    switch = tomllib.loads(council.read_text()).get("connectors", {})
    print(f"\nSwitched on by {council.parent.name}:")
    wrong = 0
    for kind, name in choose(switch).items():
        try:
            build(kind, name, switch.get(name))
            state = "ready"
        except ConnectorError as error:
            state, wrong = str(error), wrong + 1
        print(f"{kind:<20} {name:<24} {state}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
