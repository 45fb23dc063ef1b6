import hashlib
import re
from base64 import b64encode
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from harvester.records import (
    Article,
    Attachment,
    CaptureNote,
    Citation,
    Evidence,
    Image,
    Official,
    ParserNote,
    Position,
    Reference,
    Span,
)
from harvester.writers.html import to_page

Spans = list[tuple[int, int]]

VOID = {"meta", "br"}
HOSTILE = (
    "</title></style></p><script>alert(1)</script><img src=x onerror=alert(1)>\" onmouseover='x' &lt;b&gt; ]]> <!--"
)


def article(body: str | None = "Toàn văn.", **fields: Any) -> Article:
    whole: dict[str, Any] = {
        "id": "demo/1",
        "portal": "demo",
        "url": None,
        "canonical_url": None,
        "section": None,
        "title": "Tiêu đề",
        "posted_at": None,
        "posted_precision": None,
        "view_count": None,
        "summary": None,
        "body": body,
        "author": None,
        "source": None,
        "capture": CaptureNote(
            captured_at=datetime(2024, 3, 1, 20, 30, tzinfo=UTC),
            via="file",
            status=None,
            sha256="00",
            archive=None,
            charset=None,
            tls_verified=None,
        ),
        "parser": ParserNote(family="plain-text", version="1"),
    }
    return Article(**(whole | fields))


def official(*mentions: tuple[int, int], name: str = "Vũ Thị Ngân", **fields: Any) -> Official:
    spans = tuple(Span(start=start, end=end) for start, end in mentions)
    whole: dict[str, Any] = {"name": name, "key": name.casefold(), "honorifics": (), "positions": (), "mentions": spans}
    return Official(**(whole | fields))


def citation(start: int, end: int, **fields: Any) -> Citation:
    whole: dict[str, Any] = {
        "text": "Nghị quyết 7",
        "start": start,
        "end": end,
        "type": "NQ",
        "number": "7",
        "year": None,
        "symbol": None,
        "issuer": None,
        "date": None,
        "subject": None,
        "pinpoint": None,
        "canonical_id": "NQ:7:TU",
        "document_key": None,
        "resolved_by": "symbol",
        "antecedent": None,
    }
    return Citation(**(whole | fields))


def page(shown: Article) -> LexborHTMLParser:
    return LexborHTMLParser(to_page(shown))


def the(tree: LexborHTMLParser, selector: str) -> LexborNode:
    (node,) = tree.css(selector)
    return node


def attribute(node: LexborNode, name: str) -> str | None:
    return node.attributes.get(name)


def body_markup(shown: Article) -> str:
    """Return the markup of the body, tooltips left out."""
    markup = re.search(r'<div id="body">(.*?)</div>\n<section>', to_page(shown).decode(), re.DOTALL)
    assert markup
    return re.sub(r' title="[^"]*"', "", markup[1])


class Balance(HTMLParser):
    """Fails at the first end tag that does not close the innermost open element."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.anchors: list[str] = []
        self.targets: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not (tag == "a" and "a" in self.open), "a link inside a link"
        if tag not in VOID:
            self.open.append(tag)
        self.names |= {tag, *(name for name, _ in attrs)}
        given = dict(attrs)
        assert len(given) == len(attrs)
        self.anchors += [value or "" for name, value in attrs if name == "id"]
        self.targets += [value[1:] for name, value in attrs if name == "href" and value and value[0] == "#"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def assert_sound(content: bytes) -> Balance:
    balance = Balance()
    balance.feed(content.decode())
    balance.close()
    assert balance.open == []
    assert len(balance.anchors) == len(set(balance.anchors))
    assert set(balance.targets) <= set(balance.anchors)
    assert balance.names & {"script", "img", "iframe", "form", "base", "src", "onerror", "onmouseover"} == set()
    return balance


# ---------------------------------------------------------------------------------------------- the whole page


def test_the_page_says_what_it_is() -> None:
    shown = article(
        section="Tin tức",
        url="https://longbien.hanoi.gov.vn/tin",
        posted_at=datetime(2019, 10, 28, 10, 9, tzinfo=UTC),
        posted_precision="minute",
        view_count=780,
        author="Minh An",
        source="Báo Quận",
        summary="Đoạn dẫn",
        warnings=("no posted line",),
        evidence={"title": Evidence(raw="TIÊU ĐỀ", where="h1")},
    )
    content = to_page(shown)
    assert content.startswith(b'<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8">\n')
    tree = LexborHTMLParser(content)
    texts = [node.text() for node in tree.css("title, h1, time, strong, h2, ul, #evidence ~ div td, h1 + p")]
    assert texts == [
        "Tiêu đề",
        "Tiêu đề",
        "28/10/2019 17:09 · 780 views · Minh An · Báo Quận",
        "28/10/2019 17:09",
        "Đoạn dẫn",
        "Officials",
        "Documents cited",
        "Warnings",
        "no posted line\n",
        "Evidence",
        "TIÊU ĐỀ",
        "h1",
        "Capture",
    ]
    assert [(node.text(), attribute(node, "href")) for node in tree.css("a")] == [(shown.url, shown.url)]
    assert "captured_at\n2024-03-02T03:30:00+07:00\nvia\nfile\nstatus\n–\n" in the(tree, "dl").text()
    assert_sound(content)


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        ("day", "28/10/2019"),
        ("minute", "28/10/2019 17:09"),
        ("second", "28/10/2019 17:09:05"),
        (None, "28/10/2019 17:09:05"),
    ],
)
def test_the_moment_is_as_precise_as_printed(precision: str | None, shown: str) -> None:
    moment = datetime(2019, 10, 28, 10, 9, 5, tzinfo=UTC)
    time = the(page(article(posted_at=moment, posted_precision=precision)), "time")
    assert (time.text(), attribute(time, "datetime")) == (shown, "2019-10-28T17:09:05+07:00")


@pytest.mark.parametrize("body", [None, ""])
def test_a_page_of_nothing(body: str | None) -> None:
    content = to_page(article(body, title=""))
    tree = LexborHTMLParser(content)
    assert [node.text() for node in tree.css("title, h1, #body, section > p")] == [
        "demo/1", "demo/1", "", "None.", "None.",
    ]  # fmt: skip
    assert tree.css("table, time, a") == []
    assert_sound(content)


def test_only_the_style_of_the_page_is_allowed() -> None:
    tree = page(article())
    digest = b64encode(hashlib.sha256(the(tree, "style").text().encode()).digest()).decode()
    policy = attribute(the(tree, "meta[http-equiv='Content-Security-Policy']"), "content")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert tree.css("[style], [src], link, script") == []
    assert not re.search(r"url\(|@import", the(tree, "style").text())


def test_a_page_is_the_same_each_time() -> None:
    shown = article("Bà Vũ Thị Ngân", officials=(official((3, 14)),), citations=(citation(0, 4),))
    assert to_page(shown) == to_page(Article.model_validate_json(shown.model_dump_json()))


# ---------------------------------------------------------------------------------------------- hostile input


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//elsewhere.test/",
        "http:elsewhere.test",
        "file:///etc/passwd",
        "tin-tuc",
    ],
)
def test_other_schemes_are_no_links(url: str) -> None:
    shown = article(
        url=url,
        images=(Image(url=url, caption=None, alt=None),),
        attachments=(Attachment(url=url, name="tệp", media_type=None),),
        related=(url,),
    )
    tree = page(shown)
    assert tree.css("a") == []
    assert [node.text() for node in tree.css("li")] == [url, "tệp", url]


def test_web_addresses_are_links() -> None:
    shown = article(
        url="HTTPS://x.test/?a=1&b=\"'<>",
        images=(
            Image(url="http://x.test/1.jpg", caption="Ảnh", alt="khác"),
            Image(url=None, caption="Chỉ có lời", alt=None),
            Image(url=None, caption=None, alt=None),
        ),
        attachments=(Attachment(url="http://x.test/a.pdf", name=None, media_type=None),),
        related=("http://x.test/2",),
    )
    assert [(node.text(), attribute(node, "href")) for node in page(shown).css("a")] == [
        (shown.url, shown.url),
        ("Ảnh", "http://x.test/1.jpg"),
        ("http://x.test/a.pdf", "http://x.test/a.pdf"),
        ("http://x.test/2", "http://x.test/2"),
    ]
    assert [node.text() for node in page(shown).css("h2 + ul")] == [
        "Ảnh\nChỉ có lời\n–\n", "http://x.test/a.pdf\n", "http://x.test/2\n",
    ]  # fmt: skip
    assert_sound(to_page(shown))


def test_no_field_breaks_out() -> None:
    post = Position(role=HOSTILE, organisation=HOSTILE, place=HOSTILE, expanded=HOSTILE)
    shown = article(
        HOSTILE,
        **dict.fromkeys(("id", "portal", "url", "canonical_url", "section", "title", "summary", "author"), HOSTILE),
        source=HOSTILE,
        images=(Image(url=HOSTILE, caption=HOSTILE, alt=HOSTILE),),
        attachments=(Attachment(url=HOSTILE, name=HOSTILE, media_type=HOSTILE),),
        related=(HOSTILE,),
        officials=(official((3, 9), name=HOSTILE, honorifics=(HOSTILE,), positions=(post,)),),
        citations=(
            citation(
                12, 40, text=HOSTILE, issuer=HOSTILE, subject=HOSTILE, pinpoint=HOSTILE, date=HOSTILE,
                canonical_id=HOSTILE, document_key=HOSTILE,
            ),
        ),
        evidence={HOSTILE: Evidence(raw=HOSTILE, where=HOSTILE)},
        warnings=(HOSTILE,),
    )  # fmt: skip
    content = to_page(shown)
    assert_sound(content)
    tree = LexborHTMLParser(content)
    assert [the(tree, selector).text() for selector in ("title", "h1", "strong", "#body")] == [HOSTILE] * 4
    assert tree.css("script, img, b, [onmouseover], [onerror]") == []
    assert attribute(the(tree, "#mention-1-1"), "title") == f"{HOSTILE}\n{HOSTILE}"


def test_what_html_cannot_carry_is_replaced_one_for_one() -> None:
    shown = article("a\0b\x1bc\rd\x85e\ufffef\tg\nh\u202ei\U0001f600", title="\0")
    tree = page(shown)
    assert the(tree, "#body").text() == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\tg\nh\u202ei\U0001f600"
    assert the(tree, "h1").text() == "\ufffd"


# ---------------------------------------------------------------------------------------------- marks

TEXT = "Luật của bà Vũ Thị Ngân"
NAME = (12, 23)


@pytest.mark.parametrize(
    ("mentions", "cited", "markup"),
    [
        (
            [(12, 23)],
            [],
            '<p>Luật của bà <mark class="mention" id="mention-1-1"><a href="#official-1">Vũ Thị Ngân</a></mark></p>',
        ),
        (
            [(12, 23)],
            [(0, 23)],
            '<p><mark class="citation" id="citation-1"><a href="#document-1">Luật của bà </a>'
            '<mark class="mention" id="mention-1-1"><a href="#official-1">Vũ Thị Ngân</a></mark></mark></p>',
        ),
        (
            [(5, 23)],
            [(0, 11)],
            '<p><mark class="citation" id="citation-1"><a href="#document-1">Luật </a>'
            '<mark class="mention" id="mention-1-1"><a href="#official-1">của bà</a></mark></mark>'
            '<mark class="mention"><a href="#official-1"> Vũ Thị Ngân</a></mark></p>',
        ),
        (
            [(0, 23)],
            [(9, 11)],
            '<p><mark class="mention" id="mention-1-1"><a href="#official-1">Luật của </a></mark>'
            '<mark class="citation" id="citation-1"><mark class="mention"><a href="#official-1">bà</a></mark></mark>'
            '<mark class="mention"><a href="#official-1"> Vũ Thị Ngân</a></mark></p>',
        ),
        (
            [(0, 4), (4, 23)],
            [],
            '<p><mark class="mention" id="mention-1-1"><a href="#official-1">Luật</a></mark>'
            '<mark class="mention" id="mention-1-2"><a href="#official-1"> của bà Vũ Thị Ngân</a></mark></p>',
        ),
        (
            [(0, 8), (5, 11), (6, 7)],
            [],
            '<p><mark class="mention" id="mention-1-1"><a href="#official-1">Luật của</a></mark>'
            '<mark class="mention" id="mention-1-2"><a href="#official-1"> bà</a></mark> Vũ Thị Ngân</p>',
        ),
        (
            [(4, 4), (9, 5), (23, 30), (99, 120)],
            [(20, 99)],
            '<p>Luật của bà Vũ Thị N<mark class="citation" id="citation-1"><a href="#document-1">gân</a></mark></p>',
        ),
    ],
    ids=["name", "name-in-citation", "crossing", "citation-in-name", "adjacent", "same-layer", "outside"],
)
def test_marks(mentions: Spans, cited: Spans, markup: str) -> None:
    shown = article(TEXT, officials=(official(*mentions),), citations=tuple(citation(*span) for span in cited))
    assert body_markup(shown) == markup
    assert_sound(to_page(shown))


def test_a_mark_does_not_leave_its_paragraph() -> None:
    shown = article("Một hai\n\nba bốn\n\n\n\nnăm", citations=(citation(4, 12), citation(15, 99)))
    assert body_markup(shown) == (
        '<p>Một <mark class="citation" id="citation-1"><a href="#document-1">hai</a></mark></p>\n\n'
        '<p><mark class="citation"><a href="#document-1">ba </a></mark>bốn</p>\n\n'
        '<p></p>\n\n<p><mark class="citation"><a href="#document-1">năm</a></mark></p>'
    )
    assert_sound(to_page(shown))


def test_tooltips_hold_posts_and_keys() -> None:
    posts = (
        Position(role="PCT", organisation="UBND", place="quận", expanded="Phó Chủ tịch Ủy ban nhân dân quận"),
        Position(role="Trưởng Ban", organisation="Ban Tổ chức", place=None, expanded=None),
    )
    shown = article(
        TEXT,
        officials=(official(NAME, positions=posts),),
        citations=(
            citation(0, 4, document_key="NQ:7:TU@ha-noi@2020", pinpoint="Điều 2"),
            citation(5, 8, canonical_id="NQ:7:?", resolved_by=None),
        ),
    )
    marks = page(shown).css("#body mark")
    assert [(attribute(mark, "class"), attribute(mark, "title")) for mark in marks] == [
        ("citation", "NQ:7:TU\nNQ:7:TU@ha-noi@2020\nĐiều 2"),
        ("citation unresolved", "NQ:7:?"),
        ("mention", "Vũ Thị Ngân\nPhó Chủ tịch Ủy ban nhân dân quận\nTrưởng Ban, Ban Tổ chức"),
    ]


def test_a_short_reference_leads_to_the_official() -> None:
    someone = official(
        NAME, references=(Reference(start=9, end=11, text="bà"), Reference(start=0, end=8, text="Luật của"))
    )
    shown = article(TEXT, officials=(someone,), citations=(citation(0, 4),))
    assert body_markup(shown) == (
        '<p><mark class="citation" id="citation-1"><mark class="reference" id="reference-1-2">'
        '<a href="#official-1">Luật</a></mark></mark>'
        '<mark class="reference"><a href="#official-1"> của</a></mark> '
        '<mark class="reference" id="reference-1-1"><a href="#official-1">bà</a></mark> '
        '<mark class="mention" id="mention-1-1"><a href="#official-1">Vũ Thị Ngân</a></mark></p>'
    )
    assert_sound(to_page(shown))


characters = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t<&")
texts = st.lists(st.text(characters, max_size=12), max_size=5).map("\n\n".join)
spans = st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=6)


@given(body=texts, people=st.lists(st.tuples(spans, spans), max_size=3), cited=spans)
def test_the_body_is_what_its_element_holds(body: str, people: list[tuple[Spans, Spans]], cited: Spans) -> None:
    shown = article(
        body,
        officials=tuple(
            official(*mentions, references=tuple(Reference(start=start, end=end, text="") for start, end in references))
            for mentions, references in people
        ),
        citations=tuple(citation(*span) for span in cited),
    )
    content = to_page(shown)
    assert_sound(content)
    carried = re.sub("[\ufdd0-\ufdef\ufffe\uffff]", "\ufffd", shown.body or "")
    assert the(LexborHTMLParser(content), "#body").text() == carried


# ---------------------------------------------------------------------------------------------- tables


def rows(tree: LexborHTMLParser, anchor: str) -> list[list[str]]:
    return [[cell.text() for cell in row.css("th, td")] for row in tree.css(f"#{anchor} + div tbody tr")]


def test_people_and_their_posts_are_a_table() -> None:
    posts = (
        Position(role="Phó Bí thư", organisation="Quận ủy", place=None, expanded=None),
        Position(role="Chủ tịch", organisation="UBND", place="quận", expanded=None),
    )
    people = (
        official(
            NAME,
            (0, 4),
            (50, 60),
            positions=posts,
            honorifics=("đồng chí", "bà"),
            event_role="chairs",
            references=(Reference(start=9, end=11, text="bà Ngân"),),
        ),
        official((5, 8), name="Lò Văn Pâng"),
    )
    tree = page(article(TEXT, officials=people))
    assert rows(tree, "officials") == [
        ["Vũ Thị Ngân", "đồng chí, bà", "Phó Bí thư", "Quận ủy", "–", "chairs", "3: 12–23 · 0–4 · 50–60", "1: bà Ngân"],
        ["Chủ tịch", "UBND", "quận"],
        ["Lò Văn Pâng", "–", "–", "–", "–", "–", "1: 5–8", "–"],
    ]
    assert [attribute(link, "href") for link in tree.css("#officials + div a")] == [
        "#mention-1-1", "#mention-1-2", "#reference-1-1", "#mention-2-1",
    ]  # fmt: skip


def test_documents_are_a_table_of_their_mentions() -> None:
    key = "NQ:7:TU@ha-noi@2020"
    cited = (
        citation(0, 1, document_key=key, issuer="Thành ủy", date="2020-01-02", pinpoint="Điều 2", subject="x"),
        citation(2, 3, canonical_id="NQ:7:?", resolved_by=None),
        citation(4, 5, document_key=key, issuer="Thành ủy Hà Nội", resolved_by="antecedent", text="Nghị quyết"),
        citation(6, 7, canonical_id="NQ:7:?", resolved_by=None),
        citation(8, 9),
    )
    assert rows(page(article(TEXT, citations=cited)), "documents") == [
        ["NQ:7:TU", key, "Nghị quyết 7 (Điều 2)Nghị quyết", "Thành ủy; Thành ủy Hà Nội", "2020-01-02", "x",
         "symbol; antecedent"],
        ["NQ:7:?", "–", "Nghị quyết 7", "–", "–", "–", "–"],
        ["NQ:7:?", "–", "Nghị quyết 7", "–", "–", "–", "–"],
        ["NQ:7:TU", "–", "Nghị quyết 7", "–", "–", "–", "symbol"],
    ]  # fmt: skip
