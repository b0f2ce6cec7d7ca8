"""What is decided about people, without a database: is this password good enough, is this person whole."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from triage.errors import Invalid
from triage.people.schemas import PersonForm
from triage.roles import ROLES

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
MOST_CAPACITY = 50

# What leads every list of breached passwords, and what people at a council would think of. A password that is one of
# these with figures, signs or years around it, or one of them twice, is found in those lists too.
COMMON = frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())
_RUNS = "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm"
_LEET = str.maketrans("013457@$!", "oleastasi")


def _core(password: str) -> str:
    """Its letters, figures that stand for letters read as those, without what was put around it."""
    return re.sub(r"[^a-z]", "", re.sub(r"^[^a-z]+|[^a-z]+$", "", password.lower()).translate(_LEET))


def _run(text: str) -> bool:
    """Whether it is keys or letters in a row, forwards or backwards, or one short thing again and again."""
    if re.fullmatch(r"(.{1,4})\1+.{0,3}", text):
        return True
    return any(text in run or text in run[::-1] for run in _RUNS)


def check_password(password: str, login: str) -> None:
    """Raise Invalid, saying what to do, unless `password` will do (NIST SP 800-63B 3.1.1.2: long, and not known).

    No rule about signs or capitals: those make people write passwords down.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(f"Choose a password of {SHORTEST_PASSWORD} characters or more. Three words are easy to remember.")
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(f"That password is too long. Use at most {LONGEST_PASSWORD} characters.")
    lower, name = password.lower(), login.lower()
    letters = re.sub(r"[^a-z]", "", lower)
    if name in lower or re.sub(r"[^a-z]", "", name) == letters != "":
        raise Invalid("Your password must not be your sign-in name. Choose another.")
    plain, core = re.sub(r"[^a-z]", "", lower), _core(password)
    halves = {plain, core, *(one[: len(one) // 2] for one in (plain, core) if one[: len(one) // 2] * 2 == one)}
    if halves & COMMON or _run(lower) or len(set(lower)) < 5:
        raise Invalid("That password is one of those that are tried first. Choose one that nobody would guess.")


# Roles whose people work the queues named for them, or every queue.
WORKS_QUEUES = ("agent", "supervisor")


@dataclass(frozen=True)
class Person:
    """Somebody as an administrator described them, checked."""

    login: str
    name: str
    role: str
    queues: tuple[str, ...]
    partner: str | None
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int
    openid_name: str | None


@dataclass(frozen=True)
class Known:
    """What there is to choose from."""

    queues: Collection[str]
    partners: Collection[str]
    services: Collection[str]


def person(form: PersonForm, known: Known) -> Person:
    """The person that a form describes. Raises Invalid, saying which field to mend."""
    login, name = form.login.strip().lower(), " ".join(form.name.split())
    if not LOGIN.fullmatch(login):
        raise Invalid("Give a sign-in name of 2 to 100 small letters, figures, dots, dashes or an email address.")
    if not 2 <= len(name) <= 80:
        raise Invalid("Give the name that residents and colleagues see, in 2 to 80 characters.")
    if form.role not in ROLES:
        raise Invalid("Choose a role from the list.")
    if (form.role == "partner") != bool(form.partner):
        raise Invalid("Choose which partner they work for, for a partner agent and for nobody else.")
    if form.partner and form.partner not in known.partners:
        raise Invalid("Choose a partner from the list.")
    if unknown := [code for code in form.queues if code not in known.queues]:
        raise Invalid(f"There is no queue {unknown[0]}. Choose from the list.")
    # No queue at all means every one: that is never the outcome of a box that was left unticked.
    if form.role in WORKS_QUEUES and bool(form.queues) == form.every_queue:
        raise Invalid("Tick the queues that they work, or “Every queue”, and not both.")
    skills = tuple(dict.fromkeys(form.skills.replace(",", " ").split()))
    if unknown := [one for one in skills if one not in known.services]:
        raise Invalid(f"There is no service {unknown[0]}. Use the ids of services, such as missed_bin.")
    languages = tuple(dict.fromkeys(form.languages.lower().replace(",", " ").split()))
    if wrong := [one for one in languages if not LANGUAGE.fullmatch(one)]:
        raise Invalid(f"{wrong[0]} is not a language code. Use two letters, such as pl for Polish.")
    if not 1 <= form.capacity <= MOST_CAPACITY:
        raise Invalid(f"Give how many contacts they can have at once, from 1 to {MOST_CAPACITY}.")
    openid_name = form.openid_name.strip() or None
    if openid_name and len(openid_name) > 200:
        raise Invalid("What the council's sign-in calls them is too long.")
    return Person(
        login,
        name,
        form.role,
        tuple(dict.fromkeys(form.queues)),
        form.partner or None,
        skills,
        languages,
        form.capacity,
        openid_name,
    )
