"""What leans on what was just spoken of: "and for my mum?", "she lives alone", "is it the same for him". Pure."""

import re
from dataclasses import replace
from typing import Any

from triage.chat.engine import Turn, Understood

SOMEONE_ELSE = "more_someone_else"

# Whom a follow-up is about, and what may be said of them that is a circumstance and no danger. A message made of
# nothing else, after a service was spoken of, asks about that service: "and for my dad who is 84?".
_RELATIVE = (
    r"(mum|mummy|mom|mother|dad|daddy|father|nan|nana|nanny|gran|granny|grandma|grandmother|grandad|granddad|"
    r"grandfather|grandson|granddaughter|son|daughter|wife|husband|partner|girlfriend|boyfriend|sister|brother|aunt|"
    r"auntie|aunty|uncle|cousin|niece|nephew|kids?|child|children|baby|toddler|friend|neighbour|carer|family|parents?|"
    r"grandparents?|in laws?|mother in law|father in law|mum in law|dad in law|tenant|flatmate|lodger)( s)?"
)
_MY = r"(my|our|his|her|the|a) ((\d{1,2} (year|yr|month) old|old|elderly|older|disabled|blind|deaf) )?"
_WHO = (
    r"(he|she|they|it|hes|shes|theyre|him|her|them|us|me|we|i|someone else|somebody else|anyone else|"
    rf"(my|our) \d{{1,2}} (year|yr|month) old|{_MY}{_RELATIVE}|{_RELATIVE})"
)
_BE = r"(is|s|are|re|was|am|m|isn t|isnt|aren t|arent|will be|now)"
_THEIR_WAY = (
    r"(\d{1,3}|\d{1,3} (years|yrs|year|yr|months|weeks)( old)?|(very |quite |a bit )?(old|elderly|frail|disabled|deaf|"
    r"blind|retired|pregnant|a pensioner|housebound|bedbound|bed bound|partially sighted|on benefits|"
    r"on (pip|universal credit|pension credit|esa|dla|attendance allowance)|a (carer|student|wheelchair user)|"
    r"in a (wheelchair|care home|nursing home)|in hospital|autistic|diabetic|only \d{1,3})|hard of hearing)"
)
_DOES = (
    r"(lives? (alone|on (her|his|their) own|with (me|us|him|her|them)|in (a )?(flat|sheltered housing|barnet)|"
    r"far away|abroad|somewhere else)|(has|got|have|has got|s got) (a blue badge|dementia|alzheimers|alzheimer s|"
    r"parkinsons|parkinson s|autism|arthritis|ms|copd|pip|dla|carers|a carer|no (car|computer|internet|email))|"
    r"(can t|cant|cannot|doesn t|doesnt|does not) (walk|walk far|walk well|walk much|drive|see well|hear well|"
    r"get about|get around|go online|use (a computer|the internet)|speak english|read|write)( much| well| very far)?|"
    r"uses? a (stick|frame|wheelchair|walker)|(gets?|is getting) (pip|dla|universal credit|pension credit|"
    r"attendance allowance|a pension)|work(s)?|is retired)"
)
_LEAD = (
    r"((ok|okay|oh|so|and|also|but|then|what|how|about|if|for|is|it|that|the|same|does|do|would|will|can|could|thing|"
    r"this|apply|work|count|go|be|get|have|one|i|me|we|you|its|apply|order|with|to|too|as|well|instead|or|not) )*"
)
_TAIL = (
    r"( (too|as well|instead|please|pls|thanks|thank you|also|get (it|one|that)( too| as well)?|apply|have (it|one)|"
    r"qualify|do (it|that)|use it|need (it|one)|be included|count|"
    r"(can|could|does|do|will|would|is|should) (he|she|they|i|we) (have|get|apply|qualify|use|need|do|entitled)"
    r"( (it|one|that|for (it|one|that)))?))*"
)
_ABOUT_THEM = rf"((who |that )?({_WHO} )?({_BE} )?(not )?{_THEIR_WAY}|(who |that )?({_WHO} )?{_DOES})"
_FOLLOWS = re.compile(rf"{_LEAD}({_WHO}|{_ABOUT_THEM})( (and |but |because |as |with )?{_ABOUT_THEM}){{0,3}}{_TAIL}")
# "And for …" alone leans on what was spoken of, whatever the reader makes of so few words.
_FOR_SOMEONE = re.compile(
    rf"(ok |okay |so )?(and|and for|what about|what about for|how about|and what about|for) {_WHO}( then)?{_TAIL}"
)
MOST_WORDS_FOLLOWING = 16


def follows(text: str) -> bool:
    """Whether a message says only whom it is about and how they live: a follow-up to what was just spoken of.

    Its words are a closed list, so that nothing can stand between them; what a rule sees in it stands all the same.
    """
    words = _plain(text)
    return len(words.split()) <= MOST_WORDS_FOLLOWING and _FOLLOWS.fullmatch(words) is not None


def for_someone_else(text: str) -> bool:
    """Whether a message asks the same for another person, in so few words that only what was before tells what."""
    return _FOR_SOMEONE.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def leaning(turn: Turn, text: str | None, context: dict[str, Any]) -> Turn:
    """The turn as it is meant: "what about my nan", not understood by itself, asks after the service spoken of."""
    unclear = turn.says == ({"do": "clarify"},) and not turn.form
    if not unclear or text is None or not context.get("service") or not for_someone_else(text):
        return turn
    understood = Understood(SOMEONE_ELSE, turn.understood.confidence, False, turn.understood.ranking)
    return replace(turn, says=({"do": "detail"},), understood=understood)
