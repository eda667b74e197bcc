"""Photograph parts of pages for the guides: the demo served for it, a browser, small files."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, FloatRect, Locator, Page

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "guides" / "pictures"
SHOWN_URL = "https://signpost.example.org"
WIDTH = 960
MOST_BYTES = 60_000
MOST_HEIGHT = 1_300
"""Taller than this a picture shows more than its step speaks of."""
COLOURS = 64
MARGIN = 14
START_SECONDS = 180
STOP_SECONDS = 15
PATIENCE_MS = 10_000


class NotAsExpected(Exception):
    """A page is not as the guides say, or a picture does not come out as it should."""


@dataclass(frozen=True)
class Demo:
    """The demo as it is served: its address, and the password of its people."""

    url: str
    password: str


@contextmanager
def serve_demo(instance: Path) -> Iterator[Demo]:
    """The demo, loaded afresh into `instance`, served until the block ends.

    Raises NotAsExpected, with what it printed, when it does not start.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    # Nothing of the machine's own settings: another database or look would be in the pictures.
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {
        "SIGNPOST_INSTANCE": str(instance),
        "PORT": str(port),
        # Links look as readers will see theirs; the browser goes to this machine all the same.
        "BASE_URL": SHOWN_URL,
        "SECURE_COOKIES": "no",
    }
    log = instance / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from survey.cli import main; main()", "demo"],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(process, f"{url}/healthz", log)
            yield Demo(url, (instance / "demo-password.txt").read_text(encoding="utf-8").strip())
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise NotAsExpected(f"The demo does not start:\n{log.read_text(encoding='utf-8')}")


class Visitor:
    """Somebody at a browser of their own, without script, as the guides must work for them."""

    def __init__(self, browser: Browser, demo: Demo) -> None:
        """Opens a window with nothing in it."""
        self._context = browser.new_context(
            base_url=demo.url,
            java_script_enabled=False,
            locale="en-GB",
            timezone_id="Europe/London",
            viewport={"width": WIDTH, "height": 900},
            accept_downloads=False,
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self._demo = demo
        self.page: Page = self._context.new_page()

    def sign_in(self, email: str) -> None:
        """Signs in with the demo's password, from the sign-in page."""
        self.go("/sign-in")
        self.fill("E-mail address", email)
        self.fill("Password", self._demo.password)
        self.press("Sign in")
        if self.page.get_by_role("button", name="Sign out").count() == 0:
            raise NotAsExpected(f"{email} cannot sign in.")

    def go(self, path: str) -> None:
        """Opens a page by its address.

        Raises NotAsExpected unless it is there.
        """
        answer = self.page.goto(path)
        if answer is None or answer.status != 200:
            raise NotAsExpected(f"{path} answers {answer.status if answer else 'nothing'}.")

    def follow(self, words: str) -> None:
        """Opens the first link, or link that looks like a button, beginning with these words."""
        links = self.page.get_by_role("link", name=words).or_(
            self.page.get_by_role("button", name=words)
        )
        links.first.click()

    def press(self, words: str) -> None:
        """Presses the first button beginning with these words."""
        self.page.get_by_role("button", name=words).first.click()

    def fill(self, label: str, text: str) -> None:
        """Types into the field with exactly this label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def tick(self, label: str) -> None:
        """Ticks the first box or choice whose label begins so."""
        self.page.get_by_label(label).first.check()

    def part(self, words: str) -> Locator:
        """The first thing on the page with these words, to begin or end a picture with."""
        return self.page.locator("main").get_by_text(words).first

    def take(self, name: str, *, since: str = "", until: str = "", last: str = "") -> None:
        """Takes a picture of the page from its top heading, or the first words `since`, down.

        It ends above the first words `until`, or below the first words `last`; with neither it
        ends with the page. Raises NotAsExpected when that comes out too tall or too large.
        """
        top, bottom = self._edges(since, until, last)
        if not 0 < bottom - top <= MOST_HEIGHT:
            raise NotAsExpected(f"{name} would be {bottom - top:.0f} pixels tall.")
        clip: FloatRect = {"x": 0, "y": top, "width": WIDTH, "height": bottom - top}
        shot = self.page.screenshot(full_page=True, clip=clip, animations="disabled")
        _keep(name, shot)

    def _edges(self, since: str, until: str, last: str) -> tuple[float, float]:
        main = self.page.locator("main")
        heading = main.locator("h1, .govuk-caption-l").first
        top = max(_box(self.part(since) if since else heading)["y"] - MARGIN, 0)
        if until:
            part, margin = self._whole(until)
            return top, _box(part)["y"] - margin
        if last:
            part, margin = self._whole(last)
            box = _box(part)
            return top, box["y"] + box["height"] + margin
        # The marking below a return says nothing that the one above it has not said.
        marking = main.locator(".returns-marking")
        if marking.count():
            return top, _box(marking.last)["y"] - MARGIN
        return top, _box(main)["y"] + _box(main)["height"]

    def _whole(self, words: str) -> tuple[Locator, int]:
        """What has these words, and how far from it to cut: a row of a table is kept whole."""
        part = self.part(words)
        part.wait_for(state="visible")
        row = part.locator("xpath=ancestor::tr[1]")
        return (row, 0) if row.count() else (part, MARGIN)


def _box(part: Locator) -> FloatRect:
    part.wait_for(state="visible")
    box = part.bounding_box()
    if box is None:
        raise NotAsExpected("Part of a page has no place on it.")
    return box


def _trim(image: Image.Image) -> Image.Image:
    """The picture without what is empty on its right, but for a margin as on its left."""
    written = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    if written is None:
        raise NotAsExpected("A picture would be empty.")
    left, _, right, _ = written
    return image.crop((0, 0, min(right + left, image.width), image.height))


def _keep(name: str, shot: bytes) -> None:
    with Image.open(io.BytesIO(shot)) as image:
        few = _trim(image.convert("RGB")).quantize(COLOURS, dither=Image.Dither.NONE)
    path = PICTURES / f"{name}.png"
    few.save(path, optimize=True)
    if (size := path.stat().st_size) > MOST_BYTES:
        raise NotAsExpected(f"{path.name} takes {size:,} bytes; {MOST_BYTES:,} is the most.")
