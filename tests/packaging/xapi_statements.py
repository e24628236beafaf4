"""Prints the xAPI statements of our events, made by the real event-routing-backends; see `test_xapi`.

Run in a process of its own: that package is an app with models, which no other test shall have. Of the platform it asks two
things, who somebody is for the store and what a course is called: those two are answered here.
"""

import json
import sys
from types import SimpleNamespace

import django
from django.conf import settings

COURSE = "course-v1:Nassij+GOV2+ar"
ACTOR = "32e08e30-f8ae-4ce2-94a8-c2bfe38a70cb"

settings.configure(
    SECRET_KEY="x",
    USE_TZ=True,
    LMS_ROOT_URL="https://lms.example.org",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "event_routing_backends",
        "nassij.common",
    ],
    XAPI_EVENTS_ENABLED=True,
    XAPI_EVENT_LOGGING_ENABLED=False,
    XAPI_AGENT_IFI_TYPE="external_id",
    CALIPER_EVENTS_ENABLED=False,
    EVENT_TRACKING_ENABLED=True,
    ENV_TOKENS={},
    NASSIJ_XAPI_EVENTS=True,
    SERVICE_VARIANT="lms",
)
django.setup()

from event_routing_backends.processors.xapi import transformer  # noqa: E402
from event_routing_backends.processors.xapi.registry import XApiTransformersRegistry  # noqa: E402
from event_routing_backends.processors.xapi.transformer_processor import XApiProcessor  # noqa: E402
from event_routing_backends.settings import common as their_settings  # noqa: E402
from event_routing_backends.settings import production as their_production  # noqa: E402
from eventtracking import tracker  # noqa: E402
from eventtracking.processors.exceptions import EventEmissionExit  # noqa: E402
from eventtracking.processors.whitelist import NameWhitelistProcessor  # noqa: E402
from tincan import Statement  # noqa: E402

from nassij.common import tracking  # noqa: E402
from nassij.common.settings import production as our_settings  # noqa: E402

transformer.get_anonymous_user_id = lambda user, kind: ACTOR
transformer.get_course_from_id = lambda course: {"display_name": "الحكامة"}


class Kept:
    """A backend that keeps what the tracker sends."""

    def __init__(self):
        self.events = []

    def send(self, event):
        self.events.append({**event, "timestamp": event["timestamp"].isoformat()})


def through_the_tracker(samples):
    """Our events with the context the platform gives them: told by `nassij.common.tracking`, or as its block runtime does."""
    kept = Kept()
    ours = tracker.Tracker(backends={"kept": kept})
    tracker.register_tracker(ours)
    context = {
        "user_id": 7,
        "username": "person",
        "session": "5e55",
        "course_id": COURSE,
        "org_id": "Nassij",
        "ip": "10.0.0.1",
    }
    for name, data in samples:
        outside = {"course_id": None} if tracking.BLOCK_FIELD not in data else {}
        with ours.context("platform", context | outside):
            if tracking.BLOCK_FIELD in data:
                tracking.checked(name, data)
                tracker.emit(name, data)
            else:
                tracking.emit(name, **data)
    return kept.events


def allowed_lists():
    """What each list that event-routing-backends makes lets pass, once both plugins have read their settings."""
    found = SimpleNamespace(LMS_ROOT_URL="x", ENV_TOKENS={}, NASSIJ_XAPI_EVENTS=True, NASSIJ_CELERY_QUEUE="")
    their_settings.plugin_settings(found)
    their_production.plugin_settings(found)
    our_settings.plugin_settings(found)
    router = found.EVENT_TRACKING_BACKENDS["event_transformer"]["OPTIONS"]
    passing = {}
    for place, part in (("router", router), ("xapi", router["backends"]["xapi"]["OPTIONS"])):
        whitelist = part["processors"][0]["OPTIONS"]["whitelist"]
        keep = NameWhitelistProcessor(whitelist=whitelist)
        passing[place] = []
        for name in (*tracking.EVENTS, "edx.something.else"):
            try:
                keep({"name": name})
            except EventEmissionExit:
                continue
            passing[place].append(name)
    return passing


samples = json.load(sys.stdin)
events = through_the_tracker(samples)
statements = [statement for event in events for statement in XApiProcessor()([event])]
for statement in statements:  # what the library writes, the library of every store reads
    assert json.loads(Statement.from_json(json.dumps(statement)).to_json()) == statement
print(
    json.dumps(
        {
            "statements": statements,
            "registered": sorted(name for name in XApiTransformersRegistry.mapping if name.startswith("nassij.")),
            "allowed": allowed_lists(),
        }
    )
)
