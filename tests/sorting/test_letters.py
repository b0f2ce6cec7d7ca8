"""A long letter is taken apart: what its writer says, what they quote, and its pieces."""

from triage.sorting.letters import MOST, PIECES, pieces, read_letter

EMAIL = """Dear Council,

My bin was not emptied on Tuesday and the food caddy was left too.
Could you send somebody back please, as there are maggots.

Kind regards
Jo

On 20 Nov 2026 the bins team wrote:
> If you are in danger call 999.
> Your collection is on Tuesday.
"""


def test_a_greeting_a_signature_and_a_quoted_message_are_not_what_its_writer_says() -> None:
    letter = read_letter(EMAIL)
    assert letter.body.startswith("My bin was not emptied") and letter.body.endswith("as there are maggots.")
    assert letter.quoted.startswith("On 20 Nov") and "999" in letter.quoted


def test_who_forwards_a_message_means_what_is_in_it() -> None:
    letter = read_letter("Fwd: please see\n\n> My landlord changed the locks and I have nowhere to go tonight.")
    assert "changed the locks" in letter.body


def test_a_few_own_words_above_a_quoted_message_do_not_hide_it() -> None:
    assert "hits me" in read_letter("see below\n> he hits me every night").body


def test_thanks_in_the_middle_of_a_letter_end_nothing() -> None:
    text = "Thanks for your letter.\n" + "\n".join(
        f"Line {n} says something about the damp in my flat." for n in range(9)
    )
    assert read_letter(text).body.count("damp") == 9


def test_a_letter_of_a_greeting_alone_keeps_its_words() -> None:
    assert read_letter("Hello").body == "Hello"


def test_pieces_are_bounded_whatever_is_written() -> None:
    found = pieces("word " * 5000)
    assert len(found) == PIECES and all(len(piece.split()) <= MOST for piece in found)
    assert pieces("") == [""]
