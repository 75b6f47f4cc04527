"""The report of a matching: what was read, found and left out, and how long it took."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.kit.columns import Side
from core.kit.progress import Steps
from core.kit.tables import ROW
from core.kit.wording import LANGUAGES, named, say


@dataclass(frozen=True, slots=True)
class Matching:
    """A matching that is done; hashes are SHA-256 of the files as they are."""

    registrations: Side
    roster: Side
    links: pl.DataFrame
    crowded: pl.DataFrame
    """Who was not compared with all whom they could be: `side` and `id`."""
    hashes: dict[str, str]
    """By `registrations`, `roster` and `output`."""

    @property
    def refused(self) -> pl.DataFrame:
        return pl.concat([self.registrations.refused, self.roster.refused])

    def left_out(self, side: str) -> int:
        """Count the rows of a side that were left out, each once."""
        of: Side = getattr(self, side)
        return int(of.refused[ROW].n_unique())


def write(path: Path, matching: Matching, steps: Steps) -> None:
    """Write the report in both languages, whole or not at all."""
    lines = [line for language in LANGUAGES for line in _lines(language, matching, steps)]
    part = path.with_name(path.name + ".part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(path)


def summary(language: str, matching: Matching) -> Iterator[str]:
    """Yield what is found, by decision, class and rule."""
    counted = matching.links.group_by("decision", "class", "rule").len().sort(pl.all())
    for decision, match_class, rule, count in counted.iter_rows():
        words = (
            named(language, group, code)
            for group, code in (("decisions", decision), ("classes", match_class), ("rules", rule))
        )
        yield f"  {count:>9,}  " + " | ".join(words)
    yield f"  {matching.links.height:>9,}  {say(language, 'report.total')}"
    crowded = dict(matching.crowded.group_by("side").len().iter_rows())
    if crowded:
        counts = {side: f"{crowded.get(side, 0):,}" for side in ("registrations", "roster")}
        yield "  " + say(language, "report.crowded", **counts)


def _lines(language: str, matching: Matching, steps: Steps) -> Iterator[str]:
    title = say(language, "report.title")
    yield from (title, "=" * len(title), "", say(language, "report.inputs"))
    for side in ("registrations", "roster"):
        of: Side = getattr(matching, side)
        yield f"  {say(language, f'report.{side}')}: " + say(
            language,
            "report.rows",
            count=f"{of.count:,}",
            refused=f"{matching.left_out(side):,}",
            hash=matching.hashes[side],
        )
    yield from ("", say(language, "report.output"))
    count, hashed = f"{matching.links.height:,}", matching.hashes["output"]
    yield "  " + say(language, "report.written", count=count, hash=hashed)
    yield from ("", say(language, "report.pairs"), *summary(language, matching))
    links = matching.links
    yield "  " + say(
        language,
        "report.unmatched",
        registrations=matching.registrations.rows.height - links["registration_id"].n_unique(),
        roster=matching.roster.rows.height - links["addressee_number"].n_unique(),
    )
    yield from ("", say(language, "report.refused"), *_refused(language, matching))
    yield from ("", say(language, "report.times"))
    for step, seconds in steps.seconds.items():
        words = say(language, f"steps.{step}")
        yield "  " + say(language, "report.seconds", step=words, seconds=f"{seconds:.1f}")
    for step in sorted(steps.kept):
        yield f"  {say(language, f'steps.{step}')}: {say(language, 'steps.kept')}"
    yield ""


def _refused(language: str, matching: Matching) -> Iterator[str]:
    if matching.refused.is_empty():
        yield "  " + say(language, "report.refused_none")
    for file, row, position, title, reason, _ in matching.refused.iter_rows():
        yield "  " + say(
            language,
            "report.refused_row" if position else "report.refused_whole_row",
            file=say(language, f"report.{file}"),
            row=row,
            position=position,
            title=title,
            what=named(language, "refused", reason),
        )
