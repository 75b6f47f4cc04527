"""Check the migrations on both databases: they lead to today's tables, and back.

`python -m tests.migrations` fails and prints what differs. With `--write "what changes"` it writes
the next version from the difference instead.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from core import migrations
from core.schema import METADATA
from tests import postgres


def differences(url: str) -> list[str]:
    """Name what differs after going up, and what is left after going down."""
    migrations.upgrade(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [f"up: {difference}" for difference in compare_metadata(context, METADATA)]
    engine.dispose()
    migrations.downgrade(url)
    engine = create_engine(url)
    left = set(inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    found += [f"down: {table} is left" for table in sorted(left)]
    migrations.upgrade(url)  # And up again, over what was left.
    return found


def write(url: str, message: str) -> None:
    migrations.upgrade(url)
    number = len(list((migrations.FOLDER / "versions").glob("*.py"))) + 1
    command.revision(
        migrations.configuration(url), message=message, autogenerate=True, rev_id=f"{number:04}"
    )
    subprocess.run(["ruff", "check", "--fix", "--quiet", migrations.FOLDER], check=False)
    subprocess.run(["ruff", "format", "--quiet", migrations.FOLDER], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", metavar="MESSAGE")
    arguments = parser.parse_args()
    server = postgres.start()
    try:
        if arguments.write:
            write(server.create(), arguments.write)
            return
        with tempfile.TemporaryDirectory() as folder:
            urls = [server.create(), f"sqlite:///{Path(folder) / 'todoke.db'}"]
            found = [f"{url.split(':')[0]}: {one}" for url in urls for one in differences(url)]
    finally:
        server.stop()
    if found:
        print("The migrations do not lead to the tables of the code:", *found, sep="\n  ")
        sys.exit(1)
    print("migrations: up to date and reversible on SQLite and PostgreSQL")


if __name__ == "__main__":
    main()
