"""Studio's store of courses, as the importer needs it: the only module here that knows the platform.

Everything of the platform is imported when a `Studio` is made: the compiler, the demo and the LMS live without it. It writes as
the platform's own command does (`cms/djangoapps/contentstore/management/commands/import.py`, read on the Teak line), into the
run it is told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.fields import Scope

CONTENT_SETTINGS = ("display_name", "language", "course_image")
"""Settings of a course that its sources decide; all others are the operator's, and survive an import."""

ABOUT = ("overview", "short_description")


class NotInStudio(Exception):
    """The command runs where there is no Studio."""


class Unreadable(Exception):
    """The platform cannot read the OLX; `args` are its reasons."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a course in Studio. `digest` covers all its author can change; who changed it last, and when (UTC)."""

    title: str
    digest: str
    edited_on: datetime | None = None
    edited_by: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A run as Studio's authors see it: blocks as `type@id`, and the digests of those of our files that are there."""

    blocks: Mapping[str, Block]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What it takes to put a run back: the heads of its branches (None: there was no run), and its files by name."""

    versions: Mapping[str, Any] | None
    files: Mapping[str, Any] = field(default_factory=dict)


class Studio:
    """Reads and writes runs. Raises `NotInStudio` outside of the CMS."""

    def __init__(self) -> None:
        if not apps.is_installed("cms.djangoapps.contentstore"):
            raise NotInStudio
        from openedx.core.djangoapps.django_comment_common import utils as forum
        from xmodule.contentstore.content import StaticContent
        from xmodule.contentstore.django import contentstore
        from xmodule.hidden_block import HiddenBlock
        from xmodule.modulestore import ModuleStoreEnum
        from xmodule.modulestore.django import SignalHandler, modulestore
        from xmodule.modulestore.exceptions import ItemNotFoundError
        from xmodule.modulestore.xml import XMLModuleStore
        from xmodule.modulestore.xml_importer import import_course_from_xml

        self.store, self.files_store = modulestore(), contentstore()
        self.own_user_id: int = ModuleStoreEnum.UserID.mgmt_command
        self._draft = ModuleStoreEnum.Branch.draft_preferred
        self._forum, self._signals, self._import = forum, SignalHandler, import_course_from_xml
        self._static_content, self._not_found = StaticContent, ItemNotFoundError
        self._xml_store, self._hidden_block = XMLModuleStore, HiddenBlock

    # Reading

    def find(self, key: CourseKey) -> CourseKey | None:
        """The run with this key, or with one that differs in capital letters only, into which the platform would import."""
        found: CourseKey | None = self.store.has_course(key, ignore_case=True)
        return found

    def content(self, key: CourseKey, files: Iterable[str]) -> Content:
        """The run `key`, drafts included, without what hangs on no unit any more; `files` are the names to look for."""
        with self.store.branch_setting(self._draft, key):
            blocks = {_name(block.location): _block(block) for block in self._blocks(key)}
        found = {name: self._file(key, name) for name in files}
        return Content(blocks, {name: _sha256(file.data) for name, file in found.items() if file is not None})

    def operators_settings(self, key: CourseKey) -> tuple[dict[str, Any], dict[str, Any]]:
        """The settings of the run that are not its sources' to decide, and its grading policy; both as an export writes them."""
        with self.store.branch_setting(self._draft, key):
            course = self.store.get_course(key)
            settings = course.get_explicitly_set_fields_by_scope(Scope.settings)
            grading = dict(course.grading_policy)
        kept = {name: value for name, value in settings.items() if name not in (*CONTENT_SETTINGS, "xml_attributes")}
        return kept, grading

    def _blocks(self, key: CourseKey) -> Iterator[Any]:
        waiting = [self.store.get_course(key, depth=None)]
        while waiting:
            block = waiting.pop()
            yield block
            waiting += block.get_children() if block.has_children else []
        for name in ABOUT:
            try:
                yield self.store.get_item(key.make_usage_key("about", name))
            except self._not_found:
                continue

    def _file(self, key: CourseKey, name: str) -> Any:
        return self.files_store.find(self._static_content.compute_location(key, name), throw_on_not_found=False)

    # Writing

    def check(self, folder: Path, key: CourseKey) -> frozenset[str]:
        """Read the OLX in `folder` as an import would, without storing it; its blocks. Raises `Unreadable`."""
        try:
            read = self._xml_store(
                str(folder.parent),
                default_class="xmodule.hidden_block.HiddenBlock",
                source_dirs=[folder.name],
                load_error_blocks=False,
                xblock_mixins=self.store.xblock_mixins,
                xblock_select=self.store.xblock_select,
                target_course_id=key,
            )
        except Exception as error:  # whatever a block makes of its OLX
            raise Unreadable(str(error) or type(error).__name__) from error
        names: set[str] = set()
        reasons: list[str] = []
        for course_id, blocks in read.modules.items():
            names |= {_name(usage) for usage in blocks}
            # Its other notes are warnings about courses of the past.
            noted = [str(message) for message, _trace in read.get_course_errors(course_id)]
            reasons += [message for message in noted if message.startswith(("ERROR", "PROBLEM"))]
            unknown = {usage.block_type for usage, block in blocks.items() if isinstance(block, self._hidden_block)}
            reasons += [f"no such block is installed here: {name}" for name in sorted(unknown)]
        if reasons or not names:
            raise Unreadable(*(reasons or ["there is no course in it"]))
        return frozenset(names)

    def snapshot(self, key: CourseKey, files: Iterable[str]) -> Snapshot:
        """Remember the run, to `restore` it if the import fails."""
        index = self._courses(key).get_course_index(key)
        return Snapshot(dict(index["versions"]) if index else None, {name: self._file(key, name) for name in files})

    def write(self, folder: Path, key: CourseKey) -> None:
        """Import the OLX in `folder` into the run `key`, made if it is not there. Raises what the platform raises."""
        courses = self._import(
            self.store,
            self.own_user_id,
            str(folder.parent),
            [folder.name],
            load_error_blocks=False,
            static_content_store=self.files_store,
            target_id=key,
            create_if_not_present=True,
        )
        if [course.id for course in courses] != [key]:
            raise RuntimeError(f"the platform imported {len(courses)} courses")
        self._published(key)
        if not self._forum.are_permissions_roles_seeded(key):
            self._forum.seed_permissions_roles(key)

    def restore(self, key: CourseKey, before: Snapshot) -> None:
        """Put the run back as it was: the store keeps every version, so its heads are all that has to move."""
        for name, file in before.files.items():
            if file is None:
                self.files_store.delete(self._static_content.compute_location(key, name))
            else:
                self.files_store.save(file)
        courses = self._courses(key)
        index = courses.get_course_index(key)
        if index is None:
            return
        if before.versions is None:
            self.store.delete_course(key, self.own_user_id)
        elif dict(index["versions"]) != before.versions:
            courses.update_course_index(key, {**index, "versions": dict(before.versions)})
            self._published(key)

    def _published(self, key: CourseKey) -> None:
        """Tell outlines, overviews and the search index; they answer for themselves if they fail."""
        self._signals.course_published.send_robust(sender=self, course_key=key)

    def _courses(self, key: CourseKey) -> Any:
        """The store behind the mixed one, found as the platform's own `force_publish` finds it."""
        return self.store._get_modulestore_for_courselike(key)


def _name(usage: UsageKey) -> str:
    # The root is called after its run in OLX, and `course` in the store.
    return usage.block_type if usage.block_type == "course" else f"{usage.block_type}@{usage.block_id}"


def _block(block: Any) -> Block:
    """Title and digest of what is written on a block: all its fields that are not a learner's, and the order of its children."""
    fields = {
        **block.get_explicitly_set_fields_by_scope(Scope.content),
        **block.get_explicitly_set_fields_by_scope(Scope.settings),
    }
    if block.location.block_type == "course":
        fields = {name: fields.get(name) for name in CONTENT_SETTINGS}
    children = [_name(child) for child in block.children] if block.has_children else []
    written = json.dumps([fields, children], sort_keys=True, ensure_ascii=False, default=str)
    title = str(fields.get("display_name") or block.location.block_id)
    return Block(title, _sha256(written.encode()), block.edited_on, block.edited_by)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
