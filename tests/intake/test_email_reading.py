"""Emails are read for what somebody wrote; whatever is wrong with them, reading fails on none."""

import random
import time

import pytest

from tests.intake import emails
from tests.intake.emails import email_of
from tests.patience import at_once
from triage.intake.email_reading import MOST_FILES, Email, read, references
from triage.intake.email_words import own_words, text_of_html


def test_a_plain_email_is_its_words_subject_and_sender() -> None:
    email = read(email_of())
    assert email.text == email.whole == "The green bin at number 4 was not emptied this morning."
    assert (email.subject, email.name, email.sender) == ("Missed bin", "Ada Example", "ada@example.com")
    assert email.answer_to == "ada@example.com" and email.ignored is None and not email.files


def test_an_email_of_html_alone_is_its_visible_words() -> None:
    email = read(emails.HTML_ONLY)
    assert email.text == "The bin is full & smells.\n\n- blue\n\n- green"
    assert "> What we said before" in email.whole


def test_of_two_versions_the_plain_one_is_read_unless_it_is_empty() -> None:
    assert read(email_of("Plain words", html="<p>Styled words</p>")).text == "Plain words"
    assert read(email_of(" ", html="<p>Styled words</p>")).text == "Styled words"


@pytest.mark.parametrize(
    ("whole", "own"),
    [
        (emails.GMAIL_CHAIN, "No, it is still there. Please come back."),
        (emails.INLINE, "The green one.\nYes, it was."),
        (emails.OUTLOOK, "It happened again today."),
        (emails.ORIGINAL, "Thank you, that is all."),
        (emails.IPHONE, "There is a mattress by the lamp post."),
        (emails.SIGNED, "Can I have a second brown bin?"),
        (emails.NOTICE, "The street light outside our office is out."),
    ],
    ids=["gmail", "inline", "outlook", "original message", "iphone", "signature", "legal notice"],
)
def test_what_they_did_not_write_now_is_left_out_and_the_whole_is_kept(whole: str, own: str) -> None:
    email = read(email_of(whole))
    assert email.text == own
    assert len(email.whole) > len(own) and own.split("\n")[-1] in email.whole


def test_what_is_forwarded_is_meant_for_us() -> None:
    email = read(email_of(emails.FORWARDED, subject="Fwd: my bins"))
    assert "for my mother" in email.text and "did not take the blue one" in email.text
    assert email.subject == "my bins"
    assert "emptied the bin" in read(email_of(emails.OUTLOOK, subject="FW: Your bin")).text


@pytest.mark.parametrize(
    "words",
    [
        "This email is confidential: my husband reads my post.",
        "On Monday the lorry came and my neighbour wrote: do not block the road",
        "From: my house\nTo: the corner there is glass",
        "> all of it is quoted",
        "--",
        "I was told that this message would reach you.",
    ],
)
def test_words_of_theirs_that_look_like_a_programs_stay(words: str) -> None:
    assert own_words(words) == words


def test_an_unclosed_or_wrong_page_still_says_its_words() -> None:
    assert text_of_html("<head><style>x</style><body><p>Hello") == "Hello"
    assert text_of_html("<p>Hello<![if !x]><![CDATA[ <p>there").startswith("Hello")
    assert text_of_html("</script>one</p></p><br>two") == "one\n\ntwo"


def test_letters_of_any_charset_or_none_are_read() -> None:
    email = read(emails.LATIN)
    assert (email.text, email.subject) == ("The café leaves its bins out.", "Café")
    assert email.name == "José Example" and email.sender == "jose@example.com"
    assert read(email_of("Zażółć gęślą jaźń")).text == "Zażółć gęślą jaźń"


def test_what_is_broken_is_read_as_far_as_it_goes() -> None:
    assert "The lamp is out." in read(emails.BROKEN).text
    assert read(emails.NONSENSE).sender == "ada@example.com"
    assert read(b"").text == "" and read(b"\x00\xff" * 500).sender is None
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(1500))
    assert read(b"From: ada@example.com\r\n" + nested + b"\r\nhelp").left_out


def test_a_header_cannot_bring_in_another() -> None:
    email = read(emails.INJECTED)
    assert email.subject == "Bin Bcc: all@example.com" and email.sender == email.answer_to == "ada@example.com"
    assert email.name is not None and not set("\r\n\x00") & set(email.subject + email.name)


def test_files_come_along_and_the_layouts_small_pictures_do_not() -> None:
    picture = ("a.png", emails.PNG, "image/png")
    email = read(email_of(files=(picture, ("b.pdf", emails.PDF, "application/pdf"))))
    assert [(file.name, file.content) for file in email.files] == [("a.png", emails.PNG), ("b.pdf", emails.PDF)]
    assert len(read(email_of(files=(picture,) * (MOST_FILES + 5))).files) == MOST_FILES
    logo = (
        b"From: ada@example.com\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\n\r\nHello\r\n--r\r\n"
        b"Content-Type: image/png\r\nContent-ID: <logo>\r\n\r\n\x89PNG\r\n--r--\r\n"
    )
    assert not read(logo).files and "small picture" in read(logo).left_out[0]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (email_of(Auto_Submitted="auto-replied"), "automatic"),
        (email_of(Auto_Submitted="no"), None),
        (email_of(Precedence="Bulk"), "list"),
        (email_of(List_Id="<news.example.com>"), "list"),
        (email_of(X_Autoreply="yes"), "autoreply"),
        (email_of(X_Auto_Response_Suppress="All"), "autoreply"),
        (email_of(subject="Automatic reply: Your bin"), "away"),
        (email_of(subject="Out of my front window"), None),
        (email_of(Return_Path="<ada@example.com>"), None),
        (emails.BOUNCE, "bounce"),
        (email_of(sender="MAILER-DAEMON@example.com"), "bounce"),
        (email_of(sender="Council <Council@Example.org>"), "own"),
    ],
)
def test_what_no_person_wrote_to_us_is_known_by_its_reason(raw: bytes, reason: str | None) -> None:
    assert read(raw, {"council@example.org"}).ignored == reason


def test_the_same_message_has_the_same_key_and_nobody_elses() -> None:
    one, again = (read(email_of(words, Message_ID="<one@example.com>")) for words in ("a", "b"))
    other = read(email_of(Message_ID="<one@example.com>", sender="eve@example.net"))
    assert one.key == again.key != other.key
    assert read(b"no headers").key == read(b"no headers").key != read(b"no header").key


def test_references_of_ours_are_found_and_words_are_not() -> None:
    email = Email("k", None, None, None, "Re: bn-7k3m-9qxf", "BN 7K3M 9QXF and we need help", "> BN-OOOO-1111")
    assert list(references(email, "BN")) == ["BN-7K3M-9QXF", "BN-0000-1111"]


WORDS = (emails.GMAIL_CHAIN, emails.INLINE, emails.OUTLOOK, emails.FORWARDED, emails.NOTICE, emails.SIGNED)
SEEDS = [
    *(
        email_of(words, html=f"<div>{words}</div>", files=(("a.png", emails.PNG[:200], "image/png"),))
        for words in WORDS
    ),
    *(emails.HTML_ONLY, emails.LATIN, emails.NONSENSE, emails.BROKEN, emails.BOUNCE, emails.INJECTED),
]
PIECES = [
    *(b"\r\n", b"\n\n", b"--", b"\x00", b"\xff\xfe", b"=?utf-8?q?", b"?=", b'"', b"<", b">", b";", b"charset="),
    *(b"Content-Type: multipart/mixed; boundary=x\r\n", b"boundary=", b"@", b",", b"(" * 50, b"<![", b"<!--"),
    *(b"Content-Transfer-Encoding: x-uuencode\r\n", b"message/rfc822", b"\xed\xa0\x80", b"begin 666 x\r\n#"),
    *(b"Content-Disposition: attachment; filename*0*=utf-16''%ff%fe\r\n", b"From: \r\n", b"=?x?b?////?="),
    *(b"charset=idna", b"charset=undefined", b"charset=rot13"),
]


def changed(raw: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 8)):
        at, to = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
        piece = chance.choice(PIECES)
        raw = chance.choice(
            [
                raw[:at] + piece + raw[at:],
                raw[:at] + raw[min(to, at + 200) :],
                raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :],
                raw[:to] + raw[at:to][:2000] + raw[to:],
                raw[: max(at, 20)],
            ]
        )
    return raw


def test_no_message_however_wrong_makes_reading_fail_or_hang() -> None:
    chance = random.Random(7)
    for _ in range(6000):
        raw = changed(chance.choice(SEEDS), chance)
        began = time.perf_counter()
        email = read(raw, {"council@example.org"})
        assert time.perf_counter() - began < 5, raw
        for said in (email.text, email.whole, email.subject, email.name or "", *(file.name for file in email.files)):
            said.encode()
            assert "\x00" not in said
        list(references(email, "BN"))


@pytest.mark.parametrize("piece", ["<", "<a ", "<!", "<!--", "<![", "</", "<script>", "<a b='", "&#", "<blockquote>"])
def test_a_page_that_is_nothing_but_the_beginnings_of_tags_is_read_in_no_time(piece: str) -> None:
    began = time.perf_counter()
    text_of_html(piece * (200_000 // len(piece)))
    assert time.perf_counter() - began < 5


def test_an_email_of_quoted_lines_alone_is_read_in_no_time() -> None:
    with at_once():
        assert own_words(">x\n\n" * 25_000 + "Hello") == "Hello"


@pytest.mark.parametrize("sender", ["ada@example.com\x00", "a\x00da@example.com", "ada@example\x7f.com"])
def test_an_address_that_no_database_keeps_is_nobodys(sender: str) -> None:
    found = read(f"From: {sender}\n\nMy bin".encode())
    assert (found.sender, found.answer_to, found.text) == (None, None, "My bin")
