"""Pages below nassij/governance/."""

from django.urls import path

from .data import Move
from .views import (
    coach_desk,
    coach_indicator,
    coach_round,
    discussion,
    evidence,
    instruments,
    last_time,
    plan,
    reports,
    rounds,
    sheets,
)

ROUND = "nassij/governance/rounds/<uuid:round_uuid>/"

urlpatterns = [
    path("nassij/governance/", rounds.home, name="home"),
    path(ROUND, rounds.round_page, name="round"),
    path(f"{ROUND}submit/", rounds.move, {"move": Move.SUBMIT}, name="submit"),
    path(f"{ROUND}discuss/", rounds.move, {"move": Move.START_DISCUSSION}, name="start_discussion"),
    path(f"{ROUND}answers/", rounds.move, {"move": Move.BACK_TO_ANSWERS}, name="back_to_answers"),
    path(f"{ROUND}close/", rounds.move, {"move": Move.CLOSE}, name="close"),
    path(f"{ROUND}discussion/", discussion.discussion, name="discussion"),
    path(f"{ROUND}discussion/settle/", discussion.settle, name="settle"),
    path(f"{ROUND}last-time/", last_time.last_time, name="last_time"),
    path(f"{ROUND}reports/", reports.reports, name="reports"),
    path(f"{ROUND}reports/<slug:language>/make/", reports.make, name="report_make"),
    path(f"{ROUND}reports/<slug:language>.pdf", reports.pdf, name="report_pdf"),
    path(f"{ROUND}evidence/", evidence.overview, name="evidence"),
    path(f"{ROUND}evidence/<str:indicator_code>/", evidence.indicator, name="evidence_item"),
    path(f"{ROUND}sheet/", sheets.sheet, name="sheet"),
    path(f"{ROUND}sheet/<slug:language>.xlsx", sheets.download, name="sheet_file"),
    path("nassij/governance/sheets/<uuid:sheet_uuid>/", sheets.plan, name="sheet_plan"),
    path("nassij/governance/sheets/<uuid:sheet_uuid>/apply/", sheets.apply, name="sheet_apply"),
    path("nassij/governance/sheets/<uuid:sheet_uuid>/discard/", sheets.discard, name="sheet_discard"),
    path("nassij/governance/evidence/<uuid:file_uuid>/", evidence.download, name="evidence_file"),
    path("nassij/governance/evidence/<uuid:file_uuid>/remove/", evidence.remove, name="evidence_remove"),
    path(f"{ROUND}data.xlsx", reports.data_workbook, name="data_workbook"),
    path(f"{ROUND}data.json", reports.data_document, name="data_document"),
    path("nassij/governance/round-data-1.schema.json", reports.data_schema, name="data_schema"),
    path("nassij/governance/scoring/", instruments.scoring, name="scoring"),
    path("nassij/governance/desk/", coach_desk.desk, name="desk"),
    path(f"{ROUND}validation/", coach_round.round_page, name="coach_round"),
    path(f"{ROUND}validation/done/", coach_round.validate, name="coach_validate"),
    path(f"{ROUND}validation/reopen/", coach_round.reopen, name="coach_reopen"),
    path(f"{ROUND}validation/of/<str:code>/", coach_indicator.indicator, name="coach_indicator"),
    path(f"{ROUND}trail/", coach_round.trail, name="coach_trail"),
    path("nassij/governance/instruments/<slug:slug>/", instruments.instrument, name="instrument"),
    path(
        "nassij/governance/instruments/<slug:slug>/questionnaire/<slug:kind>/<slug:language>.pdf",
        reports.questionnaire,
        name="questionnaire",
    ),
    path("nassij/governance/plan/<uuid:uuid>/", plan.plan, name="plan"),
    path("nassij/governance/plan/<uuid:uuid>/add/", plan.add, name="plan_add"),
    path("nassij/governance/plan/<uuid:uuid>/take/", plan.take, name="plan_take"),
    path("nassij/governance/plan/<uuid:uuid>/calendar.ics", plan.calendar, name="plan_calendar"),
    path("nassij/governance/plan/<uuid:uuid>/actions/<uuid:item_uuid>/", plan.item, name="plan_item"),
    path("nassij/governance/plan/<uuid:uuid>/actions/<uuid:item_uuid>/state/", plan.state, name="plan_item_state"),
    path("nassij/governance/plan/<uuid:uuid>/actions/<uuid:item_uuid>/remark/", plan.remark, name="plan_item_remark"),
]
