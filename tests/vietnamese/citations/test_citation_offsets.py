"""Properties that hold on any text: offsets slice it, forms of one text agree, nothing raises."""

import unicodedata
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.vietnamese.citations import Dateline, cite
from harvester.vietnamese.citations.fold import fold
from harvester.vietnamese.places import unit_named

FRAGMENTS = (
    "Nghị quyết", "nghị quyết", "QUYẾT ĐỊNH", "Quy định", "Luật", "Luật Đất đai", "Hiến pháp", "Kế hoạch",
    "Đề án", "NQ", "QĐ", "Công văn", "số", "số:", "số...", "15", "06", "3a", "2024", "12345678", "-", "/", "–",
    " - ", "NQ", "/TU", "-NQ/TU", "/QĐ-UBND", "/2024/NĐ-CP", "/QH15", "ngày 4/7/2017",
    "ngày 27 tháng 9 năm 2024", "của Thành ủy", "của Bộ Chính trị", "và", ",", ";", ".", "Đại hội",
    "Đảng bộ quận", "lần thứ III", "khóa XII", "Trung ương 4", "nhiệm kỳ 2020-2025", "(sửa đổi)", "năm 2015",
    "các", "về việc", "“", "”", "khoản 2 Điều 10", "\n", "\n\n", "\u00a0", "  ", "\u200b", "İ", "uỷ", "đ",
    "\u0301", "\u0327", "𝐍", "dự thảo", "1O4", "l7", "1.345", "NQTW", "BLHS", "các luật:", "2013, 2003", "ngày 4/7",
    "tháng 7/2017", "của UBND quận Long Biên", "của Bộ Y tế", "Công văn", "/UBND-VP", "Hợp đồng", "Tổ", "UBTVQH14",
    "ngày 0/4/2020",
)  # fmt: skip
DATELINE = Dateline(unit_named("Quận Long Biên", "Hà Nội"), date(2019, 10, 28))
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=30).map(" ".join)
MARKED = st.lists(st.sampled_from((*FRAGMENTS, *map(chr, range(0x300, 0x370)))), max_size=30).map("".join)
GLUED = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)


@settings(max_examples=600, deadline=None)
@given(TEXTS | GLUED | st.text(max_size=60))
def test_offsets_slice_the_text_as_given(text: str) -> None:
    citations = cite(text, DATELINE)
    for citation in citations:
        assert unicodedata.normalize("NFC", text[citation.start : citation.end]) == citation.text
        assert citation.text == citation.text.strip()
        assert citation.text
        if citation.antecedent:
            assert citation.antecedent.end <= citation.start
    for before, after in pairwise(citations):
        assert before.end <= after.start


@settings(max_examples=600, deadline=None)
@given(TEXTS | GLUED | MARKED | st.text(max_size=60))
def test_composed_and_decomposed_text_agree(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert [c.canonical_id for c in cite(composed)] == [c.canonical_id for c in cite(decomposed)]
    assert [c.text for c in cite(composed)] == [c.text for c in cite(decomposed)]


@settings(max_examples=600, deadline=None)
@given(TEXTS | st.text(max_size=60))
def test_both_folded_forms_have_one_length(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.low)
    start, end = folded.span(0, len(folded.text))
    assert text[start:end] == text.strip(INVISIBLE)
