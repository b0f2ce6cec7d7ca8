"""Loads and checks data/. Wrong content is refused at start, naming the file and the key."""

import time
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel, ValidationError

from triage.content import (
    PLACEHOLDER,
    Allocations,
    Everyday,
    Fact,
    Form,
    Language,
    LanguagesOn,
    Partner,
    Referrals,
    RunBy,
    Service,
    Source,
    Target,
    Targets,
    Wording,
)
from triage.settings import ROOT, get_settings
from triage.timetable import Calendar, Law, Queue

DATA = ROOT / "data"
log = structlog.get_logger(__name__)
T = TypeVar("T", bound=BaseModel)


class CatalogueWrong(RuntimeError):
    """Content in data/ cannot be used. The message names the file and what to mend."""


@dataclass(frozen=True)
class Catalogue:
    """Everything in data/ that this deployment says and does."""

    council: dict[str, Any]
    services: dict[str, Service]
    everyday: Everyday
    facts: dict[str, Fact]
    sources: dict[str, Source]
    queues: dict[str, Queue]
    partners: dict[str, Partner]
    run_by: tuple[RunBy, ...]
    calendars: dict[str, Calendar]
    libraries: dict[str, dict[str, Any]] = field(default_factory=dict)
    # The languages that are switched on in council.toml, in its order.
    languages: dict[str, Language] = field(default_factory=dict)
    # The time limits that the law sets, by their key in data/clocks/statutory.toml.
    laws: dict[str, Law] = field(default_factory=dict)
    # What not every council has written down: the rules of its housing list, its teams for help into work.
    allocations: Allocations | None = None
    referrals: Referrals | None = None
    # What figures should be, where the council or a contract says so.
    targets: tuple[Target, ...] = ()

    def partner_of(self, queue: str, day: date) -> Partner | None:
        """Who delivers `queue`'s work on `day` under the council's profile, or None when nobody is named."""
        found = self.partner_id(queue, day)
        return self.partners[found] if found else None

    def partner_id(self, queue: str, day: date) -> str | None:
        """The id in partners.toml of `partner_of`."""
        for row in self.run_by:
            if (
                row.profile == self.council["profile"]
                and row.queue == queue
                and row.from_ <= day
                and (row.to is None or day <= row.to)
            ):
                return row.partner
        return None

    def fact(self, key: str, service: str | None = None) -> Fact | None:
        """A fact by key: the service's own first, then the council's."""
        own = self.services[service].facts if service in self.services else self.everyday.facts
        return own.get(key) or self.facts.get(key)

    def source(self, key: str, service: str | None = None) -> Source:
        """A source by key: the service's own first, then the council's, then what this council has in its place."""
        own = self.services[service].sources if service in self.services else self.everyday.sources
        other = self.council.get("other_source", key)
        return own.get(key) or self.sources.get(key) or self.sources[other]

    def queue(self, code: str) -> str:
        """The code of the queue that does this work here: a small council has fewer of them."""
        return code if code in self.queues else str(self.council.get("other_queue", code))

    @property
    def may_lack_facts(self) -> bool:
        """Whether the council says that it has not written all its facts down yet: those are then not said."""
        return "other_source" in self.council

    def form(self, form_id: str) -> tuple[str | None, Form]:
        """A form and the service it belongs to (None: everyday)."""
        for service in self.services.values():
            if form_id in service.forms:
                return service.id, service.forms[form_id]
        return None, self.everyday.forms[form_id]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueWrong(f"{path}: this file is missing") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueWrong(f"{path}: {error}") from None


def _with_forms(table: dict[str, Any], folder: Path) -> None:
    """Add the words of the folder's declared forms: form.toml, and the form_<name>.toml of everyday."""
    for path in sorted(folder.glob("form*.toml")):
        form = _read(path)
        table["forms"] = {**table.get("forms", {}), str(form.pop("form", folder.name)): form}


def load(data: Path, council: str) -> Catalogue:
    """Read and check everything. Raises CatalogueWrong with every fault that was found, one a line."""
    folder = data / "councils" / council
    faults: list[str] = []

    def parsed(kind: type[T], path: Path, table: Any, key: str = "") -> T | None:
        try:
            return kind.model_validate(table)
        except ValidationError as error:
            for fault in error.errors():
                where = ".".join(str(part) for part in (key, *fault["loc"]) if part != "")
                faults.append(f"{path}: {where}: {fault['msg'].removeprefix('Value error, ')}")
            return None

    def table_of(kind: type[T], *paths: Path) -> dict[str, T]:
        rows: dict[str, T] = {}
        for path in paths:
            for key, table in _read(path).items():
                if key in rows:
                    faults.append(f"{path}: {key}: another file has this key too")
                if row := parsed(kind, path, table, key):
                    rows[key] = row
        return rows

    def optional(kind: type[T], path: Path) -> T | None:
        return parsed(kind, path, _read(path)) if path.exists() else None

    services: dict[str, Service] = {}
    for path in sorted((data / "services").glob("*/service.toml")):
        if path.parent.name == "everyday":
            continue
        table = _read(path)
        _with_forms(table, path.parent)
        service = parsed(Service, path, table)
        if service:
            services[service.id] = service
            if service.id != path.parent.name:
                faults.append(f"{path}: id {service.id!r} is not the folder's name")
    everyday_path = data / "services" / "everyday" / "service.toml"
    everyday_table = _read(everyday_path)
    _with_forms(everyday_table, everyday_path.parent)
    everyday = parsed(Everyday, everyday_path, everyday_table)
    partners_path = folder / "partners.toml"
    partners_file = _read(partners_path)
    partners = {
        key: row
        for key, table in partners_file.get("partners", {}).items()
        if (row := parsed(Partner, partners_path, table, key))
    }
    run_by = [parsed(RunBy, partners_path, table) for table in partners_file.get("run_by", [])]
    libraries = _read(folder / "libraries.toml") if (folder / "libraries.toml").exists() else {}
    council_path = folder / "council.toml"
    council_file = _read(council_path)
    # A council that says nothing of languages answers in English alone.
    on = council_file.get("languages")
    switched = parsed(LanguagesOn, council_path, on, "languages") if on is not None else None
    languages: dict[str, Language] = {}
    for code in switched.on if switched else ():
        path = data / "languages" / code / "texts.toml"
        if texts := parsed(Language, path, _read(path)):
            languages[code] = texts
    facts = table_of(Fact, *sorted((folder / "facts").glob("*.toml")))
    sources = table_of(Source, *sorted((folder / "sources").glob("*.toml")))
    queues, calendars = table_of(Queue, folder / "queues.toml"), table_of(Calendar, folder / "calendars.toml")
    laws = table_of(Law, data / "clocks" / "statutory.toml")
    allocations = optional(Allocations, folder / "allocations.toml")
    referrals = optional(Referrals, folder / "referrals.toml")
    targets = optional(Targets, folder / "targets.toml")
    if faults or everyday is None:
        raise CatalogueWrong("\n".join(faults))
    catalogue = Catalogue(
        council=council_file,
        services=services,
        everyday=everyday,
        facts=facts,
        sources=sources,
        queues=queues,
        partners=partners,
        run_by=tuple(row for row in run_by if row),
        calendars=calendars,
        libraries=libraries,
        languages=languages,
        laws=laws,
        allocations=allocations,
        referrals=referrals,
        targets=targets.target if targets else (),
    )
    faults = list(_loose_ends(catalogue, data))
    if faults:
        raise CatalogueWrong("\n".join(faults))
    return catalogue


def _loose_ends(catalogue: Catalogue, data: Path) -> list[str]:
    """Names that are used and lead nowhere."""
    faults: list[str] = []
    owners: list[tuple[str | None, Path, dict[str, Wording]]] = []
    for service in catalogue.services.values():
        path = data / "services" / service.id / "service.toml"
        if catalogue.queue(service.queue) not in catalogue.queues:
            faults.append(f"{path}: queue {service.queue!r} is not in queues.toml")
        details: dict[str, Wording] = {f"details.{key}": wording for key, wording in service.details.items()}
        details |= {f"points.{key}": wording for key, wording in service.points.items()}
        owners.append(
            (service.id, path, _wordings(service.forms, service.lines) | details | {"answer": service.answer})
        )
    everyday = catalogue.everyday
    owners.append(
        (
            None,
            data / "services" / "everyday" / "service.toml",
            _wordings(everyday.forms, everyday.lines)
            | {f"answers.{key}": wording for key, wording in everyday.answers.items()}
            | {f"points.{key}": wording for key, wording in everyday.points.items()},
        )
    )
    known = set(catalogue.services) | set(everyday.answers)
    for owner, path, wordings in owners:
        for key, wording in wordings.items():
            for sentence in wording.say:
                for kind, name in PLACEHOLDER.findall(sentence.text):
                    if kind == "fact" and catalogue.fact(name, owner) is None and not catalogue.may_lack_facts:
                        faults.append(f"{path}: {key}: no fact {name!r}")
            for name in [wording.source, *(link.source for link in wording.links)]:
                try:
                    if name:
                        catalogue.source(name, owner)
                except KeyError:
                    faults.append(f"{path}: {key}: no source {name!r}")
            for choice in (*wording.next, *wording.choices):
                if choice.service and choice.service not in known:
                    faults.append(f"{path}: {key}: choice {choice.label!r} names no service {choice.service!r}")
    for key, fact in catalogue.facts.items():
        if fact.source not in catalogue.sources:
            faults.append(f"facts: {key}: no source {fact.source!r}")
    faults += _local_ends(catalogue)
    for row in catalogue.run_by:
        if row.queue not in catalogue.queues or row.partner not in catalogue.partners:
            faults.append(f"partners.toml: {row.queue} run by {row.partner}: no such queue or partner")
    for code, queue in catalogue.queues.items():
        if queue.calendar not in catalogue.calendars:
            faults.append(f"queues.toml: {code}: no calendar {queue.calendar!r}")
        faults += [
            f"queues.toml: {code}: skills: no service {skill!r}"
            for skill in queue.skills
            if skill not in catalogue.services
        ]
    for key, law in catalogue.laws.items():
        for name in (*law.then, *([law.again] if law.again else [])):
            if name not in catalogue.laws:
                faults.append(f"statutory.toml: {key}: no time limit {name!r}")
    return faults


def _local_ends(catalogue: Catalogue) -> list[str]:
    """Names in allocations.toml, referrals.toml and targets.toml that lead nowhere."""
    faults = []
    for place, target in enumerate(catalogue.targets):
        about = f"targets.toml: {target.figure} from {target.from_}"
        if target.source not in catalogue.sources:
            faults.append(f"{about}: no source {target.source!r}")
        if target.service and target.service not in catalogue.services:
            faults.append(f"{about}: no service {target.service!r}")
        if target.partner and target.partner not in catalogue.partners:
            faults.append(f"{about}: no partner {target.partner!r}")
        if any(target.meets(other) for other in catalogue.targets[:place]):
            faults.append(f"{about}: another target of the same service and partner counts on the same days")
    if (rules := catalogue.allocations) and rules.source not in catalogue.sources:
        faults.append(f"allocations.toml: no source {rules.source!r}")
    if referrals := catalogue.referrals:
        for key, scheme in referrals.schemes.items():
            if catalogue.queue(scheme.queue) not in catalogue.queues:
                faults.append(f"referrals.toml: schemes.{key}: queue {scheme.queue!r} is not in queues.toml")
        for outcome, value in referrals.values.items():
            if value.source not in catalogue.sources:
                faults.append(f"referrals.toml: values.{outcome}: no source {value.source!r}")
        for row in referrals.spend:
            if row.scheme not in referrals.schemes or row.to < row.from_:
                faults.append(f"referrals.toml: spend from {row.from_}: no such scheme, or it ends before it begins")
    return faults


def _wordings(forms: dict[str, Form], lines: dict[str, Wording]) -> dict[str, Wording]:
    found: dict[str, Wording] = {f"lines.{key}": line for key, line in lines.items()}
    for form_id, form in forms.items():
        found |= {f"forms.{form_id}.ask.{key}": wording for key, wording in form.ask.items()}
        found |= {f"forms.{form_id}.note.{key}": wording for key, wording in form.note.items()}
    return found


def _newest(council: str) -> float:
    paths = [
        *(DATA / "services").glob("*/*.toml"),
        *(DATA / "councils" / council).rglob("*.toml"),
        *(DATA / "clocks").glob("*.toml"),
        *(DATA / "languages").glob("*/texts.toml"),
    ]
    return max(path.stat().st_mtime for path in paths)


class _Held:
    """The catalogue in use, and how new the files were when it was read."""

    def __init__(self) -> None:
        self.catalogue: Catalogue | None = None
        self.stamp = 0.0
        self.looked = 0.0

    def current(self) -> Catalogue:
        settings = get_settings()
        if self.catalogue is None:
            self.stamp = _newest(settings.council)
            self.catalogue = load(DATA, settings.council)
        elif time.monotonic() - self.looked > 0.5:
            self.looked = time.monotonic()
            stamp = _newest(settings.council)
            if stamp != self.stamp:
                self.stamp = stamp
                try:
                    self.catalogue = load(DATA, settings.council)
                except CatalogueWrong as error:
                    # A slip in an edit must not silence the assistant: it goes on with what it had.
                    log.error("catalogue.wrong", fault=str(error))
        return self.catalogue


_held = _Held()


def catalogue() -> Catalogue:
    """What this deployment says. A changed file is read again within a second, so wording needs no restart.

    Raises CatalogueWrong at first use when the content is wrong.
    """
    return _held.current()
