"""Settings of the demo site: a small LMS on SQLite. Apps, settings and URLs of the suite come from its entry points."""

import os
import secrets
from pathlib import Path

from edx_django_utils.plugins import add_plugins, get_plugin_apps

from demo import paths
from tools import small_lms

SERVICE = "lms.djangoapp"


def _secret_key() -> str:
    """A key of this machine, made once: the demo listens on loopback only, and still no key is in the sources."""
    file = paths.DATA / "secret_key"
    if not file.exists():
        paths.DATA.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_urlsafe(50), "ascii")
        file.chmod(0o600)
    return file.read_text("ascii")


SECRET_KEY = _secret_key()
DEBUG = bool(os.environ.get("NASSIJ_DEMO_DEBUG"))
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
ROOT_URLCONF = "demo.urls"
USE_TZ = True
TIME_ZONE = "Africa/Casablanca"
LANGUAGE_CODE = "ar"
LANGUAGES = small_lms.LANGUAGES
LOCALE_PATHS: list[Path] = []
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = paths.MEDIA
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

INSTALLED_APPS = [
    "demo",
    "demo.administration.DemoAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "workbench",
    *get_plugin_apps(SERVICE),
]
MIDDLEWARE = [
    "demo.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *small_lms.MIDDLEWARE,
]
TEMPLATES = small_lms.TEMPLATES
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": paths.DATABASE,
        # Two writers (site and worker): wait for each other instead of failing; WAL is set in demo.apps.
        "OPTIONS": {"timeout": 20},
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = paths.DATA / "mail"
# What the platform collects from a block's package, at the address the platform gives it.
STATICFILES_DIRS = [
    ("xblock/resources/xblocks", paths.ROOT / "xblocks/public"),
    paths.ROOT / "course_content/preview/static",  # the browser side of a runtime: the demo's is that of the preview
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WORKBENCH: dict = {"services": {}}

# A Celery worker without a server: messages are files.
CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(paths.QUEUE),
    "data_folder_out": str(paths.QUEUE),
    "control_folder": str(paths.QUEUE / "control"),
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

NASSIJ_CONTACT = {
    "name": {
        "ar": "مركز الاتصال والمواكبة",
        "fr": "Centre d’appel et d’accompagnement",
        "en": "Contact and support centre",
    },
    "phone": "+212 5 00 00 00 00",
    "mail": "markaz@example.org",
    "hours": {
        "ar": "من الاثنين إلى الجمعة، 9:00–17:00",
        "fr": "Du lundi au vendredi, 9:00–17:00",
        "en": "Monday to Friday, 9:00–17:00",
    },
}
NASSIJ_USER_LANGUAGE = "demo.people.language_of"
NASSIJ_LEARNERS = "demo.learners.DemoLearners"
NASSIJ_SITE_URL = f"http://127.0.0.1:{os.environ.get('NASSIJ_DEMO_PORT', '8000')}"
NASSIJ_COURSE_RUNS = {
    "internal-governance": {"ar": "course-v1:Nassij+GOV2+ar", "fr": "course-v1:Nassij+GOV2+fr"},
}

add_plugins(__name__, SERVICE, "common")
