"""The pages every app of the suite links to."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language as switch

from nassij.common import mail_topics as mails
from nassij.common.conf import setting
from nassij.common.errors import BadInput, NassijError
from nassij.common.jobs import watched_by
from nassij.common.locale import active_language, remember, spoken
from nassij.common.models import Job
from nassij.common.pages import in_language, pages, render_page, signed_in_user_id, url_or_none
from nassij.common.rest import problem_response


@require_safe
@pages
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice of law 09-08, article 5: who, why, for whom, which rights, and the CNDP reference."""
    language = active_language()
    context = {
        "controller": in_language(setting("NASSIJ_DATA_CONTROLLER"), language),
        "cndp_reference": setting("NASSIJ_CNDP_REFERENCE"),
    }
    return render_page(request, "nassij/privacy.html", context)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's language switch; what a person who is signed in chose holds on the whole platform, and on their other devices."""
    language = spoken(request.POST.get("language"))
    if language and request.user.is_authenticated:
        remember(request.user.pk, language)
    return switch(request)


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def mail_topics(request: HttpRequest) -> HttpResponse:
    """Which mails I want, a switch per topic."""
    user_id = signed_in_user_id(request)
    if request.method == "POST":
        mails.switch(user_id=user_id, topic=request.POST.get("topic", ""), on=_switched(request))
        messages.success(request, _("Saved."))
        return redirect("nassij_common:mail_topics")
    topics = [
        {"code": code, "title": title, "on": mails.wants(user_id=user_id, topic=code)}
        for code, title in mails.TOPICS.items()
    ]
    return render_page(request, "nassij/mail_topics.html", {"topics": topics})


@csrf_exempt  # the signed address is the permission; a mail program has neither session nor token of ours
@require_http_methods(["GET", "HEAD", "POST"])
@pages
def mail_off(request: HttpRequest, token: str) -> HttpResponse:
    """The address in a mail: its form, or the one click of a mail program (RFC 8058), switches the topic off. A GET only asks."""
    user_id, topic = mails.read_token(token)
    if request.method == "POST":
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        mails.switch(user_id=user_id, topic=topic, on=False if one_click else _switched(request))
    context = {
        "topic": mails.TOPICS[topic],
        "on": mails.wants(user_id=user_id, topic=topic),
        "changed": request.method == "POST",
    }
    return render_page(request, "nassij/mail_off.html", context)


def _switched(request: HttpRequest) -> bool:
    """What the form says. Raises `BadInput` for anything but on and off."""
    said = request.POST.get("mails")
    if said not in ("on", "off"):
        raise BadInput()
    return said == "on"


@require_safe
@pages
def watch_job(request: HttpRequest, job_uuid: UUID) -> HttpResponse:
    """How far a job is, for who asked for it; reloads itself without JavaScript."""
    job = watched_by(user_id=signed_in_user_id(request), job_uuid=job_uuid)
    return render_page(request, "nassij/job.html", {"job": job, **job_view(job)})


@require_safe
def job_state(request: HttpRequest, job_uuid: UUID) -> HttpResponse:
    """The same as JSON: `{state, progress, done, total, words, finished, url}`, or a problem."""
    try:
        job = watched_by(user_id=signed_in_user_id(request), job_uuid=job_uuid)
    except NassijError as error:
        return problem_response(error)
    shown = job_view(job)
    body = {
        "uuid": str(job.uuid),
        "state": job.state,
        "progress": job.progress,
        "done": job.done,
        "total": job.total,
        "words": shown["job_words"],
        "finished": not job.is_open,
        "url": shown["job_url"],
        "problem": job.problem,
    }
    return JsonResponse(body, headers={"Cache-Control": "no-store"}, json_dumps_params={"ensure_ascii": False})


def job_view(job: Job) -> dict[str, object]:
    """What the fragment `nassij/job_progress.html` shows of a job; add it to a page that includes the fragment."""
    url = str((job.result or {}).get("url") or "")
    return {
        "job": job,
        "job_words": _words(job),
        # A result leads to a page of this site, nowhere else.
        "job_url": url if url and url_has_allowed_host_and_scheme(url, allowed_hosts=None) else None,
        "job_watch_url": url_or_none("nassij_common:job", job_uuid=job.uuid),
        "job_state_url": url_or_none("nassij_common:job_state", job_uuid=job.uuid),
    }


def _words(job: Job) -> str:
    if job.state == Job.State.DONE:
        return _("Done.")
    if job.state == Job.State.FAILED:
        return str((job.problem or {}).get("detail") or _("This did not work."))
    if job.state == Job.State.QUEUED:
        return _("Waiting for its turn. You may close this page and come back.")
    counted = _("%(done)s of %(total)s") % {"done": job.done, "total": job.total} if job.total else ""
    return " · ".join(part for part in (job.message or _("In progress."), counted) if part)
