"""`todoke simulate pairs`: make labelled matching data in a folder."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from channels.simulators.pairs.ordinary import Shares
from channels.simulators.pairs.writing import REGISTRATIONS, ROSTER, TRUTH, Order, write


@click.command()
@click.option("--people", default=10_000, show_default=True, type=click.IntRange(1, 10_000_000))
@click.option("--seed", default=1, show_default=True, help="The same seed, the same files.")
@click.option("--registered", default=0.6, show_default=True, type=click.FloatRange(0, 1))
@click.option("--on-roster", default=0.7, show_default=True, type=click.FloatRange(0, 1))
@click.option("--stress", is_flag=True, help="People made to be taken for one another.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
def pairs(
    *,
    people: int,
    seed: int,
    registered: float,
    on_roster: float,
    stress: bool,
    out: Path,
) -> None:
    """Make registrations, a roster, and the truth about which are of one person."""
    order = Order(people, seed, Shares(registered, on_roster), stress=stress)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("people", total=people)
        written = write(order, out, progress=lambda done: bar.advance(task, done))
    click.echo(f"{out / REGISTRATIONS}: {written.registrations} registrations")
    click.echo(f"{out / ROSTER}: {written.rows} rows")
    click.echo(f"{out / TRUTH}:")
    for label, number in sorted(written.labels.items()):
        click.echo(f"  {label}: {number}")
