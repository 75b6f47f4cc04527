"""What a file looks like before anything of it is taken."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import islice

from core.eligibility.mapping_rows import ColumnMapping
from core.eligibility.roster_convert import TO_COLUMN, names_of
from core.eligibility.roster_intake import MOST_ROWS, blocks
from core.rosters.blocks import Block
from core.rosters.columns import fits, known, refuse_my_number_titles
from core.rosters.file import Head, title_row, too_many
from core.rosters.samples import MOST_ROWS as MOST_SEEN
from core.rosters.samples import Kind, Sample, take_row
from core.rosters.text import Encoding
from todoke.v1 import rosters_pb2 as pb

TO_KIND = {
    None: pb.VALUE_KIND_UNSPECIFIED,
    Kind.TEXT: pb.VALUE_KIND_TEXT,
    Kind.NUMBER: pb.VALUE_KIND_NUMBER,
    Kind.DATE: pb.VALUE_KIND_DATE,
    Kind.KANA: pb.VALUE_KIND_KANA,
}


async def inspected(
    chunks: AsyncIterator[bytes], mappings: Sequence[ColumnMapping]
) -> pb.InspectRosterFileResponse:
    """Return a file's columns, what each may hold, its rows, and the mappings that fit it."""
    head: Head | None = None
    rows = 0
    samples: list[Sample] = []
    names = {title: column for one in mappings for title, column in names_of(one).items()}
    async for cut in blocks(chunks):
        if head is None:
            head = title_row(cut.cutter, cut.block, names=names, is_workbook=cut.is_workbook)
            samples = [Sample() for _ in head.header]
            await asyncio.to_thread(_look, head, cut.block, samples)
        rows += await asyncio.to_thread(_count, head, cut.block)
        if rows > MOST_ROWS:
            raise too_many(MOST_ROWS)
    if head is None:
        return pb.InspectRosterFileResponse()
    refuse_my_number_titles(head.header)
    header = head.header
    fitting = [one for one in mappings if fits(header, list(names_of(one)))]
    fitting.sort(key=lambda one: (-len(names_of(one)), one.name))
    best = names_of(fitting[0]) if fitting else None
    is_workbook = head.encoding is Encoding.WORKBOOK
    return pb.InspectRosterFileResponse(
        encoding=head.encoding.value,
        delimiter="" if is_workbook else head.delimiter,
        columns=[
            pb.Column(name=title, holds=TO_COLUMN[column])
            for title, column in zip(header, known(header, best), strict=True)
        ],
        rows=rows,
        mapping_ids=[one.id for one in fitting],
        samples=[pb.ColumnSample(kind=TO_KIND[one.kind], values=one.values) for one in samples],
    )


def _look(head: Head, block: Block, samples: list[Sample]) -> None:
    """See the first rows under the header."""
    under = (raw for number, raw in block.rows(head.delimiter) if number > head.row)
    for raw in islice(under, MOST_SEEN):
        take_row(samples, raw, head.encoding)


def _count(head: Head, block: Block) -> int:
    return sum(number > head.row for number, _ in block.rows(head.delimiter))
