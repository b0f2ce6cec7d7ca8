"""/open-data: the page that lists the files, the files, and what describes them. Open to everybody, and to be kept."""

import hashlib
import json
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from triage import clock
from triage.access import Anyone
from triage.database import transaction
from triage.errors import NotFound
from triage.metrics.opendata import licence, publishing, service
from triage.metrics.opendata.datasets import DATASETS, Dataset
from triage.metrics.periods import of_code
from triage.metrics.reporting.repository import published_codes
from triage.metrics.settling import last_settled
from triage.pages import render
from triage.settings import get_settings

router = APIRouter(tags=["open data"])

KEPT = "public, max-age=3600"
SOURCES: dict[str, tuple[str, ...]] = {"": ("live", "import"), "demonstration/": ("demo",)}
FILES: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}, "application/json": {}}}}
Ending = Literal["csv", "json", "csv-metadata.json", "schema.json"]


def _sent(request: Request, text: str, kind: str, **headers: str) -> Response:
    """A file that browsers and proxies keep for an hour; 304 when the caller has this very one."""
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    sent = {"ETag": tag, "Cache-Control": KEPT, "Access-Control-Allow-Origin": "*"} | headers
    asked = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in asked or "*" in asked:
        return Response(status_code=304, headers=sent)
    return Response(text, media_type=kind, headers=sent)


def _dataset(name: str, folder: str) -> Dataset:
    found = DATASETS.get(name)
    demo = folder != ""
    # Made-up answers are never set against the name of whoever does the work, and there are none in production.
    if found is None or (demo and (found.by == "partner" or get_settings().environment != "development")):
        raise NotFound("There is no such file. See what there is at /open-data.")
    return found


async def _editions(folder: str, dataset: Dataset) -> list[service.Edition]:
    """The standing editions of a file, by quarter; every file of one measure is made of the same."""
    editions: list[service.Edition] = []
    async with transaction() as session:
        for source in SOURCES[folder]:
            editions += await service.standing(session, source, dataset)
    return sorted(editions, key=lambda one: (one.period, one.source))


def _address(folder: str, dataset: Dataset, ending: str) -> str:
    """A file's address on this host: nothing that is kept depends on the name that a caller gave the host."""
    return f"/open-data/{folder}{dataset.name}.{ending}"


async def _file(request: Request, folder: str, name: str, ending: Ending) -> Response:
    dataset, told = _dataset(name, folder), licence.current()
    described = _address(folder, dataset, "csv-metadata.json")
    if ending == "csv-metadata.json":
        whole = publishing.csvw(dataset, told, _address(folder, dataset, "csv"))
        return _sent(request, json.dumps(whole, ensure_ascii=False, indent=1), "application/csvm+json")
    schema = _address(folder, dataset, "schema.json")
    if ending == "schema.json":
        whole = publishing.json_schema(dataset, schema)
        return _sent(request, json.dumps(whole, ensure_ascii=False, indent=1), "application/schema+json")
    rows = service.rows(await _editions(folder, dataset), dataset)
    links = f'<{told.url}>; rel="license"'
    if ending == "json":
        text = publishing.json_file(dataset, rows, told, schema)
        return _sent(request, text, "application/json", Link=f'{links}, <{schema}>; rel="describedby"')
    return _sent(
        request,
        publishing.csv_file(dataset, rows),
        "text/csv; charset=utf-8; header=present",
        Link=f'{links}, <{described}>; rel="describedby"; type="application/csvm+json"',
        **{"Content-Disposition": f'attachment; filename="{dataset.name}.csv"'},
    )


@router.get("/open-data", dependencies=[Anyone], include_in_schema=False)
async def page(request: Request) -> Response:
    """What there is, in plain English."""
    told = licence.current()
    async with transaction() as session:
        reports = [of_code(code) for code in await published_codes(session)]
    filled: dict[tuple[str, str], list[service.Line]] = {}
    held: dict[tuple[str, str], list[service.Edition]] = {}
    for folder in SOURCES:
        for name in DATASETS:
            try:
                dataset = _dataset(name, folder)
            except NotFound:
                continue
            if (folder, dataset.measure) not in held:
                held[folder, dataset.measure] = await _editions(folder, dataset)
            if rows := service.rows(held[folder, dataset.measure], dataset):
                filled[folder, name] = rows
    return render(
        request,
        "metrics/open_data.html",
        licence=told,
        datasets=DATASETS,
        filled=filled,
        settled=last_settled(clock.today()).end,
        reports=reports,
    )


@router.get("/open-data/{name}.csv", dependencies=[Anyone], responses=FILES, response_class=Response)
async def csv_file(request: Request, name: str) -> Response:
    """A file as CSV: satisfaction, satisfaction-by-service and so on, as /open-data lists them."""
    return await _file(request, "", name, "csv")


@router.get("/open-data/{name}.csv-metadata.json", dependencies=[Anyone], response_class=Response)
async def csv_metadata(request: Request, name: str) -> Response:
    """What the columns of the CSV mean (CSV on the Web)."""
    return await _file(request, "", name, "csv-metadata.json")


@router.get("/open-data/{name}.schema.json", dependencies=[Anyone], response_class=Response)
async def schema(request: Request, name: str) -> Response:
    """What the JSON holds (JSON Schema)."""
    return await _file(request, "", name, "schema.json")


@router.get("/open-data/{name}.json", dependencies=[Anyone], responses=FILES, response_class=Response)
async def json_file(request: Request, name: str) -> Response:
    """The same file as JSON."""
    return await _file(request, "", name, "json")


@router.get("/open-data/demonstration/{name}.{ending}", dependencies=[Anyone], include_in_schema=False)
async def demonstration(request: Request, name: str, ending: str) -> Response:
    """The demonstration's files, apart from real ones; in production there are none."""
    for known in ("csv", "csv-metadata.json", "schema.json", "json"):
        whole = f"{name}.{ending}"
        if whole.endswith(f".{known}"):
            return await _file(request, "demonstration/", whole.removesuffix(f".{known}"), known)
    raise NotFound("There is no such file. See what there is at /open-data.")
