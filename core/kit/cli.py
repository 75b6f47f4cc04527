"""The kit's sub-commands of `todoke`: match and pack."""

from datetime import UTC, datetime
from pathlib import Path

import click

from core.kit import packing, report, sealed
from core.kit.asking import FILE, FOLDER, KEYS, NEW_FILE, refusals_in_words
from core.kit.matching import match_files, report_beside
from core.kit.progress import Steps
from core.kit.report import Matching
from core.kit.stages import Stages
from core.kit.wording import LANGUAGES, both, say
from core.sealing.keys import read_key

_LEFT_OUT = 3


@click.command()
@click.option("--registrations", "registrations_file", type=FILE, help="登録の一覧 / A plain file.")
@click.option("--export", "export_file", type=FILE, help="封をした登録 / A sealed export.")
@KEYS
@click.option("--roster", "roster_file", type=FILE, required=True, help="名簿 / The roster.")
@click.option("--out", type=NEW_FILE, help="結果 / Where the pairs of plain files go.")
@click.option("--work", type=FOLDER, help="作業フォルダー / What is finished is kept here.")
@click.option(
    "--allow-refused", is_flag=True, help="読めない行を除く / Let unreadable rows be left out."
)
def match(
    *,
    registrations_file: Path | None,
    export_file: Path | None,
    keys: tuple[Path, ...],
    roster_file: Path,
    out: Path | None,
    work: Path | None,
    allow_refused: bool,
) -> None:
    """突合する / Link registrations with a roster, on a machine without network.

    Plain files: --registrations R.csv --roster L.csv --out links.csv. An export: --export
    registrations.age.txt --key city.key --roster L.csv --work DIR.
    """
    steps = Steps()
    with refusals_in_words():
        if registrations_file and out and not (export_file or keys):
            stages = Stages(work or out.with_name(out.name + ".work"), steps)
            matching = match_files(registrations_file, roster_file, out, stages, steps)
            if work is None:
                stages.clear()
            _tell(matching, report_beside(out), allow_refused=allow_refused)
        elif export_file and keys and work and not (registrations_file or out):
            opening = [read_key(key) for key in keys]
            matching = sealed.match_export(export_file, roster_file, opening, work, steps)
            _tell(matching, work / sealed.REPORT, allow_refused=allow_refused)
        else:
            raise click.UsageError(both("report.usage"))


@click.command()
@click.option("--work", type=FOLDER, required=True, help="作業フォルダー / The folder of `match`.")
@KEYS
@click.option("--out", type=NEW_FILE, required=True, help="持ち出すファイル / What leaves.")
@click.option("--operator", required=True, help="作業者の氏名 / Who packs.")
@click.option("--approver", required=True, help="承認者の氏名 / Who approves: another person.")
@click.option(
    "--leave-undecided", is_flag=True, help="未確認の組を除く / Leave undecided pairs out."
)
def pack(
    *,
    work: Path,
    keys: tuple[Path, ...],
    out: Path,
    operator: str,
    approver: str,
    leave_undecided: bool,
) -> None:
    """結果を持ち出す / Make the file that leaves the closed network, by two people."""
    if not keys or not (work / sealed.PAIRS).exists():
        raise click.UsageError(both("report.unmatched_folder"))
    with refusals_in_words():
        links = packing.pack(
            work,
            out,
            [read_key(key) for key in keys],
            operator=operator,
            approver=approver,
            leave_undecided=leave_undecided,
            now=datetime.now(UTC),
        )
    for language in LANGUAGES:
        words = {"count": f"{links.count:,}", "total": f"{links.total:,}", "hash": links.hash}
        click.echo(say(language, "report.packed", **words))


def _tell(matching: Matching, where: Path, *, allow_refused: bool) -> None:
    for language in LANGUAGES:
        click.echo(say(language, "report.pairs"))
        click.echo("\n".join(report.summary(language, matching)))
    click.echo(where)
    if not (matching.refused.is_empty() or allow_refused):
        click.echo(both("report.allow"), err=True)
        raise SystemExit(_LEFT_OUT)
