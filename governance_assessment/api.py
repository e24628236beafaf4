"""The one door of the self-assessment: rounds, answers, results and instruments.

Keyword-only and typed. Each docstring says whether it checks permissions (through `nassij.associations.api`) and what it costs;
the errors are those of `nassij.common.errors`. Import it inside functions where this app may not be installed.
"""

from governance_assessment.answers.answering import blank_sheet, forget_respondent, save_answer, sheet
from governance_assessment.answers.confirming import LastTime, confirm_last_time, last_time
from governance_assessment.answers.whole_sheet import save_sheet
from governance_assessment.data import (
    DEFAULT_INSTRUMENT,
    AnswerData,
    AnswerMethod,
    CoachAnswerData,
    CoachKind,
    ConsensusData,
    Evidence,
    InstrumentData,
    LoadedInstrument,
    LoadOutcome,
    Move,
    Origin,
    Progress,
    RoundData,
    RoundKind,
    RoundState,
    RoundSummary,
    SavedAnswer,
    SavedCoachAnswer,
    SavedSheet,
    SettledAnswer,
    SheetData,
    Standing,
)
from governance_assessment.discussion.discussion import DiscussionData, DiscussionItem, Dots, discussion
from governance_assessment.discussion.settling import settle
from governance_assessment.discussion.words import discussion_summary
from governance_assessment.domain import AnswerKind, QualityCheck
from governance_assessment.evidence.data import (
    AddedEvidence,
    EvidenceData,
    EvidenceFileData,
    EvidenceItem,
    OpenedEvidence,
)
from governance_assessment.evidence.evidence import (
    add_evidence,
    evidence_of,
    open_evidence,
    remove_evidence,
)
from governance_assessment.instruments.library import instruments, published_instrument
from governance_assessment.instruments.loading import load_instrument_file, retire
from governance_assessment.plan.data import ItemPage, ItemState, PlanData, PlanItemData, Projection, Suggestion
from governance_assessment.plan.first_steps import first_steps
from governance_assessment.plan.plan import plan, plan_item
from governance_assessment.plan.writes import (
    add_plan_item,
    change_plan_item,
    remark_plan_item,
    take_recommendation,
)
from governance_assessment.reports.made import forget_damaged
from governance_assessment.reports.own_data import OwnData, own_data
from governance_assessment.reports.questionnaire import questionnaire_file
from governance_assessment.reports.round_reports import (
    Download,
    ReportData,
    ReportsData,
    report_file,
    reports,
    start_report,
)
from governance_assessment.results.comparison import Comparison, comparison
from governance_assessment.results.outcome import ResultData, result, result_beside
from governance_assessment.results.presentation import result_context
from governance_assessment.results.quality import quality_sentence
from governance_assessment.rounds.history import TransitionData, history
from governance_assessment.rounds.opening import open_round, widen_round
from governance_assessment.rounds.participation import Participation, participation
from governance_assessment.rounds.rounds import rounds_of, set_profile
from governance_assessment.rounds.submission import (
    back_to_answers,
    close_round,
    reopen_round,
    start_discussion,
    submit_round,
)
from governance_assessment.rounds.trail import TrailData, TrailLine, trail
from governance_assessment.sheets.data import CheckedSheet, SheetPlan, SheetRound, WrittenSheet
from governance_assessment.sheets.sheets import (
    answer_sheet,
    apply_sheet,
    check_sheet,
    discard_sheet,
    sheet_plan,
    sheet_round,
)
from governance_assessment.tracking import is_first_view, report_downloaded, round_fields
from governance_assessment.validation.coach_words import save_coach_answer
from governance_assessment.validation.desk import (
    AccompaniedAssociation,
    DeskData,
    WaitingRound,
    desk,
    waiting_rounds,
)
from governance_assessment.validation.validation import ValidationData, ValidationItem, validate_round, validation

__all__ = [
    "DEFAULT_INSTRUMENT",
    "AccompaniedAssociation",
    "AddedEvidence",
    "AnswerData",
    "AnswerKind",
    "AnswerMethod",
    "CheckedSheet",
    "CoachAnswerData",
    "CoachKind",
    "Comparison",
    "ConsensusData",
    "DeskData",
    "DiscussionData",
    "DiscussionItem",
    "Dots",
    "Download",
    "Evidence",
    "EvidenceData",
    "EvidenceFileData",
    "EvidenceItem",
    "InstrumentData",
    "ItemPage",
    "ItemState",
    "LastTime",
    "LoadOutcome",
    "LoadedInstrument",
    "Move",
    "OpenedEvidence",
    "Origin",
    "OwnData",
    "Participation",
    "PlanData",
    "PlanItemData",
    "Progress",
    "Projection",
    "QualityCheck",
    "ReportData",
    "ReportsData",
    "ResultData",
    "RoundData",
    "RoundKind",
    "RoundState",
    "RoundSummary",
    "SavedAnswer",
    "SavedCoachAnswer",
    "SavedSheet",
    "SettledAnswer",
    "SheetData",
    "SheetPlan",
    "SheetRound",
    "Standing",
    "Suggestion",
    "TrailData",
    "TrailLine",
    "TransitionData",
    "ValidationData",
    "ValidationItem",
    "WaitingRound",
    "WrittenSheet",
    "add_evidence",
    "add_plan_item",
    "answer_sheet",
    "apply_sheet",
    "back_to_answers",
    "blank_sheet",
    "change_plan_item",
    "check_sheet",
    "close_round",
    "comparison",
    "confirm_last_time",
    "desk",
    "discard_sheet",
    "discussion",
    "discussion_summary",
    "evidence_of",
    "first_steps",
    "forget_damaged",
    "forget_respondent",
    "history",
    "instruments",
    "is_first_view",
    "last_time",
    "load_instrument_file",
    "open_evidence",
    "open_round",
    "own_data",
    "participation",
    "plan",
    "plan_item",
    "published_instrument",
    "quality_sentence",
    "questionnaire_file",
    "remark_plan_item",
    "remove_evidence",
    "reopen_round",
    "report_downloaded",
    "report_file",
    "reports",
    "result",
    "result_beside",
    "result_context",
    "retire",
    "round_fields",
    "rounds_of",
    "save_answer",
    "save_coach_answer",
    "save_sheet",
    "set_profile",
    "settle",
    "sheet",
    "sheet_plan",
    "sheet_round",
    "start_discussion",
    "start_report",
    "submit_round",
    "take_recommendation",
    "trail",
    "validate_round",
    "validation",
    "waiting_rounds",
    "widen_round",
]
