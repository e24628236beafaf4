"""What the platform has to be told before the suite shows: switches and lists."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij.common.selfcheck import CMS, PLATFORM, Asked, Finding, check, failed, ok, samples

COMPLETION = "completion.enable_completion_tracking"


@check("completion", title=gettext_lazy("The platform remembers what learners have finished"), on=PLATFORM)
def completion(asked: Asked) -> Iterator[Finding]:
    """The waffle switch of the platform's completion."""
    from waffle import switch_is_active

    if switch_is_active(COMPLETION):
        yield ok(_("Completion is switched on."))
    else:
        yield failed(
            _("Completion is switched off: nobody sees what they have finished, and nobody who has stopped is found."),
            _("Run: ./manage.py lms waffle_switch --create %(switch)s on") % {"switch": COMPLETION},
        )


@check("disabled_blocks", title=gettext_lazy("The platform lets the blocks be shown"), on=PLATFORM)
def disabled(asked: Asked) -> Iterator[Finding]:
    """None of ours is switched off in the platform's own list."""
    from common.djangoapps.xblock_django.api import disabled_xblocks

    off = sorted(samples().keys() & {block.name for block in disabled_xblocks()})
    if off:
        yield failed(
            _("Switched off on this platform: %(blocks)s.") % {"blocks": ", ".join(off)},
            _("In the Django admin, under “X block configurations”, enable them."),
        )
    else:
        yield ok(_("None is switched off."))


@check("libraries", title=gettext_lazy("Trainers may use the blocks in content libraries"), on=CMS)
def libraries(asked: Asked) -> Iterator[Finding]:
    """Ours are in `LIBRARY_ENABLED_BLOCKS`, where the platform has such a list."""
    allowed = getattr(settings, "LIBRARY_ENABLED_BLOCKS", None)
    missing = sorted(samples().keys() - set(allowed or ()))
    if allowed is None:
        yield ok(_("This platform has no such list."))
    elif missing:
        yield failed(
            _("Not allowed in libraries: %(blocks)s.") % {"blocks": ", ".join(missing)},
            _(
                "Something replaces LIBRARY_ENABLED_BLOCKS after our settings were applied: let it add to the list instead."
            ),
        )
    else:
        yield ok(_("All are allowed in libraries."))
