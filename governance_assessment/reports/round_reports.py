"""The report of a round: which there is, asking for one, handing one out. Each function asks who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij.associations.api import Action, require
from nassij.common import jobs
from nassij.common.conf import setting
from nassij.common.errors import NotFound
from nassij.common.models import Job
from nassij.common.numbers import format_date
from nassij.common.pages import url_or_none

from ..data import RoundData
from ..domain import Instrument
from ..instruments.library import parsed
from ..models import MadeFile, PlanItem
from ..rounds.rounds import find_round
from .content import Report
from .file_names import file_name
from .made import MadeFileData, Wanted, find, forget, found_by_key, keep, write
from .subject import Subject, not_submitted, subject_of

MAKE_REPORT = "governance.report"
TEMPLATE = "nassij_governance/report.typ"


@dataclass(frozen=True, kw_only=True)
class ReportData:
    """The report of a round in one language: the file when it is there, else the asking person's job when there is one."""

    language: str
    file: MadeFileData | None
    job: Job | None


@dataclass(frozen=True, kw_only=True)
class ReportsData:
    """What an association can take home of a round. `reports` is empty until the round is submitted."""

    round: RoundData
    association_name: str
    reports: tuple[ReportData, ...]


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file to hand out, and what it is called on the phone of whoever keeps it."""

    file: MadeFileData
    name: str


def reports(*, user_id: int | None, round_uuid: UUID | str) -> ReportsData:
    """The reports of a round in every language; ten queries. Checks permissions: whoever may see the result.

    Raises `NotFound`, `NotSignedIn`, `Conflict` (a frozen result was changed in the database).
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.VIEW_RESULT, association_id=current.association_id)
    return ReportsData(
        round=current,
        association_name=access.association_name,
        reports=() if current.is_open else _reports(subject_of(current.uuid), access.user_id),
    )


def _reports(subject: Subject, user_id: int) -> tuple[ReportData, ...]:
    wanted = {language: wanted_report(subject, language) for language in languages(subject.instrument)}
    files = found_by_key(wanted.values())
    jobs_by_language: dict[str, Job] = {}
    for job in jobs.watched(user_id=user_id, kind=MAKE_REPORT, subject=str(subject.round.uuid)):
        jobs_by_language.setdefault(job.params["language"], job)
    return tuple(
        _report(language, files.get(each.key), jobs_by_language.get(language)) for language, each in wanted.items()
    )


def _report(language: str, file: MadeFileData | None, job: Job | None) -> ReportData:
    """A job that is done says nothing any more: either its file is there, or something has changed since."""
    says_something = file is None and job is not None and job.state != Job.State.DONE
    return ReportData(language=language, file=file, job=job if says_something else None)


def start_report(*, user_id: int | None, round_uuid: UUID | str, language: str) -> Job:
    """Ask for the report; the job that makes it, or the one that is at it already. Checks permissions as `reports`.

    Raises `NotFound`, `NotSignedIn`, `Conflict` (`not_submitted`).
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.VIEW_RESULT, association_id=current.association_id)
    if current.is_open:
        raise not_submitted()
    return jobs.start(
        kind=MAKE_REPORT,
        subject=str(current.uuid),
        owner_id=access.user_id,
        params={"language": known_language(language, parsed(current.instrument_hash, current.kind))},
    )


def report_file(*, user_id: int | None, round_uuid: UUID | str, language: str) -> Download:
    """The report as it stands now, to hand out. Checks permissions as `reports`.

    Raises `NotFound` (`no_report_yet` where it is still to be made), `NotSignedIn`, `Conflict` (`not_submitted`).
    """
    current = find_round(round_uuid)
    require(user_id=user_id, action=Action.VIEW_RESULT, association_id=current.association_id)
    subject = subject_of(current.uuid)
    found = find(wanted_report(subject, known_language(language, subject.instrument)))
    if found is None:
        raise NotFound(
            gettext_lazy("This report is still to be made: something has changed since the last one."),
            code="no_report_yet",
            remedy=gettext_lazy("Open the round's page, choose “Report and data”, and ask for it again."),
        )
    return Download(file=found, name=_file_name(subject, language))


def make_report(job: jobs.RunningJob) -> jobs.Outcome:
    """The worker's part: print what stands now, unless it is there."""
    language = job.params["language"]
    job.report(0, 2, _("Reading the result"))
    subject = subject_of(job.subject)
    wanted = wanted_report(subject, language)
    shown = {"url": url_or_none("nassij_governance:reports", round_uuid=subject.round.uuid)}
    if find(wanted) is not None:
        return shown
    job.report(1, 2, _("Printing the pages"))
    written = write(wanted, job.uuid, made_on=format_date(timezone.now(), language))
    job.report(2, 2, _("Keeping the file"))

    def close() -> dict[str, Any]:
        keep(
            wanted,
            written,
            MadeFile.objects.filter(round_id=subject.round.id),
            kind=MadeFile.Kind.REPORT,
            round_id=subject.round.id,
            submitted_id=subject.submitted.pk,
            validated_id=subject.validated.pk if subject.validated else None,
            instrument_hash=subject.round.instrument_hash,
        )
        return shown

    return close


def wanted_report(subject: Subject, language: str) -> Wanted:
    """The report that stands for this subject now."""
    report = Report(subject, language)
    return Wanted(template=TEMPLATE, language=language, name=report.digest, content=report.content)


def _file_name(subject: Subject, language: str) -> str:
    with translation.override(language):
        title = _("Governance report: %(association)s") % {"association": subject.association.shown_name}
        return file_name(title, subject.round.number, "pdf")


def known_language(language: str, instrument: Instrument) -> str:
    """A language of ours that the questionnaire speaks too. Raises `NotFound`."""
    if language not in languages(instrument):
        raise NotFound()
    return language


def languages(instrument: Instrument) -> tuple[str, ...]:
    """The languages the platform and the questionnaire both speak."""
    return tuple(language for language in setting("NASSIJ_LANGUAGES") if language in instrument.languages)


def forget_reports_naming(user_id: int) -> int:
    """Delete the reports that may name this person as who does something; returns how many. Idempotent, checks no permission."""
    homes = PlanItem.objects.filter(owner_id=user_id).values_list("association_id", flat=True)
    return forget(MadeFile.objects.filter(round__association_id__in=list(homes)))
