"""What `python -m connectors new` writes: a connector that is whole, offers nothing yet, and passes `check`."""

import ast
import inspect
import re
import textwrap
from pathlib import Path

from connectors import kinds, shapes
from connectors.checking import TESTS, methods
from connectors.errors import WrongSettings
from connectors.kinds import KINDS
from connectors.manifest import HERE, QUALITY

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def new(name: str, kind: str, home: Path = HERE, tests: Path = TESTS) -> list[Path]:
    """Write a connector's folder and its tests' folder; what was written. Raises WrongSettings."""
    if not NAME.fullmatch(name):
        raise WrongSettings("A name is small letters, digits and underscores, such as whitespace_bins.")
    if kind not in KINDS:
        raise WrongSettings(f"There is no kind {kind!r}; there are {', '.join(KINDS)}.")
    if (home / name).exists() or (tests / name).exists():
        raise WrongSettings(f"There is a connector {name!r} already.")
    class_name = "".join(part.capitalize() for part in name.split("_")) + KINDS[kind].__name__
    title = name.replace("_", " ").capitalize()
    readme, supplier = (README, SUPPLIER) if kind != "inbound" else (INBOUND_README, INBOUND_SUPPLIER)
    written = {
        home / name / "manifest.toml": _manifest(name, title, kind, class_name),
        home / name / "__init__.py": f'"""{title}."""\n\nfrom connectors.{name}.client import {class_name}\n\n'
        f'__all__ = ["{class_name}"]\n',
        home / name / "settings.py": (SETTINGS if kind != "inbound" else INBOUND_SETTINGS).format(title=title),
        home / name / "translate.py": TRANSLATE.format(title=title),
        home / name / "client.py": _client(name, title, kind, class_name),
        home / name / "README.md": readme.format(title=title, variable=name.upper()),
        tests / name / "__init__.py": "",
        tests / name / "supplier.py": supplier.format(name=name, title=title, class_name=class_name),
        tests / name / f"test_{name}.py": TEST.format(name=name, title=title),
        tests / name / "fixtures" / "example.json": '{"id": "1", "name": "As the supplier documents it"}\n',
    }
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return list(written)


def _manifest(name: str, title: str, kind: str, class_name: str) -> str:
    lines = "\n".join(f'{line} = "to do"  # {what}' for line, what in QUALITY.items())
    return (
        f'name = "{name}"\ntitle = "{title}"\nabout = "What it is for, in a sentence."\n'
        f'documentation = "https://where.its.documentation.is"\n\n[kinds.{kind}]\nclass = "{class_name}"\n'
        f"# Each of {', '.join(methods(kind))}, once it works.\noffers = []\n\n"
        f'# Each "done", "to do" or "exempt because ...".\n[quality]\n{lines}\n'
    )


def _client(name: str, title: str, kind: str, class_name: str) -> str:
    protocol = KINDS[kind]
    bodies = [_method(protocol, method) for method in methods(kind)]
    words = set(re.findall(r"\w+", "\n".join(bodies)))
    imports = []
    if "Mapping" in words:
        imports.append("from collections.abc import Mapping")
    if dates := sorted({"date", "datetime"} & words):
        imports.append(f"from datetime import {', '.join(dates)}")
    records = {name for name, one in vars(shapes).items() if getattr(one, "__module__", "") == shapes.__name__}
    taken = ", ".join(sorted(words & records))
    ours = ["from connectors.errors import NotOffered", f"from connectors.{name}.settings import Settings"]
    if kind != "inbound":
        ours.append("from connectors.http import Http")
    if taken:
        ours.append(f"from connectors.shapes import {taken}")
    http = f'        self._http = Http("{name}", settings)\n' if kind != "inbound" else ""
    head = "\n".join(imports) + "\n\n" if imports else ""
    return (
        f'"""Calls {title}."""\n\n{head}' + "\n".join(sorted(ours)) + f"\n\n\nclass {class_name}:\n"
        f'    """connectors.kinds.{protocol.__name__} by {title}."""\n\n'
        f"    def __init__(self, settings: Settings) -> None:\n        self._settings = settings\n{http}\n"
        + "\n\n".join(bodies)
        + "\n"
    )


def _method(protocol: type, name: str) -> str:
    """The promise's own first lines, with a body that offers nothing."""
    source = textwrap.dedent(inspect.getsource(getattr(protocol, name)))
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    head = source.splitlines()[: function.body[0].lineno - 1]
    body = [f'    """See {kinds.__name__}.{protocol.__name__}.{name}."""', "    raise NotOffered"]
    return textwrap.indent("\n".join([*head, *body]), "    ")


SETTINGS = '''"""What {title} needs to be told."""

from pydantic import Field, SecretStr

from connectors.settings import WebSettings


class Settings(WebSettings):
    """Secrets are SecretStr: they come from the environment alone."""

    api_key: SecretStr | None = Field(None, description="The key that it gave us.")
'''
INBOUND_SETTINGS = '''"""What {title} needs to be told."""

from pydantic import Field, SecretStr

from connectors.settings import ConnectorSettings


class Settings(ConnectorSettings):
    """Secrets are SecretStr: they come from the environment alone."""

    inbound_key: SecretStr | None = Field(None, description="What it signs with.")
'''
TRANSLATE = '''"""Between the words of {title} and ours. Pure: no call is made here, and its words go no further."""
'''
README = """# {title}

What it is, and what of it we use.

| Setting | Where | What |
|---|---|---|
| `url` | council.toml | where its API begins |
| `api_key` | `{variable}_API_KEY` or `{variable}_API_KEY_FILE` | the key that it gave us |
| `connect_s`, `read_s`, `total_s`, `most_bytes` | council.toml | limits |

**Once.** How the same thing sent twice is done once.

**Errors.** What each of its refusals means, and what a person does.
"""
INBOUND_README = """# {title}

What it posts to us, and when.

| Setting | Where | What |
|---|---|---|
| `inbound_key` | `{variable}_INBOUND_KEY` or `{variable}_INBOUND_KEY_FILE` | what it signs with |

**Genuine.** How a post is known to be its own, and how old it may be.
"""
INBOUND_SUPPLIER = '''"""{title} posts to us: nothing is called, so there is no supplier to run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.{name} import {class_name}
from connectors.{name}.settings import Settings
from tests.connectors.suppliers.running import Running


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector alone."""
    yield Running({class_name}(Settings()), None, lambda: 0)
'''
SUPPLIER = '''"""{title} as its documentation says it is, on loopback, for the conformance suite."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.{name} import {class_name}
from connectors.{name}.settings import Settings
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import serve


def build(kept: list[object]) -> Starlette:
    """The supplier, over what it has kept."""

    async def example(request: Request) -> JSONResponse:
        return JSONResponse({{"id": "1"}})

    return Starlette(routes=[Route("/example", example)])


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    kept: list[object] = []
    async with serve(build(kept)) as supplier:
        settings = Settings.model_validate({{**QUICK, "url": supplier.url}})
        yield Running({class_name}(settings), supplier, lambda: len(kept))
'''
TEST = '''"""{title}: its own words and refusals. What its kind promises is tested by test_conformance.py."""

import json
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"


def test_the_example_is_as_documented() -> None:
    assert json.loads((FIXTURES / "example.json").read_text())["id"] == "1"
'''
