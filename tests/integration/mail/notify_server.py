"""A small server that speaks the part of the GOV.UK Notify API that Signpost uses.

After its documentation (docs.notifications.service.gov.uk/rest-api.html): sending an e-mail,
the status of one message, and messages by reference, with a signed token on every request.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"team-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


class NotifyServer:
    """The server and what it was given. `refusal` and `hang_up` make it fail."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.status: dict[str, str] = {}
        self.refusal: tuple[int, str, str] | None = None
        self.hang_up = False
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the library's name
                length = int(self.headers["Content-Length"])
                owner.post(self, json.loads(self.rfile.read(length)))

            def do_GET(self) -> None:  # the library's name
                owner.get(self)

            def log_message(self, *_given: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def post(self, request: BaseHTTPRequestHandler, sent: dict[str, Any]) -> None:
        """Takes an e-mail, unless it is to fail."""
        assert request.path == "/v2/notifications/email"
        self._check(request)
        if self.refusal is not None:
            status, kind, message = self.refusal
            errors = [{"error": kind, "message": message}]
            self._answer(request, status, {"status_code": status, "errors": errors})
            return
        id_ = f"740e5834-3a29-46b4-9a6f-{len(self.taken):012d}"
        self.taken.append({"id": id_, **sent})
        if self.hang_up:
            request.close_connection = True
            return
        self._answer(request, 201, {"id": id_, "reference": sent.get("reference"), "uri": id_})

    def get(self, request: BaseHTTPRequestHandler) -> None:
        """Says what became of one message, or which have a reference."""
        self._check(request)
        address = urlsplit(request.path)
        if address.path == "/v2/notifications":
            (reference,) = parse_qs(address.query)["reference"]
            found = [{"id": one["id"]} for one in self.taken if one["reference"] == reference]
            self._answer(request, 200, {"notifications": found, "links": {}})
            return
        id_ = address.path.rpartition("/")[2]
        self._answer(request, 200, {"id": id_, "status": self.status.get(id_, "sending")})

    def _check(self, request: BaseHTTPRequestHandler) -> None:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        # The clock of a test may stand elsewhere than this machine's.
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
        assert claims["iss"] == SERVICE

    def _answer(
        self, request: BaseHTTPRequestHandler, status: int, content: dict[str, Any]
    ) -> None:
        body = json.dumps(content).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
