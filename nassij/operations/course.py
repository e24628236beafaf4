"""The hidden course of the self-check as OLX: one unit for each block that has a sample. Pure, but for the settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.conf import settings
from lxml import etree
from opaque_keys.edx.keys import CourseKey, UsageKey

from nassij.common.selfcheck import BlockSample
from nassij.operations.settings.common import DEFAULTS

NAME = "selfcheck"
DIGEST = "nassij_selfcheck"
"""Where the course remembers what it was made of: a key of its `other_course_settings`."""


def course_key() -> CourseKey:
    """The course of the self-check on this site."""
    name = "NASSIJ_SELFCHECK_COURSE"
    return CourseKey.from_string(getattr(settings, name, DEFAULTS[name]))


def usage_key(key: CourseKey, block_type: str) -> UsageKey:
    """The block of this type in the course."""
    return key.make_usage_key(block_type, NAME)


def digest(samples: Mapping[str, BlockSample]) -> str:
    """Of what the course is made of: the same samples give the same."""
    return hashlib.sha256(json.dumps(_files(samples, "", "", "")).encode()).hexdigest()


def course_files(key: CourseKey, samples: Mapping[str, BlockSample]) -> dict[str, str]:
    """The OLX by path: open to nobody by themselves, in no catalogue, in no list."""
    return _files(samples, str(key.org), str(key.course), str(key.run)) | {
        f"policies/{key.run}/policy.json": json.dumps(
            {
                f"course/{key.run}": {
                    "display_name": "Nassij: self-check",
                    "start": "2020-01-01T00:00:00Z",
                    "self_paced": True,
                    "invitation_only": True,
                    "catalog_visibility": "none",
                    "advanced_modules": sorted(samples),
                    "other_course_settings": {DIGEST: digest(samples)},
                }
            }
        ),
        f"policies/{key.run}/grading_policy.json": json.dumps({"GRADER": [], "GRADE_CUTOFFS": {"Pass": 0.5}}),
    }


def _files(samples: Mapping[str, BlockSample], org: str, number: str, run: str) -> dict[str, str]:
    """As the platform writes a course: a file for each part of the outline, and each block inline in its unit."""
    course = etree.Element("course")
    chapter, sequential = (etree.Element(tag, display_name=NAME) for tag in ("chapter", "sequential"))
    etree.SubElement(course, "chapter", url_name=NAME)
    etree.SubElement(chapter, "sequential", url_name=NAME)
    files = {
        "course.xml": _xml(etree.Element("course", org=org, course=number, url_name=run)),
        f"course/{run}.xml": _xml(course),
        f"chapter/{NAME}.xml": _xml(chapter),
    }
    for block_type, sample in sorted(samples.items()):
        etree.SubElement(sequential, "vertical", url_name=block_type)
        unit = etree.Element("vertical", display_name=block_type)
        unit.append(etree.fromstring(sample.olx))
        files[f"vertical/{block_type}.xml"] = _xml(unit)
    return {**files, f"sequential/{NAME}.xml": _xml(sequential)}


def _xml(node: etree._Element) -> str:
    return etree.tostring(node, encoding="unicode")
