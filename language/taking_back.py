"""Whether a whole message takes back what was said before: "undo", "go back", "that was a mistake"."""

import re

_LEAD = r"((oh|oops|sorry|wait|no|please|can we|can i|could i|can you|i want to|let me|lets|let s) )*"
_TAKES_BACK = re.compile(
    _LEAD + r"(undo( (it|that|this|the last (one|answer)|my last answer))?|go back( (one|a step|one step|a question))?|"
    r"(the )?(previous|last) question|(go|take me|back) to the (previous|last) question|one step back|"
    r"(that|it|this) (was|is) (a|my) mistake|i (just )?made a mistake|i ve made a mistake|my mistake|oops|"
    r"take (that|it) back|take back my (last )?answer|i take (that|it) back|"
    r"(i )?(pressed|clicked|hit|tapped|chose|picked) the wrong (one|button|thing|answer|option)|wrong (one|button)|"
    r"i didn t mean (that|to (do|press|send|say) that|it)|i didnt mean (that|it)|i did not mean that)( please| sorry)?"
)


def takes_back(text: str) -> bool:
    """Whether the words, whole, ask for the last thing to be undone. A word of it in a sentence is no such thing."""
    words = " ".join(re.findall(r"[a-z0-9]+", text.lower()))
    return _TAKES_BACK.fullmatch(words) is not None
