"""What Rasa is trained on: the YAML files of data/services, and the two short ones that a plain service does not need.

A service that only answers says the same to Rasa as every other: its name is an intent, and the intent is answered by
its name. Those files are written here, so that a new service is two files: what is said and how residents ask.
"""

import shutil
from pathlib import Path

DOMAIN = """version: "3.1"
intents:
  - {name}
responses:
  utter_{name}:
    - custom: {{answer: {name}}}
"""
RULES = """version: "3.1"
rules:
  - rule: answer {name}
    steps:
      - intent: {name}
      - action: utter_{name}
"""


def lay_out(services: Path, out: Path) -> None:
    """Copy every YAML file of `services` (data/services) into the new folder `out`, plain services made whole.

    Raises FileExistsError when `out` is there already.
    """
    out.mkdir(parents=True)
    for service in sorted(path.parent for path in services.glob("*/service.toml")):
        folder = out / service.name
        folder.mkdir()
        for path in service.glob("*.yml"):
            shutil.copyfile(path, folder / path.name)
        if not (service / "domain.yml").exists():
            (folder / "domain.yml").write_text(DOMAIN.format(name=service.name), encoding="utf-8")
            (folder / "rules.yml").write_text(RULES.format(name=service.name), encoding="utf-8")
