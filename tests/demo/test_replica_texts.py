import random
import re
from statistics import median

import pytest

from harvester.demo.cast import compose_casts, position
from harvester.demo.draft import Draft, Scene
from harvester.demo.site import compose_site
from harvester.demo.texts import FOUNDING_ENTRY_ID, SECTIONS, compose_articles, read_documents
from harvester.demo.truth import MarkedText, ReplicaArticle, TruePosition

SITE = compose_site()
ARTICLES = SITE.articles
FOUNDING = next(article for article in ARTICLES if article.entry_id == FOUNDING_ENTRY_ID)


@pytest.mark.parametrize(
    ("post", "surface"),
    [
        (["Bí thư", "Quận ủy", "Long Biên"], "Bí thư Quận ủy Long Biên"),
        (["Trưởng Ban", "Ban Tổ chức Quận ủy", ""], "Trưởng Ban Tổ chức Quận ủy"),
        (["Trưởng Công an", "Công an", "quận"], "Trưởng Công an quận"),
        (["Thành ủy viên", "Thành ủy", ""], "Thành ủy viên"),
        (["Phó Bí thư", "", ""], "Phó Bí thư"),
        (["Chủ tịch", "UBND", "phường {ward}"], "Chủ tịch UBND phường Việt Hưng"),
    ],
)
def test_a_post_reads_as_running_text(post: list[str], surface: str) -> None:
    assert position(post, "Việt Hưng").surface == surface


def test_marks_become_offsets() -> None:
    text = MarkedText.read(["Theo [Nghị quyết 7|NQ:7:TU],", "<Tô Văn Ất> và [8|NQ:8:TU]; <Tô Văn Ất> dự."])
    body = "\n\n".join(text.paragraphs)
    assert body == "Theo Nghị quyết 7,\n\nTô Văn Ất và 8; Tô Văn Ất dự."
    assert [(c.text, body[c.start : c.end], c.canonical_id) for c in text.citations] == [
        ("Nghị quyết 7", "Nghị quyết 7", "NQ:7:TU"),
        ("8", "8", "NQ:8:TU"),
    ]
    assert text.mentions == {"Tô Văn Ất": ((20, 29), (36, 45))}
    post = TruePosition("Bí thư", "Đảng ủy", None)
    assert [(one.name, one.positions) for one in text.officials({"Tô Văn Ất": (post,)})] == [("Tô Văn Ất", (post,))]


def test_the_same_seed_composes_the_same_articles() -> None:
    assert compose_articles(40, 7) == compose_articles(40, 7)
    assert compose_articles(40, 7) != compose_articles(40, 8)


@pytest.mark.parametrize("count", [0, -1])
def test_a_replica_without_articles_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="at least one article"):
        compose_articles(count, 1)


def test_articles_are_many_dated_and_numbered_in_order() -> None:
    numbers = [article.entry_id for article in ARTICLES]
    days = [article.posted_at.date() for article in ARTICLES]
    assert len(ARTICLES) == 320
    assert numbers == sorted(set(numbers), reverse=True)
    assert {len(number) for number in numbers} == {7}
    assert days == sorted(days, reverse=True)
    assert (days[-1].year, days[0].year) == (2016, 2025)
    assert days[0].isoformat() <= "2025-06-30"
    assert {article.section_path for article in ARTICLES} == {section.path for section in SECTIONS}
    assert len({article.url_title for article in ARTICLES}) == len(ARTICLES)


def test_bodies_have_the_size_of_real_ones() -> None:
    sizes = [len(article.body) for article in ARTICLES]
    assert 3000 <= median(sizes) <= 5000
    assert min(sizes) >= 2800
    assert max(sizes) <= 5000
    paragraphs = [len(article.paragraphs) for article in ARTICLES]
    assert 8 <= min(paragraphs) <= max(paragraphs) <= 15


@pytest.mark.parametrize("article", ARTICLES[::7], ids=lambda article: article.entry_id)
def test_the_truth_stands_in_the_body(article: ReplicaArticle) -> None:
    body = article.body
    assert all(body[one.start : one.end] == one.text for one in article.citations)
    assert all(body[start:end] == one.name for one in article.officials for start, end in one.mentions)
    assert all(body.count(one.name) == len(one.mentions) for one in article.officials)
    assert all(one.positions and position.surface in body for one in article.officials for position in one.positions)
    assert not re.search(r"[{}<>\[\]|]", body + article.title + (article.summary or ""))


def test_every_sentence_begins_with_a_capital() -> None:
    starts = [(one.entry_id, start) for one in ARTICLES for start in re.findall(r"(?:^|\. )\w", one.body, re.MULTILINE)]
    assert [(entry, start) for entry, start in starts if start[-1].islower()] == []


def test_all_documents_and_constructions_are_met() -> None:
    bodies = "\n".join(article.body for article in ARTICLES)
    cited = {citation.canonical_id.split(":")[0] for article in ARTICLES for citation in article.citations}
    assert cited >= {
        "NQ",
        "CT",
        "KH",
        "QD",
        "ND",
        "TT",
        "TTLT",
        "HD",
        "TB",
        "LUAT",
        "BLUAT",
        "PL",
        "CTR",
        "CV",
        "CD",
        "DA",
    }
    officials = {one.name for article in ARTICLES for one in article.officials}
    name = "|".join(sorted(officials))
    for construction in (
        rf"đồng chí (?:{name}) - ",
        rf"đồng chí (?:{name}) – ",
        rf"(?:ông|bà) (?:{name}), ",
        rf"(?:{name}) \(",
        rf"Chủ tịch UBND quận (?:{name})",
        rf"quận - đồng chí (?:{name})",
        rf"các đồng chí: (?:{name}) - [^;\n]+; (?:{name}) - ",
        rf"các Phó Chủ tịch UBND quận: (?:{name}), (?:{name}) và (?:{name})",
    ):
        assert re.search(construction, bodies), construction


def test_no_article_cites_two_documents_that_a_short_form_could_mean() -> None:
    for article in compose_articles(600, 11):
        ids = {citation.canonical_id for citation in article.citations}
        assert len({re.sub(r"(/\d+)?:[^:]+$", "", one) for one in ids}) == len(ids), article.entry_id


def test_citizens_share_no_name_with_officials() -> None:
    officials = {one.name for article in ARTICLES for one in article.officials}
    citizens = {
        name
        for article in ARTICLES
        for name in re.findall(r"(?:[Ôô]ng|[Bb]à) ([^,]+), người dân tổ dân phố", article.body)
    }
    assert citizens
    assert citizens & officials == set()


def test_the_mixtures_are_there() -> None:
    layouts = [article.layout for article in ARTICLES]
    assert {one.views_label for one in layouts} == {"Lượt xem", "View count", "Lượt truy cập", None}
    assert {one.date_label for one in layouts} == {"Ngày đăng", ""}
    assert {one.twelve_hour for one in layouts} == {True, False}
    assert {one.paragraphs for one in layouts} == {"plain", "styled", "unbalanced"}
    assert {one.captions for one in layouts} == {"table", "centred", "figure", "bare"}
    assert {one.writer for one in layouts} == {"field", "paragraph", "item"}
    assert {one.borderless for one in layouts} == {True, False}
    assert any(article.day_precision for article in ARTICLES)
    assert any(article.attachments for article in ARTICLES)
    assert {article.author is None for article in ARTICLES} == {True, False}
    assert all((article.section is None) == article.layout.borderless for article in ARTICLES)
    assert all((article.view_count is None) == (article.layout.views_label is None) for article in ARTICLES)
    assert all(article.posted_at.strftime("%H:%M") == "00:00" for article in ARTICLES if article.day_precision)


def test_the_founding_article_has_the_structure_of_its_model() -> None:
    assert f"{FOUNDING.posted_at:%d/%m/%Y %H:%M}" == "28/10/2019 17:09"
    assert (FOUNDING.section, FOUNDING.view_count) == ("Tin tức - Sự kiện nổi bật", 780)
    assert [(one.path, one.caption) for one in FOUNDING.images] == [(None, "Toàn cảnh Hội nghị")]
    assert [[post.role for post in one.positions] for one in FOUNDING.officials] == [
        ["Ủy viên", "Chủ tịch"],
        ["Ủy viên", "Trưởng Ban"],
    ]
    assert [one.canonical_id for one in FOUNDING.citations] == [
        "NQ:DH-dang-bo-quan:III",
        "CT:23:TW",
        "NQ:11:TU",
        "DA:17:TU",
        "TT:26:BTY",
        "HD:19:BTCTU",
        "NQ:11:TU",
        "CT:21:TU",
    ]


@pytest.mark.parametrize("count", [20, 50])
def test_the_founding_article_stands_in_every_replica(count: int) -> None:
    articles = compose_site(count).articles
    assert len(articles) == count
    assert [one for one in articles if one.entry_id == FOUNDING_ENTRY_ID] == [FOUNDING]


def test_a_document_drawn_once_keeps_its_number() -> None:
    rng = random.Random(3)
    cast, _ = compose_casts(rng, [])
    document = {
        "text": "[Kế hoạch số {number}/KH-UBND|KH:{n}:UBND] ngày {issued}",
        "short": "[Kế hoạch {number}|KH:{n}:UBND]",
        "numbers": [4, 9],
    }
    scene = Scene(FOUNDING.posted_at.date(), cast, {}, (document,), {}, {}, plain_honorifics=False)
    full, again = Draft(scene, rng).fill_all(["{doc}", "{doc}"])
    number = full.split("/")[0].removeprefix("[Kế hoạch số ")
    assert re.fullmatch(r"0[4-9]", number)
    assert again == f"[Kế hoạch {number}|KH:{int(number)}:UBND]"


def test_every_document_can_be_told_from_its_mark() -> None:
    for document in read_documents():
        for form in ("text", "short", "rough"):
            if form in document:
                assert MarkedText.read([document[form]]).citations, document[form]
