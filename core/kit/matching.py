"""`todoke match`: links registrations with a roster, both from files."""

from pathlib import Path

from core.kit import registrations, report, roster
from core.kit.linking import LINKS, linked
from core.kit.progress import Steps
from core.kit.report import Matching
from core.kit.stages import Stages, file_hash
from core.kit.tables import write_rows


def match_files(
    registrations_file: Path, roster_file: Path, out: Path, stages: Stages, steps: Steps
) -> Matching:
    """Match two plain files, and write the pairs to `out` and a report beside it."""
    with steps.step("hash"):
        hashes = {
            "registrations": file_hash(registrations_file),
            "roster": file_hash(roster_file),
        }
    registered = stages.side(
        "registrations", hashes["registrations"], lambda: registrations.read(registrations_file)
    )
    entitled = stages.side("roster", hashes["roster"], lambda: roster.read(roster_file))
    links, crowded = stages.frames(
        "link",
        f"{hashes['registrations']} {hashes['roster']}",
        lambda step: linked(registered, entitled, step),
    )
    with steps.step("write"):
        write_rows(out, LINKS, links)
    hashes["output"] = file_hash(out)
    matching = Matching(registered, entitled, links, crowded, hashes)
    report.write(report_beside(out), matching, steps)
    return matching


def report_beside(out: Path) -> Path:
    """Name the report of a file of links: links.report.txt for links.csv."""
    return out.with_name(out.stem + ".report.txt")
