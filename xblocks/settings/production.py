"""The operator's configuration may have replaced the list of library blocks: ours are added to it again."""

from xblocks.settings.common import plugin_settings

__all__ = ["plugin_settings"]
