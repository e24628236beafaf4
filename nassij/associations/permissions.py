"""Who may do what to an association: one table, read by everyone through `nassij.associations.api`.

A person may hold several capacities at once (a treasurer who is the lead, a member who is a coordinator elsewhere): what they may
do is the union. Everyone without a capacity (a former member, a member of another association, a visitor) may do nothing, and is
told that there is nothing. A trainer is Open edX course staff and gets nothing here.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from nassij.associations.data import Action, Capacity, Role

# A plan is written by the office holders and the lead; whoever an action was given to says how far it has come. A coach remarks.
# An operator looks and imports, and never answers for an association. A coach validates beside the answers, never over them;
# whoever accompanies sees how far that has come and the audit trail, the association sees what was validated.
# Documents name third persons: they are for the members and for the coach who has to look at them, not for who only counts.
TABLE = """
action               president  secretary  treasurer  member  lead  coach  coordinator  operator
view_association     yes        yes        yes        yes     yes   yes    yes          yes
edit_association     yes        yes        -          -       -     -      -            -
manage_members       yes        -          -          -       yes   -      -            -
view_join_code       yes        yes        -          -       -     -      -            -
leave                yes        yes        yes        yes     yes   -      -            -
answer_round         yes        yes        yes        yes     yes   -      -            -
submit_round         yes        -          -          -       yes   -      -            -
reopen_round         -          -          -          -       -     yes    yes          -
view_result          yes        yes        yes        yes     yes   yes    yes          yes
validate_round       -          -          -          -       -     yes    -            -
view_evidence        yes        yes        yes        yes     yes   yes    -            -
view_validation      -          -          -          -       -     yes    yes          yes
view_plan            yes        yes        yes        yes     yes   yes    yes          yes
edit_plan            yes        yes        yes        -       yes   -      -            -
follow_own_action    yes        yes        yes        yes     yes   -      -            -
remark_plan          -          -          -          -       -     yes    -            -
view_applications    yes        yes        yes        yes     yes   yes    yes          yes
edit_applications    yes        yes        yes        -       yes   -      -            -
view_cohort          -          -          -          -       -     -      yes          yes
assign_coach         -          -          -          -       -     -      yes          yes
import_associations  -          -          -          -       -     -      yes          yes
"""


def _read(table: str) -> Mapping[Capacity, frozenset[Action]]:
    """The table by capacity; a name that is not in the enumerations fails at import time."""
    head, *rows = [line.split() for line in table.strip().splitlines()]
    capacities = [Capacity(name) for name in head[1:]]
    allowed: dict[Capacity, set[Action]] = {capacity: set() for capacity in capacities}
    for action, *cells in rows:
        for capacity, cell in zip(capacities, cells, strict=True):
            if cell == "yes":
                allowed[capacity].add(Action(action))
    return MappingProxyType({capacity: frozenset(actions) for capacity, actions in allowed.items()})


ALLOWED: Mapping[Capacity, frozenset[Action]] = _read(TABLE)


@lru_cache(maxsize=256)  # as many as there are ways to stand to an association
def capacities_of(
    *, role: Role | None, is_lead: bool, as_coach: bool, as_coordinator: bool, as_operator: bool
) -> frozenset[Capacity]:
    """Every capacity of someone who stands like this to an association; being the lead counts only for a member."""
    held = {
        Capacity.LEAD: role is not None and is_lead,
        Capacity.COACH: as_coach,
        Capacity.COORDINATOR: as_coordinator,
        Capacity.OPERATOR: as_operator,
    }
    return frozenset(
        [capacity for capacity, holds in held.items() if holds] + ([Capacity(role.value)] if role is not None else [])
    )


@lru_cache(maxsize=256)
def actions_of(capacities: frozenset[Capacity]) -> frozenset[Action]:
    """What these capacities allow together; the empty set for someone who has none."""
    return frozenset().union(*(ALLOWED[capacity] for capacity in capacities))
