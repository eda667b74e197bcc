"""The measure that the application's own cost is set against: one route, one small template."""

from __future__ import annotations

from flask import Flask, render_template

app = Flask(__name__)

LINES = tuple(f"Line {number} of a page that says nothing & costs little" for number in range(1, 9))


@app.get("/")
def page() -> str:
    """A page with a heading and a short list."""
    return render_template("bare.html", title="A bare page", lines=LINES)
