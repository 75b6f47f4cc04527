"""Rosters, their problems, differences and column mappings as messages of the contract."""

from collections.abc import Sequence

from core.eligibility.comparing import Difference, Kind
from core.eligibility.convert import entitlement_to_pb, problem_to_pb
from core.eligibility.difference_rows import Found
from core.eligibility.mapping_rows import ColumnMapping
from core.eligibility.roster_intake import Intake
from core.etags import etag_of
from core.rosters.columns import Column
from core.rosters.rows import Problem
from todoke.v1 import rosters_pb2 as pb

AT_ONCE = 500
"""Problems in one message."""

_OTHER_NAMES = {
    Column.POSTCODE: "POSTAL_CODE",
    Column.BANK_CODE: "BANK",
    Column.BRANCH_CODE: "BRANCH",
    Column.SUPPRESSION: "SUPPRESSED",
}
TO_COLUMN: dict[Column | None, pb.RosterColumn.ValueType] = {
    column: pb.RosterColumn.Value(f"ROSTER_COLUMN_{_OTHER_NAMES.get(column, column.name)}")
    for column in Column
} | {None: pb.ROSTER_COLUMN_UNSPECIFIED}
FROM_COLUMN = {value: column for column, value in TO_COLUMN.items()}
FROM_KIND = {
    pb.DIFFERENCE_KIND_CAME: Kind.CAME,
    pb.DIFFERENCE_KIND_LEFT: Kind.LEFT,
    pb.DIFFERENCE_KIND_CHANGED: Kind.CHANGED,
}
TO_KIND = {kind: value for value, kind in FROM_KIND.items()}


def progress_to_pb(intake: Intake, end: int, file_size: int) -> pb.RosterProgress:
    return pb.RosterProgress(bytes=end, file_size=file_size, rows=intake.rows)


def problems_to_pb(problems: Sequence[Problem]) -> list[pb.RosterProblems]:
    return [
        pb.RosterProblems(problems=map(problem_to_pb, problems[start : start + AT_ONCE]))
        for start in range(0, len(problems), AT_ONCE)
    ]


def difference_to_pb(
    difference: Difference, *, total_before: int, total_after: int
) -> pb.RosterDifference:
    counts = difference.counts
    return pb.RosterDifference(
        came=counts.get(Kind.CAME, 0),
        left=counts.get(Kind.LEFT, 0),
        changed=counts.get(Kind.CHANGED, 0),
        unchanged=counts.get(Kind.SAME, 0),
        applications_touched=difference.touched,
        applications_left=difference.gone,
        total_before=total_before,
        total_after=total_after,
        difference_hash=difference.hash,
    )


def difference_row_to_pb(found: Found) -> pb.RosterDifferenceRow:
    return pb.RosterDifferenceRow(
        kind=TO_KIND[found.kind],
        before=entitlement_to_pb(found.before) if found.before else None,
        after=entitlement_to_pb(found.after) if found.after else None,
        application_id=found.application_id,
    )


def mapping_to_pb(mapping: ColumnMapping) -> pb.ColumnMapping:
    return pb.ColumnMapping(
        mapping_id=mapping.id,
        name=mapping.name,
        columns=[
            pb.Column(name=title, holds=TO_COLUMN[Column(holds) if holds else None])
            for title, holds in mapping.columns
        ],
        etag=etag_of(mapping.revision),
    )


def names_of(mapping: ColumnMapping) -> dict[str, Column]:
    """Return what a mapping says that columns hold, by their titles."""
    return {title: Column(holds) for title, holds in mapping.columns if holds}
