"""One spelling per JSON value, for hashes that must not depend on the order of keys."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

_ENCODER = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def canonical_json(value: Any) -> str:
    """`value` as compact JSON with sorted keys.

    Dates, UUIDs and decimals as Django writes them. Raises `ValueError` or `TypeError` for what JSON cannot say (NaN, objects).
    """
    return _ENCODER.encode(value)


def digest(*values: Any) -> str:
    """SHA-256 (64 hex digits) of the values' canonical JSON."""
    return hashlib.sha256(canonical_json(values).encode("utf-8", "surrogatepass")).hexdigest()


def as_json(value: Any) -> Any:
    """`value` as a reader of its JSON would get it: tuples are lists, dates are strings."""
    return json.loads(canonical_json(value))
