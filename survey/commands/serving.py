"""Serving the application from one process, for a demo or a small installation."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from survey.commands.exits import PortTaken
from survey.errors import SurveyError
from survey.settings import Settings

THREADS = 8


class CannotListen(SurveyError):
    """The server cannot listen at that address."""


@contextlib.contextmanager
def reserve(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to that address, so that nothing is begun before it is known to be free.

    Raises PortTaken, or CannotListen for an address that is not this machine's.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise CannotListen(f"HOST {host!r} is not an address of this machine.") from error
    with socket.socket(family, kind, proto) as bound:
        if os.name == "posix":
            # A port whose last server has just ended can be taken at once.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(address)
            bound.listen()
        except OSError as error:
            raise _cannot_bind(error, host, port) from error
        yield bound


def _cannot_bind(error: OSError, host: str, port: int) -> SurveyError:
    if error.errno == errno.EADDRINUSE:
        return PortTaken(
            f"Port {port} of {host} is taken by another program. Stop that program, or choose "
            f"another port, such as PORT={port + 1 if port < 65535 else 8000}."
        )
    if error.errno == errno.EACCES:
        return CannotListen(f"Port {port} may not be used by this account; choose one over 1023.")
    return CannotListen(f"Nothing can listen at {host}:{port}: {error.strerror}.")


def serve(
    app: Flask,
    *,
    bound: socket.socket,
    settings: Settings,
    announce: Callable[[], None],
    with_worker: bool,
) -> None:
    """Serves until it is told to stop (Ctrl-C, or a TERM signal). Calls `announce` once it listens.

    With the worker beside it, in threads of this process. Requests under way are answered before
    it ends, and a message being sent is finished.
    """
    connections: dict[int, Any] = {}
    server = create_server(
        app,
        connections,
        sockets=[bound],
        threads=THREADS,
        ident=None,
        # Whom to believe is decided by the application (TRUSTED_PROXIES), not here.
        clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
    )
    # A request that waits for a thread for a moment is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        announce()
        with _worker(settings) if with_worker else contextlib.nullcontext():
            server.run()
    finally:
        wasyncore.close_all(connections)
        signal.signal(signal.SIGTERM, before)


def work(settings: Settings, *, announce: Callable[[], None]) -> None:
    """Runs the worker alone, until it is told to stop (Ctrl-C, or a TERM signal)."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        with _worker(settings):
            announce()
            threading.Event().wait()
    except (KeyboardInterrupt, SystemExit):
        # Told to stop: what was under way is finished by now.
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _worker(settings: Settings) -> contextlib.AbstractContextManager[object]:
    from survey.jobs import Worker  # the queue is not needed to serve without it

    return Worker(settings)


def _stop(_signal: int, _frame: object) -> None:
    sys.exit(0)
