"""Rows of tracking: sources, what was accepted, what was refused, and how far the lake has come."""

from tracking.models.ads import AdCost, AdField, AdPlatform, AdWord
from tracking.models.catalogue import EventDay, EventType, FaultKind, PlannedEvent, PropertyFault, Seen, SeenKind
from tracking.models.conversion import UnmatchedConversion
from tracking.models.health import AlarmKind, Latest, SourceAlarm
from tracking.models.identity import IdentityLink, PersonOf
from tracking.models.imports import Format, Import, ImportState
from tracking.models.inbox import Counter, EventKey, InboxRow, Quarantined
from tracking.models.lake import DerivedChange, LakeState, Salt
from tracking.models.retention import Retention
from tracking.models.rights import Erasure, ErasureState, NamedBy, Tombstone
from tracking.models.source import MAX_ALIAS_CHARS, Kind, Source, SourceAlias
from tracking.models.sums import ImportedDay, SumKind
from tracking.models.withdrawal import Withdrawal

__all__ = [
    "MAX_ALIAS_CHARS",
    "AdCost",
    "AdField",
    "AdPlatform",
    "AdWord",
    "AlarmKind",
    "Counter",
    "DerivedChange",
    "Erasure",
    "ErasureState",
    "EventDay",
    "EventKey",
    "EventType",
    "FaultKind",
    "Format",
    "IdentityLink",
    "Import",
    "ImportState",
    "ImportedDay",
    "InboxRow",
    "Kind",
    "LakeState",
    "Latest",
    "NamedBy",
    "PersonOf",
    "PlannedEvent",
    "PropertyFault",
    "Quarantined",
    "Retention",
    "Salt",
    "Seen",
    "SeenKind",
    "Source",
    "SourceAlarm",
    "SourceAlias",
    "SumKind",
    "Tombstone",
    "UnmatchedConversion",
    "Withdrawal",
]
