"""The command line: `frontdoor …`. Each command says what it does and calls the room that does it.

Imports are inside the commands, so that each starts with only what it needs.
"""

import asyncio
import inspect
import os
import sys
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from triage import cli_figures, cli_keeping

app = typer.Typer(
    help="A council's front door.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
app.add_typer(cli_figures.app)
app.add_typer(cli_keeping.app)


def main() -> None:
    """Run the command that was typed; what stops it from starting is one line on standard error."""
    from pydantic import ValidationError

    from triage.running.messages import CannotStart, warn

    try:
        app()
    except CannotStart as problem:
        warn(str(problem))
        sys.exit(1)
    except ValidationError as problem:
        if problem.title != "Settings":
            raise
        for error in problem.errors():
            warn(f"{_variable(str(error['loc'][0]))} is not right: {error['msg']}.")
        sys.exit(1)


def _variable(field: str) -> str:
    """The environment variable that a setting's field is read from."""
    return field if field.isupper() else f"FRONTDOOR_{field.upper()}"


def _call(work: Callable[[], Any]) -> Any:
    """The result of `work`, awaited when it needs to be."""
    result = work()
    return asyncio.run(_wait_for(result)) if inspect.isawaitable(result) else result


async def _wait_for(result: Any) -> Any:
    return await result


@app.command()
def run() -> None:
    """Run everything until Ctrl-C: the database, the assistant, the web pages and the worker."""
    from triage.running.start import start
    from triage.settings import get_settings

    sys.exit(start(get_settings()))


@app.command()
def web() -> None:
    """Run the web pages and the API."""
    import uvicorn

    from triage.running import environment
    from triage.settings import get_settings

    environment.prepare()
    settings = get_settings()
    uvicorn.run(
        "triage.app:app",
        host=settings.host,
        port=settings.port,
        # Addresses can carry a survey's token (PROMISES 12), so requests are counted, not written down.
        access_log=False,
        server_header=False,
        # Streams of events stay open for ever; this is how long they may delay a stop.
        timeout_graceful_shutdown=3,
    )


@app.command()
def worker() -> None:
    """Run the worker, which follows events and keeps the clocks."""
    from triage.running import environment

    environment.prepare()
    from triage import worker as worker_module

    _call(worker_module.main)


@app.command()
def rasa() -> None:
    """Run Rasa, with the model that belongs to the present content."""
    from urllib.parse import urlsplit

    from triage.running import content, environment, training
    from triage.running.messages import CannotStart
    from triage.settings import ROOT, get_settings

    environment.prepare(database=False, secrets=("FRONTDOOR_INTERNAL_TOKEN",))
    settings = get_settings()
    home = settings.home.resolve()
    # The supervisor says which model it started with, so that Rasa comes back with the same one though content has
    # been edited meanwhile.
    given = os.environ.get("FRONTDOOR_MODEL")
    model = Path(given) if given else content.model_path(home, ROOT)
    if not model.exists():
        raise CannotStart("The assistant is not trained on the present content. Run `make train`.")
    env = training.rasa_environment(home, os.environ)
    env["FRONTDOOR_ACTIONS_URL"] = settings.actions_address
    program = str(training.rasa_program())
    os.chdir(ROOT)
    # Replaced, not started: who stops this command stops Rasa.
    os.execve(  # noqa: S606
        program,
        [
            program,
            *("-m", "bot", "run"),
            *("--model", str(model)),
            *("--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml"),
            *("-i", settings.rasa_host, "-p", str(urlsplit(settings.rasa_url).port or 5005)),
        ],
        env,
    )


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date. Safe to run at any time and by several at once."""
    from triage.running import environment
    from triage.settings import get_settings

    environment.prepare(secrets=())
    from triage.migrations import upgrade

    if not upgrade(get_settings().database_url):
        print("The database has no pgvector extension for us: search goes by words alone, and finds less.")


@app.command()
def demo(
    again: Annotated[bool, typer.Option(help="Give every demo person a new password, and show them all.")] = False,
) -> None:
    """Load the demo council's people and made-up history; their logins are shown the first time."""
    from triage.running import environment
    from triage.running.messages import CannotStart, say
    from triage.settings import get_settings

    if get_settings().environment == "production":
        raise CannotStart("Demo people are for development; FRONTDOOR_ENVIRONMENT is production.")
    environment.prepare()
    from triage import demo as demo_module

    async def prepare() -> None:
        for made in await demo_module.load(again):
            say(f"  {made.login:<16}{made.password}   {made.name} (shown this once)")
        if await demo_module.make_history():
            say("  A made-up history to look at is at /owner?source=demo")

    _call(prepare)


people = typer.Typer(help="Who may sign in.", no_args_is_help=True)
app.add_typer(people, name="people")


@people.command("add")
def add_person(
    login: Annotated[str, typer.Argument(help="their sign-in name")],
    name: Annotated[str, typer.Argument(help="what residents and colleagues see: 'Administrator'")],
    role: Annotated[str, typer.Option(help="agent, partner, supervisor, owner, editor or administrator")] = "agent",
    partner: Annotated[str, typer.Option(help="for role partner: an id of partners.toml")] = "",
    queue: Annotated[list[str] | None, typer.Option(help="a queue's code; may be given again; none: all")] = None,
    openid_name: Annotated[str, typer.Option(help="what the council's sign-in calls them")] = "",
) -> None:
    """Add a person, such as the first administrator, and print once the link with which they choose a password."""
    from triage.errors import FrontdoorError
    from triage.running import environment
    from triage.running.messages import CannotStart

    environment.prepare()
    from triage.people import command
    from triage.people.schemas import PersonForm

    form = PersonForm(
        login=login,
        name=name,
        role=role,
        partner=partner,
        queues=queue or [],
        every_queue=not queue,
        openid_name=openid_name,
    )
    try:
        link = _call(lambda: command.add(form))
    except FrontdoorError as problem:
        raise CannotStart(problem.detail) from None
    print(link)


@app.command()
def train() -> None:
    """Train the assistant if what it is trained on has changed."""
    from triage.running.training import train_only
    from triage.settings import get_settings

    asyncio.run(train_only(get_settings().home.resolve(), Path(sys.executable)))


@app.command()
def retrain() -> None:
    """Train a sorter on data/sorting and the corrections that people accepted, and put it in shadow."""
    from triage.running import environment
    from triage.running.messages import CannotStart, say

    environment.prepare()
    from triage import learn
    from triage.errors import Conflict

    try:
        say(_call(lambda: learn.retrain(lambda says, done, of: say(f"  {says}" + (f": {done} of {of}" if of else "")))))
    except Conflict as problem:
        raise CannotStart(problem.detail) from None


@app.command()
def corrections() -> None:
    """Make redacted examples of what agents put right, for people to accept or drop (done every night as well)."""
    from triage.running import environment
    from triage.running.messages import say

    environment.prepare()
    from triage import learn

    say(_call(learn.gather))


@app.command()
def ready(
    name: Annotated[str, typer.Argument(help="web, worker or rasa")],
) -> None:
    """Say by the exit status whether a process on this machine does its work (for health checks)."""
    from urllib.parse import urlsplit

    from triage.running import environment
    from triage.running.processes import LONG_RUNNING
    from triage.running.readiness import is_ready
    from triage.settings import get_settings

    process = next((one for one in LONG_RUNNING if one.name == name), None)
    if process is None:
        raise typer.BadParameter("choose web, worker or rasa")
    environment.prepare(database=name == "worker", secrets=())
    settings = get_settings()
    port = urlsplit(settings.rasa_url).port if name == "rasa" else settings.port
    address = f"http://127.0.0.1:{port}"
    sys.exit(0 if asyncio.run(is_ready(process, address, settings.database_url)) else 1)


def _each_line(choose: Callable[[Any], Callable[[Any], Any]]) -> None:
    """Put standard input through the reading command that `choose` takes from triage.lines."""
    # Reading multiplies small matrices: threads for each would wait for one another. Set before NumPy is imported.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from triage import lines

    try:
        lines.through(choose(lines), cast(BufferedReader, sys.stdin.buffer), sys.stdout)
    except lines.LineWrong as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)


@app.command()
def understand() -> None:
    """Read each message as the chat would: {text} → {service, confidence, abstained, danger, entities}."""
    _each_line(lambda lines: lines.understand_many)


@app.command()
def redact() -> None:
    """Take out names, addresses and numbers: {text} → {text, spans}."""
    _each_line(lambda lines: lines.one_by_one(lines.redact))


@app.command()
def sort() -> None:
    """Sort each contact as triage would: {text, channel} → {service, queue, priority, confidence, holding, reasons}."""
    _each_line(lambda lines: lines.one_by_one(lines.sort))


@app.command()
def answer() -> None:
    """Give the assistant's first reply to each message: {text} → {service, text, source}."""
    _each_line(lambda lines: lines.one_by_one(lines.answer))


@app.command()
def themes() -> None:
    """Read each comment: {text} → {themes, sentiment}, sentiment 1 (very positive) to 5 (very negative)."""
    _each_line(lambda lines: lines.themes)


@app.command()
def content() -> None:
    """Check everything that residents are told, file and line for each fault; exit 1 when one must not be published."""
    from triage import clock
    from triage.catalogue import DATA, CatalogueWrong
    from triage.checking import check
    from triage.settings import get_settings

    try:
        faults = check(DATA, get_settings().council, clock.today())
    except CatalogueWrong as wrong:
        typer.echo(str(wrong))
        raise typer.Exit(1) from None
    for fault in faults:
        typer.echo(str(fault).replace(f"{DATA.parent}/", ""))
    serious = sum(fault.serious for fault in faults)
    typer.echo(f"{serious} to mend, {len(faults) - serious} to look at.")
    raise typer.Exit(1 if serious else 0)


@app.command()
def services() -> None:
    """List each service: {service, name, lgsl, queue, partner}."""
    import json

    from triage import lines

    for row in lines.services():
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
