"""What runs in the worker: jobs by the clock, each a call of one action.

Huey keeps the queue: in a file beside the SQLite file, or in the PostgreSQL database. Nothing of
value is in it. Every job looks in the application's own tables for what there is to do, so a
queue that is lost, or a job that runs twice or late, does no harm.

To add a job, write a function that opens a session with `_session` and calls an action, and add
its line to `JOBS`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from huey import PostgresHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer, Scheduler
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from survey import clock
from survey.actions import anonymity, bringing_in, reminding, retention, return_evidence, sending
from survey.actions.mail_links import Doors
from survey.data import return_evidence_files
from survey.data.engine import make_engine
from survey.mailing.notify import NotifyPost
from survey.settings import MailWay, Settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 5
"""How often the worker looks whether there is something to do."""
THREADS = 2
STOP_SECONDS = 30


@dataclass(frozen=True)
class Work:
    """What a job is given: the database, the settings, and whether the worker is to stop."""

    engine: Engine
    settings: Settings
    is_stopping: Callable[[], bool]


When = Callable[[datetime], bool]


@dataclass(frozen=True)
class Job:
    """Something done by the clock. `when` is asked every few seconds."""

    name: str
    when: Callable[[], When]
    run: Callable[[Work], object]


def always() -> When:
    """At every look."""
    return lambda _moment: True


def once_in(**pattern: str) -> Callable[[], When]:
    """Once in each minute that matches a crontab pattern, such as `minute="*/10"`."""

    def begin() -> When:
        matches: When = crontab(**pattern)
        last: list[datetime] = []

        def when(moment: datetime) -> bool:
            minute = moment.replace(second=0, microsecond=0)
            if last == [minute] or not matches(moment):
                return False
            last[:] = [minute]
            return True

        return when

    return begin


def send_mail(work: Work) -> None:
    """Sends what is due in the outbox, until nothing is."""
    way = sending.way_of(work.settings.mail, doors_of(work.settings))
    while way is not None and not work.is_stopping():
        with _session(work) as session:
            ended = sending.send_due(session, way=way, is_stopping=work.is_stopping)
        if not ended or sending.Outcome.NO_SERVER in ended:
            return


def put_reminders(work: Work) -> None:
    """Puts the reminders of the day in the outbox."""
    with _session(work) as session:
        reminding.put_due(session, now=clock.now())
        session.commit()


def ask_what_became(work: Work) -> None:
    """Asks GOV.UK Notify what became of messages."""
    if work.settings.mail.way is MailWay.NOTIFY:
        with _session(work) as session, NotifyPost(work.settings.mail) as post:
            sending.ask_what_became(session, post=post, now=clock.now())


def delete_old(work: Work) -> None:
    """Deletes the invitations of rounds that ended long enough ago."""
    with _session(work) as session:
        now = clock.now()
        due = retention.list_due(session, days=work.settings.retention_days, now=now)
        retention.delete_due(session, due, now=now)
        session.commit()
    if due:
        anonymity.erase_traces(work.engine)


def bring_in_people(work: Work) -> None:
    """Begins again with files of people to invite that nobody is bringing in any more."""
    bringing_in.run_silent(work.engine, clock.now)


def forget_files(work: Work) -> None:
    """Forgets the files of people to invite that were read more than a day ago."""
    with _session(work) as session:
        bringing_in.drop_old(session, now=clock.now())
        session.commit()


def clean_up_files(work: Work) -> None:
    """Deletes files of evidence that belong to nothing, left by an upload that was broken off."""
    with _session(work) as session:
        folder = return_evidence_files.folder_of(work.settings.instance)
        return_evidence.clean_up(session, folder=folder, now=clock.now(), dry_run=False)


JOBS = (
    Job("send_mail", always, send_mail),
    Job("put_reminders", once_in(minute="*/5"), put_reminders),
    Job("ask_what_became", once_in(minute="*/10"), ask_what_became),
    Job("delete_old", once_in(minute="20"), delete_old),
    Job("bring_in_people", always, bring_in_people),
    Job("forget_files", once_in(minute="40"), forget_files),
    Job("clean_up_files", once_in(minute="50", hour="3"), clean_up_files),
)


def doors_of(settings: Settings) -> Doors:
    """What the links in messages are made of."""
    return Doors(secret_key=settings.secret_key, base_url=settings.base_url)


@contextmanager
def _session(work: Work) -> Iterator[Session]:
    with Session(work.engine, expire_on_commit=False) as session:
        yield session


class _Scheduler(Scheduler):  # type: ignore[misc]  # huey carries no types
    """Huey's own, which looks at the clock more often than once a minute."""

    periodic_task_seconds = LOOK_SECONDS


class _Consumer(Consumer):  # type: ignore[misc]  # huey carries no types
    scheduler_class = _Scheduler


def queue_file(settings: Settings) -> Path:
    """Where the queue of a SQLite database is: beside it, so that a demo has its own."""
    database = Path(make_url(settings.database_url).database or "")
    return database.with_name(f"{database.stem}-jobs.db")


def make_huey(settings: Settings) -> Huey:
    """The queue: beside a SQLite database a file of its own, or tables in PostgreSQL."""
    url = make_url(settings.database_url)
    common = {"results": False, "utc": True}
    if url.get_backend_name() == "sqlite":
        path = queue_file(settings)
        path.touch(mode=0o600)
        return SqliteHuey("signpost", filename=str(path), **common)
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    # Asked once a second rather than listened to: no connection of a thread is left open then.
    return PostgresHuey("signpost", dsn=dsn, table_prefix="huey", blocking=False, **common)


class Worker:
    """The jobs, run in threads of this process until it is told to stop.

    Threads end with their process, so a server that is killed leaves no worker behind.
    """

    def __init__(self, settings: Settings, jobs: tuple[Job, ...] = JOBS) -> None:
        self._stopping = threading.Event()
        self._engine = make_engine(settings.database_url)
        self._work = Work(self._engine, settings, self._stopping.is_set)
        self.huey = make_huey(settings)
        for job in jobs:
            self._register(job)
        # What was queued before a stop would only say again what the clock says now.
        self.huey.flush()
        self._consumer = _Consumer(
            self.huey,
            workers=THREADS,
            max_delay=1.0,
            check_worker_health=False,
            shutdown_timeout=STOP_SECONDS,
        )

    def _register(self, job: Job) -> None:
        busy = threading.Lock()

        def run() -> None:
            # One that is still at it need not be joined by another.
            if not busy.acquire(blocking=False):
                return
            try:
                job.run(self._work)
            finally:
                busy.release()

        self.huey.periodic_task(job.when(), name=job.name, expires=timedelta(minutes=5))(run)

    def __enter__(self) -> Self:
        """Begins the work."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the work."""
        self.stop()

    def start(self) -> None:
        """Begins the work, and comes back at once."""
        self._consumer.scheduler.start()
        for _, thread in self._consumer.worker_threads:
            thread.start()

    def stop(self) -> None:
        """Ends the work: a message under way is finished first."""
        self._stopping.set()
        self._consumer.stop(graceful=True)
        self._engine.dispose()
        self.huey.storage.close()
