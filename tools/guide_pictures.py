"""Make the pictures of docs/guides anew, by doing in the demo what the guides describe.

Run by `make guide-pictures`. A page, button or label that is not there ends it with an error, so
that the guides cannot show what no longer is. Files of pictures no longer made are deleted.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tools.browser import ARGUMENTS, find_executable
from tools.guide_camera import PICTURES, SHOWN_URL, Demo, NotAsExpected, Visitor, serve_demo

MANAGER = "manager@aldermere.example.org"
LEAD = "lead@aldermere-health.example.org"
ADMINISTRATOR = "administrator@signpost.example.org"
OPEN, CLOSED, RETURNS = "aldermere-follow-up", "aldermere-baseline", "section-11-returns"
HEALTH = "Aldermere Community Health Trust"
INVITED = 3
"""How many people of the demo's open round have an e-mail address."""

HEADINGS = "agency,sector,invited,level,expected,label,email,contact_name,contact_email\n"
FAULTY = (
    HEADINGS
    + "Aldermere Sea Scouts,sports_leisure,5,,,,,Pat Mere,pat.mere@scouts.example.org\n"
    + "Fennside Hospital,nhs_acut,40,,,,,,\n"
    + "Aldermere Housing,housing,twelve,,,,,,\n"
    + "Aldermere Housing,housing,,,,Tenancy lead,tenancy.lead@,,\n"
)
MENDED = (
    HEADINGS
    + "Aldermere Sea Scouts,sport_and_leisure,5,,,,,Pat Mere,pat.mere@scouts.example.org\n"
    + "Fennside Hospital,nhs_acute,40,,,,,Ro Sedge,ro.sedge@fennside.example.org\n"
    + "Aldermere Housing,housing,12,,,,,,\n"
    + "Aldermere Housing,housing,,,,Tenancy lead,tenancy.lead@housing.example.org,,\n"
)


def main() -> int:
    """Makes every picture and returns 0; returns 1 where there is no browser.

    Raises NotAsExpected, or the browser's own error, at the first step that cannot be done.
    """
    executable = find_executable()
    if executable is None:
        print("No Chromium was found.", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    began = time.time()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        with serve_demo(Path(folder)) as demo:
            set_up(browser, demo)
            run_round(browser, demo)
            write_return(browser, demo)
            look_after(browser, demo)
    old = [path for path in PICTURES.glob("*.png") if path.stat().st_mtime < began - 1]
    for path in old:
        path.unlink()
    print(f"{len(list(PICTURES.glob('*.png')))} pictures made, {len(old)} deleted.")
    return 0


def set_up(browser: Browser, demo: Demo) -> None:
    """A new round: its steps, its agencies from a file, an open link, the launch."""
    manager = Visitor(browser, demo)
    manager.sign_in(MANAGER)
    manager.follow("Set up a round")
    manager.fill("Name of the round", "Working together, after the review")
    manager.tick("Safeguarding children self-evaluation (five themes)")
    manager.press("Start")
    manager.take("set-up", until="Who is asked")
    slug = manager.page.url.split("/manage/")[1].split("/")[0]

    manager.follow("Contacts")
    manager.fill("Who runs the questionnaire", f"Robin Fell, review manager, {MANAGER}")
    manager.fill(
        "Whom to contact about a child who may be at risk now",
        "Aldermere children’s duty team, day and night, 01632 960999",
    )
    manager.fill("Who reads flagged comments every day", "The safeguarding lead on duty")
    manager.press("Save and go back to the list")
    manager.follow("How people are chosen")
    manager.tick("No, some of them")
    manager.fill("How are the people you invite chosen?", "Team managers of each agency choose.")
    manager.press("Save and go back to the list")
    _save_dates(manager)

    manager.go(f"/manage/{slug}/invitees")
    _give_file(manager, FAULTY)
    manager.take("file-faults", until="The file, put right")
    _give_file(manager, MENDED)
    manager.take("file-changes", until="Aldermere Housing")
    manager.press("Bring it in")
    _wait_for(manager, f"/manage/{slug}/agencies", "Aldermere Sea Scouts")
    manager.follow("Aldermere Sea Scouts")
    manager.take("few-people", until="Why it answers as one")

    manager.go(f"/manage/{slug}/agencies/add")
    manager.tick(HEALTH)
    manager.press("Add those ticked")
    manager.follow(HEALTH)
    manager.fill("All levels together", "12")
    manager.fill("Name or post", "Sam Whitlow")
    manager.fill("E-mail address", LEAD)
    manager.press("Save")
    manager.go(f"/manage/{slug}/ways-in/open")
    manager.press("Make links for every agency without one")
    manager.take("open-links", last="Withdraw the link")
    manager.go(f"/manage/{slug}/launch")
    manager.take("launch")


def _save_dates(manager: Visitor) -> None:
    manager.follow("Name and dates for answers")
    first = date.today() + timedelta(days=14)  # noqa: DTZ011  # any day a fortnight ahead will do
    for name, day in (("opens", first), ("closes", first + timedelta(days=21))):
        for part in ("day", "month", "year"):
            manager.page.locator(f"[name={name}-{part}]").fill(str(getattr(day, part)))
    manager.press("Save and go back to the list")


def _give_file(visitor: Visitor, text: str) -> None:
    visitor.page.locator("#file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    visitor.press("Check the file")


def _wait_for(visitor: Visitor, path: str, words: str, *, count: int = 1) -> None:
    """Looks again until work that goes on behind the pages is done."""
    for _ in range(60):
        visitor.go(path)
        if visitor.page.locator("main").get_by_text(words).count() >= count:
            return
        time.sleep(0.5)
    raise NotAsExpected(f"“{words}” does not come on {path}.")


def run_round(browser: Browser, demo: Demo) -> None:
    """The open round of the demo: messages, who has answered, comments, paper, closing."""
    manager = Visitor(browser, demo)
    manager.sign_in(MANAGER)
    _wait_for(manager, "/outbox", "asks for your view", count=INVITED)
    page = f"/manage/{OPEN}"
    manager.go(f"{page}/letters")
    manager.take("letters", until="Only for some agencies?")
    manager.go(f"{page}/messages")
    manager.take("messages", last="Plan a reminder")
    manager.go(f"{page}/watch")
    manager.take("watch", until="Aldermere Young Carers")
    manager.go(f"{page}/daily")
    manager.take("daily-list", last="Put on record")
    manager.go(f"{page}/entry/new")
    manager.take("enter-answers", until="A second person enters it too")
    manager.go(f"{page}/close")
    manager.take("close", until="By agency")
    manager.go(f"/manage/{CLOSED}/reopen")
    manager.take("reopen")
    manager.go("/people/aldermere")
    manager.take("people", until="Team: Section 11")
    manager.go("/manage/personal-data")
    manager.fill("Who is it?", "practice.lead@aldermere.example.org")
    manager.press("Show what is kept")
    manager.take("personal-data", last="Download what is kept")
    manager.go("/account/second-factor")
    manager.press("Set up a second factor")
    manager.take("second-factor", until="Nothing changes until")


def write_return(browser: Browser, demo: Demo) -> None:
    """An agency's return, from last year's answers to its signature, and the council's side."""
    lead = Visitor(browser, demo)
    lead.sign_in(LEAD)
    lead.page.locator(".returns-person", has_text="Being written").get_by_role("link").click()
    overview = lead.page.url.removeprefix(demo.url)
    lead.take("return", until="A clear statement of responsibilities")
    lead.go(f"{overview}/submit")
    lead.take("missing", until="A clear statement of responsibilities")
    lead.go(f"{overview}/people")
    lead.take("contributors", last="End their part")
    _contribute(browser, demo, link=_link(lead, "Jo Marsh"))

    lead.go(overview)
    lead.follow("Attention from the board")
    lead.take("return-page", until="What evidence supports")
    lead.go(overview)
    lead.page.locator("a[href*='/choose/']").first.click()
    lead.take("choose", until="One answer from both")
    lead.tick("The one in the return now")
    lead.press("Save this choice")
    lead.go(overview)
    lead.follow("Evidence")
    lead.follow("Add evidence")
    lead.take("evidence", until="Name of the document")
    lead.go(overview)
    lead.follow("Councils that get it, and more time")
    lead.take("more-time")
    lead.go(overview)
    lead.follow("Answers of your last return")
    lead.take("last-return", until="The agency’s board gives")
    for box in lead.page.get_by_label("This still stands").all():
        box.check()
    lead.press("Confirm what is ticked")
    _sign(browser, demo, lead=lead, overview=overview)

    manager = Visitor(browser, demo)
    manager.sign_in(MANAGER)
    manager.go(f"/manage/{RETURNS}/returns")
    manager.take("returns", until="Take the signed returns")
    manager.follow(HEALTH)
    manager.follow("Score")
    manager.take("score")


def _link(lead: Visitor, name: str) -> str:
    person = lead.page.locator(".returns-person", has_text=name)
    person.get_by_text("Show the link").click()
    found = re.search(r"https?://\S+/return/\S+", person.inner_text())
    field = person.locator("input[readonly]")
    link = found.group() if found else field.first.input_value()
    if "/return/" not in link:
        raise NotAsExpected(f"The link of {name} cannot be found.")
    return link.removeprefix(SHOWN_URL)


def _contribute(browser: Browser, demo: Demo, *, link: str) -> None:
    colleague = Visitor(browser, demo)
    colleague.go(link)
    colleague.take("contributor", until="A clear statement of responsibilities")


def _sign(browser: Browser, demo: Demo, *, lead: Visitor, overview: str) -> None:
    lead.go(f"{overview}/people/add")
    lead.fill("Name", "Dr Amina Hale")
    lead.tick("They may sign the return")
    lead.press("Save")
    link = _link(lead, "Dr Amina Hale")
    lead.go(f"{overview}/submit")
    lead.press("Send for sign-off")
    officer = Visitor(browser, demo)
    officer.go(link)
    officer.follow("Sign the return")
    officer.take("sign")
    officer.fill("Your name", "Dr Amina Hale")
    officer.fill("Your post", "Chief nurse")
    officer.tick(f"{HEALTH} agrees this return")
    officer.press("Sign the return")


def look_after(browser: Browser, demo: Demo) -> None:
    """The administrator's pages."""
    administrator = Visitor(browser, demo)
    administrator.sign_in(ADMINISTRATOR)
    administrator.go("/admin/people")
    administrator.take("accounts")
    administrator.go("/admin/record?action=look_changed")
    administrator.take("record", since="the newest first")


if __name__ == "__main__":
    sys.exit(main())
