"""Commands that run the application: migrate, serve, worker, demo, health."""

from __future__ import annotations

import logging

import click

from survey import clock
from survey.commands import context, serving
from survey.settings import Settings

host_option = click.option("--host", help="Address to listen at, instead of HOST.")
port_option = click.option(
    "--port", type=click.IntRange(1, 65535), help="Port to listen at, instead of PORT."
)


worker_option = click.option(
    "--no-worker",
    is_flag=True,
    help="Serve pages only: `signpost worker` runs elsewhere, and sends the e-mails.",
)


@click.command()
def migrate() -> None:
    """Bring the database's tables up to date.

    Run it once before the first start, and after each upgrade of the program. It keeps what is
    there. A new SQLite file can be read by its owner only.
    """
    settings = context.settings_now()
    context.migrate(settings)
    click.echo("The database is up to date.")


@click.command()
@host_option
@port_option
@worker_option
def serve(host: str | None, port: int | None, no_worker: bool) -> None:
    """Serve the application from this one process.

    The worker, which sends e-mails and reminders, runs along with it. That is enough for one
    machine and a few hundred respondents. docs/running.md says how to run it with several
    processes behind a proxy. Stop it with Ctrl-C.
    """
    settings = _settings(host, port)
    with serving.reserve(settings.host, settings.port) as bound:
        context.require_ready(settings)
        from survey.app import create_app

        # One line per request: its rule, its status and how long it took, never an address.
        logging.getLogger("survey").setLevel(logging.INFO)
        serving.serve(
            create_app(settings),
            bound=bound,
            settings=settings,
            announce=lambda: click.echo(
                f"Signpost is served at {clickable(settings.base_url)} (stop it with Ctrl-C)."
            ),
            with_worker=not no_worker,
        )
    click.echo("Stopped.")


@click.command()
@click.option("--reset", is_flag=True, help="Delete what was entered, and load the demo anew.")
@host_option
@port_option
@worker_option
def demo(reset: bool, host: str | None, port: int | None, no_worker: bool) -> None:
    """Load an invented council with its rounds, and serve it.

    The demo keeps to a database file of its own in the instance folder and never touches
    DATABASE_URL. What is entered stays from one run to the next; --reset throws it away. Other
    commands work on it with `signpost --demo COMMAND`.
    """
    from survey.commands import demonstrating

    settings = context.demo_settings(_settings(host, port))
    with serving.reserve(settings.host, settings.port) as bound:
        if reset:
            click.echo(demonstrating.reset(settings))
        click.echo(demonstrating.load(settings, now=clock.now()))
        from survey.app import create_app

        app = create_app(settings)
        shown = demonstrating.doors(
            settings, base_url=clickable(settings.base_url), now=clock.now()
        )
        serving.serve(
            app,
            bound=bound,
            settings=settings,
            announce=lambda: click.echo(shown),
            with_worker=not no_worker,
        )
    click.echo("Stopped. What was entered in the demo is kept.")


@click.command()
def worker() -> None:
    """Send e-mails and reminders, and do what else is due, until stopped.

    `signpost serve` does this along with serving. Run it by itself where several processes serve
    the application; one is enough, and two do no harm. Stop it with Ctrl-C or a TERM signal: a
    message under way is finished.
    """
    settings = context.settings_now()
    context.require_ready(settings)
    serving.work(settings, announce=lambda: click.echo("The worker runs (stop it with Ctrl-C)."))
    click.echo("Stopped.")


@click.command()
def health() -> None:
    """Say whether the settings are right and the database can be used.

    Ends with 0 when all is well. A monitor of a running server asks /healthz instead.
    """
    settings = context.settings_now()
    context.require_ready(settings)
    click.echo("The settings are right, and the database answers and is up to date.")


def _settings(host: str | None, port: int | None) -> Settings:
    return context.settings_now(HOST=host, PORT=None if port is None else str(port))


def clickable(base_url: str) -> str:
    """The address as a browser on this machine can open it: `0.0.0.0` is every address and none.

    >>> clickable("http://0.0.0.0:8000")
    'http://127.0.0.1:8000'
    """
    return base_url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//:::", "//[::1]:")
