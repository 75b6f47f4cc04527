"""Between what authors are told and the contract's messages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.procedures.merging import NOTHING, Conflict, Tree
from core.procedures.rewriting import dumped
from core.procedures.rows import ProcedureDraft, Standing
from core.procedures.source import Problem, Severity
from core.wire.convert import to_timestamp
from todoke.v1 import procedures_pb2 as pb

SEVERITIES = {
    Severity.ERROR: pb.PROBLEM_SEVERITY_ERROR,
    Severity.WARNING: pb.PROBLEM_SEVERITY_WARNING,
}


def problems_to_pb(problems: Iterable[Problem]) -> list[pb.SourceProblem]:
    return [
        pb.SourceProblem(
            severity=SEVERITIES[one.severity],
            line=one.line,
            column=one.column,
            path=one.path,
            problem=one.problem,
        )
        for one in problems
    ]


def draft_to_pb(draft: ProcedureDraft, problems: Iterable[Problem]) -> pb.Draft:
    return pb.Draft(
        key=draft.key,
        source=draft.source,
        problems=problems_to_pb(problems),
        author=draft.author,
        save_time=to_timestamp(draft.save_time),
        etag=draft.etag,
    )


def version_to_pb(one: Standing, known: Sequence[Standing], now: datetime) -> pb.ProcedureVersion:
    """Return a version; until when it was in force is also told by those that came after it."""
    later = [
        other.publish_time
        for other in known
        if other.is_own
        and (one.publish_time, one.version) < (other.publish_time, other.version)
        and other.publish_time <= now
    ]
    ends = [*later, *([one.retire_time] if one.retire_time else [])]
    return pb.ProcedureVersion(
        key=one.key,
        version=one.version,
        origin=one.origin,
        author=one.author,
        publish_time=to_timestamp(one.publish_time),
        retire_time=to_timestamp(min(ends)) if ends else None,
    )


def conflict_to_pb(conflict: Conflict) -> pb.SourceConflict:
    return pb.SourceConflict(
        path=conflict.place,
        before=tree_text(conflict.before),
        ours=tree_text(conflict.ours),
        theirs=tree_text(conflict.theirs),
    )


def tree_text(tree: Tree) -> str:
    """Return a part of a source as YAML, a text as itself; empty for what is not there."""
    if tree is NOTHING:
        return ""
    return tree if isinstance(tree, str) else dumped(tree).removesuffix("...\n").strip()


def values_to_pb(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "、".join(value) if isinstance(value, list) else str(value)
