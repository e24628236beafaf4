"""Every setting an operator may change: name, default, meaning. `tutor config save --set NAME=VALUE` changes one.

The documented table (docs/operations/tutor-settings.rst) is this one; a test compares them. What is marked `site` reaches LMS and
Studio under the same name, through their YAML files, because the platform reads those before the settings of its plugins are
finished. A value that cannot work is refused when the configuration is loaded (`values`), before anything is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tutor import hooks

from tutornassij.i18n import gettext_noop

LANGUAGES = ("ar", "fr", "en")
COURSE_KEY = re.compile(r"course-v1:[^/+\s]+\+[^/+\s]+\+[^/+\s]+$")


def one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: value in values


def at_least(least: int) -> Callable[[Any], bool]:
    return lambda value: value >= least


def languages(value: Any) -> bool:
    return bool(value) and set(value) <= set(LANGUAGES) and len(set(value)) == len(value)


def runs(value: Any) -> bool:
    """{course: {language: key}}"""
    return all(
        isinstance(keys, dict)
        and all(language in LANGUAGES and (not key or COURSE_KEY.match(str(key))) for language, key in keys.items())
        for keys in value.values()
    )


def contact(value: Any) -> bool:
    return set(value) <= {"name", "phone", "mail", "messaging", "hours"} and web_address(value.get("messaging"))


def name(value: Any) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value))


def web_address(value: Any) -> bool:
    return not value or bool(re.fullmatch(r"https?://[^\s/]+(?:/\S*)?", value))


def mail_address(value: Any) -> bool:
    return not value or bool(re.fullmatch(r"[^\s@]+@[^\s@]+|[^<>]*<[^\s@]+@[^\s@]+>", value))


def pair(value: Any) -> bool:
    return len(value) == 2 and all(isinstance(each, int) for each in value) and 1 <= value[0] <= value[1]


def folders(value: Any) -> bool:
    return all(isinstance(each, str) and name(each) for each in value)


def quantity(value: Any) -> bool:
    return bool(re.fullmatch(r"[1-9]\d*m?|\d+\.\d+", str(value)))


@dataclass(frozen=True)
class Setting:
    """`wanted` says in words what `holds` accepts; the type is that of the default. `site`: LMS and Studio have it too."""

    name: str
    default: Any
    meaning: str
    site: bool = True
    holds: Callable[[Any], bool] = lambda value: True
    wanted: str = ""


PEOPLE = (
    Setting(
        "NASSIJ_CONTACT",
        {},
        "the contact centre on every page: name, phone, mail, messaging (https://…), hours; name and hours per language",
        holds=contact,
        wanted=gettext_noop("a mapping of name, phone, mail, messaging (https://…), hours"),
    ),
    Setting("NASSIJ_DATA_CONTROLLER", {}, "who is responsible for the data (law 09-08), per language"),
    Setting(
        "NASSIJ_CNDP_REFERENCE",
        "",
        "reference of the CNDP receipt; the notice says “being filed” without it",
    ),
    Setting(
        "NASSIJ_MAIL_FROM",
        "",
        "sender of our mails; CONTACT_EMAIL without it",
        holds=mail_address,
        wanted="name@example.org",
    ),
    Setting(
        "NASSIJ_SITE_URL",
        "",
        "address of the LMS in mails; that of LMS_HOST without it",
        holds=web_address,
        wanted="https://…",
    ),
    Setting(
        "NASSIJ_DEMO_ACCOUNTS",
        False,
        "invented people and their association, for a site that is shown around; never on one with real people",
        site=False,
    ),
    Setting("NASSIJ_DEMO_PASSWORD", "", "password of the invented people, 8 characters or more", site=False),
)
TONGUES = (
    Setting(
        "NASSIJ_LANGUAGES",
        ["ar", "fr", "en"],
        "languages of the interface, the default first; released at init; LANGUAGE_CODE follows the first",
        holds=languages,
        wanted=gettext_noop("a list of ar, fr, en, each once, the default first"),
    ),
    Setting(
        "NASSIJ_LANGUAGE_POLICY",
        "force",
        "for people who have not chosen: force (the default language) or browser (what the browser asks for)",
        site=False,
        holds=one_of("force", "browser"),
        wanted="force | browser",
    ),
)
COURSES = (
    Setting("NASSIJ_IMPORT_COURSES", True, "import the courses at init", site=False),
    Setting(
        "NASSIJ_COURSE_ORG",
        "",
        "organisation the courses are imported under; the one in their sources without it",
        holds=lambda value: not value or name(value),
        wanted=gettext_noop("letters, digits, . _ -"),
    ),
    Setting(
        "NASSIJ_COURSE_RUNS",
        {"internal-governance": {"ar": "course-v1:Nassij+GOV2+ar", "fr": "course-v1:Nassij+GOV2+fr"}},
        "where the lessons run: course, language, key; links from results and guides follow it",
        holds=runs,
        wanted=gettext_noop(
            'course: language: key, such as {"internal-governance": {"ar": "course-v1:Org+Course+run"}}'
        ),
    ),
    Setting(
        "NASSIJ_QUIET_DAYS",
        14,
        "days without a trace after which a learner counts as stopped",
        holds=at_least(1),
        wanted="≥ 1",
    ),
)
LIMITS = (
    Setting(
        "NASSIJ_UPLOAD_MAX_BYTES",
        10 * 1024 * 1024,
        "bytes of one uploaded file",
        holds=at_least(1024),
        wanted="≥ 1024",
    ),
    Setting(
        "NASSIJ_EVIDENCE_FILES_PER_INDICATOR",
        5,
        "documents that show one answer",
        holds=at_least(0),
        wanted="≥ 0",
    ),
    Setting(
        "NASSIJ_EVIDENCE_ROUND_BYTES",
        60 * 1024 * 1024,
        "bytes of all documents of a round",
        holds=at_least(0),
        wanted="≥ 0",
    ),
    Setting(
        "NASSIJ_SHEET_MAX_BYTES",
        1024 * 1024,
        "bytes of an answer sheet that comes back",
        holds=at_least(1024),
        wanted="≥ 1024",
    ),
    Setting(
        "NASSIJ_IMPORT_MAX_ROWS",
        5000,
        "rows of one import of associations",
        holds=at_least(1),
        wanted="≥ 1",
    ),
    Setting(
        "NASSIJ_IMPORT_MAX_BYTES",
        5 * 1024 * 1024,
        "bytes of one import of associations",
        holds=at_least(1024),
        wanted="≥ 1024",
    ),
    Setting(
        "NASSIJ_IMPORT_UNDO_DAYS",
        30,
        "days in which an import can be undone",
        holds=at_least(0),
        wanted="≥ 0",
    ),
    Setting(
        "NASSIJ_JOIN_ATTEMPTS",
        5,
        "wrong join codes a person may try in one window",
        holds=at_least(1),
        wanted="≥ 1",
    ),
    Setting("NASSIJ_JOIN_WINDOW_MINUTES", 15, "minutes of that window", holds=at_least(1), wanted="≥ 1"),
)
WORK = (
    Setting(
        "NASSIJ_CELERY_QUEUE",
        "nassij",
        "queue of our tasks; our worker listens to it",
        holds=name,
        wanted=gettext_noop("letters, digits, . _ -"),
    ),
    Setting(
        "NASSIJ_JOB_SECONDS",
        900,
        "a background job is stopped after this many seconds",
        holds=lambda value: 60 <= value <= 3000,
        wanted="60 … 3000",
    ),
    Setting(
        "NASSIJ_WORKER_CONCURRENCY",
        2,
        "jobs our worker does at once; each may need 250 MB",
        site=False,
        holds=at_least(1),
        wanted="≥ 1",
    ),
    Setting(
        "NASSIJ_TIDY_MINUTES",
        5,
        "the beat starts nassij_tidy every so many minutes",
        site=False,
        holds=lambda value: 1 <= value <= 60,
        wanted="1 … 60",
    ),
    Setting(
        "NASSIJ_REMINDERS_MINUTES",
        15,
        "the beat starts nassij_send_reminders every so many minutes",
        site=False,
        holds=lambda value: 1 <= value <= 60,
        wanted="1 … 60",
    ),
)
STORAGE = (
    Setting(
        "NASSIJ_STORAGE",
        "files",
        "files (the folders of the machine) or s3 (any S3 store; Kubernetes needs it)",
        site=False,
        holds=one_of("files", "s3"),
        wanted="files | s3",
    ),
    Setting(
        "NASSIJ_S3_BUCKET",
        "",
        "bucket of what anybody may fetch: pictures of courses, profile images",
        site=False,
    ),
    Setting("NASSIJ_S3_PRIVATE_BUCKET", "", "bucket of evidence, reports and grades: never public", site=False),
    Setting(
        "NASSIJ_S3_ENDPOINT",
        "",
        "address of the store, https://…; Amazon's without it",
        site=False,
        holds=web_address,
        wanted="https://…",
    ),
    Setting("NASSIJ_S3_REGION", "", "region of the store", site=False),
    Setting(
        "NASSIJ_PRIVATE_STORAGE",
        {},
        "another store for evidence and reports, as in Django's STORAGES; made from the settings above without it",
    ),
    Setting(
        "NASSIJ_BACKUP_FOLDERS",
        [],
        "folders of data/ that another plugin keeps files in, to be saved with the others",
        site=False,
        holds=folders,
        wanted=gettext_noop("names of folders in data/"),
    ),
)
LOOK = (
    Setting(
        "NASSIJ_LOOK",
        True,
        "colours and mark of the programme in the platform's pages; served by the site itself",
        site=False,
    ),
    Setting(
        "NASSIJ_MFE_LINKS",
        False,
        "links to our pages and the contact centre at the foot of the micro-frontends; launch then builds their image too, "
        "which needs the Internet and 4 GB of memory (k8s: tutor images build mfe)",
        site=False,
    ),
)
GROWTH = (
    Setting(
        "NASSIJ_LMS_REPLICAS",
        [2, 6],
        "Kubernetes: fewest and most LMS pods",
        site=False,
        holds=pair,
        wanted="[min, max]",
    ),
    Setting(
        "NASSIJ_CMS_REPLICAS",
        [1, 3],
        "Kubernetes: fewest and most Studio pods",
        site=False,
        holds=pair,
        wanted="[min, max]",
    ),
    Setting(
        "NASSIJ_WORKER_REPLICAS",
        [1, 4],
        "Kubernetes: fewest and most pods of our worker",
        site=False,
        holds=pair,
        wanted="[min, max]",
    ),
    Setting(
        "NASSIJ_LMS_CPU",
        "500m",
        "Kubernetes: CPU an LMS or Studio pod asks for; the autoscaler measures against it",
        site=False,
        holds=quantity,
        wanted="500m, 1, 2 …",
    ),
)
INTEGRATION = (
    Setting(
        "NASSIJ_XAPI_EVENTS",
        False,
        "send our events to the xAPI store that event-routing-backends is set up for",
    ),
    Setting(
        "NASSIJ_CONTENT_SECURITY_POLICY",
        "",
        "Content-Security-Policy of our pages; made from the static files' address without it",
    ),
    Setting(
        "NASSIJ_SELFCHECK_COURSE",
        "course-v1:Nassij+SelfCheck+permanent",
        "key of the hidden course of the self-check",
        holds=lambda value: bool(COURSE_KEY.match(value)),
        wanted="course-v1:Org+Course+run",
    ),
)
SETTINGS: tuple[Setting, ...] = (*PEOPLE, *TONGUES, *COURSES, *LIMITS, *WORK, *STORAGE, *LOOK, *GROWTH, *INTEGRATION)

NOT_HERE = {
    "NASSIJ_COURSE_UNITS": "follows the courses of the same wheel",
    "NASSIJ_USER_LANGUAGE": "a Python path: the platform's own preference is the right one here",
    "NASSIJ_LEARNERS": "a Python path, for tests and other platforms",
}
"""Settings of the suite that an operator of Tutor has no use for, and why."""


hooks.Filters.CONFIG_DEFAULTS.add_items([(each.name, each.default) for each in SETTINGS])


@hooks.Filters.CONFIG_DEFAULTS.add(priority=hooks.priorities.LOW)
def _core_defaults(items: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Core defaults that are other here. They stay defaults: never in config.yml, and what an operator sets goes before."""
    items.append(("LANGUAGE_CODE", "{{ NASSIJ_LANGUAGES[0] }}"))
    return items
