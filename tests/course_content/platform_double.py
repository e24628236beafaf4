"""Studio's store of courses in memory, under the names the importer asks for it by.

It does what was read in the platform (`xmodule/modulestore`, Teak line): OLX is loaded whole before anything is stored; a block
that is there gets the new fields in place of all it had; what is no longer listed stays, without a parent; every change makes a
new version, and the heads of two branches say which counts; an import that fails leaves what it had written; a block of an
unknown type becomes a `HiddenBlock`; the root is called `course`.
"""

from __future__ import annotations

import copy
import itertools
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from lxml import etree
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import CourseLocator
from xblock.fields import Scope

DRAFT, PUBLISHED = "draft-branch", "published-branch"
OUTLINE = ("course", "chapter", "sequential", "vertical")
MGMT_COMMAND = -1
CONTENT_FIELDS = {"course": {"grading_policy"}, "about": {"data"}, "nassij_lesson": {"olx"}}


class ItemNotFoundError(Exception):
    pass


@dataclass
class StoredBlock:
    """A block in a version of a course: as little of an XBlock as the importer looks at."""

    location: UsageKey
    fields: dict[str, Any]
    children: list[UsageKey] = field(default_factory=list)
    edited_by: int = MGMT_COMMAND
    edited_on: datetime = datetime(2026, 11, 1, 8, tzinfo=UTC)
    version: Any = None

    @property
    def has_children(self) -> bool:
        return self.location.block_type in OUTLINE

    @property
    def grading_policy(self) -> dict[str, Any]:
        return self.fields.get("grading_policy", {})

    @property
    def other_course_settings(self) -> dict[str, Any]:
        return self.fields.get("other_course_settings", {})

    @property
    def advanced_modules(self) -> list[str]:
        return self.fields.get("advanced_modules", [])

    def get_children(self) -> list[StoredBlock]:
        return [self.version[child] for child in self.children]

    def get_explicitly_set_fields_by_scope(self, scope: Scope) -> dict[str, Any]:
        content = CONTENT_FIELDS.get(self.location.block_type, set())
        return {name: value for name, value in self.fields.items() if (name in content) == (scope == Scope.content)}


class HiddenBlock(StoredBlock):
    pass


class XMLModuleStore:
    """OLX read from a folder; `modules` is course id -> usage -> block."""

    unknown: set[str] = set()

    def __init__(
        self,
        data_dir: str,
        default_class: str,
        source_dirs: list[str],
        load_error_blocks: bool,
        xblock_mixins: Any,
        xblock_select: Any,
        target_course_id: CourseLocator | None,
    ) -> None:
        assert default_class == "xmodule.hidden_block.HiddenBlock"
        assert not load_error_blocks
        self.modules: dict[CourseKey, dict[UsageKey, StoredBlock]] = {}
        self.errors: list[tuple[str, None]] = []
        for name in source_dirs:
            self._load(Path(data_dir) / name)

    def get_course_errors(self, course_id: CourseKey) -> list[tuple[str, None]]:
        return self.errors

    def _load(self, folder: Path) -> None:
        pointer = etree.parse(str(folder / "course.xml")).getroot()
        run = pointer.get("url_name")
        key = CourseLocator(pointer.get("org"), pointer.get("course"), run, deprecated=True)
        blocks = self.modules.setdefault(key, {})
        root = self._read(folder, pointer, key, blocks)
        root.fields |= json.loads((folder / f"policies/{run}/policy.json").read_text())[f"course/{run}"]
        root.fields["grading_policy"] = json.loads((folder / f"policies/{run}/grading_policy.json").read_text())
        for path in sorted((folder / "about").glob("*.html")):
            usage = key.make_usage_key("about", path.stem)
            blocks[usage] = StoredBlock(usage, {"data": path.read_text("utf-8")})

    def _read(self, folder: Path, node: Any, key: CourseKey, blocks: dict[UsageKey, StoredBlock]) -> StoredBlock:
        usage = key.make_usage_key(node.tag, node.get("url_name"))
        if node.tag in OUTLINE:
            node = etree.parse(str(folder / f"{node.tag}/{usage.block_id}.xml")).getroot()
        fields = {name: value for name, value in node.attrib.items() if name not in ("url_name", "org", "course")}
        if node.tag == "nassij_lesson":
            if fields.get("version", "1") == "99":
                raise ValueError("this lesson was written by a newer version")
            fields["olx"] = "".join(etree.tostring(child, encoding="unicode") for child in node)
        kind = HiddenBlock if node.tag in self.unknown else StoredBlock
        block = blocks[usage] = kind(usage, fields)
        if block.has_children:
            block.children = [self._read(folder, child, key, blocks).location for child in node]
        return block


@dataclass
class StaticContent:
    location: Any
    data: bytes

    @staticmethod
    def compute_location(course_key: CourseKey, path: str) -> Any:
        return course_key.make_asset_key("asset", path)


class Files:
    """The content store."""

    def __init__(self) -> None:
        self.kept: dict[Any, StaticContent] = {}

    def find(self, location: Any, throw_on_not_found: bool = True) -> StaticContent | None:
        assert not throw_on_not_found
        return copy.copy(self.kept.get(location))

    def save(self, content: StaticContent) -> None:
        self.kept[content.location] = content

    def delete(self, location: Any) -> None:
        self.kept.pop(location, None)


Structure = dict[UsageKey, StoredBlock]


class Store:
    """The mixed store and the split store behind it, in one."""

    xblock_mixins = ()
    xblock_select = None

    def __init__(self) -> None:
        self.versions: dict[int, Structure] = {}
        self.index: dict[CourseKey, dict[str, Any]] = {}
        self.numbers = itertools.count(1)
        self.branch = DRAFT
        self.writes = 0

    def _get_modulestore_for_courselike(self, key: CourseKey) -> Store:
        return self

    @contextmanager
    def branch_setting(self, setting: str, key: CourseKey) -> Iterator[None]:
        before, self.branch = self.branch, {"draft-preferred": DRAFT, "published-only": PUBLISHED}[setting]
        yield
        self.branch = before

    def has_course(self, key: CourseKey, ignore_case: bool = False) -> CourseKey | None:
        assert ignore_case
        return next((found for found in self.index if str(found).lower() == str(key).lower()), None)

    def get_course(self, key: CourseKey, depth: int | None = 0) -> StoredBlock | None:
        return self.blocks(key).get(key.make_usage_key("course", "course")) if key in self.index else None

    def get_item(self, usage: UsageKey) -> StoredBlock:
        try:
            return self.blocks(usage.course_key)[usage]
        except KeyError as error:
            raise ItemNotFoundError(usage) from error

    def get_course_index(self, key: CourseKey) -> dict[str, Any] | None:
        return copy.deepcopy(self.index.get(key))

    def update_course_index(self, key: CourseKey, index: dict[str, Any]) -> None:
        assert key in self.index
        self.writes += 1
        self.index[key] = index

    def delete_course(self, key: CourseKey, user_id: int) -> None:
        self.writes += 1
        del self.index[key]

    def blocks(self, key: CourseKey, branch: str | None = None) -> Structure:
        return self.versions[self.index[key]["versions"][branch or self.branch]]

    def change(self, key: CourseKey, branches: tuple[str, ...] = (DRAFT,)) -> Structure:
        """A new version of the draft, to be changed by the caller."""
        self.writes += 1
        number = next(self.numbers)
        structure = copy.deepcopy(self.blocks(key, DRAFT)) if key in self.index else {}
        self.versions[number] = structure
        for block in structure.values():
            block.version = structure
        index = self.index.setdefault(key, {"_id": number, "versions": {}})
        index["versions"].update(dict.fromkeys(branches, number))
        return structure


class Platform:
    """All of it, and what an author does to it."""

    def __init__(self) -> None:
        self.store, self.files = Store(), Files()
        self.published: list[CourseKey] = []
        self.forums: set[CourseKey] = set()
        self.fail_at: str | None = None

    def import_course_from_xml(
        self,
        store: Store,
        user_id: int,
        data_dir: str,
        source_dirs: list[str],
        *,
        load_error_blocks: bool,
        static_content_store: Files,
        target_id: CourseLocator,
        create_if_not_present: bool,
    ) -> list[Any]:
        read = XMLModuleStore(
            data_dir, "xmodule.hidden_block.HiddenBlock", source_dirs, load_error_blocks, (), None, None
        )
        assert create_if_not_present
        for path in sorted((Path(data_dir) / source_dirs[0] / "static").glob("*")):
            static_content_store.save(
                StaticContent(StaticContent.compute_location(target_id, path.name), path.read_bytes())
            )
        structure = store.change(target_id, (DRAFT, PUBLISHED))
        for blocks in read.modules.values():
            for usage, block in blocks.items():
                if block.location.block_id == self.fail_at:
                    raise RuntimeError(f"Failed to import block: {usage.block_id}")
                here = _in_store(usage, target_id)
                new = StoredBlock(
                    here, block.fields, [_in_store(child, target_id) for child in block.children], user_id
                )
                old = structure.get(here)
                if old is None or (old.fields, old.children) != (new.fields, new.children):
                    new.version = structure
                    structure[here] = new
        return [SimpleNamespace(id=target_id)]

    def course_published(self, sender: Any, course_key: CourseKey) -> None:
        self.published.append(course_key)

    # What people do in Studio

    def edit(self, key: str, name: str, user_id: int = 7, **fields: Any) -> None:
        block = self._change(key)[_usage(key, name)]
        block.fields |= fields
        block.edited_by, block.edited_on = user_id, datetime(2026, 11, 20, 14, 3, tzinfo=UTC)

    def add(self, key: str, parent: str, name: str, user_id: int = 7, **fields: Any) -> None:
        structure = self._change(key)
        new = StoredBlock(_usage(key, name), fields, edited_by=user_id, version=structure)
        structure[new.location] = new
        structure[_usage(key, parent)].children.append(new.location)

    def remove(self, key: str, parent: str, name: str) -> None:
        structure = self._change(key)
        structure[_usage(key, parent)].children.remove(_usage(key, name))
        del structure[_usage(key, name)]

    def upload(self, key: str, name: str, data: bytes) -> None:
        self.files.save(StaticContent(StaticContent.compute_location(CourseKey.from_string(key), name), data))

    def learners_see(self, key: str) -> Mapping[str, StoredBlock]:
        """The published blocks, as `type@id`."""
        blocks = self.store.blocks(CourseKey.from_string(key), PUBLISHED)
        return {f"{usage.block_type}@{usage.block_id}": block for usage, block in blocks.items()}

    def state(self) -> Any:
        """All that is in it, to compare."""
        heads = {
            str(key): {
                branch: copy.deepcopy(self.store.versions[number]) for branch, number in index["versions"].items()
            }
            for key, index in self.store.index.items()
        }
        plain = {
            key: {
                branch: {str(usage): (b.fields, [str(c) for c in b.children]) for usage, b in blocks.items()}
                for branch, blocks in branches.items()
            }
            for key, branches in heads.items()
        }
        return plain, {str(location): content.data for location, content in self.files.kept.items()}

    def _change(self, key: str) -> Structure:
        return self.store.change(CourseKey.from_string(key))


def _usage(key: str, name: str) -> UsageKey:
    block_type, _, block_id = name.partition("@")
    return CourseKey.from_string(key).make_usage_key(block_type, block_id or block_type)


def _in_store(usage: UsageKey, key: CourseKey) -> UsageKey:
    return key.make_usage_key(usage.block_type, "course" if usage.block_type == "course" else usage.block_id)


def install(monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Put the platform where the importer looks for it."""
    platform = Platform()
    xml_store = type("XMLModuleStore", (XMLModuleStore,), {"unknown": set()})
    there: dict[str, dict[str, Any]] = {
        "openedx.core.djangoapps.django_comment_common": {
            "utils": SimpleNamespace(
                are_permissions_roles_seeded=platform.forums.__contains__, seed_permissions_roles=platform.forums.add
            )
        },
        "xmodule.contentstore.content": {"StaticContent": StaticContent},
        "xmodule.contentstore.django": {"contentstore": lambda: platform.files},
        "xmodule.hidden_block": {"HiddenBlock": HiddenBlock},
        "xmodule.modulestore": {
            "ModuleStoreEnum": SimpleNamespace(
                UserID=SimpleNamespace(mgmt_command=MGMT_COMMAND),
                Branch=SimpleNamespace(draft_preferred="draft-preferred", published_only="published-only"),
            )
        },
        "xmodule.modulestore.django": {
            "SignalHandler": SimpleNamespace(course_published=SimpleNamespace(send_robust=platform.course_published)),
            "modulestore": lambda: platform.store,
        },
        "xmodule.modulestore.exceptions": {"ItemNotFoundError": ItemNotFoundError},
        "xmodule.modulestore.xml": {"XMLModuleStore": xml_store},
        "xmodule.modulestore.xml_importer": {"import_course_from_xml": platform.import_course_from_xml},
    }
    parents = {".".join(name.split(".")[:depth]) for name in there for depth in range(1, len(name.split(".")))}
    for name in sorted(parents | set(there)):
        module = ModuleType(name)
        vars(module).update(there.get(name, {}))
        monkeypatch.setitem(sys.modules, name, module)
    known = apps.is_installed
    monkeypatch.setattr(apps, "is_installed", lambda name: name == "cms.djangoapps.contentstore" or known(name))
    platform.xml_store = xml_store  # type: ignore[attr-defined]
    return platform
