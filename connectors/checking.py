"""What `python -m connectors check` holds a connector's folder to. Reads code as text where it can, and runs none of it
but its imports.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

from connectors import errors
from connectors.errors import WrongSettings
from connectors.kinds import KINDS
from connectors.manifest import HERE, QUALITY, Manifest, read
from connectors.settings import ConnectorSettings, WebSettings

TESTS = HERE.parent / "tests" / "connectors"
FILES = ("manifest.toml", "__init__.py", "client.py", "translate.py", "settings.py", "README.md")
# What speaks to the world without the limits of connectors.http, and so must set its own.
NETWORK = {"httpx2", "httpx", "aiosmtplib", "smtplib", "socket", "ssl", "http", "urllib.request", "ftplib", "asyncssh"}
OURS = {"triage", "language", "bot", "bench"}
SECRET_NAME = re.compile(r"(^|_)(key|secret|password|token|passphrase)(_|$)")
# What looks like somebody's real secret or real person in a recorded payload.
IN_FIXTURES = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a bearer token": re.compile(r"bearer\s+[\w.~+/-]{12,}", re.IGNORECASE),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}"),
    "a key": re.compile(r"(api_?key|secret|password|token)[\"'\]>=:\s]{1,4}[\w+/-]{16,}", re.IGNORECASE),
    "an email address that is no example": re.compile(r"[\w.+-]+@(?!(?:[\w-]+\.)*example\b)[\w-]+\.[\w.]+"),
    "a phone number that is no example": re.compile(r"(?<![\w.-])(?:\+44|44|0)7(?!700\s?900)\d{3}\s?\d{6}\b"),
}


def check(name: str, folder: Path | None = None, tests: Path | None = None) -> list[str]:
    """What is not right with a connector, each with its file; nothing when it is whole."""
    folder, tests = folder or HERE / name, tests or TESTS
    try:
        manifest = read(folder)
    except WrongSettings as error:
        return [str(error)]
    found = [*_manifest(manifest, folder), *_code(folder)]
    if not found:
        found += [*_settings(manifest, folder), *_promises(manifest)]
    if tests.exists():
        found += _tests(manifest, tests / name)
    return found


def to_do(name: str) -> list[str]:
    """The quality lines of a connector that are still to do."""
    return [f"{line}: {QUALITY[line]}" for line, state in read(HERE / name).quality.items() if state == "to do"]


def _manifest(manifest: Manifest, folder: Path) -> Iterator[str]:
    where = f"{folder.name}/manifest.toml"
    if manifest.name != folder.name:
        yield f"{where}: name is {manifest.name!r}, the folder {folder.name!r}"
    if not manifest.classes:
        yield f"{where}: serves no kind"
    for kind, offers in manifest.offers.items():
        if kind not in KINDS:
            yield f"{where}: there is no kind {kind!r}; there are {', '.join(KINDS)}"
        elif unknown := set(offers) - set(methods(kind)):
            yield f"{where}: {kind} promises no {', '.join(sorted(unknown))}"
    for line in QUALITY:
        state = manifest.quality.get(line, "")
        if state not in ("done", "to do") and not re.fullmatch(r"exempt because .{8,}", state):
            yield f"{where}: quality.{line} is neither done, nor to do, nor exempt because ..."
    for line in set(manifest.quality) - set(QUALITY):
        yield f"{where}: quality has no line {line!r}"
    for name in FILES:
        # The stand-ins call nobody: a file for each kind is all.
        if not (folder / name).exists() and not (manifest.name == "console" and name in ("client.py", "translate.py")):
            yield f"{folder.name}/{name} is missing"


def methods(kind: str) -> list[str]:
    """The calls that a kind promises."""
    return [name for name, one in vars(KINDS[kind]).items() if inspect.isfunction(one) and not name.startswith("_")]


def _code(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.py")):
        where = f"{folder.name}/{path.name}"
        try:
            tree = ast.parse(path.read_text())
        except SyntaxError as error:
            yield f"{where}:{error.lineno}: {error.msg}"
            continue
        network = False
        for node in ast.walk(tree):
            for module in _imports(node):
                if module.partition(".")[0] in OURS:
                    yield f"{where}:{node.lineno}: imports {module}; a connector imports nothing of ours"  # type: ignore[attr-defined]
                network = network or module in NETWORK or module.partition(".")[0] in NETWORK
            yield from _errors(node, where, path.name == "settings.py")
        bounded = "asyncio.timeout(" in path.read_text()
        if network and path.name == "client.py" and not bounded:
            yield f"{where}: calls the world without connectors.http and sets no asyncio.timeout"


def _imports(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [one.name for one in names]
        case ast.ImportFrom(module=str(module)):
            return [module]
    return []


def _errors(node: ast.AST, where: str, in_settings: bool) -> Iterator[str]:
    match node:
        case ast.ExceptHandler(type=None) | ast.ExceptHandler(type=ast.Name(id="Exception" | "BaseException")):
            yield f"{where}:{node.lineno}: catches everything; name what can go wrong"
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) | ast.Name(id=name)) if name[:1].isupper():
            kind = getattr(errors, name, None)
            named = isinstance(kind, type) and issubclass(kind, errors.SupplierUnavailable | errors.Final)
            if not named and not (in_settings and name == "ValueError"):
                yield f"{where}:{node.lineno}: raises {name}, which is neither a SupplierUnavailable nor a Final"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr="sleep")):
            yield f"{where}:{node.lineno}: sleeps without letting others work"


def _settings(manifest: Manifest, folder: Path) -> Iterator[str]:
    where = f"{folder.name}/settings.py"
    found: Any = getattr(import_module(f"connectors.{manifest.name}.settings"), "Settings", None)
    if not (isinstance(found, type) and issubclass(found, ConnectorSettings)):
        yield f"{where}: has no Settings made from ConnectorSettings"
        return
    readme = (folder / "README.md").read_text()
    secrets = found.secrets()
    for name, field in found.model_fields.items():
        if not field.description:
            yield f"{where}: {name} has no description"
        if f"`{name}`" not in readme and name.upper() not in readme:
            yield f"{folder.name}/README.md: does not name the setting `{name}`"
        # An id of a template or the like is named for what it identifies, and is no secret.
        if SECRET_NAME.search(name) and name not in secrets and field.annotation is str:
            yield f"{where}: {name} sounds like a secret and is no SecretStr"
    if issubclass(found, WebSettings) and "from connectors.http import" not in _all_code(folder):
        yield f"{where}: WebSettings' limits are kept by connectors.http, which is not used"


def _all_code(folder: Path) -> str:
    return "\n".join(path.read_text() for path in folder.glob("*.py"))


def _promises(manifest: Manifest) -> Iterator[str]:
    module = import_module(f"connectors.{manifest.name}")
    for kind, class_name in manifest.classes.items():
        where = f"{manifest.name}: {class_name}"
        ours = getattr(module, class_name, None)
        if ours is None:
            yield f"{manifest.name}/__init__.py: has no {class_name}"
            continue
        if "settings" not in inspect.signature(ours).parameters:
            yield f"{where} is not made from its settings"
        for name in methods(kind):
            promised, kept = getattr(KINDS[kind], name), inspect.getattr_static(ours, name, None)
            if not inspect.isfunction(kept):
                yield f"{where} has no {name}"
                continue
            if inspect.iscoroutinefunction(promised) != inspect.iscoroutinefunction(kept):
                yield f"{where}.{name} is {'not ' if inspect.iscoroutinefunction(promised) else ''}async"
            if list(inspect.signature(promised).parameters) != list(inspect.signature(kept).parameters):
                yield f"{where}.{name} takes {inspect.signature(kept)}, promised is {inspect.signature(promised)}"
            elif get_type_hints(promised) != get_type_hints(kept):
                yield f"{where}.{name} has other types than connectors.kinds.{KINDS[kind].__name__}"
            if name not in manifest.offers[kind] and "NotOffered" not in inspect.getsource(kept):
                yield f"{where}.{name} is not among offers, and does not raise NotOffered"


def _tests(manifest: Manifest, folder: Path) -> Iterator[str]:
    where = f"tests/connectors/{manifest.name}"
    if not (folder / "supplier.py").exists():
        yield f"{where}/supplier.py is missing: the conformance suite meets the connector through it"
    if manifest.name != "console" and not list(folder.glob("test_*.py")):
        yield f"{where} has no test of its own"
    fixtures = [path for path in sorted((folder / "fixtures").rglob("*")) if path.is_file()]
    if manifest.quality.get("payloads") == "done" and not fixtures:
        yield f"{where}/fixtures has no payload, but quality.payloads is done"
    for path in fixtures:
        text = path.read_text(errors="replace")
        for what, pattern in IN_FIXTURES.items():
            if pattern.search(text):
                yield f"{where}/fixtures/{path.name}: holds what looks like {what}"
