"""The web app, assembled. Reads as a table of contents."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from rasa_sdk.executor import ActionExecutor

from bot.actions import PLAIN_SLOTS, actions
from connectors.registry import connect
from triage import (
    api_page,
    database,
    faults,
    health,
    home,
    journey,
    logs,
    reading,
    shields,
)
from triage.care import endpoints as care_endpoints
from triage.catalogue import catalogue
from triage.chat import endpoints as chat_endpoints
from triage.chat import pages as chat_pages
from triage.chat.acting import Actions
from triage.chat.lookups import CouncilLookups
from triage.chat.plain import PlainEngine
from triage.chat.rasa import RasaEngine
from triage.chat.rehearsing import Rehearsal
from triage.chat.search import second_chance
from triage.chat.turns import Turns
from triage.delivery import endpoints as delivery_endpoints
from triage.desk import endpoints as desk_endpoints
from triage.editing import endpoints as editing_endpoints
from triage.intake import email_endpoints, open311_endpoints
from triage.intake import endpoints as intake_endpoints
from triage.intake import pages as intake_pages
from triage.learning import endpoints as learning_endpoints
from triage.live import Listener
from triage.metrics import endpoints as metrics_endpoints
from triage.metrics.comments import endpoints as comments_endpoints
from triage.metrics.importing import endpoints as importing_endpoints
from triage.metrics.opendata import endpoints as opendata_endpoints
from triage.metrics.reporting import endpoints as reporting_endpoints
from triage.metrics.reporting import indicator_endpoints
from triage.metrics.reporting import public as public_reports
from triage.metrics.reporting.presets import presets
from triage.pages import STATIC
from triage.people import endpoints as people_endpoints
from triage.sending.guard import refuse_stand_ins
from triage.settings import get_settings
from triage.surveying.questions import questions
from triage.surveys import endpoints as surveys_endpoints
from triage.surveys.wording import words as survey_words

log = structlog.get_logger(__name__)

WARMING = ("my bin was not collected", "i live alone, how do i pay less council tax?", "he is hurting me, help")


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    logs.begin()
    refuse_stand_ins()
    # The first messages load and compile what is needed; better ours than a resident's.
    for text in WARMING:
        reading.reader().read(reading.redactor().redact(text).text)
        reading.dangers().look(text)
    # What surveys ask is read now: if it is wrong, nothing starts, rather than that a resident meets it.
    questions(), survey_words()
    connectors = connect(catalogue().council.get("connectors", {}))
    engine = RasaEngine()
    app.state.engine = engine
    reader = reading.reader()
    app.state.turns = Turns(engine, PlainEngine(reader), reading.dangers(), connectors.libraries, reader)
    app.state.rehearsal = Rehearsal(app.state.turns)
    await second_chance.begin()
    executor = ActionExecutor()
    for action in actions(CouncilLookups(connectors)):
        executor.register_action(action)
    app.state.actions = Actions(executor, PLAIN_SLOTS)
    app.state.live = Listener(get_settings().database_url)
    await app.state.live.start()
    presets()  # Wrong thresholds stop the start, not the page that would use them.
    log.info("web.ready", steps=len(journey.STEPS), services=len(catalogue().services))
    yield
    await app.state.live.stop()
    await engine.close()
    await database.close()


def build() -> FastAPI:
    """The app with every room's routes. Raises CatalogueWrong or DangerDataWrong when the content is wrong."""
    app = FastAPI(
        title="Frontdoor",
        version="0.1.0",
        description="A council's front door: conversations, contacts, surveys and figures.",
        lifespan=_life,
        docs_url=None,
        redoc_url=None,
    )
    faults.install(app)
    app.add_middleware(shields.Shields)
    # The widget on the council's own site calls us from there. It carries a bearer secret and no cookie.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[one.strip() for one in get_settings().widget_origins.split(",") if one.strip()],
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"],
        max_age=600,
    )
    app.include_router(home.router)
    app.include_router(api_page.router)
    app.include_router(chat_endpoints.router)
    app.include_router(chat_pages.router)
    app.include_router(intake_endpoints.router)
    app.include_router(intake_pages.router)
    app.include_router(open311_endpoints.router)
    app.include_router(email_endpoints.router)
    app.include_router(surveys_endpoints.router)
    app.include_router(desk_endpoints.router)
    app.include_router(people_endpoints.router)
    app.include_router(care_endpoints.router)
    app.include_router(delivery_endpoints.router)
    # Before metrics, whose /reports/{code} would take /reports/2016-q4.pdf for a quarter.
    app.include_router(public_reports.router)
    app.include_router(reporting_endpoints.router)
    app.include_router(indicator_endpoints.router)
    app.include_router(metrics_endpoints.router)
    app.include_router(importing_endpoints.router)
    app.include_router(opendata_endpoints.router)
    app.include_router(comments_endpoints.router)
    app.include_router(editing_endpoints.router)
    app.include_router(learning_endpoints.router)
    app.include_router(health.router)
    api_page.describe(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


app = build()
