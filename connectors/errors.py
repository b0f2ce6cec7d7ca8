"""What can go wrong outside. Every error says whether trying again can help, and what a person can do.

ConnectorError
├── SupplierUnavailable       try again later
│   ├── SupplierSlow          no whole answer within the limits
│   ├── SupplierBusy          429, or 503 with Retry-After; `wait_s` says how long it asked us to wait
│   ├── SupplierBroken        5xx
│   └── AnswerUnreadable      half a body, another kind of content, or not what its documentation says
└── Final                     the same call will never work
    ├── MessageRefused        this message, to this address
    ├── RequestRefused        this request, as it stands (400, 409, 422)
    ├── NotKnown              the supplier knows no such thing (404)
    ├── KeyRefused            our key, or what our plan covers (401, 403)
    ├── NotOffered            this connector has no such call
    ├── NotGenuine            what came in was not signed by the supplier, or too long ago
    ├── WrongSettings         the connector's settings are not whole
    └── UnknownConnector      the council's settings name one that is not here
"""

from typing import ClassVar


class ConnectorError(Exception):
    """A connector could not do its work.

    `maybe_done`: the supplier may have done it all the same, so ask (`find`) before doing it again.
    `codes`: the supplier's own names for what was wrong, never its sentences, which may quote a resident.
    """

    retryable: ClassVar[bool] = False
    what_to_do: ClassVar[str] = "Look at the log line of this call, and ask whoever looks after the connector."

    def __init__(
        self, detail: str = "", *, wait_s: float | None = None, maybe_done: bool = False, codes: tuple[str, ...] = ()
    ) -> None:
        self.wait_s = wait_s
        self.maybe_done = maybe_done
        self.codes = codes
        super().__init__(detail or " ".join((type(self).__doc__ or "").split("\n\n")[0].split()))


class SupplierUnavailable(ConnectorError):
    """The supplier did not answer in time, or answered that it cannot. Trying again later may work."""

    retryable = True
    what_to_do = "Nothing yet: it is tried again by itself. If it lasts, see the supplier's status page and phone them."


class SupplierSlow(SupplierUnavailable):
    """The supplier gave no whole answer within the time that we wait."""


class SupplierBusy(SupplierUnavailable):
    """The supplier asks us to come back later: we call too often, or it has too much to do."""

    what_to_do = "Nothing yet: we wait as long as it asked. If it lasts, ask the supplier for a higher limit."


class SupplierBroken(SupplierUnavailable):
    """The supplier answered that something is wrong on its side."""


class AnswerUnreadable(SupplierUnavailable):
    """The supplier's answer broke off, was too large, or is not what its documentation says."""

    what_to_do = "It is tried again by itself. If it lasts, the supplier has changed something: compare with its docs."


class Final(ConnectorError):
    """The same call will never work: something has to change first."""

    what_to_do = "Mend what is named, then send it again from the page of what could not be sent."


class MessageRefused(Final):
    """The supplier will not take this message, now or later: its address is wrong, or stopped our messages."""

    what_to_do = "Tell the resident another way, if it is safe to, such as by phone."


class RequestRefused(Final):
    """The supplier will not take this request as it stands."""

    what_to_do = "See which part it names, mend that on the contact, then send it again."


class NotKnown(Final):
    """The supplier knows nothing under this name."""

    what_to_do = "Check the case's number at the supplier; it may have been merged or deleted there."


class KeyRefused(Final):
    """The supplier refused our key, or our plan does not cover this call."""

    what_to_do = "Ask for a new key or plan, put it in the environment, restart, then send again what was refused."


class NotOffered(Final):
    """This connector has no such call: its supplier offers none."""

    what_to_do = "Do it by hand in the supplier's own system."


class NotGenuine(Final):
    """What came in was not signed with a key of ours, or was signed too long ago. It was not read."""

    what_to_do = "If the supplier did send it, compare both sides' key and clock."


class WrongSettings(Final):
    """A connector's settings are not whole."""

    what_to_do = "Put right what is named, in council.toml or the environment; the connector's README lists them all."


class UnknownConnector(Final):
    """council.toml switches on a connector that is not in connectors/, or one for a kind that it does not serve."""

    what_to_do = "See `python -m connectors list` for what there is."
