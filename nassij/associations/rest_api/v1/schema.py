"""Describing an endpoint whatever `DEFAULT_SCHEMA_CLASS` says: the platform does not set it to drf-spectacular's."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema


def described(**description: Any) -> Callable[[Any], Any]:
    """`extend_schema` on top of drf-spectacular's own schema class."""

    def wrap(method: Any) -> Any:
        method.schema = AutoSchema
        return extend_schema(**description)(method)

    return wrap
