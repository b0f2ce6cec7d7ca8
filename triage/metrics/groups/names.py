"""What groups of people are called."""

import tomllib
from functools import lru_cache

from triage.catalogue import DATA
from triage.metrics.figures.shapes import Dimension
from triage.metrics.groups.cells import ANY, REST

TITLES: dict[Dimension, str] = {
    "language": "By the language they write in",
    "need": "By what care they need",
    "ward": "By ward",
}
NOBODY: dict[Dimension, str] = {
    "language": "English, or not known",
    "need": "Told of no need",
    "ward": "Ward not known",
}
# Who is in a group, and what the record does not know. Shown under each table.
MEANING: dict[Dimension, str] = {
    "language": "Who wrote to us in another language than English, as it was recognised or noted. Of a chat without a "
    "contact we keep no language, so those people are in the last row.",
    "need": "Who told us of something that calls for care, such as age, illness or no money, as it was found in their "
    "words. One person may be in more than one row. Who did not mention it is in the last row.",
    "ward": "The ward of the place that a contact is about, only where it was certain: a property in the council’s "
    "area that was found, or a postcode in it that is not by the border. A few homes of a postcode may lie in the next "
    "ward. It need not be where the resident lives. Chats and contacts without a place are in the last row.",
}


def group_name(dimension: Dimension, member: str) -> str:
    """A group as people read it; one that we do not know keeps its code."""
    if member == REST:
        return NOBODY[dimension]
    if dimension == "need":
        return "Any of these" if member == ANY else member[:1].upper() + member[1:]
    return _languages().get(member, member) if dimension == "language" else member


@lru_cache
def _languages() -> dict[str, str]:
    """The English names of the languages that we can tell, whether or not the council has switched them on."""
    files = {path.parent.name: path for path in (DATA / "languages").glob("*/texts.toml")}
    return {code: str(tomllib.loads(path.read_text(encoding="utf-8"))["english"]) for code, path in files.items()}
