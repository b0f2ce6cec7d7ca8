"""Makes an email of a message, and our errors of a mail server's. Pure."""

from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import sha256

import aiosmtplib

from connectors.errors import (
    ConnectorError,
    KeyRefused,
    MessageRefused,
    RequestRefused,
    SupplierBusy,
    SupplierSlow,
    SupplierUnavailable,
)
from connectors.smtp.settings import Settings


def message_id(client_reference: str, settings: Settings) -> str:
    """The same for the same reference, so that mailboxes drop a second copy where they do."""
    return f"<{sha256(client_reference.encode()).hexdigest()[:32]}@{settings.sender.rpartition('@')[2]}>"


def email_of(to: str, fields: dict[str, str], client_reference: str, settings: Settings) -> EmailMessage:
    """The email. Raises MessageRefused for an address that no header can hold."""
    message = EmailMessage()
    try:
        message["From"] = Address(settings.sender_name, addr_spec=settings.sender)
        message["To"] = Address(addr_spec=to)
        # A line's end in a subject would begin another header.
        message["Subject"] = " ".join(fields["subject"].split())
    except (ValueError, IndexError):
        raise MessageRefused("not an email address") from None
    if settings.reply_to:
        message["Reply-To"] = settings.reply_to
    message["Message-ID"] = message_id(client_reference, settings)
    # Out-of-office answers to this would come to nobody.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(fields["text"])
    return message


def error_of(error: Exception, sent: bool) -> ConnectorError:
    """Our error for one of aiosmtplib's. A code of 4xx may pass, 5xx stays. `sent`: the text may have arrived."""
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return KeyRefused()
        case aiosmtplib.SMTPRecipientsRefused(recipients=[one, *_]):
            return _by_code(one.code, MessageRefused("The mail server refuses this address."))
        case aiosmtplib.SMTPDataError(code=code):
            return _by_code(code, MessageRefused("The mail server refuses this message."))
        case aiosmtplib.SMTPResponseException(code=code):
            return _by_code(code, RequestRefused(f"The mail server answered {code}."))
        case aiosmtplib.SMTPNotSupported():
            return MessageRefused("The mail server cannot send to such an address.")
        case TimeoutError() | aiosmtplib.SMTPTimeoutError():
            return SupplierSlow(maybe_done=sent)
        case _:
            return SupplierUnavailable(maybe_done=sent)


def _by_code(code: int, final: ConnectorError) -> ConnectorError:
    return SupplierBusy(f"The mail server answered {code}.") if 400 <= code < 500 else final
