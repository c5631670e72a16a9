"""What was agreed, as door and drain read it; tracking.agreeing writes it."""

from tracking.models import PlannedEvent
from tracking.planned import Plan, Property


def plan_of(workspace_id: int) -> Plan:
    """Give what was agreed; call it inside the workspace."""
    rows = PlannedEvent.objects.filter(workspace_id=workspace_id).values_list("name", "properties")
    return Plan({name: tuple(map(Property.of, kept)) for name, kept in rows})
