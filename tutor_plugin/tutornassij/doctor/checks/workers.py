"""Who does the work that no page waits for: our worker, and the clock (Tutor itself has none)."""

from __future__ import annotations

from collections.abc import Iterator

from tutornassij.doctor.findings import Check, Finding, failed, not_here, ok
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, gettext_noop

SERVICES = {"nassij-worker": "worker", "nassij-beat": "beat"}
"""Our services, and the word of Celery that each must be started with."""
PLATFORM = ("lms", "cms", "lms-worker", "cms-worker")


def rendered(site: Site) -> Iterator[Finding]:
    if not site.config:
        yield not_here("workers.no_settings", _("Without settings there are no services to look at."))
        return
    found = {name: started(site, name) for name in SERVICES}
    missing = [name for name, word in SERVICES.items() if word not in found[name]]
    for name in missing:
        yield failed(
            "workers.not_rendered",
            _("The service %(name)s is not rendered: mails, reports and reminders would wait for ever.")
            % {"name": name},
            _("Is the plugin loaded? Then run: tutor config save"),
            service=name,
        )
    queue = str(site.config.get("NASSIJ_CELERY_QUEUE", ""))
    if not missing and f"--queues={queue}" not in found["nassij-worker"]:
        yield failed(
            "workers.queue",
            _("Our worker does not take the queue %(queue)s that tasks are sent to.") % {"queue": queue},
            _("Run: tutor config save"),
            queue=queue,
        )
    elif not missing:
        yield ok("workers.rendered", _("Our worker and the clock are rendered."))


def started(site: Site, name: str) -> list[str]:
    """The words that a service of ours is started with, as rendered; none when there is no such service."""
    if site.mode == "k8s":
        containers = (
            site.deployments.get(name, {}).get("spec", {}).get("template", {}).get("spec", {}).get("containers")
        )
        words = containers[0].get("args") if containers else ()
    else:
        words = site.compose.get(name, {}).get("command")
    return words.split() if isinstance(words, str) else [str(word) for word in words or ()]


def running(site: Site) -> Iterator[Finding]:
    if site.mode != "local" or not site.config or not site.docker.answers:
        yield not_here("workers.no_engine", _("No Docker answers here: what runs was not looked at."))
        return
    up = site.docker.running
    if not up & {*PLATFORM, *SERVICES}:
        yield not_here("workers.stopped", _("The site is not started."), _("Run: tutor local start -d"))
        return
    down = [name for name in (*PLATFORM, *SERVICES) if name not in up]
    for name in down:
        yield failed(
            "workers.down",
            _("The service %(name)s does not run.") % {"name": name},
            _("Run: tutor local start -d, then: tutor local logs --tail=50 %(name)s") % {"name": name},
            service=name,
        )
    if not down:
        yield ok("workers.running", _("Everything runs, our worker and the clock with it."))


CHECKS = (
    Check("workers", gettext_noop("Worker and clock are there"), rendered),
    Check("running", gettext_noop("Everything runs"), running),
)
