"""Runs the migrations. The address of the database comes from `survey.data.schema`."""

from __future__ import annotations

from alembic import context

from survey.data import models  # noqa: F401 (completes the metadata)
from survey.data.base import Base
from survey.data.engine import make_engine


def run() -> None:
    """Applies the migrations in one transaction each."""
    engine = make_engine(context.config.attributes["database_url"])
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            # A batch migration rebuilds a table; foreign keys would follow the old one. The
            # setting is ignored inside a transaction, so it goes round SQLAlchemy's.
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
