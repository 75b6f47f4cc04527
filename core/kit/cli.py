"""The kit's sub-commands of `todoke`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from core.errors import Refusal
from core.kit import report
from core.kit.matching import match_files, report_beside
from core.kit.progress import Steps
from core.kit.stages import Stages
from core.kit.wording import LANGUAGES, both, knows, say

_LEFT_OUT = 3
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--registrations", "registrations_file", type=_FILE, required=True)
@click.option("--roster", "roster_file", type=_FILE, required=True)
@click.option("--out", type=_NEW, required=True, help="Where the pairs go; a report goes beside.")
@click.option("--work", type=_FOLDER, help="Keep what is finished here, to go on from there.")
@click.option("--allow-refused", is_flag=True, help="Let rows that cannot be read be left out.")
def match(
    *,
    registrations_file: Path,
    roster_file: Path,
    out: Path,
    work: Path | None,
    allow_refused: bool,
) -> None:
    """突合する / Link registrations with a roster, on a machine without network."""
    steps = Steps()
    folder = work or out.with_name(out.name + ".work")
    with _refusals_in_words():
        stages = Stages(folder, steps)
        matching = match_files(registrations_file, roster_file, out, stages, steps)
    if work is None:
        stages.clear()
    for language in LANGUAGES:
        click.echo(say(language, "report.pairs"))
        click.echo("\n".join(report.summary(language, matching)))
    click.echo(report_beside(out))
    if not (matching.refused.is_empty() or allow_refused):
        click.echo(both("report.allow"), err=True)
        raise SystemExit(_LEFT_OUT)


@contextmanager
def _refusals_in_words() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        words = (
            both(f"reasons.{refusal.reason}") + "\n" if knows(f"reasons.{refusal.reason}") else ""
        )
        raise click.ClickException(f"{words}{refusal}") from refusal
