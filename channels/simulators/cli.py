"""`todoke simulate`: stand-ins for the outside world, for demonstrations and tests."""

import click

from channels.simulators.auth_app.cli import auth_app
from channels.simulators.card.cli import card
from channels.simulators.city.cli import city
from channels.simulators.line.cli import line
from channels.simulators.pairs.cli import pairs
from channels.simulators.scanner.cli import scanner


@click.group()
def simulate() -> None:
    """Stand in for LINE, the My Number card or the authentication app, or make people up."""


simulate.add_command(auth_app)
simulate.add_command(card)
simulate.add_command(city)
simulate.add_command(line)
simulate.add_command(pairs)
simulate.add_command(scanner)
