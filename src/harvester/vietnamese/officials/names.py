"""Where full names stand: a surname and the capitalised syllables after it."""

from bisect import bisect_right

from harvester.vietnamese.officials.lexicon import Lexicon, lines, listed, table
from harvester.vietnamese.officials.words import APOSTROPHES, Words, places_of

SURNAMES = Lexicon.of(lambda: lines("surnames.txt"), True)
_HISTORICAL = Lexicon.of(lambda: lines("name_historical.txt"), True)
NOT_NAMES = Lexicon.of(listed("name_contexts.toml", "not_names"), True)
HEADING_VERBS = Lexicon.of(listed("name_contexts.toml", "heading_verbs"), True)
FREQUENT_SURNAMES = frozenset("nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý".split())
"""Nine of ten Kinh bear one of these (Lê Trung Hoa, Họ và tên người Việt Nam, 2005)."""

MIDDLE_NAMES = frozenset("văn thị đình bá duy hữu xuân quang ngọc đức trọng thanh minh".split())
"""Second syllables that portals write small at times: “Nguyễn văn Hùng”."""

_HIGHLAND = ("h'", "k'", "y'")
"""Openings of highland names that are written as one word with the next syllable: K'Brểu, H'Lan."""

_FEMALE = "thị"
_NEVER_BEFORE_THI = frozenset({"đô", "siêu", "thành", "cận", "bộ"})


def _stops() -> dict[str, bool]:
    roles = table("role_words.toml")
    titles = [*roles["titles"], *roles["titles_with_head"]]
    whole = [*roles["whole"]["words"], *roles["whole"]["members"], *roles["deputy_of"]]
    ranks = table("honorific_words.toml")["ranks"]["words"]
    stops = dict.fromkeys([*titles, *(f"phó {title}" for title in titles), *whole, *ranks, *_OTHER_STOPS], True)
    return stops | dict.fromkeys(table("name_contexts.toml")["not_stops"], False)


_ALSO_GIVEN_NAMES = frozenset({"công an", "trung sĩ", "thượng sĩ", "đồng chí"})
_OTHER_STOPS = ("ủy viên", "đồng chí", "công an", "đại biểu")
_STOPS = Lexicon(_stops)
"""True where a title ends a name, False where its words are a given name and a verb (“Đại biểu dương”)."""
_SHORTEST, _LONGEST = 2, 6
_LONGEST_BEARER = 4
_LONGEST_HYPHENED = 12
"""Words and hyphens."""


def name_end(words: Words, start: int) -> int:
    """Return the end of the full name that begins with a known surname at `start`, or `start` where none does.

    Two to six syllables: capitalised, all in capitals, or with a lower-case “văn” or “thị” inside. Text in capitals
    and text in small letters are never one name.
    """
    if start >= len(words.keys) or not words.capital[start] or not opens_a_name(words, start):
        return start
    return _run_end(words, start)


def opens_a_name(words: Words, start: int) -> bool:
    """Whether word `start` is a surname, a highland prefix with its name, or anything before “Thị” and a capital."""
    keys = words.keys
    key = keys[start]
    if key in SURNAMES.phrases or key.startswith(_HIGHLAND):
        return True
    third = start + 2
    if third >= len(keys) or keys[start + 1] != _FEMALE or not (words.capital[start + 1] and words.capital[third]):
        return False
    return key.isalpha() and key not in _NEVER_BEFORE_THI


def openings_without_surname(words: Words) -> set[int]:
    """Return the words that may open a name though they are no surnames; `opens_a_name` says which do."""
    with_apostrophe = (
        bisect_right(words.ends, at) for sign in APOSTROPHES if sign in words.text for at in places_of(sign, words.text)
    )
    highland = {at for at in with_apostrophe if words.key(at).startswith(_HIGHLAND)}
    return highland.union(at - 1 for at in places_of(_FEMALE, words.keys) if at)


def split_run(words: Words, start: int, end: int) -> int:
    """Return where the person's name begins in a run of capitals that a school's or a company's name opens.

    `end`: that of the run read as one name. “Lê Quý Đôn Lê Quý Phương” is cut before the second Lê. A run that holds
    one name alone is the body's, up to four syllables.
    """
    length = next((at for at in range(_LONGEST, 1, -1) if " ".join(words.keys[start : start + at]) in _HISTORICAL), 0)
    if length and name_end(words, start + length) > start + length:
        return start + length
    splits = (at for at in range(start + _SHORTEST, start + _LONGEST) if at < len(words.keys))
    cut = next((at for at in splits if words.keys[at] in FREQUENT_SURNAMES and name_end(words, at) - at > _SHORTEST), 0)
    if cut and words.capital[cut - 1]:
        return cut
    return end if end - start <= _LONGEST_BEARER else start


def called_name_end(words: Words, start: int) -> int:
    """Return the end of the name after an honorific: there any two capitalised syllables are one."""
    if start >= len(words.keys) or not words.capital[start] or not words.word(start)[0].isalpha():
        return start
    end = name_end(words, start)
    if end > start:
        return end
    if words.keys[start] in NOT_NAMES or stops_at(words, start):
        return start
    return _run_end(words, start)


def capital_run_end(words: Words, start: int, longest: int) -> int:
    """Return the end of the capitalised words from `start` on, at most `longest`, ending before a title."""
    end = start
    while end < len(words.keys) and end - start < longest and words.capital[end]:
        if end > start and (not words.spaced(end) or end in words.line_starts or stops_at(words, end)):
            break
        if end - start >= _SHORTEST and words.shouts(start) and words.keys[end] in HEADING_VERBS:
            break
        end += 1
    return end


def is_historical(key: str) -> bool:
    """Whether a name is that of a historical figure (docs/annotation.md, O2)."""
    return key in _HISTORICAL


def written_name(words: Words, start: int, end: int) -> str:
    """Return a name as records have it: composed, spaces collapsed, capitals in title case (docs/annotation.md, O3)."""
    name = words.surface(start, end)
    return _title_case(name) if name.isupper() and any(words.shouts(index) for index in range(start, end)) else name


def _run_end(words: Words, start: int) -> int:
    shouting = words.shouts(start) or (start + 1 < len(words.keys) and words.shouts(start + 1))
    if shouting and not words.shouts(start) and len(words.keys[start]) > 1 and "'" not in words.keys[start]:
        return start
    end = start + 1
    longest = _LONGEST
    keys = words.keys
    while end < len(keys) and end - start < longest and _goes_on(words, start, end, shouting=shouting):
        if keys[end] == "-":
            longest = _LONGEST_HYPHENED
            end += 1
        end += 1
    if end - start >= _SHORTEST or (keys[start].startswith(_HIGHLAND) and len(keys[start]) > len("h'")):
        return end
    return start


def _goes_on(words: Words, start: int, index: int, *, shouting: bool) -> bool:
    key, capital, shouts, gap, _, _ = words.tokens[index]
    if key == "-":
        return _hyphens(words, index)
    if gap != " " and (not gap.isspace() or _breaks(words, start, index)):
        return False
    if not capital:
        following = index + 1
        return (
            key in MIDDLE_NAMES and following < len(words.keys) and words.capital[following] and words.spaced(following)
        )
    if shouts != shouting and len(key) > 1:
        return False
    if shouting and index - start >= _SHORTEST and key in HEADING_VERBS:
        return _closes_before_small_words(words, index + 1)
    return not _stops_name(words, start, index)


def _closes_before_small_words(words: Words, sign: int) -> bool:
    """Whether a dash, or a comma with small letters behind it, ends the name: “NGUYỄN HỮU DỰ, sinh năm 1982”."""
    if words.key(sign) == "-":
        return True
    return words.key(sign) == "," and sign + 1 < len(words.keys) and not words.capital[sign + 1]


def _hyphens(words: Words, index: int) -> bool:
    """Whether the hyphen stands inside a foreign syllable: “Khăm-pheng”, “Pi-năng”."""
    following = index + 1
    if following >= len(words.keys) or words.word(index) != "-" or words.capital[following]:
        return False
    if words.gap(index) or words.gap(following):
        return False
    return words.keys[following].isalpha() and not stops_at(words, following)


def _stops_name(words: Words, start: int, index: int) -> bool:
    """Whether a title ends the name before word `index`; “Trung Sĩ” and “Công An” right after a surname are names."""
    found = _STOPS.longest(words, index)
    if found is None or not found[1]:
        return False
    given = index - start == 1 and " ".join(words.keys[index : index + found[0]]) in _ALSO_GIVEN_NAMES
    return not (given and words.capital[index + 1] and not words.shouts(index))


def stops_at(words: Words, index: int) -> bool:
    """Whether a title, a rank or a form of address begins at word `index`."""
    found = _STOPS.longest(words, index)
    return found is not None and found[1]


def _breaks(words: Words, start: int, index: int) -> bool:
    """Whether a line break before word `index` ends the name: not in wrapped text, nor after a middle name."""
    gap = words.gap(index)
    if "\n" not in gap and "\r" not in gap:
        return False
    if gap.count("\n") > 1:
        return True
    if index - start < _SHORTEST or index not in words.line_starts or words.keys[index - 1] in MIDDLE_NAMES:
        return False
    # “Hoàng Bích↵Liên - Bí thư”: one syllable that a post follows belongs to the name before the break.
    return index - start > _SHORTEST + 1 or words.key(index + 1) not in {",", "-", "("} or words.keys[index] in SURNAMES


def _title_case(name: str) -> str:
    return " ".join(
        "".join(part.capitalize() if part.isalpha() else part for part in _apostrophe_parts(syllable))
        for syllable in name.split(" ")
    )


def _apostrophe_parts(syllable: str) -> list[str]:
    parts = [""]
    for char in syllable:
        if char.isalpha() and parts[-1].isalpha():
            parts[-1] += char
        else:
            parts.append(char)
    return parts
