"""Under what licence the council publishes, as its open_data.toml says."""

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from triage.catalogue import DATA, CatalogueWrong, catalogue
from triage.errors import NotFound


class Licence(BaseModel):
    """data/councils/<council>/open_data.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    url: str = Field(pattern=r"^https://")
    # What whoever uses the data has to say.
    attribution: str = Field(min_length=1)
    publisher: str = Field(min_length=1)


def read(path: Path) -> Licence:
    """The licence that a file names. Raises CatalogueWrong when it is missing or wrong."""
    try:
        return Licence.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise CatalogueWrong(f"{path}: this file is missing") from None
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise CatalogueWrong(f"{path}: {error}") from None


@lru_cache(maxsize=8)
def _of(slug: str) -> Licence | None:
    path = DATA / "councils" / slug / "open_data.toml"
    return read(path) if path.exists() else None


def known() -> Licence | None:
    """The licence of this deployment's council, or None where it has not said one."""
    return _of(str(catalogue().council["slug"]))


def current() -> Licence:
    """The licence of this deployment's council. Raises NotFound where it publishes nothing."""
    found = known()
    if found is None:
        raise NotFound("This council has not said yet under what licence it publishes, so there is no open data.")
    return found
