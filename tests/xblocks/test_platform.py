"""What the platform asks of a block's class, beyond XBlock's own rules (seen on Teak)."""

import pytest
from xblock.core import XBlock

from xblocks.governance_block import GovernanceBlock
from xblocks.lesson_block import LessonBlock

# Public names that `XBLOCK_MIXINS` of LMS and Studio (Teak) add to those of `XBlock` and `CompletableXBlockMixin`:
# LmsBlockMixin, InheritanceMixin, XModuleMixin, EditInfoMixin, AuthoringMixin, UpstreamSyncMixin.
PLATFORM_NAMES = """
    add_aside always_recalculate_grades bind_for_student category chrome close_date copied_from_block course_edit_method
    course_id days_early_for_beta default_tab display_name display_name_with_default display_name_with_default_escaped due
    editable_metadata_fields edited_by edited_on editor_saved edxnotes edxnotes_visibility format get_asides
    get_cds_init_args get_child_by get_content_titles get_customizable_fields get_explicitly_set_fields_by_scope
    get_icon_class get_progress get_required_block_descriptors get_score giturl graceperiod graded group_access
    has_children_at_depth has_deadline_passed has_dynamic_children has_score hide_from_toc icon_class in_entrance_exam
    is_past_due location matlab_api_key max_attempts max_score merged_group_access non_editable_metadata_fields
    post_editor_saved public_view publish_completion published_by published_on relative_weeks_due rerandomize
    self_paced show_correctness show_in_read_only_mode show_reset_button showanswer source_file start static_asset_path
    subtree_edited_by subtree_edited_on system tooltip_title upstream upstream_display_name upstream_version
    upstream_version_declined url_name use_latex_compiler user_partitions video_auto_advance video_bumper
    video_speed_optimizations visibility_view visible_to_staff_only xblock_kvs xmodule_runtime xqa_key
"""
# What a block is meant to replace: how it is called, its icon, what visitors see.
MEANT = {"display_name", "icon_class", "public_view"}
# And what a block that may count towards the grade answers in the platform's place (`xblocks.lesson.scoring`).
SCORED = {"has_score", "get_score", "max_score"}


@pytest.mark.parametrize("block", [LessonBlock, GovernanceBlock])
def test_no_name_of_ours_hides_one_of_the_platform(block: type[XBlock]) -> None:
    """Ours comes first in the class the platform builds: a handler called `start` was read as the release date."""
    ours = {name for part in block.__mro__ if part.__module__.startswith("xblocks") for name in vars(part)}

    assert ours & set(PLATFORM_NAMES.split()) == MEANT | (SCORED if block is LessonBlock else set())


@pytest.mark.parametrize("block", [LessonBlock, GovernanceBlock])
def test_studio_shows_the_authors_preview(block: type[XBlock]) -> None:
    """Studio calls `author_view` only where the class has this attribute."""
    assert block.has_author_view is True
    assert callable(block.author_view)
