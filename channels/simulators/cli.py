"""`todoke simulate`: stand-ins for the outside world, for demonstrations and tests."""

import click

from channels.simulators.card.cli import card
from channels.simulators.city.cli import city
from channels.simulators.line.cli import line


@click.group()
def simulate() -> None:
    """Stand in for LINE, the My Number card, or a whole city."""


simulate.add_command(card)
simulate.add_command(city)
simulate.add_command(line)
