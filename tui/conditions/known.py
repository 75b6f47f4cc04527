"""What conditions can name, as the core lists it: by what it is called, and by its key."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import circulars_pb2, eligibility_pb2, procedures_pb2, residents_pb2
from tui.conditions import tree
from tui.desk import Desk

PAGE = 200
Named = dict[str, str]
"""Names by key, in the order in which they are offered."""


@dataclass(slots=True)
class Known:
    """Lists for choosing, and names for reading; those of associations are read when needed."""

    language: str
    topics: Named = field(default_factory=dict)
    programs: Named = field(default_factory=dict)
    segments: dict[str, pb.Segment] = field(default_factory=dict)
    campaigns: Named = field(default_factory=dict)
    associations: Named = field(default_factory=dict)
    groups: dict[str, Named] = field(default_factory=dict)
    """By association."""
    households: dict[str, Named] = field(default_factory=dict)
    """By association."""
    procedures: dict[str, procedures_pb2.Procedure] = field(default_factory=dict)
    residents: Named = field(default_factory=dict)
    """Those who were looked for in this sitting."""

    def said(self, text: procedures_pb2.Text) -> str:
        """Return a text in the language of the screen, else in what there is."""
        by = text.by_language
        return by.get(self.language) or by.get("ja") or next(iter(by.values()), "")

    def marked(self) -> list[tuple[procedures_pb2.Procedure, procedures_pb2.Step]]:
        """Return the steps whose answers are kept for segments."""
        return [
            (procedure, step)
            for procedure in self.procedures.values()
            for step in procedure.steps
            if step.for_segments
        ]

    def named(self, names: Sequence[str], known: Named) -> list[str]:
        """Return what keys are called; what is not known by its key."""
        return [known.get(name, name) for name in names]


async def read_known(desk: Desk) -> Known:
    """Read all lists; raise CoreError."""
    core, known = desk.core, Known(desk.words.language)
    token = ""
    while True:
        topics = await core.ask(
            core.residents.ListTopics,
            residents_pb2.ListTopicsRequest(page_size=PAGE, page_token=token),
        )
        known.topics |= {one.key: known.said(one.title) for one in topics.topics}
        if not (token := topics.next_page_token):
            break
    while True:
        segments = await core.ask(
            core.campaigns.ListSegments, pb.ListSegmentsRequest(page_size=PAGE, page_token=token)
        )
        known.segments |= {one.segment_id: one for one in segments.segments}
        if not (token := segments.next_page_token):
            break
    while True:
        associations = await core.ask(
            core.circulars.ListAssociations,
            circulars_pb2.ListAssociationsRequest(page_size=PAGE, page_token=token),
        )
        for summary in associations.associations:
            known.associations[summary.association.association_id] = summary.association.name
        if not (token := associations.next_page_token):
            break
    programs = await core.ask(
        core.eligibility.ListPrograms, eligibility_pb2.ListProgramsRequest(page_size=PAGE)
    )
    known.programs = {one.program_id: one.title for one in programs.programs}
    campaigns = await core.ask(
        core.campaigns.ListCampaigns, pb.ListCampaignsRequest(page_size=PAGE)
    )
    known.campaigns = {
        one.campaign_id: one.title for one in campaigns.campaigns if one.kind != "test"
    }
    procedures = await core.ask(
        core.procedures.ListProcedures, procedures_pb2.ListProceduresRequest()
    )
    known.procedures = {one.key: one for one in procedures.procedures}
    return known


async def read_association(desk: Desk, known: Known, association_id: str) -> None:
    """Read an association's groups and households, once; raise CoreError."""
    if association_id in known.households:
        return
    core = desk.core
    found = await core.ask(
        core.circulars.GetAssociation,
        circulars_pb2.GetAssociationRequest(association_id=association_id),
    )
    households: Named = {}
    token = ""
    while True:
        request = circulars_pb2.ListHouseholdsRequest(
            association_id=association_id, page_size=PAGE, page_token=token
        )
        page = await core.ask(core.circulars.ListHouseholds, request)
        for one in page.households:
            households[one.household.household_id] = " ".join(
                filter(None, (one.household.name, one.household.address))
            )
        if not (token := page.next_page_token):
            break
    known.groups[association_id] = {one.group_id: one.name for one in found.groups}
    known.households[association_id] = households


async def read_named(desk: Desk, known: Known, condition: pb.Condition | None) -> None:
    """Read what a tree names of associations, so that it can be read; raise CoreError."""
    for node in tree.nodes(condition):
        part = node.condition.association
        if part.association_id in known.associations and (part.group_id or part.household_ids):
            await read_association(desk, known, part.association_id)
