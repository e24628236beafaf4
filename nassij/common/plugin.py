"""How each app of the suite tells the platform about itself (`edx_django_utils.plugins`)."""

from typing import Any

from edx_django_utils.plugins.constants import PluginSettings, PluginURLs

LMS, CMS = "lms.djangoapp", "cms.djangoapp"


def plugin_app(*, namespace: str | None = None) -> dict[str, Any]:
    """The `plugin_app` mapping of an `AppConfig`.

    Settings go to both services: they share one database, so tables and defaults must exist for both. Pages and API
    (`namespace`) exist only in the LMS. The regex is empty because the platform takes one per app and service: each `urls.py`
    mounts what it has below `nassij/` and `api/nassij/v1/` itself.
    """
    settings = {
        "common": {PluginSettings.RELATIVE_PATH: "settings.common"},
        "production": {PluginSettings.RELATIVE_PATH: "settings.production"},
        "test": {PluginSettings.RELATIVE_PATH: "settings.common"},
    }
    config: dict[str, Any] = {PluginSettings.CONFIG: {LMS: settings, CMS: settings}}
    if namespace:
        config[PluginURLs.CONFIG] = {
            LMS: {PluginURLs.NAMESPACE: namespace, PluginURLs.REGEX: "", PluginURLs.RELATIVE_PATH: "urls"}
        }
    return config
