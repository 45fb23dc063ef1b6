"""The varied set: an annotated set with other numbers, years, issuers, places, names and laws, labels carried along.

    python scripts/vary.py GOLD.jsonl [--seed N] > OUT.jsonl

Rules that know the language read the varied set as well as the original; rules that learnt its answers do not. What
replaces what is drawn per article (variation.py); here it becomes edits of the text, and moves the labels. How many
things of each kind were replaced is printed to standard error.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from harvester.vietnamese.text import slug, without_diacritics
from variation import LAW_NAMES, NUMBERED_ID, ORDINAL_WORDS, ROMANS, UPPER, YEAR, Labels, Plan, alternatives, draw_plan

_ROMAN = r"(?<!\w)([IVX]+)(?!\w)"
_ROMAN_PLACE = r"(?i:kh(?:óa|oá)|lần thứ|đại hội|kỳ họp thứ)\s+([IVX]+)(?!\w)"
_NUMBER_PLACE = (
    r"(?<!\w)(?i:số|nghị quyết|quyết định|quy định|chỉ thị|kế hoạch|thông tư|nghị định|đề án|chương trình|kết luận"
    r"|thông báo|công văn|công điện|ban chỉ đạo|NQ|QĐ|CT)\s*:?\s*0*([1-9]\d*)(?!\d|[.,/]\d)"
)
_SESSION = re.compile(rf"(?i:trung ương|TW|hội nghị lần thứ|lần thứ)\s+(\d{{1,2}}|{'|'.join(ORDINAL_WORDS)})(?!\w)")
_ADDRESSED = r"(?<!\w)(?i:đồng chí|đ/c|ông|bà|anh|chị|em|cô|thầy|bác|cụ|bạn)\s+"
_BOTH_LEVELS = "Thành ủy/Tỉnh ủy"  # how annotated sets expand TU
_TERM_YEARS = re.compile(r"\d{4}-\d{4}")


class Edit(NamedTuple):
    """A stretch of a text (code points, end exclusive), what takes its place, and its kind."""

    start: int
    end: int
    new: str
    kind: str


class Rule(NamedTuple):
    """What the first group of the pattern finds is replaced; the kind is for counting."""

    kind: str
    pattern: re.Pattern[str]
    replace: Callable[[str], str]


def vary(article: Labels, seed: int) -> Labels:
    """Return the article varied, in the schema it came in; the same seed gives the same article."""
    return vary_counted(article, seed)[0]


def vary_counted(article: Labels, seed: int) -> tuple[Labels, Counter[str]]:
    """Return the article varied, and how many edits of each kind its body took."""
    plan = draw_plan(article, random.Random(f"{seed} {article['id']}"))
    rules = _rules(plan)
    body = article["body"]
    edits = find_edits(body, rules, _citation_edits(body, article["citations"], plan))
    varied_body = apply_edits(body, edits)
    varied = {
        **article,
        "title": _text(article["title"], rules),
        "body": varied_body,
        "officials": [_official(official, edits, plan, rules) for official in article["officials"]],
        "citations": [_citation(citation, varied_body, edits, plan, rules) for citation in article["citations"]],
    }
    return varied, Counter(edit.kind for edit in edits)


# ------------------------------------------------------------------------------------- edits


def find_edits(text: str, rules: Iterable[Rule], taken: Iterable[Edit] = ()) -> list[Edit]:
    """Return the edits of a text in order, none overlapping: those taken go first, then the earlier rule."""
    edits = list(taken)
    for rule in rules:
        for match in rule.pattern.finditer(text):
            start, end = match.span(1)
            new = rule.replace(match[1])
            if new != match[1] and not any(start < edit.end and edit.start < end for edit in edits):
                edits.append(Edit(start, end, new, rule.kind))
    return sorted(edits)


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return the text with every edit made."""
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += text[at : edit.start], edit.new
        at = edit.end
    return "".join((*parts, text[at:]))


def moved(span: Sequence[int], edits: Iterable[Edit]) -> list[int]:
    """Return where a span lies in the edited text.

    Raises:
        ValueError: an edit goes across an edge of the span.
    """
    start, end = span
    before = within = 0
    for edit in edits:
        growth = len(edit.new) - (edit.end - edit.start)
        if edit.end <= start:
            before += growth
        elif start <= edit.start and edit.end <= end:
            within += growth
        elif edit.start < end:
            raise ValueError(f"{edit} goes across an edge of {list(span)}")
    return [start + before, end + before + within]


def _text(text: str, rules: Iterable[Rule]) -> str:
    return apply_edits(text, find_edits(text, rules))


# ------------------------------------------------------------------------------------- rules


def _rules(plan: Plan) -> list[Rule]:
    """Return what is replaced anywhere in the text, in the labels' words and in the title."""
    people, places, shouted = alternatives(plan.people), alternatives(plan.places), _upper(plan.places)
    cased = {form(old): form(new) for old, new in plan.words.items() for form in (str.upper, _capitalised, str)}
    initials = {"Q": "H", "H": "Q"} if "quận" in cased else {"Q": "Q", "H": "H"}
    # A place goes on in a longer name unless a person follows; a board is one only with its committee behind it.
    ends = rf"(?!\w)(?!\s(?!(?:{people})(?!\w)){UPPER}\w)"
    committee = r"(?=\s+(?:Thành|Tỉnh|Quận|Huyện|Thị|Trung|TW))"
    patterns: list[tuple[str, str, Callable[[str], str]]] = [
        ("person", rf"(?<!\w)({people})(?!\w)", _by(plan.people)),
        *(("law", _law_pattern(code, table), _law(table)) for code, table in plan.laws.items()),
        ("place", rf"(?<!\w)({places}){ends}", _by(plan.places)),
        ("place", rf"(?<!\w)({alternatives(shouted)})(?!\w)", _by(shouted)),
        ("issuer", rf"(?<!\w)(TP\.)(?=\s+(?:{places}))", lambda city: cased.get("TP", city)),
        ("issuer", rf"(?<!\w)([QH])(?=\. ?(?:{places}))", lambda initial: initials[initial]),
        ("issuer", rf"(?<!\w)({alternatives(cased)})(?!\w)", _by(cased)),
        ("issuer", rf"(?<=[Bb]an )({alternatives(plan.boards)}){committee}", _by(plan.boards)),
        ("number", _NUMBER_PLACE, lambda digits: str(plan.numbers.get(int(digits), digits))),
        ("year", YEAR.pattern, lambda year: str(int(year) + plan.years)),
        ("term", _ROMAN_PLACE, lambda roman: _roman(roman, plan)),
        ("person", rf"{_ADDRESSED}({alternatives(plan.given)})(?!\w)(?!\s{UPPER})", _by(plan.given)),
    ]
    return [Rule(kind, re.compile(pattern), replace) for kind, pattern, replace in patterns]


def _law_pattern(code: str, table: Iterable[str]) -> str:
    head = {"LUAT": "(?<![Bb]ộ )Luật", "BLUAT": "[Bb]ộ luật", "PL": "[Pp]háp lệnh"}[code]
    return rf"{head}\s+(?i:({alternatives(table)}))(?!\w)"


def _law(table: Mapping[str, str]) -> Callable[[str], str]:
    folded = {old.casefold(): new for old, new in table.items()}

    def replace(name: str) -> str:
        new = folded[" ".join(name.split()).casefold()]
        if name.isupper():
            return new.upper()
        return new if name[0].isupper() else new[0].lower() + new[1:]

    return replace


def _capitalised(word: str) -> str:
    return word[0].upper() + word[1:]


def _upper(table: Mapping[str, str]) -> dict[str, str]:
    return {old.upper(): new.upper() for old, new in table.items()}


def _by(table: Mapping[str, str]) -> Callable[[str], str]:
    """Return the replacement by a table; where the number of words stays, so does the white space between them."""

    def replace(found: str) -> str:
        old = found.split()
        new = table[" ".join(old)].split()
        gaps = re.findall(r"\s+", found) if len(new) == len(old) else [" "] * (len(new) - 1)
        return "".join(word + gap for word, gap in zip(new, (*gaps, ""), strict=True))

    return replace


def _roman(roman: str, plan: Plan) -> str:
    return ROMANS[ROMANS.index(roman) + plan.romans] if roman in ROMANS else roman


def _session(written: str, plan: Plan) -> str:
    if written.isdigit():
        return str(int(written) + plan.plenums)
    return ORDINAL_WORDS[min(ORDINAL_WORDS.index(written.lower()) + plan.plenums, len(ORDINAL_WORDS) - 1)]


# ------------------------------------------------------------------------------------- citations


def _citation_edits(body: str, citations: Iterable[Labels], plan: Plan) -> Iterator[Edit]:
    """Yield the edits inside citations: what they are found by is written there, so no rule has to guess it."""
    for citation in citations:
        start, text = citation["start"], body[citation["start"] : citation["end"]]
        for edit in sorted(find_edits(text, _citation_rules(citation, plan))):
            yield Edit(start + edit.start, start + edit.end, edit.new, edit.kind)


def _citation_rules(citation: Labels, plan: Plan) -> Iterator[Rule]:
    identity = citation["canonical_id"]
    if numbered := NUMBERED_ID.fullmatch(identity):
        digits = numbered["digits"]
        new = str(plan.numbers[int(digits)])
        yield Rule("number", re.compile(rf"(?<!\d)0*({digits})(?!\d)(?:[^\n]*)"), lambda _: new)
    if numbered or ":@" in identity:
        yield Rule("issuer", re.compile(r"(?<=[\s/–-])([^\W\d_]+\d*)(?!\w)"), lambda code: _code(code, plan))
    if citation["type"] in LAW_NAMES:
        table = plan.laws[citation["type"]]
        head = r"^(?:(?i:luật|bộ\s+luật|pháp\s+lệnh)\s+)?"
        yield Rule("law", re.compile(rf"{head}(?i:({alternatives(table)}))(?!\w)"), _law(table))
    if ":TW" in identity or ":DH-" in identity:
        yield Rule("term", re.compile(_ROMAN), lambda roman: _roman(roman, plan))
    if re.search(":TW[0-9]", identity):
        yield Rule("term", _SESSION, lambda session: _session(session, plan))


def _code(code: str, plan: Plan) -> str:
    """Return an issuer's code varied, in the case it was written in; “QH15” is of a term of the Assembly."""
    if assembly := re.fullmatch(r"((?:UBTV)?QH)(\d+)", code):
        return f"{assembly[1]}{int(assembly[2]) + plan.terms}"
    if code.islower():
        return {old.lower(): new.lower() for old, new in plan.codes.items()}.get(code, code)
    return plan.codes.get(code, code)


def _citation(citation: Labels, body: str, edits: Sequence[Edit], plan: Plan, rules: Sequence[Rule]) -> Labels:
    start, end = moved((citation["start"], citation["end"]), edits)
    day = citation["date"] and date.fromisoformat(citation["date"])
    number = citation["number"]
    return {
        **citation,
        "text": body[start:end],
        "start": start,
        "end": end,
        "number": number and re.sub(r"[1-9]\d*", lambda match: str(plan.numbers.get(int(match[0]), match[0])), number),
        "year": citation["year"] and citation["year"] + plan.years,
        "symbol": citation["symbol"] and _symbol(citation, plan, rules),
        "issuer": citation["issuer"] and _issuer(citation["issuer"], plan, rules),
        "date": day and day.replace(year=day.year + plan.years).isoformat(),
        "canonical_id": _identity(citation["canonical_id"], plan),
    }


def _symbol(citation: Labels, plan: Plan, rules: Sequence[Rule]) -> str:
    symbol = citation["symbol"]
    return apply_edits(symbol, find_edits(symbol, (*_citation_rules(citation, plan), *rules)))


def _issuer(issuer: str, plan: Plan, rules: Sequence[Rule]) -> str:
    if _BOTH_LEVELS in issuer:
        return re.sub("(?:Thành|Tỉnh) ủy", _BOTH_LEVELS, _issuer(issuer.replace(_BOTH_LEVELS, "Tỉnh ủy"), plan, rules))
    varied = _text(issuer, rules)
    return "-".join(_code(code, plan) for code in issuer.split("-")) if varied == issuer else varied


def _identity(identity: str, plan: Plan) -> str:
    """Return the canonical id varied (docs/citations.md, “The id”)."""
    codes = {_ascii(old): _ascii(new) for old, new in plan.codes.items()}
    ascii_plan = plan._replace(codes=codes)
    if numbered := NUMBERED_ID.fullmatch(identity):
        year = f"/{int(numbered['year']) + plan.years}" if numbered["year"] else ""
        issuer = "-".join(_code(code, ascii_plan) for code in numbered["issuer"].split("-"))
        return f"{numbered['type']}:{plan.numbers[int(numbered['digits'])]}{numbered['suffix']}{year}:{issuer}"
    code, *parts = identity.split(":")
    return ":".join((code, *(_identity_part(code, part, ascii_plan) for part in parts)))


def _identity_part(code: str, part: str, plan: Plan) -> str:
    if part.startswith("DH-"):
        words = {slug(old): slug(new) for old, new in (*plan.words.items(), *plan.places.items())}
        return re.sub(rf"(?<![a-z])(?:{alternatives(words)})(?![a-z])", lambda match: words[match[0]], part)
    if session := re.fullmatch(r"TW(\d+)", part):
        return f"TW{_session(session[1], plan)}"
    if part.startswith("@") or YEAR.fullmatch(part) or _TERM_YEARS.fullmatch(part):
        return YEAR.sub(lambda year: str(int(year[1]) + plan.years), part)
    if part in ROMANS:
        return _roman(part, plan)
    laws = {slug(old): slug(new) for old, new in plan.laws.get(code, {}).items()}
    return laws.get(part, _code(part, plan))


def _ascii(code: str) -> str:
    return without_diacritics(code).upper()


# ------------------------------------------------------------------------------------- officials


def _official(official: Labels, edits: Sequence[Edit], plan: Plan, rules: Sequence[Rule]) -> Labels:
    parts = ("role", "organisation", "place")
    return {
        **official,
        "name": plan.people.get(official["name"], official["name"]),
        "mentions": [moved(span, edits) for span in official["mentions"]],
        "positions": [
            {**position, **{part: position[part] and _text(position[part], rules) for part in parts}}
            for position in official["positions"]
        ],
    }


# ------------------------------------------------------------------------------------- command


def replaced(article: Labels, varied: Labels) -> Iterator[tuple[str, bool]]:
    """Yield every labelled thing of the kinds that are varied, and whether it was replaced."""
    for old, new in zip(article["officials"], varied["officials"], strict=True):
        yield "given names", old["name"] != new["name"]
        for post, varied_post in zip(old["positions"], new["positions"], strict=True):
            if re.search(rf"(?:^|\s){UPPER}\w+\s{UPPER}\w", post["place"] or ""):
                yield "places of positions", post["place"] != varied_post["place"]
    for old, new in zip(article["citations"], varied["citations"], strict=True):
        before, after = NUMBERED_ID.fullmatch(old["canonical_id"]), NUMBERED_ID.fullmatch(new["canonical_id"])
        if before and after:
            yield "numbers", before["digits"] != after["digits"]
            if before["issuer"] != "?":
                yield "issuers", before["issuer"] != after["issuer"]
        if old["year"]:
            yield "years", old["year"] != new["year"]
        if old["type"] in LAW_NAMES:
            yield "laws", old["text"] != new["text"]
        if re.search(":(DH-|TW[0-9])", old["canonical_id"]):
            yield "congresses and plenums", old["canonical_id"] != new["canonical_id"]


def main(arguments: Sequence[str]) -> int:
    """Write the varied set to standard output, the shares to standard error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if not options.gold.is_file():
        parser.error(f"no annotated set at {options.gold}; name a file of JSON Lines")
    things: Counter[tuple[str, bool]] = Counter()
    edits: Counter[str] = Counter()
    for line in options.gold.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        varied, counts = vary_counted(article, options.seed)
        things.update(replaced(article, varied))
        edits += counts
        print(json.dumps(varied, ensure_ascii=False))
    for kind in sorted({kind for kind, _ in things}):
        total = things[kind, True] + things[kind, False]
        print(f"{kind}: {things[kind, True]} of {total} replaced", file=sys.stderr)
    print(
        "edits of the bodies:", ", ".join(f"{kind} {count}" for kind, count in sorted(edits.items())), file=sys.stderr
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
