"""Whom a circular is for, and who may say so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from core.associations.rules import NotInOffice, OfficeKind, Standing

PREFIX = "OFFICE_KIND_"


@dataclass(frozen=True, slots=True)
class Targets:
    """Whom a circular is for; what is given adds up."""

    everybody: bool = False
    group_ids: frozenset[str] = frozenset()
    offices: frozenset[OfficeKind] = frozenset()
    household_ids: frozenset[str] = frozenset()
    association_ids: frozenset[str] = frozenset()
    all_associations: bool = False
    leaders_only: bool = False
    names: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, names: Mapping[str, Any]) -> Self:
        """Return the contract's Targets, as in its JSON with its own names."""
        kinds = (OfficeKind(name.removeprefix(PREFIX).lower()) for name in names.get("offices", []))
        return cls(
            bool(names.get("everybody")),
            frozenset(names.get("group_ids", [])),
            frozenset(kinds),
            frozenset(names.get("household_ids", [])),
            frozenset(names.get("association_ids", [])),
            bool(names.get("all_associations")),
            bool(names.get("leaders_only")),
            names,
        )

    @property
    def is_of_city(self) -> bool:
        """Whether leaders of associations are among them, whom the city alone reaches so."""
        return bool(self.association_ids) or self.all_associations or self.leaders_only

    @property
    def is_of_association(self) -> bool:
        return self.everybody or bool(self.group_ids or self.offices or self.household_ids)


def are_leaders_only(targets_json: str) -> bool:
    """Whether what is kept of a circular's targets says that nobody passes it on."""
    return Targets.of(json.loads(targets_json)).leaders_only


def check_may_target(standing: Standing, targets: Targets) -> None:
    """Raise NotInOffice where somebody outside the own group is meant by a group's head.

    Households are held against it by who looks them up.
    """
    standing.check_leads_some()
    if standing.is_staff or standing.leads_all:
        return
    if targets.everybody or targets.offices or not targets.group_ids <= standing.groups:
        raise NotInOffice("the association's chair or vice writes to others", needed="chair")
