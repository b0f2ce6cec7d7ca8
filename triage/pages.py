"""How a page is made: one Jinja environment, its filters, and `render` for every room.

Templates live in triage/templates/<room>/. Autoescape is always on, and a name that a page was not given is an error
(StrictUndefined). The govuk-frontend-jinja components count on missing keys being quiet, so they, and only they, are
loaded from a second, lenient environment.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChainableUndefined, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from jinja2.environment import Template
from markupsafe import Markup, escape

from triage import clock, roles
from triage.catalogue import catalogue
from triage.settings import get_settings

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
COMPONENTS = "govuk_frontend_jinja/"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _day(when: date | datetime | str) -> date:
    """The date in London of a moment, a date or an ISO 8601 string of either. Raises ValueError for other text."""
    if isinstance(when, str):
        when = datetime.fromisoformat(when) if "T" in when else date.fromisoformat(when)
    if isinstance(when, datetime):
        return _london(when).date()
    return when


def _london(when: datetime | str) -> datetime:
    if isinstance(when, str):
        when = datetime.fromisoformat(when)
    if when.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return when.astimezone(clock.LONDON)


def plain_date(when: date | datetime | str) -> str:
    """A date to read aloud: Thursday 26 November 2026."""
    day = _day(when)
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(when: date | datetime | str) -> str:
    """A date for small print: 3 October 2026."""
    day = _day(when)
    return f"{day.day} {day:%B %Y}"


def plain_time(when: datetime | str) -> str:
    """A time of day in London: 3pm, 3:05pm, midday, midnight."""
    moment = _london(when)
    if moment.minute == 0 and moment.hour in (0, 12):
        return "midday" if moment.hour else "midnight"
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{hour}{minutes}{'pm' if moment.hour >= 12 else 'am'}"


def plain_moment(when: datetime | str) -> str:
    """A moment to read aloud: today at 3:05pm, yesterday at 9am, Thursday 26 November 2026 at 3:05pm."""
    day, today = _day(when), clock.today()
    near = {today: "today", today - timedelta(days=1): "yesterday", today + timedelta(days=1): "tomorrow"}
    return f"{near.get(day, plain_date(day))} at {plain_time(when)}"


# UK numbers as our content writes them, with spaces, and the emergency number.
_PHONE = re.compile(r"\b(?:0\d{2,4} \d{3,4} \d{3,4}|0\d{4} \d{6}|999)\b")


def paragraphs(text: str, css: str = "govuk-body") -> Markup:
    """Plain text as escaped HTML: a blank line parts paragraphs, a single line break stays a line break."""
    found = Markup()
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = Markup("<br>").join(_with_numbers(line) for line in part.splitlines())
        found += Markup('<p class="{}">{}</p>\n').format(css, lines)
    return found


def _with_numbers(line: str) -> Markup:
    """A line, escaped, with its phone numbers as links to tap."""
    found, done = Markup(), 0
    for number in _PHONE.finditer(line):
        found += escape(line[done : number.start()])
        found += Markup('<a class="govuk-link" href="{}">{}</a>').format(tel(number[0]), number[0])
        done = number.end()
    return found + escape(line[done:])


def tel(number: str) -> str:
    """A phone number as an address to tap: tel:02083592000."""
    return "tel:" + re.sub(r"[^0-9+]", "", number)


def fact(key: str) -> str | None:
    """One of the council's facts, or None when it may not be stated today (DESIGN decision 6)."""
    held = catalogue().fact(key)
    return held.value if held is not None and held.can_state(clock.today()) else None


@lru_cache(maxsize=256)
def _stamp(name: str, changed: float) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def static(name: str) -> str:
    """The address of a file of triage/static, with its content's hash so that it can be kept for ever.

    Raises FileNotFoundError when there is no such file.
    """
    return f"/static/{name}?v={_stamp(name, (STATIC / name).stat().st_mtime)}"


def council_css(colours: Mapping[str, str]) -> str:
    """The council's `[colours]` as CSS custom properties, for pages and for the widget's shadow root.

    Raises ValueError when a colour is not written as # and six hexadecimal digits.
    """
    for name, colour in colours.items():
        if not COLOUR.fullmatch(colour):
            raise ValueError(f"council.toml: colours.{name}: {colour!r} is not a colour such as #00524c")
    names = {
        "--govuk-brand-colour": colours.get("brand"),
        "--fd-brand-dark": colours.get("brand_dark"),
        "--fd-on-brand": colours.get("on_brand"),
        "--govuk-link-colour": colours.get("link"),
        "--govuk-link-hover-colour": colours.get("brand_dark"),
    }
    lines = "".join(f"{name}:{colour};" for name, colour in names.items() if colour)
    return f":root,:host{{{lines}}}\n"


class _Pages(Environment):
    """Ours is strict; what starts with govuk_frontend_jinja/ comes from the lenient environment beside it."""

    components: Environment

    def get_template(
        self,
        name: "str | Template",
        parent: str | None = None,
        globals: Any = None,
    ) -> Template:
        """See jinja2.Environment.get_template."""
        if isinstance(name, str) and name.startswith(COMPONENTS):
            return self.components.get_template(name)
        return super().get_template(name, parent, globals)


def may(role: str, what: str) -> bool:
    """Whether a role may do something, by its name in roles.May: a link is shown only to whom it leads somewhere."""
    return roles.may(role, roles.May[what])


def _environment() -> _Pages:
    pages = _Pages(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.components = Environment(
        loader=PrefixLoader({COMPONENTS.rstrip("/"): PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {
        "plain_date": plain_date,
        "short_date": short_date,
        "plain_time": plain_time,
        "plain_moment": plain_moment,
        "paragraphs": paragraphs,
        "tel": tel,
    }
    pages.globals |= {"static": static, "fact": fact, "may": may}
    return pages


templates = _environment()


def render(request: Request, name: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The page `name` (such as "chat/page.html") with `context`, and always `council`, `demo`, `path` and `status`.

    Nothing is kept by the browser: these pages carry people's words, and computers are shared.
    Raises jinja2.UndefinedError when the template needs a name it was not given.
    """
    given = {
        "council": catalogue().council,
        "demo": get_settings().environment == "development",
        "path": request.url.path,
        "status": status,
    }
    html = templates.get_template(name).render(given | context)
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})
