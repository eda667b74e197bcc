"""A round beside other councils that agreed to share: consent, figures, files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from analysis.export import FILE_TYPES, write
from survey.actions import benchmarking
from survey.clock import now
from survey.extensions import db
from survey.web import benchmark_pages, compare_pages, round_pages
from survey.web.access import Role, needs
from survey.web.sign_in import known_account, require_account

benchmark = Blueprint("benchmark", __name__, url_prefix="/manage/<slug>/benchmark")

Page = str | Response | tuple[str, int]
DONE = {
    "shared": "This round is now shared. You can stop sharing it at any time.",
    "withdrawn": "This round is not shared any more.",
    "made": "The figures have been worked out.",
}


@benchmark.context_processor
def _who() -> dict[str, Any]:
    return {"signed_in_as": known_account()}


@benchmark.get("", endpoint="benchmark")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER, Role.REGIONAL_LEAD)
def show_benchmark(slug: str) -> Page:
    """How the round stands beside other councils', or why that cannot be said."""
    page = benchmark_pages.benchmark_page(round_pages.load(slug))
    done = DONE.get(request.args.get("done", ""), "")
    return render_template(
        "benchmark/benchmark.html", page=page, files=benchmark_pages.FILES, done=done
    )


@benchmark.get("/questions/<code>", endpoint="question")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER, Role.REGIONAL_LEAD)
def show_question(slug: str, code: str) -> Page:
    """One question beside other councils'."""
    page = benchmark_pages.question_page(round_pages.load(slug), code)
    return render_template("benchmark/question.html", page=page)


@benchmark.get("/share", endpoint="share")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def ask_to_share(slug: str) -> Page:
    """Says what sharing means, and asks; or asks before sharing is ended."""
    page = benchmark_pages.share_page(round_pages.load(slug))
    return render_template("benchmark/share.html", page=page)


@benchmark.post("/share")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def share_now(slug: str) -> Page:
    """Shares the round, or ends that."""
    item = round_pages.load(slug)
    benchmark_pages.share_page(item)  # only of a closed round with findings
    by: dict[str, Any] = {"account_id": require_account().id, "now": now()}
    if request.form.get("do") == "withdraw":
        benchmarking.withdraw(db.session(), item, **by)
        done = "withdrawn"
    else:
        benchmarking.agree_to_share(db.session(), item, **by)
        done = "shared"
    db.session.commit()
    return redirect(url_for("benchmark.benchmark", slug=slug, done=done))


@benchmark.post("")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER, Role.REGIONAL_LEAD)
def make(slug: str) -> Page:
    """Works the figures out."""
    item = round_pages.load(slug)
    benchmarking.make_benchmark(db.session(), item, account_id=require_account().id, now=now())
    db.session.commit()
    return redirect(url_for("benchmark.benchmark", slug=slug, done="made"))


@benchmark.post("/file")
@needs(Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER, Role.REGIONAL_LEAD)
def make_file(slug: str) -> Page:
    """Makes a file of the benchmark and puts on record that it was made."""
    item = round_pages.load(slug)
    row = benchmark_pages.load(item)
    chosen = compare_pages.format_asked(request.form.get("format", ""))
    data = write(row.benchmark, to=chosen, letter=compare_pages.letter(item, row.made_at))
    benchmarking.record_export(
        db.session(), item, file_format=chosen, account_id=require_account().id, now=now()
    )
    db.session.commit()
    name = compare_pages.file_name(item, "beside other councils", chosen)
    answer = send_file(BytesIO(data), as_attachment=True, download_name=name)
    # Set here, since Flask would add a second character set to one that names its own.
    answer.content_type = FILE_TYPES[chosen].media_type
    return answer
