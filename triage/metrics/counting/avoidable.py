"""Why a contact need not have happened: the reasons, read from data/figures, and each as a condition in SQL."""

import tomllib
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from triage.catalogue import DATA
from triage.metrics.counting.measures import BACK_WITHIN_DAYS
from triage.ringing import CHASES, COMES_BACK, KIND

# Each sign of data/figures/avoidable.toml, of a row of `contact` with `earlier`, the contact that it repeats.
_SIGNS = {
    "earlier_open": "(earlier.id is not null and coalesce(earlier.closed_at > contact.arrived_at, true))",
    "earlier_closed": "(earlier.id is not null and earlier.closed_at <= contact.arrived_at)",
    "has_form": (
        "(contact.service = any(:with_form) and contact.channel = any(:{id}_channels) and contact.danger is null "
        "and contact.language is null and contact.vulnerable = '[]')"
    ),
}

# The same signs of a call about a contact that its caller has already, of its row of `contact_history` line.
_SIGNS_OF_CALLS = {
    "earlier_open": f"line.detail ->> '{KIND}' = '{CHASES}'",
    "earlier_closed": f"""(line.detail ->> '{KIND}' = '{COMES_BACK}' and exists (
        select from contact_history each where each.contact_id in (contact.id, contact.merged_into)
            and each.what = 'closed' and each.at <= line.at and each.at > line.at - interval '{BACK_WITHIN_DAYS} days'
    ))""",
}


class Reason(BaseModel):
    """One reason, as a person reads it, and its signs: any one of them is enough."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sentence: str
    signs: tuple[Literal["earlier_open", "earlier_closed", "has_form"], ...] = ()
    channels: tuple[str, ...] = ()
    close_reasons: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@lru_cache
def reasons() -> dict[str, Reason]:
    """Every reason by its id, in the order in which they are tried. Raises ValueError for a wrong file."""
    table: dict[str, Any] = tomllib.loads((DATA / "figures" / "avoidable.toml").read_text(encoding="utf-8"))
    found = {key: Reason.model_validate(value) for key, value in table.items()}
    if faults := [key for key in found if not key.isidentifier()]:
        raise ValueError(f"{faults} in avoidable.toml are no ids: small letters and _ only")
    return found


def as_case(known: dict[str, Reason]) -> tuple[str, dict[str, Any]]:
    """The reason of a row of `contact` beside `earlier`, as SQL that is null for none, and what it is to be given."""
    whens: list[str] = []
    given: dict[str, Any] = {}
    for key, reason in known.items():
        either = [_SIGNS[sign].format(id=key) for sign in reason.signs]
        given |= {f"{key}_channels": list(reason.channels)} if "has_form" in reason.signs else {}
        if reason.close_reasons:
            either.append(f"contact.close_reason = any(:{key}_close)")
            given[f"{key}_close"] = list(reason.close_reasons)
        if reason.tags:
            either.append(f"jsonb_exists_any(contact.tags, :{key}_tags)")
            given[f"{key}_tags"] = list(reason.tags)
        if either:
            whens.append(f"when {' or '.join(either)} then '{key}'")
    return f"case {' '.join(whens)} end" if whens else "null::text", given


def case_of_calls(known: dict[str, Reason]) -> str:
    """The reason of a call about a contact that its caller has already, as SQL that is null for none.

    Who rings to answer us, or to add to what is closed, need not have been spared it.
    """
    whens = []
    for key, reason in known.items():
        if either := [_SIGNS_OF_CALLS[sign] for sign in reason.signs if sign in _SIGNS_OF_CALLS]:
            whens.append(f"when {' or '.join(either)} then '{key}'")
    return f"case {' '.join(whens)} end" if whens else "null::text"
