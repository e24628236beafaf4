"""Background work of this app, registered with `nassij.common.jobs`."""

from nassij.common.jobs import job_kind

from .reports.round_reports import MAKE_REPORT, make_report

job_kind(MAKE_REPORT)(make_report)
