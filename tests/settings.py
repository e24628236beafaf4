"""Settings of the test suite: a small LMS.

Apps, settings and URLs of the suite come from the *installed entry points*, through the same functions the platform uses, so a
broken entry point breaks every test. `NASSIJ_TEST_DB=mariadb` runs on the server named by `NASSIJ_TEST_DB_*`; SQLite otherwise.
"""

import os
from pathlib import Path

from edx_django_utils.plugins import add_plugins, get_plugin_apps

from tools import small_lms

SERVICE = os.environ.get("NASSIJ_TEST_SERVICE", "lms.djangoapp")
ROOT = Path(__file__).parent.parent

SECRET_KEY = "tests-only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.urls"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "ar"
LANGUAGES = small_lms.LANGUAGES
STATIC_URL = "/static/"
MEDIA_ROOT = ROOT / "var/tests/media"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"  # the platform's; our apps name their own

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "workbench",
    "tests.lms.StudentConfig",
    "tests.lms.CoursewareConfig",
    "tests.lms.CompletionConfig",
    *get_plugin_apps(SERVICE),
]
MIDDLEWARE = small_lms.MIDDLEWARE
TEMPLATES = small_lms.TEMPLATES
if os.environ.get("NASSIJ_TEST_DB") == "mariadb":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.mysql",
            "NAME": os.environ.get("NASSIJ_TEST_DB_NAME", "nassij"),
            "USER": os.environ.get("NASSIJ_TEST_DB_USER", "root"),
            "PASSWORD": os.environ.get("NASSIJ_TEST_DB_PASSWORD", ""),
            "HOST": os.environ.get("NASSIJ_TEST_DB_HOST", "127.0.0.1"),
            "PORT": os.environ.get("NASSIJ_TEST_DB_PORT", "3306"),
            "OPTIONS": {"charset": "utf8mb4"},
        }
    }
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
WORKBENCH: dict = {"services": {}}
# Its own migrations know another default kind of key than ours: its table is made from its model.
MIGRATION_MODULES: dict[str, None] = {"workbench": None}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True

# As the platform does: each plugin's `plugin_settings` for the `test` settings type.
add_plugins(__name__, SERVICE, "test")
