"""What must hold of the association: who joined, who read, and what each was told, and once."""

from collections.abc import Iterator
from typing import Any

from channels.demo.checks import Check
from channels.demo.hearing import Kind, heard
from channels.demo.neighbours import HOUSEHOLDS, PEOPLE
from channels.demo.story import Found


def all_of(found: Found) -> Iterator[Check]:
    """Compare what was seen of the association with what was played."""
    went = found.went
    yield Check("joined", PEOPLE, went.joined)
    yield Check("receipts_read", (HOUSEHOLDS, 0), went.read)
    yield Check("on_screen", expected=True, found=went.on_screen)
    # The chair is told of the city's circular and of the association's, the other member of one.
    told = [
        _circulars(found.deliveries.get(one.line_user_id, []))
        for one in (went.neighbours.chair, went.neighbours.in_line)
    ]
    yield Check("circulars_told", [2, 1], told)


def _circulars(sends: list[dict[str, Any]]) -> int:
    told = (heard(message) for send in sends for message in send["messages"])
    return sum(one.kind is Kind.CIRCULAR for one in told)
