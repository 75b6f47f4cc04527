"""What conditions can name, as the core lists it: by what it is called, and by its key."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import eligibility_pb2, procedures_pb2, residents_pb2
from tui import formats
from tui.conditions import tree
from tui.desk import Desk

PAGE = 200
ASSOCIATION = pb.NEIGHBOURHOOD_KIND_ASSOCIATION
GROUP = pb.NEIGHBOURHOOD_KIND_GROUP
HOUSEHOLD = pb.NEIGHBOURHOOD_KIND_HOUSEHOLD
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
    topics = core.pages(core.residents.ListTopics, residents_pb2.ListTopicsRequest())
    known.topics = {one.key: known.said(one.title) async for page in topics for one in page.topics}
    segments = core.pages(core.campaigns.ListSegments, pb.ListSegmentsRequest())
    known.segments = {one.segment_id: one async for page in segments for one in page.segments}
    known.associations = (await _neighbourhoods(desk)).get(ASSOCIATION, {})
    # Of what there is more of each year, the newest are offered.
    programs = await core.ask(
        core.eligibility.ListPrograms, eligibility_pb2.ListProgramsRequest(page_size=PAGE)
    )
    known.programs = {one.program_id: one.title for one in programs.programs}
    campaigns = await core.ask(
        core.campaigns.ListCampaigns, pb.ListCampaignsRequest(page_size=PAGE)
    )
    known.campaigns = {
        # Repeats have one title: the day tells them apart.
        one.campaign_id: f"{one.title} {formats.day(one.start_time)}".rstrip()
        for one in campaigns.campaigns
        if one.kind != "test"
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
    parts = await _neighbourhoods(desk, association_id)
    known.groups[association_id] = parts.get(GROUP, {})
    known.households[association_id] = parts.get(HOUSEHOLD, {})


async def _neighbourhoods(desk: Desk, association_id: str = "") -> dict[int, Named]:
    """Read associations, or what one is made of, by kind."""
    core = desk.core
    found: dict[int, Named] = {}
    request = pb.ListNeighbourhoodsRequest(association_id=association_id)
    async for page in core.pages(core.campaigns.ListNeighbourhoods, request):
        for one in page.neighbourhoods:
            found.setdefault(one.kind, {})[one.neighbourhood_id] = one.name
    return found


async def read_areas(desk: Desk, town: str = "") -> list[pb.Area]:
    """Read the towns there are, or the blocks of one, with how many live there; raise CoreError."""
    core = desk.core
    pages = core.pages(core.campaigns.ListAreas, pb.ListAreasRequest(town=town))
    return [one async for page in pages for one in page.areas]


async def read_named(desk: Desk, known: Known, condition: pb.Condition | None) -> None:
    """Read what a tree names of associations, so that it can be read; raise CoreError."""
    for node in tree.nodes(condition):
        part = node.condition.association
        if part.association_id in known.associations and (part.group_id or part.household_ids):
            await read_association(desk, known, part.association_id)
