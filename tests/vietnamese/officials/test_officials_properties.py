"""Properties that hold on any text: offsets slice it, forms of one text agree, keys differ, nothing raises."""

import unicodedata
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.records import Official
from harvester.vietnamese.officials import find_officials
from harvester.vietnamese.text import collapse, comparison_key, nfc

FRAGMENTS = (
    "đồng chí", "các đồng chí:", "Đ/c", "đ/c.", "Ông", "bà", "Thượng tá", "PGS.TS.", "Đại biểu", "cử tri", "liệt sĩ",
    "Nguyễn Văn An", "Nguyễn văn An", "TRẦN THỊ BÉ", "Trần Thị Bé", "Lê", "Hoàng Mai", "Hoà", "Hòa", "H’ Lan", "K'Brểu",
    "Y Thanh Mlô", "Vừ A Tủa", "Rah Lan Hương", "Khăm-pheng Sỉ", "Võ Thị Sáu", "Hồ Chí Minh", "Đoàn", "Ðỗ Văn Nam",
    "Chủ tịch", "Phó Bí thư", "Phó Chủ tịch Thường trực", "UBND", "HĐND", "Quận ủy", "Quận uỷ", "quận", "phường", "xã",
    "Long Biên", "Trưởng Ban", "Tổ chức", "giữ chức", "được bầu", "PCT", "UVBTV", "tổ dân phố số 4", "Trưởng thôn",
    "Sở Văn hóa, Thể thao và Du lịch", "Ban Chỉ đạo", "phòng, chống", "khu vực 2", "của", "tại", "đường", "Trường THCS",
    "đại biểu Quốc hội", "khóa XV", "nhiệm kỳ 2021 - 2026", "gồm:", "làm", "nguyên", "quyền", "kiêm", "KT. CHỦ TỊCH",
    "nhấn mạnh", "dự", "chủ trì", "Năm 1946,", "kỷ niệm ngày sinh", "“", "”", ",", ";", ":", "-", "–", "(", ")", "/",
    ".", "…", "và", "cùng", "1.", "\n", "\n\n", "\u00a0", "  ", "\u200b", "\u0301", "\u0323", "İ", "ﬁ", "'", "’",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=30).map(" ".join)
GLUED = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)
MARKED = st.lists(st.sampled_from((*FRAGMENTS, *map(chr, range(0x300, 0x370)))), max_size=30).map("".join)
ANY = TEXTS | GLUED | MARKED | st.text(max_size=200)


def title_case(name: str) -> str:
    """Return a name in capitals with only the first letter of each run of letters in a capital."""
    parts = "".join(char if char.isalpha() else f" {char} " for char in nfc(name).replace(" ", "\n")).split(" ")
    return "".join(part.capitalize() for part in parts).replace("\n", " ")


def key_of(name: str) -> str:
    """Return the comparison form of a name; H’ Lan and H’Lan are one."""
    return comparison_key(name).replace("' ", "'")


@settings(max_examples=600, deadline=None)
@given(ANY)
def test_the_slice_is_the_name(text: str) -> None:
    for official in find_officials(text):
        slices = [collapse(nfc(text[mention.start : mention.end])) for mention in official.mentions]
        assert official.name in {slices[0], title_case(slices[0])}
        assert slices[0].isupper() or official.name == slices[0]
        assert {key_of(written) for written in slices} == {official.key} == {key_of(official.name)}


@settings(max_examples=600, deadline=None)
@given(ANY)
def test_officials_stand_apart(text: str) -> None:
    officials = find_officials(text)
    assert len({official.key for official in officials}) == len(officials)
    assert [o.mentions[0].start for o in officials] == sorted(o.mentions[0].start for o in officials)
    spans = sorted((span.start, span.end) for o in officials for span in (*o.mentions, *o.references))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for official in officials:
        assert [text[r.start : r.end] for r in official.references] == [r.text for r in official.references] or not (
            unicodedata.is_normalized("NFC", text)
        )
        assert len(set(official.positions)) == len(official.positions)


@settings(max_examples=600, deadline=None)
@given(ANY)
def test_composed_and_decomposed_text_agree(text: str) -> None:
    composed, decomposed = (find_officials(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    assert [_without_offsets(official) for official in composed] == [_without_offsets(o) for o in decomposed]


def _without_offsets(official: Official) -> tuple[object, ...]:
    counts = (len(official.mentions), [reference.text for reference in official.references])
    return official.name, official.key, official.honorifics, official.positions, official.event_role, counts
