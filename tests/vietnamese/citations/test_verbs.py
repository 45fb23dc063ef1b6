"""The four verbs one by one: what each adds, and that the steps of `resolve` are the caller's to choose."""

import html
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.vietnamese.citations import STEPS, Reading, Step, cite, find, mark, normalise, resolve
from harvester.vietnamese.citations.ids import Identity
from harvester.vietnamese.citations.steps import Context, by_antecedent, by_issuer

TEXT = "Thực hiện Chỉ thị số 21-CT/HU ngày 3/4/2019 và Luật Thủy lợi năm 2017; sơ kết Chỉ thị 21, Đề án 9."
NOISY = unicodedata.normalize("NFD", "Theo\u00a0 Nghị  quyết\u200b số 12-NQ/ĐU\u200b,  các Kế hoạch\nsố 5 và  6-KH/ĐU.")


def test_find_gives_spans_and_types() -> None:
    assert [(TEXT[mention.start : mention.end], mention.type) for mention in find(TEXT)] == [
        ("Chỉ thị số 21-CT/HU", "CT"),
        ("Luật Thủy lợi năm 2017", "LUAT"),
        ("Chỉ thị 21", "CT"),
        ("Đề án 9", "DA"),
    ]


def test_normalise_reads_each_mention_by_itself() -> None:
    readings = normalise(TEXT, find(TEXT))
    assert [(reading.own.canonical_id, reading.open) for reading in readings] == [
        ("CT:21:HU", False),
        ("LUAT:thuy-loi:2017", False),
        ("CT:21:?", True),
        ("DA:9:?", True),
    ]
    assert (readings[0].number, readings[0].issuer, readings[0].issued.iso) == ("21", "HU", "2019-04-03")


def test_the_verbs_one_after_another_are_cite() -> None:
    for text in (TEXT, NOISY):
        assert resolve(normalise(text, find(text))) == cite(text)


def test_offsets_of_every_verb_are_those_of_the_text_as_given() -> None:
    spans = [NOISY[mention.start : mention.end] for mention in find(NOISY)]
    expected = ["Nghị  quyết\u200b số 12-NQ/ĐU", "Kế hoạch\nsố 5", "6-KH/ĐU"]
    assert spans == [unicodedata.normalize("NFD", span) for span in expected]
    assert [citation.text for citation in cite(NOISY)] == expected
    assert [reading.text for reading in normalise(NOISY, find(NOISY))] == expected


def test_some_mentions_alone_can_be_normalised() -> None:
    directives = [mention for mention in find(TEXT) if mention.type == "CT"]
    assert [reading.own.canonical_id for reading in normalise(TEXT, directives)] == ["CT:21:HU", "CT:21:?"]


# ------------------------------------------------------------------------------------- steps


def by_hand(reading: Reading, context: Context) -> Identity | None:
    return Identity("DA:9:TTG", "issuer", None, "TTG") if reading.number == "9" else None


@pytest.mark.parametrize(
    ("steps", "ids"),
    [
        (STEPS, ["CT:21:HU", "LUAT:thuy-loi:2017", "CT:21:HU", "DA:9:?"]),
        ((), ["CT:21:HU", "LUAT:thuy-loi:2017", "CT:21:?", "DA:9:?"]),
        ((by_issuer,), ["CT:21:HU", "LUAT:thuy-loi:2017", "CT:21:?", "DA:9:?"]),
        ((by_antecedent, by_hand), ["CT:21:HU", "LUAT:thuy-loi:2017", "CT:21:HU", "DA:9:TTG"]),
    ],
)
def test_steps_can_be_replaced(steps: tuple[Step, ...], ids: list[str]) -> None:
    citations = resolve(normalise(TEXT, find(TEXT)), steps=steps)
    assert [citation.canonical_id for citation in citations] == ids


def test_the_first_step_that_answers_settles_it() -> None:
    text = "Nghị quyết số 8-NQ/TU; Nghị quyết 8 của Thành ủy"
    readings = normalise(text, find(text))
    assert resolve(readings, steps=(by_antecedent, by_issuer))[1].resolved_by == "antecedent"
    assert resolve(readings, steps=(by_issuer, by_antecedent))[1].resolved_by == "issuer"


# ------------------------------------------------------------------------------------- mark


def test_mark_wraps_each_citation() -> None:
    text = "<b>Chỉ thị 21-CT/HU</b> & Đề án 9"
    assert mark(text, cite(text)) == (
        '&lt;b&gt;<mark class="citation" data-id="CT:21:HU" title="CT:21:HU (by symbol)">Chỉ thị 21-CT/HU</mark>'
        '&lt;/b&gt; &amp; <mark class="citation unresolved" data-id="DA:9:?" title="DA:9:?">Đề án 9</mark>'
    )


def test_mark_without_citations_is_the_escaped_text() -> None:
    assert mark('a < b & "c"', ()) == "a &lt; b &amp; &quot;c&quot;"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(("<i>", "&amp;", TEXT, NOISY, "\n", "“", "'")) | st.text(max_size=5)).map("".join))
def test_a_marked_text_without_its_tags_is_the_text(text: str) -> None:
    marked = mark(text, cite(text))
    assert html.unescape(re.sub("</?mark[^>]*>", "", marked)) == html.unescape(html.escape(text))


def test_mark_refuses_citations_of_another_text() -> None:
    with pytest.raises(ValueError, match="outside the text of 4 characters; were both taken from one text"):
        mark("Luật", cite(TEXT))


def test_mark_refuses_citations_that_overlap() -> None:
    with pytest.raises(ValueError, match="overlaps another"):
        mark(TEXT, (*cite(TEXT), *cite(TEXT)))
