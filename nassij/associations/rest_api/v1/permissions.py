"""Who calls: a session of the platform, or its JSON web token where that is installed."""

from importlib import import_module
from importlib.util import find_spec

from rest_framework.authentication import BaseAuthentication, SessionAuthentication


def authentication_classes() -> list[type[BaseAuthentication]]:
    """Session first, so that an anonymous browser is not asked for a token; then the platform's JWT if it is there."""
    classes: list[type[BaseAuthentication]] = [SessionAuthentication]
    if find_spec("edx_rest_framework_extensions") is not None:
        module = import_module("edx_rest_framework_extensions.auth.jwt.authentication")
        classes.insert(0, module.JwtAuthentication)
    return classes
