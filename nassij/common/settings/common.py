"""Defaults of nassij.common; each is a `NASSIJ_*` setting an operator may set."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Languages of the interface; the first is the default and the fallback.
    "NASSIJ_LANGUAGES": ("ar", "fr", "en"),
    # The contact centre, on every page: {"name": "…", "phone": "+212 5…", "mail": "…", "messaging": "https://…", "hours": "…"};
    # name and hours may be given per language: {"ar": "…", "fr": "…"}.
    "NASSIJ_CONTACT": {},
    # Who is responsible for the data under law 09-08, per language: {"ar": "…", "fr": "…", "en": "…"}.
    "NASSIJ_DATA_CONTROLLER": {},
    # Reference of the CNDP receipt or authorisation; the notice says "declaration being filed" without it.
    "NASSIJ_CNDP_REFERENCE": "",
    # Sender of our mails; the platform's DEFAULT_FROM_EMAIL without it.
    "NASSIJ_MAIL_FROM": "",
    # Address of the site in mails, "https://…"; the platform's LMS_ROOT_URL without it.
    "NASSIJ_SITE_URL": "",
    # Where the lessons run: {"internal-governance": {"ar": "course-v1:Nassij+GOV2+ar", "fr": "…"}}.
    "NASSIJ_COURSE_RUNS": {},
    # Which course the first part of a unit code (`gov2-s1-u1`) belongs to.
    "NASSIJ_COURSE_UNITS": {"gov2": "internal-governance"},
    # Dotted path of a function user_id -> language code or None; asks the platform's preference of the user without it.
    "NASSIJ_USER_LANGUAGE": "",
    # Celery queue of our tasks; the worker's default without it.
    "NASSIJ_CELERY_QUEUE": "",
    # A job is stopped after this many seconds; keep it under the broker's redelivery time (an hour on Redis).
    "NASSIJ_JOB_SECONDS": 900,
    # Bytes of one uploaded file.
    "NASSIJ_UPLOAD_MAX_BYTES": 10 * 1024 * 1024,
    # Where evidence and reports are kept, as in Django's STORAGES: {"BACKEND": "…", "OPTIONS": {…}}; never served by the web
    # server. Without it: the folder `media-private` beside MEDIA_ROOT, which all web and worker machines must share.
    "NASSIJ_PRIVATE_STORAGE": {},
    # Send our tracking events to the xAPI store that event-routing-backends is set up for; without it they stay in the event log.
    "NASSIJ_XAPI_EVENTS": False,
    # Content-Security-Policy of our pages; made from STATIC_URL without it.
    "NASSIJ_CONTENT_SECURITY_POLICY": "",
}


def plugin_settings(settings: Any) -> None:
    """Add the defaults that the platform's settings do not have yet."""
    for name, value in DEFAULTS.items():
        if not hasattr(settings, name):
            setattr(settings, name, value)
