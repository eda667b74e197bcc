"""The letter opens, has real structure, and says only what may be said."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table

from analysis.export.docx import to_docx
from analysis.export.letter import AFTER_VISIT, Decision, Letter, ReleasedComment
from analysis.export.report import Picture, Report, Words
from analysis.export.word_report import document_bytes
from analysis.result import ChoiceCounts, GroupKind, Mark, OptionCountPlain, Summary, Verdict
from tests import factories_summary as make

LETTER = Letter(
    council="Wexmoor Council",
    review_title="Safeguarding peer review",
    round_title="Partners’ self-evaluation, autumn 2026",
    closed="Closed 6 November 2026",
    letter_date="20 November 2026",
    to="Chief Executive",
    sent_by="Peer review team leader",
    dated=date(2026, 11, 20),
)


def opened(summary: Summary, *, letter: Letter = LETTER) -> Document:
    return docx.Document(io.BytesIO(to_docx(summary, letter=letter)))


def headings(document: Document) -> list[tuple[str, str]]:
    return [
        (paragraph.style.name or "", paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.style is not None and (paragraph.style.name or "").startswith("Heading")
    ]


def text_of(document: Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def table_with(document: Document, heading: str) -> Table:
    (found,) = [
        table for table in document.tables if heading in [cell.text for cell in table.rows[0].cells]
    ]
    return found


def test_letter_has_its_parts_in_order_under_real_headings() -> None:
    document = opened(make.summary())

    assert headings(document) == [
        ("Heading 1", "Who answered, and who did not"),
        ("Heading 1", "What the answers suggest"),
        ("Heading 2", "Performance, evaluation and monitoring"),
        ("Heading 1", "What reads as a strength, and what to explore"),
        ("Heading 1", "Annex: the figures"),
        ("Heading 2", "Performance, evaluation and monitoring"),
        ("Heading 2", "What the figures were made from"),
    ]
    styles = [paragraph.style.name for paragraph in document.paragraphs[:3] if paragraph.style]
    assert styles == ["Title", "Subtitle", "Normal"]
    text = text_of(document)
    assert "Dear Chief Executive" in text
    assert "This is not an inspection." in text
    assert "Yours sincerely" in text


def test_letter_with_nothing_told_still_reads_as_a_letter() -> None:
    document = opened(make.summary(), letter=Letter())

    text = text_of(document)
    assert "Dear" not in text
    assert "Yours sincerely" not in text
    assert document.paragraphs[0].text == "Peer review: what the answers suggest"
    assert to_docx(make.summary()) == to_docx(make.summary(), letter=Letter())


def test_letter_without_caveats_has_no_empty_list() -> None:
    coverage = make.coverage().model_copy(update={"caveats": ()})

    document = opened(make.summary(covered=coverage, caveats=()))

    assert "with this in mind" not in text_of(document)


def test_columns_are_bullets_under_a_repeated_header() -> None:
    document = opened(make.usual_round(), letter=Letter(columns=AFTER_VISIT))

    table = table_with(document, "Strengths")

    assert [cell.text for cell in table.rows[0].cells] == ["Strengths", "Areas for consideration"]
    left, right = table.rows[1].cells
    assert left.text == "Nothing stands out from the answers alone."
    bullets = list(right.paragraphs)
    assert len(bullets) == 6
    assert {paragraph.style.name for paragraph in bullets if paragraph.style} == {"List Bullet"}


def test_columns_say_how_many_topics_they_leave_out() -> None:
    topics = tuple(make.topic(f"topic_{number}") for number in range(11))

    document = opened(make.summary((make.signpost(topics=topics),)))

    left = table_with(document, "What to explore").rows[1].cells[0]
    assert len(left.paragraphs) == 10
    assert left.paragraphs[-1].text == "2 more topics are in the text above."


def test_every_table_repeats_its_header_and_is_described() -> None:
    document = opened(make.usual_round())

    assert len(document.tables) == 8
    for table in document.tables:
        first = table.rows[0]._tr
        assert first.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        described = table._tbl.tblPr.find(qn("w:tblDescription"))
        assert described is not None
        assert described.get(qn("w:val"))
        assert all(cell.text for cell in table.rows[0].cells)


def test_annex_gives_figures_reading_and_judgement() -> None:
    decided = Decision(verdict=Verdict.MIXED, reason="Two readings", by="Team")
    hidden = make.question(
        "hidden", short="Hidden question", everybody=make.group(mark=Mark.CONFIDENTIAL), groups=()
    )
    signpost = make.signpost(topics=(make.topic(questions=(make.question(), hidden)),))

    table = table_with(
        opened(make.summary((signpost,)), letter=Letter(decisions={"enough_data": decided})),
        "Reviewers’ judgement",
    )

    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    assert rows[0][1:] == [
        "50",
        "30",
        "60%",
        "46% to 72%",
        "2 (4%)",
        "72%",
        "48%",
        "Reads as a strength (clear)",
        "Mixed. Two readings.",
    ]
    assert rows[1] == [
        "Hidden question",
        "",
        "",
        "Not shown",
        "",
        "",
        "",
        "",
        "Reads as a strength (clear)",
        "",
    ]


def test_annex_without_judgements_has_no_empty_column() -> None:
    table = table_with(opened(make.summary()), "Answered")

    assert len(table.columns) == 9


def test_signpost_without_scale_questions_has_no_empty_table() -> None:
    asked = make.topic(questions=(make.counted_question(),))
    ranking = make.counted_question("ranked").model_copy(
        update={
            "counts": ChoiceCounts(
                answered=8, options=(OptionCountPlain(option="a", label="A", median_place=1.5),)
            )
        }
    )

    document = opened(make.summary((make.signpost(topics=(asked,)),), others=(ranking,)))

    rows = [
        [cell.text for cell in row.cells] for row in table_with(document, "People and share").rows
    ]
    assert rows[1:] == [
        ["Which training helped you most?", "40 answered, 10 left it out.", ""],
        ["", "Online course", "25 (63%)"],
        ["", "A day together", "15 (38%)"],
        ["Which training helped you most?", "8 answered.", ""],
        ["", "A", "place 1.5"],
    ]
    assert not [table for table in document.tables if "Answered" in table.rows[0].cells[1].text]


def test_overruled_topic_is_told_with_the_rules_reading_beside() -> None:
    decided = Decision(
        verdict=Verdict.CONSIDERATION, reason="Heard otherwise", by="Team", note="Data is thin."
    )

    document = opened(make.summary(), letter=Letter(decisions={"data": decided}))

    text = text_of(document)
    assert "Data and performance: Data is thin." in text
    assert "Reviewers’ judgement (Team): to explore. Heard otherwise." in text
    assert "The answers by themselves: reads as a strength (clear)." in text


def test_only_quotable_comments_are_printed() -> None:
    comments = (
        ReleasedComment(sector="Police", text="Print this.", quotable=True),
        ReleasedComment(sector="Schools", text="Keep this.", quotable=False),
    )

    text = text_of(opened(make.summary(), letter=Letter(comments={"performance": comments})))

    assert "“Print this.” (Police)" in text
    assert "Keep this." not in text


def test_withheld_group_leaves_no_number_in_the_letter() -> None:
    hidden = make.group("Council", kind=GroupKind.SIDE, mark=Mark.CONFIDENTIAL)
    question = make.question(groups=(hidden, make.SIDES[1]))

    document = opened(make.summary((make.signpost(topics=(make.topic(questions=(question,)),)),)))

    row = table_with(document, "Answered").rows[1]
    assert row.cells[6].text == "Not shown"
    assert row.cells[7].text == "48%"
    assert "“Not shown” protects people in a small group" in text_of(document)


def test_annex_gives_words_where_only_words_may_be_shown_and_no_false_nought() -> None:
    worded = make.question("worded", everybody=make.group(words="Mostly positive"), groups=())
    nobody = make.group(figures=make.figures(0, 0, 0, 0, 0, 12, 0))
    empty = make.question("empty", everybody=nobody, groups=())
    signpost = make.signpost(topics=(make.topic(questions=(worded, empty)),))

    rows = table_with(opened(make.summary((signpost,))), "Answered").rows

    assert [cell.text for cell in rows[1].cells][1:4] == ["", "", "Mostly positive"]
    assert [cell.text for cell in rows[2].cells][1:4] == ["0", "", "No answers"]


def test_a_long_table_may_run_over_the_page() -> None:
    asked = tuple(make.question(f"question_{number}") for number in range(13))

    document = opened(make.summary((make.signpost(topics=(make.topic(questions=asked),)),)))

    first = table_with(document, "Answered").rows[1].cells[0].paragraphs[0]
    assert not first.paragraph_format.keep_with_next


def test_document_is_british_titled_dated_and_numbered() -> None:
    content = to_docx(make.summary(), letter=LETTER)
    document = docx.Document(io.BytesIO(content))

    properties = document.core_properties
    assert properties.title == "Safeguarding peer review: what the answers suggest"
    assert properties.language == "en-GB"
    assert properties.modified is not None
    assert properties.modified.date() == date(2026, 11, 20)
    languages = {mark.get(qn("w:val")) for mark in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    footer = document.sections[0].footer._element
    assert [mark.text for mark in footer.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pictures_are_left_to_the_formats_for_reading() -> None:
    picture = Picture(svg="<svg/>", title="A chart", sentence="What it shows.")
    report = Report(
        title="A title",
        subtitle="",
        subject="Council",
        dated=LETTER.dated,
        blocks=[picture, Words(text="After it")],
    )

    document = docx.Document(io.BytesIO(document_bytes(report)))

    assert [paragraph.text for paragraph in document.paragraphs] == ["A title", "After it"]


def test_annex_lies_on_its_side() -> None:
    first, last = opened(make.summary()).sections

    assert first.page_width is not None
    assert first.page_height is not None
    assert first.page_width < first.page_height
    assert last.page_width == first.page_height


@pytest.mark.parametrize("text", make.HOSTILE, ids=range(len(make.HOSTILE)))
def test_hostile_text_stays_text(text: str) -> None:
    document = opened(make.hostile(text), letter=make.hostile_letter(text))

    said = text_of(document)
    assert not set(said) & {"\x00", "\x07", "\u202e"}
    assert len(document.core_properties.title or "") <= 255
    if text.startswith("<script>"):
        assert text in said
