"""`manage.py nassij_tidy`: what a site does now and then; safe at any time, from cron or by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from nassij.common import outbox, private_files, upkeep
from nassij.common.idempotency import forget_old_replies
from nassij.common.jobs import forget_old_jobs, send_stale


class Command(BaseCommand):
    """Sends lost jobs and mails again, forgets old jobs, mails and stored replies, sweeps files nothing names."""

    help = (
        "Send jobs and mails whose message or worker was lost again; forget jobs, mails and stored replies older than 30 days; "
        "delete private files that no row names."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sent, jobs, replies, files = send_stale(), forget_old_jobs(), forget_old_replies(), private_files.sweep()
        mails, old_mails = outbox.send_stale(), outbox.forget_old()
        upkeep.ran("nassij_tidy")
        self.stdout.write(
            f"jobs sent again: {sent}; old jobs forgotten: {jobs}; old replies forgotten: {replies}; files swept: {files}; "
            f"mails sent again: {mails}; old mails forgotten: {old_mails}"
        )
