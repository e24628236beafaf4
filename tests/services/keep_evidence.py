"""`python -m tests.services.keep_evidence --round … --user … --files N`: attaches documents one by one, until killed."""

from __future__ import annotations

import argparse
import os

import django


def main() -> None:
    """Each content is its own, so each is a document; the codes of the instrument take turns."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--round", required=True)
    arguments.add_argument("--user", type=int, required=True)
    arguments.add_argument("--files", type=int, required=True)
    arguments.add_argument("--from", dest="start", type=int, default=0)
    given = arguments.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.conf import settings
    from django.core.files.uploadedfile import SimpleUploadedFile

    from governance_assessment import api

    settings.MEDIA_ROOT = os.environ["NASSIJ_TEST_MEDIA"]
    codes = [indicator.code for indicator in api.published_instrument(slug="gov-ma").instrument.all_indicators()]
    for number in range(given.start, given.start + given.files):
        content = b"%PDF-1.7\n%" + str(number).encode() + b"\n" + b"x" * 20_000 + b"\n%%EOF\n"
        added = api.add_evidence(
            user_id=given.user,
            round_uuid=given.round,
            indicator_code=codes[number % len(codes)],
            file=SimpleUploadedFile(f"{number}.pdf", content),
        )
        print(added.file.uuid, flush=True)
        if number % 5:  # few stay, so that no question is ever full
            api.remove_evidence(user_id=given.user, file_uuid=added.file.uuid)


if __name__ == "__main__":
    main()
