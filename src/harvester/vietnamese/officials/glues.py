"""What stands between two neighbours, names and posts, and what each kind of it means."""

import re
from collections.abc import Callable
from functools import lru_cache

from harvester.vietnamese.officials.items import Item, opening_of
from harvester.vietnamese.officials.words import Words

_LONGEST_GLUE = 24
_LONGEST_GAP = 20
"""Code points between two words; more is text that no window holds, so what goes before is far away."""
_QUOTATION_MARKS = frozenset('“”"')
FAR = "…"
NEW_LINE = "\n"


def _glue_test(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a glue is of a kind; glues are few and come again and again, so answers are kept."""
    fullmatch = re.compile(pattern).fullmatch
    return lru_cache(maxsize=2048)(lambda glue: fullmatch(glue) is not None)


# The words between two neighbours, joined by spaces; a line of its own begins with \n.
_ENUMERATOR = r"(?:\n ?)?(?:\d{1,2} ?[.)] ?)?(?:[-+•*] ?)?"
_AGE = r"(?:(?:sinh năm|sn|sinh ngày) )?\d+(?: tuổi)?"
_STAFF = r"(?:công chức|viên chức|cán bộ|chuyên viên)(?: (?:[^\W\d_]+|-)){0,8}"
_RANK = r"(?:thiếu|trung|thượng|đại) (?:úy|tá|tướng)"
_COPULA = (
    r"(?:(?:hiện|hiện nay|đang|hiện đang|nay|vốn|từng|cùng|đều|khi đó|lúc đó|bấy giờ|trước đây|nguyên) ?)?là(?: các)?"
)
after_name = _glue_test(
    r"(?:\( [^()\n]{1,60} \) ?)?(?:"
    rf", {_AGE} ?,(?: {_RANK} ,)?|, {_RANK} ,"
    rf"|\( (?:{_AGE}|bí danh [^()\n]{{1,30}}) ,"
    r"|[,;(:-]|, -|- -|\( kiêm|kiêm(?: nhiệm)?(?: chức)?"
    rf"|[,-] {_STAFF} ,"
    rf"|,? ?{_COPULA}|)"
)
_LATER = r"(?:nay|hiện|hiện nay|sau này|sau đó|trước đó|từng|trước đây|rồi)(?: là| làm)?"
between_posts = _glue_test(
    r"(?:|[,/&-]|[,;]? ?(?:và|kiêm|kiêm nhiệm|kiêm chức|kiêm giữ chức|đồng thời|đồng thời là|đồng thời giữ chức)"
    rf"|[,(]? ?{_LATER})"
)
before_name = _glue_test(
    rf"(?:(?:qua )?(?:các|nhiều) thời kỳ :|[-:]|là|gồm|gồm :|là :|là các|đối với|cho|thuộc về) ?{_ENUMERATOR}"
)
_TERM = r"(?:\( [^()\n]{0,30}\d[^()\n]{0,30} \) ?)?"
between_names = _glue_test(rf"(?:\) ?)?{_TERM}(?:[,;]|[,;]? ?(?:và|cùng|và các|cùng các)|){_ENUMERATOR}")
in_one_list = _glue_test(r"(?:\( [^()\n]{1,80} \) ?)?(?:,|và|, và)")
ENUMERATED = re.compile(r"\d{1,2} ?[.)]|[+•*]")
in_list = _glue_test(rf"(?:[,;:.)] ?){{0,3}}(?:và|cùng)? ?{_ENUMERATOR}")
signature = _glue_test(r"\n(?: \(? ?(?:đã|đang)? ?ký[^\n]{0,30}(?: \n)?)?")
handed_to = _glue_test(r"(?:đối với|cho|thuộc về|là)")


def glue_before(words: Words, items: list[Item], index: int) -> str:
    """Return the words between an item and the one before, joined by spaces; a line feed opens a line of its own."""
    if index == 0:
        return FAR
    start, end = items[index - 1].reach, opening_of(items[index])
    if start > end:
        start = items[index - 1].end
    if end - start > _LONGEST_GLUE:
        return FAR
    between = words.keys[start:end]
    if words.start(end) - words.ends[start - 1] > _LONGEST_GAP:
        gaps = [len(token.gap) for token in words.tokens[start : end + 1]]
        if max(gaps) > _LONGEST_GAP:
            return FAR
    if words.line_starts.isdisjoint(range(start, end + 1)) and _QUOTATION_MARKS.isdisjoint(between):
        return " ".join(between)
    parts = []
    for word, key in enumerate([*between, ""], start):
        if word in words.line_starts:
            parts.append(NEW_LINE)
        if word < end and key not in _QUOTATION_MARKS:
            parts.append(key)
    return " ".join(parts)
