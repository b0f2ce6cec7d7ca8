"""What can go wrong, as named facts.

FrontdoorError
├── NotFound             404
│   └── Erased           404
├── NotAllowed           403
│   ├── SignInNotSure    403
│   └── NotOnTheList     403
├── SignInNeeded         401
├── Invalid              422
│   ├── EmptyMessage     422
│   ├── MessageTooLong   422
│   └── OutOfRange       422
├── Conflict             409
│   ├── AlreadyTaken     409
│   ├── AlreadyClosed    409
│   ├── SupervisorDecides 409
│   ├── ReportKept       409
│   └── LinkUsed         409
├── LinkExpired          410
│   └── SetUpLinkGone    410
├── TooLarge             413
├── TooMany              429
└── Unavailable          503
    ├── ProviderDown     503
    └── SupplierNotSetUp 503

A class's docstring is the sentence that a person reads: what happened, then what to do next.
"""


class FrontdoorError(Exception):
    """Something went wrong on our side. Try again in a few minutes, or phone us."""

    status = 500

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip()
        super().__init__(self.detail)


class NotFound(FrontdoorError):
    """We could not find that. Check the reference and the code, or start a new conversation."""

    status = 404


class Erased(NotFound):
    """What was kept of this contact has been erased, so nothing can be added to it. Write down a new call instead."""


class NotAllowed(FrontdoorError):
    """You do not have access to this. Ask your supervisor if you think you should."""

    status = 403


class SignInNotSure(NotAllowed):
    """We could not be sure that this sign-in was yours. Start again from our sign-in page."""


class NotOnTheList(NotAllowed):
    """Your council account is right, but nobody has let it into Frontdoor. Ask your administrator."""


class SignInNeeded(FrontdoorError):
    """Sign in to go on."""

    status = 401


class Invalid(FrontdoorError):
    """Something in what you sent is not right. Check it and send it again."""

    status = 422


class EmptyMessage(Invalid):
    """Type a message first, then send it."""


class MessageTooLong(Invalid):
    """That message is too long. Shorten it, or leave us a message with the form instead."""


class OutOfRange(Invalid):
    """Choose one of the answers that are listed."""


class Conflict(FrontdoorError):
    """Somebody changed this while you were looking at it. Load it again to see how it stands."""

    status = 409


class AlreadyTaken(Conflict):
    """Another agent has this contact now. Load it again to see who."""


class AlreadyClosed(Conflict):
    """This has been closed. Start a new conversation if you need us again."""


class SupervisorDecides(Conflict):
    """This contact has been passed between partners, so a supervisor decides where it goes. Ask them about it."""


class ReportKept(Conflict):
    """This report has been approved or published, so it cannot be changed. Send it back first, or add a correction."""


class LinkUsed(Conflict):
    """This survey has been answered already. Thank you: there is nothing more to do."""


class LinkExpired(FrontdoorError):
    """This link has run out. Start a new conversation if you want to tell us something."""

    status = 410


class SetUpLinkGone(LinkExpired):
    """This link has been used, or has run out. Ask your administrator for a new one."""


class TooLarge(FrontdoorError):
    """That is too much at once. Send less and try again."""

    status = 413


class TooMany(FrontdoorError):
    """Too much has come from you or your network just now. Try again later, or phone us. In danger, call 999."""

    status = 429


class Unavailable(FrontdoorError):
    """This part of the service is not working at the moment. Try again soon, or phone us."""

    status = 503


class ProviderDown(Unavailable):
    """The council's sign-in does not answer at the moment. Try again in a few minutes."""


class SupplierNotSetUp(Unavailable):
    """Our settings for this supplier are wrong, so nothing was kept. Mend what the log names, then send it again."""
