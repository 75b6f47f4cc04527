"""The answer: who is linked with which row of the roster, on its way out of the closed network.

It is plain text, for people there must see what leaves, and holds nothing but numbers. Whether it
is whole, and answers this export, its trailer tells: count, total, hash, and a signature with the
secret that only this export carried.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from core.sealing import sheets
from core.sealing.refusals import SealBroken
from core.sealing.sheets import HASH, ROW, VERSION, Beginning, Digest

KIND = "todoke-links"
COLUMNS = ("registration_id", "reference", "amount", "account", "class", "rule")
_HEADER = ("export_id", "municipality", "program_id", "create_time", "operator", "approver")
_COUNT, _TOTAL, _SIGNATURE = "count", "total", "hmac_sha256"
_AMOUNT = re.compile("[1-9][0-9]{0,9}|")


class Link(NamedTuple):
    """A registration and a row of the roster that are one person's.

    `amount` is in yen, or empty where neither the row nor the program tells it; of the account no
    more than three digits are shown.
    """

    registration_id: str
    reference: str
    amount: str
    account: str
    match_class: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an answer says of itself: which export it answers, and who let it out."""

    export_id: str
    municipality: str
    program_id: str
    create_time: str
    operator: str
    approver: str


@dataclass(frozen=True, slots=True)
class Links:
    """An answer that is verified. `rows` reads the same file again, once, as it is asked for."""

    answer: Answer
    count: int
    total: int
    hash: str
    rows: Iterator[Link]


def write_links(out: BinaryIO, answer: Answer, links: Sequence[Link], secret: bytes) -> str:
    """Write links and their trailer; return the hash of the content."""
    digest = Digest()
    out.writelines(sheets.written(_lines(answer, links, secret, digest)))
    return digest.hexdigest()


def read_links(file: BinaryIO, *, export_id: str, secret: bytes) -> Links:
    """Verify an answer to an export, whatever re-saved its file; nothing of it counts before.

    The file must be seekable, since it is read twice. Raises `SealBroken`, whose `problem` is one
    of NOT_A_SHEET, OTHER_KIND, OTHER_VERSION, HEADER_BROKEN, ROW_BROKEN, CUT_OFF, COUNT_WRONG,
    TOTAL_WRONG, HASH_WRONG, SIGNATURE_WRONG, OTHER_EXPORT, SAME_PERSON and LINKED_TWICE.
    """
    digest = Digest()
    lines = sheets.lines_of(file)
    beginning = sheets.read_beginning(lines, KIND)
    if tuple(beginning.header) != _HEADER or beginning.columns != COLUMNS:
        raise SealBroken("HEADER_BROKEN", "the lines before the rows are not as they were made")
    answer = Answer(**beginning.header)
    for line in beginning.lines():
        digest.add(line)
    count, total, end = _read_rows(lines, digest)
    trailer = dict(_trailer(count, total, digest, secret))
    if [name for name, *_ in end] != list(trailer):
        raise SealBroken("CUT_OFF", "the answer does not end with its trailer")
    for (name, value), problem in zip(
        trailer.items(),
        ("COUNT_WRONG", "TOTAL_WRONG", "HASH_WRONG", "SIGNATURE_WRONG"),
        strict=True,
    ):
        told = "".join(next(values for one, *values in end if one == name))
        if not hmac.compare_digest(told.encode(), value.encode()):
            raise SealBroken(problem, f"the {name} of the answer does not fit what it holds")
    if answer.export_id != export_id:
        raise SealBroken("OTHER_EXPORT", "the file answers another export")
    if same_person(answer.operator, answer.approver):
        raise SealBroken("SAME_PERSON", "one person was operator and approver")
    return Links(answer, count, total, trailer[HASH], _again(file))


def same_person(one: str, other: str) -> bool:
    """Tell whether two names are one, or one of them is none."""
    mine, theirs = (re.sub(r"\s", "", unicodedata.normalize("NFKC", name)) for name in (one, other))
    return not mine or not theirs or mine.casefold() == theirs.casefold()


def _lines(
    answer: Answer, links: Sequence[Link], secret: bytes, digest: Digest
) -> Iterator[Sequence[str]]:
    header = {name: getattr(answer, name) for name in _HEADER}
    for line in Beginning(KIND, header, COLUMNS).lines():
        digest.add(line)
        yield line
    total = 0
    for link in links:
        line = [ROW, *link]
        digest.add(line)
        total += int(link.amount or 0)
        yield line
    yield from _trailer(len(links), total, digest, secret)


def _trailer(count: int, total: int, digest: Digest, secret: bytes) -> Iterator[tuple[str, str]]:
    """Yield the lines that end an answer; the hash takes in all before it."""
    for line in ((_COUNT, str(count)), (_TOTAL, str(total))):
        digest.add(line)
        yield line
    yield HASH, digest.hexdigest()
    signed = f"{KIND} {VERSION} {digest.hexdigest()}".encode()
    yield _SIGNATURE, hmac.new(secret, signed, hashlib.sha256).hexdigest()


def _read_rows(lines: Iterator[list[str]], digest: Digest) -> tuple[int, int, list[list[str]]]:
    """Return how many rows there are, what they add up to, and the lines after them."""
    total = 0
    registrations: set[str] = set()
    references: set[str] = set()
    for count, line in enumerate(lines):
        if line[0] != ROW:
            return count, total, [line, *lines]
        link = _link(line)
        if link.registration_id in registrations or link.reference in references:
            raise SealBroken("LINKED_TWICE", f"row {count + 1} links somebody a second time")
        registrations.add(link.registration_id)
        references.add(link.reference)
        digest.add(line)
        total += int(link.amount or 0)
    raise SealBroken("CUT_OFF", "the answer does not end with its trailer")


def _link(line: list[str]) -> Link:
    if len(line) != len(COLUMNS) + 1:
        raise SealBroken("ROW_BROKEN", "a row has another number of cells than it was made with")
    link = Link(*line[1:])
    if not (link.registration_id and link.reference and _AMOUNT.fullmatch(link.amount)):
        raise SealBroken("ROW_BROKEN", "a row lacks an id, or has an amount that is none")
    return link


def _again(file: BinaryIO) -> Iterator[Link]:
    return (_link(line) for line in sheets.lines_of(file) if line[0] == ROW)
