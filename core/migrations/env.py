"""What Alembic runs: the core's tables, on the database it was given."""

from alembic import context
from sqlalchemy import create_engine

from core.schema import METADATA

url = context.config.attributes["url"]
engine = create_engine(url)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
