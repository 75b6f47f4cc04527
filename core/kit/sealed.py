"""`todoke match` on an export: in the closed network, into a folder that `todoke pack` reads."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

import polars as pl

from core.kit import registrations, report, review, roster
from core.kit.columns import Side
from core.kit.linking import LINKS, linked
from core.kit.progress import Steps
from core.kit.report import Matching
from core.kit.stages import Stages, file_hash
from core.kit.tables import write_rows
from core.sealing.exports import Export, open_export, open_header, seal_header
from core.sealing.keys import CityKey

LINKS_FILE = "links.csv"
REVIEW_FILE = "review.csv"
REPORT = "report.txt"
PAIRS = "pairs.arrow"
HEADER = "export-header.age.txt"
STAGES = "stages"


def match_export(
    export_file: Path, roster_file: Path, keys: Sequence[CityKey], work: Path, steps: Steps
) -> Matching:
    """Match an export with a roster; raises `SealBroken`, and what reading a roster raises."""
    stages = Stages(work / STAGES, steps)
    with steps.step("hash"):
        hashes = {"registrations": file_hash(export_file), "roster": file_hash(roster_file)}
    header = stages.folder / f"{hashes['registrations']}.age.txt"

    def read() -> Side:
        with export_file.open("rb") as sealed, NamedTemporaryFile(dir=stages.folder) as plain:
            export, _ = open_export(sealed, keys, cast("BinaryIO", plain))
            plain.flush()
            with header.open("wb") as out:
                seal_header(out, export, keys[0].public_key)
            return registrations.read(Path(plain.name))

    registered = stages.side("registrations", hashes["registrations"], read)
    entitled = stages.side("roster", hashes["roster"], lambda: roster.read(roster_file))
    links, crowded = stages.frames(
        "link",
        f"{hashes['registrations']} {hashes['roster']}",
        lambda step: linked(registered, entitled, step),
    )
    with steps.step("write"):
        shutil.copyfile(header, work / HEADER)
        pairs = _paid(review.coded(links), entitled, header_of(work, keys).amount)
        pairs.write_ipc(work / (PAIRS + ".part"))
        (work / (PAIRS + ".part")).replace(work / PAIRS)
        review.write(work / REVIEW_FILE, pairs, registered, entitled)
        write_rows(work / LINKS_FILE, LINKS, links)
    hashes["output"] = file_hash(work / LINKS_FILE)
    matching = Matching(registered, entitled, links, crowded, hashes)
    report.write(work / REPORT, matching, steps)
    return matching


def _paid(pairs: pl.DataFrame, entitled: Side, amount: str) -> pl.DataFrame:
    """Put account and amount beside each pair: the list's own, or else that of the export."""
    own = pl.when(pl.col("amount") == "").then(pl.lit(amount)).otherwise("amount")
    paid = entitled.rows.select(
        pl.col("id").alias("addressee_number"), own.alias("amount"), "account"
    )
    return pairs.join(paid, on="addressee_number", how="left", maintain_order="left")


def header_of(work: Path, keys: Sequence[CityKey]) -> Export:
    """Return what the export said of itself that was matched in a folder. Raises `SealBroken`."""
    with (work / HEADER).open("rb") as sealed:
        return open_header(sealed, keys)
