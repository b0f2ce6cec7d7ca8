"""SQLAlchemy models, one file for each table (or a pair that is never apart)."""

from triage.tables.agent import Agent, SignIn
from triage.tables.attachment import Attachment
from triage.tables.base import Base
from triage.tables.contact import Contact
from triage.tables.contact_history import ContactHistory
from triage.tables.contact_link import ContactLink
from triage.tables.conversation import Conversation
from triage.tables.fact import Fact
from triage.tables.message import Message
from triage.tables.passage import Passage
from triage.tables.referral import Referral
from triage.tables.sorting_decision import SortingDecision
from triage.tables.survey import Answer, Invite
from triage.tables.tally import Tally

__all__ = [
    "Agent",
    "Answer",
    "Attachment",
    "Base",
    "Contact",
    "ContactHistory",
    "ContactLink",
    "Conversation",
    "Fact",
    "Invite",
    "Message",
    "Passage",
    "Referral",
    "SignIn",
    "SortingDecision",
    "Tally",
]
