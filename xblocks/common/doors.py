"""Whether an app that a block is a window on is there at all."""

from functools import lru_cache

from django.apps import apps

from xblocks.common.kept import Same


def installed(app: str) -> bool:
    """True when the Django app `app` (its dotted name) is installed and loaded.

    Ask before importing its `api`: importing models of an app that is not installed raises `RuntimeError`, and a block must
    still render in a content library, in Studio and in a bare workbench, and say there what is missing.
    """
    return apps.ready and app in _names(Same(apps.app_configs))


@lru_cache(maxsize=2)
def _names(configs: Same) -> frozenset[str]:
    """The names in a registry; Django makes a new mapping whenever the installed apps change."""
    return frozenset(config.name for config in configs.it.values())
