"""`todoke simulate city`: make a synthetic city in a folder."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from channels.simulators.city.city import City
from channels.simulators.city.files import expected, write


@click.command()
@click.option("--seed", default=1, show_default=True, help="The same seed, the same city.")
@click.option("--households", default=1000, show_default=True, type=click.IntRange(1, 50_000))
@click.option("--registered", default=300, show_default=True, type=click.IntRange(0, 50_000))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
def city(seed: int, households: int, registered: int, out: Path) -> None:
    """Make a city: its roster, its people with phone and card, and what to expect of them."""
    try:
        made = City(seed, households=households, registered=registered)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            cards = bar.add_task("cards", total=registered)
            write(made, out, progress=lambda done, _total: bar.update(cards, completed=done))
    except (FileExistsError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    counts = expected(made)
    click.echo(f"{out / 'roster.csv'}: {counts['roster']['rows']} households")
    click.echo(f"{out / 'people.json'}: {registered} people")
    for kind, number in counts["classes"].items():
        click.echo(f"  {kind}: {number}")
