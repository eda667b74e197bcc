"""Work by several clients at once, and a server that is killed in the middle of it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from benchmarks import serving
from benchmarks.rounds import Place
from benchmarks.serving import Server

SECONDS_TO_FINISH = 60


class Stopped(Exception):
    """The kill is due or done: this client does nothing more."""


class Moment:
    """When the server is killed: as post number `number` is being sent, or was acknowledged.

    Meanwhile the others' posts are at any point between being sent and being answered.
    """

    def __init__(self, *, number: int, while_sending: bool) -> None:
        self._left = number
        self._while_sending = while_sending
        self._lock = threading.Lock()
        self.has_come = threading.Event()

    def before(self) -> None:
        """A post is about to be sent. Raises Stopped once the moment has come."""
        if self.has_come.is_set():
            raise Stopped
        if self._while_sending:
            self._count()

    def after(self) -> None:
        """A post was acknowledged."""
        if not self._while_sending:
            self._count()

    def _count(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left <= 0:
                self.has_come.set()


@contextmanager
def running(place: Place) -> Iterator[Server]:
    """The application under gunicorn with two workers."""
    log = place.folder / "gunicorn.log"
    with serving.serving(
        "wsgi:app", environ=place.environ, log=log, ready_path="/healthz"
    ) as server:
        yield server


def kill_during(server: Server, work: Sequence[Callable[[], None]], moment: Moment) -> None:
    """Does all the work at once, kills the server at the moment, and waits for the clients' end.

    A client ends when its connection breaks. Whatever else it raises is raised here.
    """
    faults: list[BaseException] = []

    def go(task: Callable[[], None]) -> None:
        try:
            task()
        except (Stopped, OSError, http.client.HTTPException):
            return
        except BaseException as fault:
            faults.append(fault)
            moment.has_come.set()

    threads = [threading.Thread(target=go, args=(task,)) for task in work]
    for thread in threads:
        thread.start()
    assert moment.has_come.wait(SECONDS_TO_FINISH), "the clients came to no end"
    server.kill()
    for thread in threads:
        thread.join(SECONDS_TO_FINISH)
        assert not thread.is_alive()
    if faults:
        raise faults[0]
