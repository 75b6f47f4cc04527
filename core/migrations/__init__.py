"""The database's versions: from nothing to today's tables and back, on both kinds of database."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

FOLDER = Path(__file__).parent


def configuration(url: str) -> Config:
    """Return Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring the database to this version; make the folder of a new SQLite file."""
    file = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(configuration(url), "head")


def downgrade(url: str) -> None:
    """Take every table of ours away."""
    command.downgrade(configuration(url), "base")


def pending(url: str) -> str:
    """Return the version that the database lacks; empty where it is up to date."""
    wanted = ScriptDirectory.from_config(configuration(url)).get_current_head() or ""
    engine = create_engine(url)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return "" if current == wanted else wanted
