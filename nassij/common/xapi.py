"""Our tracking events as xAPI statements (https://github.com/adlnet/xAPI-Spec), for event-routing-backends.

Imported only where that package is installed (`nassij.common.apps`): it brings the registry, the actor (an anonymous id), the
course and the session; here is what each event of `nassij.common.tracking.EVENTS` says. Verbs and activity types are those of the
ADL and TinCan registries, objects are addresses of this site: a block by its usage key, a part of it by a query, a round and an
action by their uuid.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from event_routing_backends.processors.xapi.registry import XApiTransformersRegistry
from event_routing_backends.processors.xapi.transformer import XApiTransformer
from tincan import Activity, ActivityDefinition, ActivityList, ContextActivities, Extensions, LanguageMap, Result, Verb

ADL = "http://adlnet.gov/expapi/"
TINCAN = "http://id.tincanapi.com/"
STREAMS = "http://activitystrea.ms/schema/1.0/"
# Of event fields that have no place of their own in a statement; below this site's address, as the specification asks.
EXTENSIONS = "nassij/xapi/extension"

GOVERNANCE = "nassij.governance"
LESSON = "nassij.lesson"


def verb(name: str, registry: str = ADL + "verbs/") -> Verb:
    """A verb of one of the registries, by its name there."""
    display = {"start": "started", "add": "added"}.get(name, name)
    return Verb(id=registry + name, display=LanguageMap({"en": display}))


class Statement(XApiTransformer):
    """An event about a block."""

    activity = ADL + "activities/assessment"
    #: Event fields that stand in the extensions of the statement's context.
    extensions: tuple[str, ...] = ()

    def get_object(self) -> Activity:
        """What it was done to."""
        return self.activity_of(self.object_id())

    def object_id(self) -> str:
        """Its address."""
        return self.block_id()

    def block_id(self) -> str:
        """The address of the block."""
        return str(self.get_object_iri("xblock", self.get_data("data.usage_key", True)))

    def part_id(self, field: str) -> str:
        """The address of a part of the block, named by this field of the event."""
        return f"{self.block_id()}?{field}={quote(str(self.get_data(f'data.{field}', True)), safe='')}"

    def activity_of(self, iri: str) -> Activity:
        """An activity of our type at this address."""
        return Activity(id=iri, definition=ActivityDefinition(type=self.activity))

    def get_context_extensions(self) -> Extensions:
        """Those of every statement, and our fields; a field that is false or zero says so."""
        found: Extensions = super().get_context_extensions()
        data: dict[str, Any] = self.event["data"]
        for field in self.extensions:
            if data[field] not in (None, ""):
                found[str(self.get_object_iri(EXTENSIONS, field.replace("_", "-")))] = data[field]
        return found


class Part(Statement):
    """An event about a part of a block: the block is its parent, the course is around both."""

    activity = ADL + "activities/question"
    parent_activity = ADL + "activities/assessment"
    field = "indicator_code"

    def object_id(self) -> str:
        return self.part_id(self.field)

    def get_context_activities(self) -> ContextActivities:
        """The block as the parent; the course, which is every statement's parent, in the grouping."""
        course = super().get_context_activities()
        parent = Activity(id=self.block_id(), definition=ActivityDefinition(type=self.parent_activity))
        return ContextActivities(parent=ActivityList([parent]), grouping=course.parent if course else None)


class OfRound(Statement):
    """An event about a round."""

    extensions: tuple[str, ...] = ("round_number", "round_kind", "instrument")

    def object_id(self) -> str:
        return str(self.get_object_iri("nassij/governance/rounds", self.get_data("data.round_uuid", True)))


class OfAction(Statement):
    """An event about an action of a plan."""

    activity = STREAMS + "task"
    extensions: tuple[str, ...] = ("indicator_code", "recommended")

    def object_id(self) -> str:
        return str(self.get_object_iri("nassij/governance/actions", self.get_data("data.item_uuid", True)))


class Done:
    """Mixin of what somebody completed."""

    _verb = verb("completed")
    additional_fields = ("result",)

    def get_result(self) -> Result:
        return Result(completion=True)


# --- The self-assessment ----------------------------------------------------------------------------------------------


@XApiTransformersRegistry.register(f"{GOVERNANCE}.assessment.opened")
class AssessmentOpened(Statement):
    _verb = verb("initialized")
    extensions = ("round_uuid", *OfRound.extensions)


@XApiTransformersRegistry.register(f"{GOVERNANCE}.answer.saved")
class AnswerSaved(Part):
    _verb = verb("answered")
    extensions = ("round_uuid", "kind")

    def block_id(self) -> str:
        """The block, or the round for what was answered on one of its pages."""
        if self.get_data("data.usage_key"):
            return super().block_id()
        return str(self.get_object_iri("nassij/governance/rounds", self.get_data("data.round_uuid", True)))


@XApiTransformersRegistry.register(f"{GOVERNANCE}.answers.completed")
class AnswersCompleted(Done, Statement):
    extensions = ("round_uuid", *OfRound.extensions)


@XApiTransformersRegistry.register(f"{GOVERNANCE}.result.viewed")
class ResultViewed(OfRound):
    _verb = verb("viewed", TINCAN + "verb/")
    extensions = (*OfRound.extensions, "state")


@XApiTransformersRegistry.register(f"{GOVERNANCE}.round.opened")
class RoundOpened(OfRound):
    _verb = verb("start", STREAMS)


@XApiTransformersRegistry.register(f"{GOVERNANCE}.round.moved")
class RoundMoved(OfRound):
    _verb = verb("progressed")
    extensions = (*OfRound.extensions, "from_state", "to_state")


@XApiTransformersRegistry.register(f"{GOVERNANCE}.plan_item.added")
class PlanItemAdded(OfAction):
    _verb = verb("add", STREAMS)


@XApiTransformersRegistry.register(f"{GOVERNANCE}.plan_item.done")
class PlanItemDone(Done, OfAction):
    pass


@XApiTransformersRegistry.register(f"{GOVERNANCE}.report.downloaded")
class ReportDownloaded(OfRound):
    _verb = verb("downloaded", TINCAN + "verb/")
    activity = ADL + "activities/file"
    extensions = ("round_uuid", "format", "language")

    def object_id(self) -> str:
        return f"{super().object_id()}/reports/{quote(str(self.get_data('data.report', True)), safe='')}"


# --- The lesson -------------------------------------------------------------------------------------------------------


class OfLesson(Statement):
    """An event about a lesson."""

    activity = ADL + "activities/lesson"


class OfStep(Part):
    """An event about a step of a lesson."""

    activity = TINCAN + "activitytype/step"
    parent_activity = OfLesson.activity
    field = "step"


@XApiTransformersRegistry.register(f"{LESSON}.started")
class LessonStarted(OfLesson):
    _verb = verb("initialized")


@XApiTransformersRegistry.register(f"{LESSON}.step.reached")
class StepReached(OfStep):
    _verb = verb("experienced")


@XApiTransformersRegistry.register(f"{LESSON}.self_check.answered")
class SelfCheckAnswered(OfStep):
    _verb = verb("answered")
    activity = ADL + "activities/question"
    additional_fields = ("result",)
    extensions = ("tries",)

    def get_result(self) -> Result:
        return Result(success=self.get_data("data.success"))


@XApiTransformersRegistry.register(f"{LESSON}.completed")
class LessonCompleted(Done, OfLesson):
    pass
