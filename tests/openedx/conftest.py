"""A running Open edX, or a clear word: these tests are for whoever has a platform."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    try:
        import django

        django.setup()
        from nassij.common.selfcheck import Service, service

        is_here = service() is not Service.NONE
    except Exception as error:  # no settings, no platform, no suite
        is_here, reason = False, f" ({type(error).__name__}: {error})"
    else:
        reason = ""
    if not is_here:
        settings = os.environ.get("DJANGO_SETTINGS_MODULE", "none")
        pytest.exit(
            f"tests/openedx: there is no Open edX platform here{reason}. DJANGO_SETTINGS_MODULE is {settings}. "
            "Run them in the folder of the platform, once for each service: docs/operations/selfcheck.rst",
            returncode=pytest.ExitCode.USAGE_ERROR,
        )
