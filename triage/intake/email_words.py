"""What somebody wrote in an email, apart from what their program put around it. Pure, and raises nothing.

Whatever is left out here is only hidden from the contact's first lines: email_filing.py keeps the whole beside it.
"""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

# Elements whose text nobody sees, and those that begin a line of their own.
UNSEEN = frozenset(["script", "style", "head", "title", "template", "noscript", "object", "svg"])
LINES = frozenset(
    [
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4"),
        *("h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"),
    ]
)
LONGEST_HTML = 200_000
_TAG = re.compile(r"<(?:[a-zA-Z/][^<>]{0,1000}>)?")
_DECLARED = re.compile(r"<[!?][^<>]{0,1000}>")
DEEPEST_QUOTE = 20

_QUOTED = re.compile(r"^\s{0,3}>")
_WROTE = re.compile(r"^(On|Le|El|Am|W dniu)\b.{5,300}\b(wrote|écrit|escribió|schrieb|napisał)\b.{0,60}:\s*$", re.I)
_WROTE_LINES = 4
_ORIGINAL = re.compile(r"^\s*-{3,}\s*(Original (Message|Appointment)|Reply message)\s*-{3,}\s*$", re.I)
_FORWARDED = re.compile(r"^\s*(-{3,}\s*Forwarded (message|by .{0,80}?)\s*-{3,}|Begin forwarded message:)\s*$", re.I)
_RULE = re.compile(r"^\s*_{10,}\s*$")
_FROM = re.compile(r"^\s*\*?From:\*?\s*\S", re.I)
_HEADER = re.compile(r"^\s*\*?(Sent|Date|To|Cc|Subject|Importance):\*?(\s|$)", re.I)
_DEVICE = re.compile(
    r"^\s*(Sent from (my |the )?.{1,50}|Get Outlook for .{1,40}|Sent via .{1,40}|Sent with .{1,40} secure email\.?"
    r"|Get \[?Outlook.{1,80})$",
    re.I,
)
_NOTICE = re.compile(
    r"intended (only |solely )?(recipient|for the (use|attention|addressee|person|individual))|"
    r"intended (only|solely)|not the (named )?addressee|scanned (for|by) .{0,40}(virus|malware|security)|"
    r"virus-free|before printing this e-?mail",
    re.I,
)
# Only what speaks of the email itself: nobody's own words about something else are taken for a notice.
_OF_EMAIL = re.compile(r"\b(e-?mails?|messages?|communication|transmission|virus-free)\b", re.I)
# After a line of "--" alone, a signature is at most so many lines; a longer rest is part of what they wrote.
LONGEST_SIGNATURE = 8


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen: list[str] = []
        self._quotes = 0

    def _line(self) -> None:
        self.pieces.append("\n" + "> " * min(self._quotes, DEEPEST_QUOTE))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen.append(tag)
        if tag == "blockquote":
            self._quotes += 1
        if tag in LINES:
            self._line()
        if tag == "li":
            self.pieces.append("- ")
        if tag in ("td", "th"):
            self.pieces.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LINES:
            self._line()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        if tag == "blockquote":
            self._quotes = max(0, self._quotes - 1)
        if tag in LINES and tag != "br":
            self._line()

    def handle_data(self, data: str) -> None:
        # An element of the head may be left open by mistake: what is in the body is seen.
        if not self._unseen:
            self.pieces.append(re.sub(r"\s+", " ", data))


def text_of_html(html: str) -> str:
    """The words of a page as lines; what is in a quotation begins with ">", as in plain text."""
    html = _whole_tags(html[:LONGEST_HTML])
    # A head that is never closed would hide everything.
    html = re.sub(r"(?i)<body\b", "</head><body", html, count=1)
    parser = _Text()
    try:
        parser.feed(html)
        parser.close()
        text = "".join(parser.pieces)
    except (AssertionError, ValueError, IndexError, RecursionError):
        text = re.sub(r"<[^<>]{0,2000}>", " ", html)
    return tidy(text)


def _whole_tags(html: str) -> str:
    """Without comments, and with nothing left that begins a tag and does not end it.

    The standard library's parser looks for such an end again and again: minutes for a message of a few hundred kB.
    """
    pieces: list[str] = []
    at = 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        pieces.append(html[at:start])
        at = end + 3
    without = _DECLARED.sub("", "".join([*pieces, html[at:]]))
    return _TAG.sub(lambda found: found[0] if len(found[0]) > 1 else "&lt;", without)


def tidy(text: str) -> str:
    """Lines without odd ends, never more than one empty line between two, and no characters of control."""
    text = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    text = re.sub(r"[\x00-\x08\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", text)
    # Half of a pair, which no database takes.
    text = text.encode("utf-8", "replace").decode("utf-8")
    lines = [
        "-- " if line == "-- " else re.sub(r"^((> )*)>?$", r"\1", line.replace("\xa0", " ").rstrip()).rstrip()
        for line in text.split("\n")
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n").rstrip()


def own_words(whole: str, *, forwarded: bool = False) -> str:
    """What they wrote this time: without the messages that it answers, signatures of programs, and legal notices.

    What was forwarded is meant for us, and stays. If nothing is left, it is the whole.
    """
    lines = tidy(whole).split("\n")
    kept: list[str] = []
    said_before = False
    at = 0
    while at < len(lines):
        line = lines[at]
        if _FORWARDED.match(line) or (forwarded and _block(lines, at)):
            kept += [re.sub(r"^(\s{0,3}> ?)+", "", one) for one in lines[at:]]
            break
        if said_before and (_ORIGINAL.match(line) or _block(lines, at)):
            break
        if wrote := _attribution(lines, at):
            after = next((one for one in lines[at + wrote :] if one.strip()), "")
            if said_before and not _QUOTED.match(after):
                break
            at += wrote
            continue
        if said_before and _signature(lines, at):
            break
        if not (_QUOTED.match(line) or _DEVICE.match(line)):
            kept.append(line)
            said_before = said_before or bool(line.strip())
        at += 1
    found = _without_notices("\n".join(kept))
    return found or tidy(whole)


def _block(lines: Sequence[str], at: int) -> bool:
    """Whether the headers of an earlier message begin here, as Outlook writes them."""
    if _RULE.match(lines[at]):
        at = next((i for i in range(at + 1, min(at + 3, len(lines))) if lines[i].strip()), at)
    if not _FROM.match(lines[at]):
        return False
    return sum(bool(_HEADER.match(line)) for line in lines[at + 1 : at + 8]) >= 2


def _attribution(lines: Sequence[str], at: int) -> int:
    """How many lines "On … wrote:" takes here, which programs break where they like; 0 when it is not here."""
    for count in range(1, _WROTE_LINES + 1):
        joined = " ".join(line.strip() for line in lines[at : at + count])
        if not lines[at : at + count] or not lines[at + count - 1 : at + count] or not joined:
            return 0
        if _WROTE.match(joined):
            return count
        if not lines[at + count - 1].strip():
            return 0
    return 0


def _signature(lines: Sequence[str], at: int) -> bool:
    if lines[at] != "--":
        return lines[at] == "-- "
    rest = (line for line in lines[at + 1 : at + 1 + 4 * LONGEST_SIGNATURE] if line.strip() and not _QUOTED.match(line))
    return sum(1 for _ in rest) <= LONGEST_SIGNATURE


def _without_notices(text: str) -> str:
    """Without the paragraphs in which a company speaks of its emails, which stand at the end."""
    paragraphs = [one for one in re.split(r"\n\s*\n", text) if one.strip()]
    while len(paragraphs) > 1 and _NOTICE.search(paragraphs[-1]) and _OF_EMAIL.search(paragraphs[-1]):
        paragraphs.pop()
    return "\n\n".join(paragraphs).strip()
