"""The demo's own tests visit the same kind of site as the browser tests."""

from tests.browser.conftest import site, visitor

__all__ = ["site", "visitor"]
