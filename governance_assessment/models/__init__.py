"""Instrument versions, rounds, answers, what was submitted, documents, and the action plan."""

from .answers import TEXT_LENGTH, AnswerValue, CoachAnswer, ConsensusAnswer, RespondentAnswer
from .evidence import PRESENT, EvidenceFile, present_slot
from .instruments import InstrumentVersion
from .plan import TITLE_LENGTH, DueReminder, PlanItem
from .reports import MadeFile
from .rounds import Round, Transition
from .sheets import AnswerSheet, applied_slot
from .snapshots import Snapshot

__all__ = [
    "PRESENT",
    "TEXT_LENGTH",
    "TITLE_LENGTH",
    "AnswerSheet",
    "AnswerValue",
    "CoachAnswer",
    "ConsensusAnswer",
    "DueReminder",
    "EvidenceFile",
    "InstrumentVersion",
    "MadeFile",
    "PlanItem",
    "RespondentAnswer",
    "Round",
    "Snapshot",
    "Transition",
    "applied_slot",
    "present_slot",
]
