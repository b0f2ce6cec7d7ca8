"""Emails as programs write them, for tests. Everybody in them is made up."""

from email.message import EmailMessage
from email.utils import make_msgid

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 2000
PDF = b"%PDF-1.7\n" + b"page" * 200
WINDOWS_PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256))
ADA = "Ada Example <ada@example.com>"


def email_of(
    text: str = "The green bin at number 4 was not emptied this morning.",
    *,
    subject: str = "Missed bin",
    sender: str = ADA,
    files: tuple[tuple[str, bytes, str], ...] = (),
    html: str | None = None,
    **headers: str,
) -> bytes:
    """A message as a modern program writes it; `headers` with underscores for dashes."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "council@example.org", subject
    message["Message-ID"] = headers.pop("Message_ID", None) or make_msgid(domain="example.com")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, content, kind in files:
        maintype, _, subtype = kind.partition("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return message.as_bytes()


GMAIL_CHAIN = """\
No, it is still there. Please come back.

On Tue, 24 Nov 2026 at 09:12, The Council <council@example.org>
wrote:

> We emptied the bin on Monday.
>
> The team
"""
INLINE = """\
On Tue, 24 Nov 2026 at 09:12, The Council <council@example.org> wrote:
> Which bin was it?
The green one.
> Was the lid closed?
Yes, it was.
"""
OUTLOOK = """\
It happened again today.

________________________________
From: The Council <council@example.org>
Sent: 24 November 2026 09:12
To: Ada Example <ada@example.com>
Subject: Your bin

We emptied the bin on Monday.
"""
ORIGINAL = """\
Thank you, that is all.

-----Original Message-----
From: council@example.org
We emptied the bin.
"""
IPHONE = """\
There is a mattress by the lamp post.

Sent from my iPhone

> On 24 Nov 2026, at 09:12, The Council <council@example.org> wrote:
>
> Tell us where it is.
"""
SIGNED = """\
Can I have a second brown bin?

-- \nAda Example
Head of Everything, Example Ltd
"""
NOTICE = """\
The street light outside our office is out.

This email and any attachments are confidential and intended solely for the person it is addressed to.

Please think of the environment before printing this email.
"""
FORWARDED = """\
Please deal with this for my mother.

---------- Forwarded message ---------
From: Grace Example <grace@example.com>
Date: Mon, 23 Nov 2026 at 18:00
Subject: my bins
To: <ada@example.com>

They did not take the blue one.
"""
HTML_ONLY = b"""\
From: Ada Example <ada@example.com>\r
Subject: Rubbish\r
Message-ID: <html@example.com>\r
MIME-Version: 1.0\r
Content-Type: text/html; charset=utf-8\r
\r
<html><head><title>Nobody sees this</title><style>p {color: red}</style></head>\r
<body><script>steal()</script><p>The bin is <b>full</b> &amp; smells.</p><ul><li>blue</li><li>green</li></ul>\r
<blockquote>What we said before</blockquote></body></html>\r
"""
LATIN = b"From: Jos\xe9 Example <jose@example.com>\r\nSubject: Caf\xe9\r\n\r\nThe caf\xe9 leaves its bins out.\r\n"
NONSENSE = (
    b"From: ada@example.com\r\nSubject: =?utf-8?b?!!!!?=\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=klingon-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"####not base64 at all===\r\n"
)
BROKEN = (
    b"From: ada@example.com\r\nSubject: Broken\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="abc"\r\n\r\n--abc\r\nContent-Type: text/plain\r\n\r\n'
    b"The lamp is out.\r\n--abc\r\nContent-Type: multipart/alternative; boundary=\r\n\r\n--xyz\r\n"
)
BOUNCE = (
    b"Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@example.com>\r\nSubject: Undelivered\r\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nNot known.\r\n--b--\r\n"
)
INJECTED = (
    b"From: =?utf-8?q?Ada=0D=0ABcc=3A_all=40example=2Ecom?= <ada@example.com>\r\n"
    b"Subject: =?utf-8?q?Bin=0D=0ABcc=3A_all=40example=2Ecom=00?=\r\n\r\nMy bin.\r\n"
)
