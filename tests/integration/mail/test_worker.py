"""The worker: it does its jobs by the clock on either database, and stops when told."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from survey.jobs import JOBS, Job, Work, Worker, always, once_in, queue_file
from survey.settings import Settings
from tests.factories import SECRET_KEY

SECONDS = 20


def settings_of(database_url: str, folder: Path) -> Settings:
    return Settings(secret_key=SECRET_KEY, database_url=database_url, instance=folder)


def test_worker_does_its_jobs_outlives_one_that_fails_and_stops(
    database_url: str, tmp_path: Path
) -> None:
    done = threading.Event()
    was_stopping: list[bool] = []

    def fail(_work: Work) -> None:
        raise ValueError("this job always fails")

    def succeed(work: Work) -> None:
        was_stopping.append(work.is_stopping())
        done.set()

    jobs = (Job("fails", always, fail), Job("succeeds", always, succeed))
    with Worker(settings_of(database_url, tmp_path), jobs) as worker:
        assert done.wait(SECONDS), "the job was not done"
        threads = [worker._consumer.scheduler, *(t for _, t in worker._consumer.worker_threads)]
        assert all(thread.is_alive() for thread in threads)

    assert not any(thread.is_alive() for thread in threads), "no thread is left behind"
    assert was_stopping[0] is False


def test_job_of_a_minute_is_due_once_in_it() -> None:
    when = once_in(minute="*/10")()
    start = datetime(2031, 3, 3, 12, 0, tzinfo=UTC)
    looks = [start + timedelta(seconds=5 * number) for number in range(12 * 20)]

    due = [moment for moment in looks if when(moment)]

    assert due == [start, start + timedelta(minutes=10)]


def test_every_job_has_a_name_of_its_own() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)


def test_demo_and_installation_in_one_folder_have_queues_of_their_own(tmp_path: Path) -> None:
    real = settings_of(f"sqlite:///{tmp_path / 'signpost.db'}", tmp_path)
    demo = settings_of(f"sqlite:///{tmp_path / 'demo.db'}", tmp_path)

    assert queue_file(real) == tmp_path / "signpost-jobs.db"
    assert queue_file(demo) == tmp_path / "demo-jobs.db"
