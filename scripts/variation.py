"""What replaces what in one annotated article: numbers, years, issuers, places, people's given names, names of laws.

A plan is drawn from the article and a random source alone. Every table in it is one to one, so that two mentions of
one thing stay one thing and two things stay two.
"""

import csv
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from harvester.vietnamese.text import collapse, comparison_key

Labels = dict[str, Any]
Table = Mapping[str, str]

_GAZETTEERS = files("harvester.vietnamese.gazetteers")
_LATIN = [chr(code) for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00))]
UPPER = f"[{''.join(char for char in _LATIN if char.isupper())}]"
_NAME_WORD = f"{UPPER}[{''.join(char for char in _LATIN if char.islower())}]+"
_NAME_RUN = rf"{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,4}}"

# A run behind a single letter or an apostrophe is part of a longer name of the Central Highlands.
_PERSON_RUN = re.compile(rf"(?<!\w)(?<!['’‘`])(?<!['’‘`]\s)(?<!\b\w\s){_NAME_RUN}")

NUMBERED_ID = re.compile(r"(?P<type>[A-Z]+):(?P<digits>\d+)(?P<suffix>[A-Z]*)(?:/(?P<year>\d{4}))?:(?P<issuer>\S+)")
YEAR = re.compile(r"(?<!\d)((?:19[3-9]|20[0-3])\d)(?!\d)")
_LEAP_DAY = re.compile(r"(?<!\d)29(?:[/.-]0?2[/.-]| tháng 0?2 năm )(?:19|20)\d\d")
_EARLIEST, _LATEST = 1945, 2030
_TERM_OF_OFFICE = (-6, -5, -4, 4, 5)

ORDINAL_WORDS = "nhất hai ba tư năm sáu bảy tám chín mười".split()
ROMANS = [tens + units for tens in ("", "X", "XX", "XXX") for units in ("", *"I II III IV V VI VII VIII IX".split())]

# Source of both lists: common knowledge of Vietnamese naming.
_MIDDLES = """
An Bảo Công Duy Đăng Đình Đức Gia Hải Hoài Hồng Huy Hữu Khắc Kim Mai Minh Mỹ Ngọc Nhật Phương Quang Quốc Quỳnh Sỹ
Tấn Thanh Thành Thế Thu Thùy Tiến Trọng Trung Tuấn Tuyết Viết Việt Vĩnh Xuân
""".split()
_GIVENS = """
Ánh Bách Bích Bình Chiến Cúc Cường Dung Dũng Duyên Đại Đạt Điệp Định Giang Hân Hạnh Hào Hậu Hiếu Hòa Huệ Hùng Hưng
Huyền Khánh Khoa Khôi Kiên Lam Lan Liên Linh Loan Lợi Luân Mạnh My Nam Nga Ngân Nghĩa Nguyệt Nhung Oanh Phong Phúc
Phượng Quân Quý Quyên Sơn Tâm Thảo Thắng Thịnh Thoa Thủy Thư Tín Toàn Trang Trí Trinh Tú Tùng Tuyến Uyên Vân Vinh
Vượng Yến
""".split()
_ADDRESSES = set("Ông Bà Anh Chị Em Cô Thầy Bác Cụ Bạn".split())
_KEPT_MIDDLES = {"Thị", "Văn", "Nữ", "A"}
_DOUBLE_SURNAMES = {"Rah", "Rơ", "Tôn"}
_LAWYERS = "Luật sư"  # in a list of laws this name reads as one more head
_FIXED_PLACES = {"Hồ Chí Minh"}
# A ward may be called after a word that opens an organisation; such a name would make another text.
_OPENING_WORDS = set("Ban Công Đảng Đoàn Khu Nông Phố Phường Quận Thị Tổ Trường Xã Huyện Hội Thanh Thành".split())
_LEVELS = {
    level: kind
    for kind, levels in {
        "province": ("tỉnh", "tỉnh ủy", "tỉnh uỷ"),
        "city": ("thành phố", "thành ủy", "thành uỷ", "tp", "tp."),
        "district": ("quận", "quận ủy", "quận uỷ", "huyện", "huyện ủy", "huyện uỷ", "thị xã", "thị ủy", "q.", "h."),
        "ward": ("phường", "xã", "thị trấn", "đặc khu", "p."),
        "hamlet": ("thôn", "bản", "ấp", "buôn", "xóm", "làng"),
    }.items()
    for level in levels
}
# Since July 2025 wards bear names of districts.
_NAMED_LIKE = {
    "province": ("province",),
    "city": ("province", "district"),
    "district": ("district",),
    "ward": ("ward", "district"),
}
_LEVEL = re.compile(
    rf"(?<!\w)((?i:{'|'.join(re.escape(level) for level in sorted(_LEVELS, key=len, reverse=True))}))"
    rf"(?:(?<=\.)\s*|\s+)(?={UPPER})"
)


class Plan(NamedTuple):
    """The tables of one article; `years`, `terms`, `romans` and `plenums` are added to what they are named for.

    `codes` hold issuers as symbols write them; `words` issuers and levels of government as the text does; `laws` the
    names by type of law.
    """

    numbers: Mapping[int, int]
    years: int
    terms: int
    romans: int
    plenums: int
    codes: Table
    words: Table
    boards: Table
    places: Table
    people: Table
    given: Table
    laws: Mapping[str, Table]


def _lines(name: str) -> list[str]:
    text = _GAZETTEERS.joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_lines(name), delimiter="\t"))


_PLACES = {
    kind: {comparison_key(row["name"]): row["name"] for row in _rows(f"place_{kind}s.tsv")}
    for kind in ("province", "district", "ward")
}
_NEW_PLACES = {
    kind: [
        name
        for key, name in names.items()
        if re.fullmatch(f"{_NAME_WORD} {_NAME_WORD}", name)
        and not _OPENING_WORDS & set(name.split())
        and (kind == "province" or key not in _PLACES["province"])
    ]
    for kind, names in _PLACES.items()
}
_SURNAMES = frozenset(_lines("surnames.txt"))
_HISTORICAL = frozenset(_lines("name_historical.txt"))
LAW_NAMES = {
    code: {row["name"]: row["full_name"] or row["name"] for row in _rows("law_names.tsv") if row["type"] == code}
    for code in ("LUAT", "BLUAT", "PL")
}
"""By type of law: the names news use, each with the full one."""
_BODIES = [
    (row["words"], row["code"])
    for row in _rows("issuers.tsv")
    if row["words"].startswith(("Bộ ", "Sở ")) and row["code"] not in {"", "TW"}
]
_BOARDS = {"Tổ chức": "BTC", "Tuyên giáo": "BTG", "Dân vận": "BDV", "Nội chính": "BNC"}
_LEVEL_CODES = ("TU", "QU", "HU", "TW", "ThU")
_PREFIXES = ("", *_BOARDS.values(), "BTGDV", "UBKT", "VP", "BCĐ")


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern of the words, the longest first, any white space within; of none, one that never matches."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join(r"\s+".join(map(re.escape, word.split())) for word in longest) or r"(?!)"


_PROVINCE = re.compile(rf"(?<!\w)(?:{alternatives(_PLACES['province'].values())})(?!\w)(?!\s{UPPER})")


def draw_plan(article: Labels, source: random.Random) -> Plan:
    """Draw the replacements for one article."""
    body = article["body"]
    people = _people(article)
    codes, words = _levels(body)
    boards = _boards(body, source)
    bodies = _bodies(article, source)
    years = _years(article, source)
    romans = [ROMANS.index(roman) for roman in re.findall(r"(?<!\w)[IVX]+(?!\w)", body) if roman in ROMANS]
    terms = 1 if years > 0 else -1
    names, given = _names(people, source)
    return Plan(
        numbers=_numbers(article, source),
        years=years,
        terms=terms,
        romans=terms if min(romans, default=2) + terms > 0 else 1,
        plenums=source.choice((1, 2)),
        codes=_codes(codes, boards, bodies),
        words=words | {old: new for (old, _), (new, _) in bodies.items()},
        boards=boards,
        places=_draw_places(_named_places(body, people), source),
        people=names,
        given=given,
        laws=_laws(body, article["citations"], source),
    )


# ------------------------------------------------------------------------------------- numbers and years


def _numbers(article: Labels, source: random.Random) -> dict[int, int]:
    """Rotate the numbers of each width by one step, so that a list 15, 16 stays a list; none becomes a year."""
    ids = (NUMBERED_ID.fullmatch(citation["canonical_id"]) for citation in article["citations"])
    olds = {int(match["digits"]) for match in ids if match}
    table: dict[int, int] = {}
    for width in {len(str(number)) for number in olds}:
        lowest, count = 10 ** (width - 1), 9 * 10 ** (width - 1)
        group = [number for number in olds if len(str(number)) == width]
        while True:
            step = source.randrange(1, count)
            rotated = {number: lowest + (number - lowest + step) % count for number in group}
            if not any(YEAR.fullmatch(str(number)) for number in rotated.values()):
                break
        table |= rotated
    return table


def _years(article: Labels, source: random.Random) -> int:
    """Move the article by about a term of office; its documents stay within the years of the present state."""
    years = [citation["year"] for citation in article["citations"] if citation["year"]] or [2015]
    steps = [step for step in _TERM_OF_OFFICE if min(years) + step >= _EARLIEST and max(years) + step <= _LATEST]
    if _LEAP_DAY.search(article["body"]):
        steps = [step for step in steps if step % 4 == 0]
    return source.choice(steps or [4])


# ------------------------------------------------------------------------------------- issuers


def _levels(body: str) -> tuple[dict[str, str], dict[str, str]]:
    """Exchange quận and huyện, tỉnh and thành phố: the codes of their Party committees, their words."""
    codes: dict[str, str] = {}
    words: dict[str, str] = {}
    if not re.search(r"(?i)\bquận\s+\d", body):
        codes |= {"QU": "HU", "HU": "QU", "CAQ": "CAH", "CAH": "CAQ"}
        words |= {"quận": "huyện", "huyện": "quận", "QUV": "HUV", "HUV": "QUV", "CAQ": "CAH", "CAH": "CAQ"}
    province = re.search(r"(?i)\btỉnh\b|\bCAT\b", body)
    city = re.search(r"(?i)\bthành\s+(?:phố|ủy|uỷ)\b|\bTP\b|\bCATP\b", body)
    own_city = re.search(r"(?i)hcm|hồ chí minh|thủ đức|\bCATP\b|\bCAT\b", body) or _has_provincial_city(body)
    if city and not province and not own_city:
        words |= {"thành phố": "tỉnh", "thành ủy": "tỉnh ủy", "thành uỷ": "tỉnh uỷ", "thành đoàn": "tỉnh đoàn"}
        words |= {"Tp": "tỉnh", "TP": "tỉnh"}
    elif province and not city and not own_city:
        words |= {"tỉnh": "thành phố", "tỉnh ủy": "thành ủy", "tỉnh uỷ": "thành uỷ", "tỉnh đoàn": "thành đoàn"}
    return codes, words | {"Bộ Chính trị": "Ban Bí thư", "Ban Bí thư": "Bộ Chính trị"}


def _has_provincial_city(body: str) -> bool:
    names = (_longest(body[match.end() :], "district") for match in _LEVEL.finditer(body) if _level(match) == "city")
    return any(name and comparison_key(name) not in _PLACES["province"] for name in names)


def _boards(body: str, source: random.Random) -> dict[str, str]:
    """Exchange the boards of Party committees; a “Ban Tổ chức” without a committee behind it may be a festival's."""
    if re.search(r"an\s+Tuyên\s+giáo\s+và", body) or re.search(
        r"an Tổ chức(?! (?:Thành|Tỉnh|Quận|Huyện|Thị|Trung))", body
    ):
        return {}
    names = list(_BOARDS)
    step = source.randrange(1, len(names))
    return {name: names[(place + step) % len(names)] for place, name in enumerate(names)}


def _bodies(article: Labels, source: random.Random) -> dict[tuple[str, str], tuple[str, str]]:
    """Replace ministries by ministries and departments by departments: (words, code) by (words, code)."""
    body, symbols = article["body"], " ".join(citation["text"] for citation in article["citations"])
    written = set(re.findall(r"[^\W\d_]+", symbols))
    table: dict[tuple[str, str], tuple[str, str]] = {}
    for head in ("Bộ ", "Sở "):
        group = [(words, code) for words, code in _BODIES if words.startswith(head)]
        used = {code for words, code in group if words in body or code in written}
        full = {code: words for words, code in reversed(group)}
        free = [code for code in full if code not in used]
        new = dict(zip(sorted(used), source.sample(free, len(used)), strict=True))
        table |= {(words, code): (full[new[code]], new[code]) for words, code in group if code in used}
    return table


def _codes(levels: Table, boards: Table, bodies: Mapping[tuple[str, str], tuple[str, str]]) -> dict[str, str]:
    new_prefixes = {_BOARDS[old]: _BOARDS[new] for old, new in boards.items()}
    committees = {
        prefix + level: new_prefixes.get(prefix, prefix) + levels.get(level, level)
        for prefix in _PREFIXES
        for level in _LEVEL_CODES
    }
    police = {code: new for code, new in levels.items() if code.startswith("CA")}
    table = committees | police | {old: new for (_, old), (_, new) in bodies.items()}
    return {old: new for old, new in table.items() if old != new}


# ------------------------------------------------------------------------------------- people


def _people(article: Labels) -> dict[str, str]:
    """Return the full names of the text as written, each with its form in title case; without those of history."""
    people: dict[str, str] = {}
    for official in article["officials"]:
        surfaces = {collapse(article["body"][start:end]) for start, end in official["mentions"]}
        people |= dict.fromkeys(surfaces, official["name"])
    for run in _PERSON_RUN.finditer(article["body"]):
        words = run[0].split()
        words = words[words[0] in _ADDRESSES :]
        name = " ".join(words)
        known = any(other in name for other in (*_HISTORICAL, *people))
        if len(words) in {3, 4} and words[0] in _SURNAMES and not known and not _is_place(words):
            people[name] = name
    return people


def _is_place(words: Sequence[str]) -> bool:
    """Whether a run of capitals begins or ends with a place's name."""
    parts = {comparison_key(" ".join(part)) for part in (words, words[:2], words[:3], words[-2:])}
    return bool(parts & _PLACES["province"].keys() or comparison_key(" ".join(words)) in _PLACES["ward"])


def _names(people: Table, source: random.Random) -> tuple[dict[str, str], dict[str, str]]:
    """Replace given and middle names syllable by syllable, so that a given name alone still points to its bearer."""
    variable = {name for name in people.values() if not re.search("^. |['’‘`-]", name)}
    syllables = {name: _free_syllables(name) for name in variable}
    middle = _drawn({part for parts in syllables.values() for part in parts[:-1]}, _MIDDLES, source)
    given = _drawn({parts[-1] for parts in syllables.values() if parts}, _GIVENS, source)
    table: dict[str, str] = {}
    for surface, name in people.items():
        if parts := syllables.get(name):
            kept = name.split()[: len(name.split()) - len(parts)]
            varied = " ".join(
                (*kept, *(middle.get(part, part) for part in parts[:-1]), given.get(parts[-1], parts[-1]))
            )
            table |= {surface: varied.upper() if surface.isupper() else varied, name: varied}
    return table, given


def _free_syllables(name: str) -> list[str]:
    words = name.split()
    return words[2 if words[0] in _DOUBLE_SURNAMES else 1 :]


def _drawn(olds: Iterable[str], pool: Iterable[str], source: random.Random) -> dict[str, str]:
    """Give every word another of the pool, none twice; where the pool is too small, the rest stay as they are."""
    olds = sorted(set(olds) - _KEPT_MIDDLES)
    free = [word for word in pool if word not in olds]
    return dict(zip(olds, source.sample(free, min(len(olds), len(free))), strict=False))


# ------------------------------------------------------------------------------------- places


def _level(match: re.Match[str]) -> str:
    return _LEVELS[collapse(match[1]).lower()]


def _longest(text: str, kind: str) -> str | None:
    """Return the longest name of that kind the text begins with, in the text's words."""
    run = re.match(_NAME_RUN, text)
    words = run[0].split() if run else []
    for count in range(len(words), 0, -1):
        if comparison_key(name := " ".join(words[:count])) in _PLACES[kind]:
            return name
    return None


def _named_places(body: str, people: Table) -> dict[str, str]:
    """Return the names of places with their kinds: behind a level's word, and those of provinces anywhere."""
    names = re.compile(rf"(?<!\w)(?:{alternatives(people)})(?!\w)")
    masked = names.sub(lambda match: "." * len(match[0]), body)
    found: dict[str, str] = {}
    for match in _LEVEL.finditer(masked):
        kind, behind = _level(match), masked[match.end() :]
        if kind == "hamlet":
            run = re.match(rf"{_NAME_WORD} {_NAME_WORD}(?: {_NAME_WORD})?(?! {UPPER})", behind)
            name = run[0] if run else None
        else:
            known = ((_longest(behind, kind), kind) for kind in _NAMED_LIKE[kind])
            name, kind = next(((name, kind) for name, kind in known if name), (None, kind))
        if name and name not in found:
            found[name] = kind
    for match in _PROVINCE.finditer(masked):
        found.setdefault(match[0], "province")
    return {name: kind for name, kind in found.items() if name not in _FIXED_PLACES}


def _draw_places(places: Table, source: random.Random) -> dict[str, str]:
    table: dict[str, str] = {}
    taken = set(places)
    for name, kind in places.items():
        while (new := source.choice(_NEW_PLACES["ward" if kind == "hamlet" else kind])) in taken:
            pass
        table[name] = new
        taken.add(new)
    return table


# ------------------------------------------------------------------------------------- laws


def _laws(body: str, citations: Iterable[Labels], source: random.Random) -> dict[str, dict[str, str]]:
    """Replace names of laws by others of the type and the shape: commas by commas, “và” by “và”."""
    listed = (f"luật {citation['text']}" for citation in citations if citation["type"] in LAW_NAMES)
    text = collapse("\n".join((body, *listed))).casefold()
    tables: dict[str, dict[str, str]] = {}
    for code, names in LAW_NAMES.items():
        used = [name for name in names if f"luật {name.casefold()}" in text or f"lệnh {name.casefold()}" in text]
        taken = {_LAWYERS, *(names[name] for name in used)}
        tables[code] = {}
        for full in dict.fromkeys(names[name] for name in used):
            written = [name for name in used if names[name] == full]
            free = [new for new in names.values() if new not in taken and _shape(new) == _shape(written[0])]
            if free:
                new = source.choice(free)
                taken.add(new)
                tables[code] |= dict.fromkeys((*written, full), new)
    return tables


def _shape(name: str) -> tuple[bool, bool]:
    return "," in name, " và " in name
