"""The settings of the preview: what the blocks need to render, no database, no accounts."""

from __future__ import annotations

from pathlib import Path

import xblocks

HERE = Path(__file__).parent
SETTINGS = {
    "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "testserver"],
    "DEBUG": False,
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "INSTALLED_APPS": [
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.staticfiles",
        "nassij.common",
        "xblocks",
    ],
    # What goes wrong is told where the author looks: in the terminal.
    "LOGGING": {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"terminal": {"class": "logging.StreamHandler", "level": "ERROR"}},
        "loggers": {"django.request": {"handlers": ["terminal"], "propagate": False}},
    },
    "LANGUAGES": [("ar", "العربية"), ("fr", "Français"), ("en", "English")],
    "LANGUAGE_CODE": "fr",
    "LOCALE_PATHS": [str(HERE.parent / "locale")],
    "MIDDLEWARE": ["course_content.preview.views.careful"],
    "ROOT_URLCONF": "course_content.preview.urls",
    "SECRET_KEY": "the preview keeps nothing and knows nobody",
    # What the platform collects from a block's package, at the address the platform gives it.
    "STATICFILES_DIRS": [("xblock/resources/xblocks", Path(xblocks.__file__).parent / "public"), HERE / "static"],
    "STATIC_URL": "/static/",
    "TEMPLATES": [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "templates"], "APP_DIRS": True}
    ],
    "USE_TZ": True,
}
