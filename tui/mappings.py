"""Mappings of columns that were kept: which there are, and which fits a file."""

from pathlib import Path

from todoke.client import Core
from todoke.v1.rosters_pb2 import (
    ROSTER_COLUMN_UNSPECIFIED,
    Column,
    ColumnMapping,
    InspectRosterFileResponse,
    ListColumnMappingsRequest,
)
from tui import sending

MOST = 200
COLUMNS_IN_THE_WAY = frozenset({"ROSTER_COLUMNS_MISSING", "ROSTER_COLUMN_AMBIGUOUS"})
"""Reasons that a mapping mends."""


async def kept(core: Core, found: InspectRosterFileResponse) -> list[ColumnMapping]:
    """Return the kept mappings, those that fit the file first; raise CoreError."""
    request = ListColumnMappingsRequest(page_size=MOST)
    answer = await core.ask(core.rosters.ListColumnMappings, request)
    fit = list(found.mapping_ids)
    return sorted(
        answer.mappings,
        key=lambda m: fit.index(m.mapping_id) if m.mapping_id in fit else len(fit),
    )


async def fitting(core: Core, path: Path) -> ColumnMapping | None:
    """Return the kept mapping that fits a file best; raise CoreError."""
    found = await sending.inspect(core, path)
    mappings = await kept(core, found) if found.mapping_ids else []
    return mappings[0] if mappings and mappings[0].mapping_id in found.mapping_ids else None


def holdings(columns: list[Column], mapping: ColumnMapping) -> list[Column]:
    """Return the columns with what the mapping says that they hold."""
    holds = {column.name: column.holds for column in mapping.columns}
    return [
        Column(name=one.name, holds=holds.get(one.name, ROSTER_COLUMN_UNSPECIFIED))
        for one in columns
    ]
