"""The export: registrations on their way into the closed network, sealed to the city's key."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import BinaryIO

from core.sealing import age, sheets
from core.sealing.keys import CityKey, fingerprint
from core.sealing.refusals import SealBroken
from core.sealing.sheets import HASH, ROW, Beginning, Digest

KIND = "todoke-registrations"
COLUMNS = (
    "registration_id",
    "name",
    "birth_date",
    "sex",
    "address",
    "registered_at",
    "name_flags",
    "address_flags",
    "suppressed",
)
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What an export says of itself.

    `key` is the fingerprint of the key it is sealed to, `amount` in yen what a row without one of
    its own is worth, or empty. Only who opens the export knows `secret`, with which the answer is
    signed: 32 random bytes, never to be used twice.
    """

    municipality: str
    program_id: str
    program_code: str
    export_id: str
    count: int
    create_time: str
    key: str
    amount: str
    secret: bytes = field(repr=False)


def write_export(
    out: BinaryIO, export: Export, rows: Iterable[Sequence[str]], public_key: str
) -> str:
    """Write registrations, in the order of `COLUMNS`, sealed; return the hash of what is inside.

    `export.key` must be the key's fingerprint, and `export.count` how many rows there are. Memory
    stays flat however many there are.
    """
    if export.key != fingerprint(public_key) or len(export.secret) != SECRET_BYTES:
        raise ValueError("the export names another key, or its secret has another length")
    digest = Digest()
    age.seal(out, sheets.written(_lines(export, rows, digest)), public_key)
    return digest.hexdigest()


def open_export(
    sealed: BinaryIO, keys: Sequence[CityKey], registrations: BinaryIO
) -> tuple[Export, str]:
    """Open an export and write its rows as a plain file of CSV; return its header and its hash.

    Raises `SealBroken`; then nothing that was written counts.
    """
    with TemporaryFile() as opened:
        age.unseal(sealed, opened, keys)
        digest = Digest()
        lines = sheets.lines_of(opened)
        export = _read(sheets.read_beginning(lines, KIND), digest)
        registrations.writelines(sheets.written(_plain(lines, digest, export)))
    return export, digest.hexdigest()


def seal_header(out: BinaryIO, export: Export, public_key: str) -> None:
    """Keep what an export says of itself, without its registrations, for when it is answered."""
    age.seal(out, sheets.written(_beginning(export).lines()), public_key)


def open_header(sealed: BinaryIO, keys: Sequence[CityKey]) -> Export:
    """Read what `seal_header` wrote. Raises `SealBroken`."""
    with TemporaryFile() as opened:
        age.unseal(sealed, opened, keys)
        return _read(sheets.read_beginning(sheets.lines_of(opened), KIND), Digest())


def _beginning(export: Export) -> Beginning:
    return Beginning(
        KIND,
        {
            "municipality": export.municipality,
            "program_id": export.program_id,
            "program_code": export.program_code,
            "export_id": export.export_id,
            "count": str(export.count),
            "create_time": export.create_time,
            "key": export.key,
            "amount": export.amount,
            "answer_secret": export.secret.hex(),
        },
        COLUMNS,
    )


def _lines(
    export: Export, rows: Iterable[Sequence[str]], digest: Digest
) -> Iterator[Sequence[str]]:
    for line in _beginning(export).lines():
        digest.add(line)
        yield line
    count = 0
    for row in rows:
        count += 1
        line = [ROW, *row]
        digest.add(line)
        yield line
    if count != export.count:
        raise ValueError(f"the export promises {export.count} rows and has {count}")
    yield [HASH, digest.hexdigest()]


def _read(beginning: Beginning, digest: Digest) -> Export:
    for line in beginning.lines():
        digest.add(line)
    header = dict(beginning.header)
    try:
        secret = bytes.fromhex(header.pop("answer_secret"))
        count = int(header.pop("count"))
        export = Export(secret=secret, count=count, **header)
    except (KeyError, TypeError, ValueError) as wrong:
        raise SealBroken("HEADER_BROKEN", "the header of the export is not whole") from wrong
    if beginning.columns != COLUMNS or len(secret) != SECRET_BYTES:
        raise SealBroken("HEADER_BROKEN", "the header of the export is not as it was made")
    return export


def _plain(lines: Iterator[list[str]], digest: Digest, export: Export) -> Iterator[Sequence[str]]:
    yield COLUMNS
    for count, (kind, *cells) in enumerate(lines):
        if kind != ROW or len(cells) > len(COLUMNS):
            if [kind, *cells] != [HASH, digest.hexdigest()] or next(lines, None) is not None:
                raise SealBroken("HASH_WRONG", "the rows are not those that were exported")
            if count != export.count:
                raise SealBroken("COUNT_WRONG", f"{export.count} rows were exported, not {count}")
            return
        digest.add([ROW, *cells])
        yield cells + [""] * (len(COLUMNS) - len(cells))
    raise SealBroken("CUT_OFF", "the export has no end")
