"""Survey links: signed, so that one that we did not make is refused without a look in the database.

A link's token is made from the id of its case with the deployment's key: nobody can make one, and we need not keep it.
"""

import hmac
from uuid import UUID

from triage.errors import NotFound
from triage.settings import get_settings


def _mark(nonce: str) -> str:
    key = get_settings().signing_key.get_secret_value().encode()
    return hmac.digest(key, b"survey:" + nonce.encode(), "sha256").hex()[:32]


def token_for(case_id: UUID) -> str:
    """The token of a case: its id and 128 bits of signature, safe in a URL."""
    return f"{case_id.hex}{_mark(case_id.hex)}"


def check_token(token: str) -> str:
    """The token, if we signed it. Raises NotFound."""
    if len(token) != 64 or not hmac.compare_digest(_mark(token[:32]).encode(), token[32:].encode()):
        raise NotFound("We could not find that survey. Open the link again, or copy all of it.")
    return token


def case_of(token: str) -> UUID:
    """The id of the case that a token may be of; tokens from before cases have an id that is nobody's.

    Raises NotFound.
    """
    try:
        return UUID(check_token(token)[:32])
    except ValueError:
        raise NotFound from None
