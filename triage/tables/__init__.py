"""SQLAlchemy models, one file for each table (or a pair that is never apart)."""

from triage.tables.agent import Agent, SignIn
from triage.tables.attachment import Attachment
from triage.tables.audit import Audit
from triage.tables.base import Base
from triage.tables.bulk_move import BulkMove, BulkMoveItem
from triage.tables.comment import CommentReading, YouSaid
from triage.tables.contact import Contact
from triage.tables.contact_clock import ContactClock
from triage.tables.contact_history import ContactHistory
from triage.tables.contact_link import ContactLink
from triage.tables.conversation import Conversation
from triage.tables.correction import Correction, LearnedExample
from triage.tables.delivery import CaseUpdate, Delivery, Supplier
from triage.tables.fact import DayCount, Fact, FactMonth, FactTotal
from triage.tables.learning_job import LearningChange, LearningJob
from triage.tables.message import Message
from triage.tables.notice import Notice
from triage.tables.open_data_edition import OpenDataEdition
from triage.tables.owner_room import Annotation, OwnerSubscription, OwnerSummary, SavedView
from triage.tables.passage import Passage
from triage.tables.queue_switch import QueueSwitch
from triage.tables.referral import Referral
from triage.tables.report import Report, ReportCorrection, ReportIndicator, ReportNote, ReportWriter
from triage.tables.second_factor import SecondFactor
from triage.tables.sorter_version import ShadowDecision, SorterVersion
from triage.tables.sorting_decision import SortingDecision
from triage.tables.sorting_rule import SortingRule
from triage.tables.survey import Answer, Invite, OutcomeCheck, SurveyCase, SurveyLetter, SurveyRefusal
from triage.tables.survey_import import ImportedComment, ImportedCount, SurveyImport
from triage.tables.tally import Tally
from triage.tables.unsafe_address import UnsafeAddress

__all__ = [
    "Agent",
    "Annotation",
    "Answer",
    "Attachment",
    "Audit",
    "Base",
    "BulkMove",
    "BulkMoveItem",
    "CaseUpdate",
    "CommentReading",
    "Contact",
    "ContactClock",
    "ContactHistory",
    "ContactLink",
    "Conversation",
    "Correction",
    "DayCount",
    "Delivery",
    "Fact",
    "FactMonth",
    "FactTotal",
    "ImportedComment",
    "ImportedCount",
    "Invite",
    "LearnedExample",
    "LearningChange",
    "LearningJob",
    "Message",
    "Notice",
    "OpenDataEdition",
    "OutcomeCheck",
    "OwnerSubscription",
    "OwnerSummary",
    "Passage",
    "QueueSwitch",
    "Referral",
    "Report",
    "ReportCorrection",
    "ReportIndicator",
    "ReportNote",
    "ReportWriter",
    "SavedView",
    "SecondFactor",
    "ShadowDecision",
    "SignIn",
    "SorterVersion",
    "SortingDecision",
    "SortingRule",
    "Supplier",
    "SurveyCase",
    "SurveyImport",
    "SurveyLetter",
    "SurveyRefusal",
    "Tally",
    "UnsafeAddress",
    "YouSaid",
]
