"""Composes the replica's articles out of phrases: same count and seed, same articles, each with its truth."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count as counted
from typing import Any, Final

from harvester.demo.cast import Cast, Person, compose_casts, position, read_table, term_of, ward_names
from harvester.demo.draft import Draft, Scene
from harvester.demo.truth import Layout, MarkedText, ReplicaArticle, ReplicaAttachment, ReplicaImage, WriterPlace
from harvester.records import VIETNAM_TIME
from harvester.vietnamese.text import slug


@dataclass(frozen=True, slots=True)
class Section:
    """One listing of the replica; `portlet` is the id of the asset publisher on its page."""

    path: str
    title: str
    portlet: str
    scope: str


SECTIONS: Final = (
    Section("/tin-tuc", "Tin tức - Sự kiện nổi bật", "101", "district"),
    Section("/tintuccacdonvi", "Hoạt động các phường", "101", "ward"),
    Section("/tinhoatdongkhac", "tin hoạt động khác", "101_INSTANCE_hR4tWq9ZbNcE", "district"),
)
_SECTION_ORDER = (0, 1, 0, 2, 0, 0, 1, 0, 2, 0)
_FIRST_DAY = datetime(2016, 1, 4, 8, 0, tzinfo=VIETNAM_TIME)
_LAST_DAY = datetime(2025, 6, 30, 16, 30, tzinfo=VIETNAM_TIME)
_DAY_MINUTES = 24 * 60
_OFFICE_MINUTES = 11 * 60
_MIGRATED_UNTIL = datetime(2017, 6, 1, tzinfo=VIETNAM_TIME)
_DOCUMENTS_FOLDER = "/documents/10274"
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
}


def entry_id(moment: datetime) -> str:
    """Return the number the CMS gives at that minute: seven digits, growing with time."""
    minutes = (moment - _FIRST_DAY) // timedelta(minutes=1)
    return str(1_204_117 + minutes * 8 // 5)


@cache
def _founding() -> dict[str, Any]:
    return read_table("founding.toml")


FOUNDING_ENTRY_ID: Final = entry_id(_founding()["posted_at"])
"""The article with the founding page's structure; it stands in every replica."""


def compose_articles(count: int, seed: int, days_between: float | None = None) -> tuple[ReplicaArticle, ...]:
    """Return `count` articles, newest first; the founding article is one of them.

    Args:
        count: how many.
        seed: the same one gives the same articles.
        days_between: days from one post to the next, back from the last one; None strews them over nine years.

    Raises:
        ValueError: fewer than one article is asked for, or so many so far apart that they do not fit.
    """
    if count < 1:
        raise ValueError(f"a replica has at least one article, not {count}")
    rng = random.Random(seed)
    casts = _casts(rng)
    founding_at: datetime = _founding()["posted_at"]
    moments = {founding_at}
    if days_between is None:
        while len(moments) < count:
            moments.add(_office_hour(rng))
    else:
        moments |= _evenly(count - 1, days_between)
    url_titles: set[str] = set()
    articles = []
    for index, moment in enumerate(sorted(moments, reverse=True)):
        if moment == founding_at:
            article = _founding_article()
        else:
            section = SECTIONS[_SECTION_ORDER[index % len(_SECTION_ORDER)]]
            article = _compose_article(rng, section, moment, casts[term_of(moment.date())], url_titles)
        articles.append(article)
    return tuple(articles)


def compose_new(
    moments: Iterable[datetime], section: Section, *, seed: int, taken: Iterable[str]
) -> tuple[ReplicaArticle, ...]:
    """Return one more article for every moment, with the people of the replica of that seed.

    Args:
        moments: when each was posted, to the minute; they number the articles, too.
        section: where all of them are listed.
        seed: that of `compose_articles`.
        taken: the `url_title` of every article there is.
    """
    casts, url_titles = _casts(random.Random(seed)), set(taken)
    articles = []
    for moment in moments:
        rng = random.Random(f"{seed} {entry_id(moment)}")
        article = _compose_article(rng, section, moment, casts[term_of(moment.date())], url_titles)
        articles.append(replace(article, posted_at=moment, day_precision=False))
    return tuple(articles)


def _casts(rng: random.Random) -> tuple[Cast, Cast]:
    return compose_casts(rng, [official["name"] for official in _founding()["officials"]])


def _evenly(count: int, days: float) -> set[datetime]:
    """Return moments in office hours, so many days apart, back from the last day."""
    moments = set()
    for turn in range(count):
        moment = _LAST_DAY - timedelta(days=turn * days)
        minute = (moment.hour * 60 + moment.minute) * _OFFICE_MINUTES // _DAY_MINUTES
        moments.add(moment.replace(hour=7 + minute // 60, minute=minute % 60, second=0, microsecond=0))
    if len(moments) < count or min(moments, default=_LAST_DAY) < _FIRST_DAY or _founding()["posted_at"] in moments:
        raise ValueError(f"{count} articles cannot be posted {days:g} days apart")
    return moments


def _office_hour(rng: random.Random) -> datetime:
    day = _FIRST_DAY + timedelta(days=rng.randint(0, (_LAST_DAY - _FIRST_DAY).days - 1))
    return day.replace(hour=rng.randint(7, 17), minute=rng.randint(0, 59))


def _compose_article(
    rng: random.Random, section: Section, moment: datetime, cast: Cast, url_titles: set[str]
) -> ReplicaArticle:
    day = moment.date() - timedelta(days=rng.choice([0, 0, 0, 1, 1, 2]))
    topic = rng.choice([one for one in _topics() if one["years"][0] <= day.year <= one["years"][1]])
    draft = Draft(_scene(rng, section, topic, day, cast), rng)
    title, summary = draft.fill_all([rng.choice(topic["titles"]), rng.choice(topic["leads"])])
    paragraphs = _compose_paragraphs(rng, draft, topic, section.scope)
    number = entry_id(moment)
    attachments = _compose_attachments(rng, number, moment)
    paragraphs += [f"Tài liệu kèm theo tin bài: {attachment.name}." for attachment in attachments]
    text = MarkedText.read(paragraphs)
    layout = _compose_layout(rng)
    migrated = rng.random() < (0.5 if moment < _MIGRATED_UNTIL else 0.03)
    named = layout.writer != "field" or layout.account not in _phrases()["accounts"]
    writer = layout.account if layout.writer == "field" else rng.choice(_phrases()["writers"])
    return ReplicaArticle(
        entry_id=number,
        section_path=section.path,
        section=None if layout.borderless else section.title,
        title=title,
        url_title=_url_title(title, url_titles),
        posted_at=moment.replace(hour=0, minute=0) if migrated else moment,
        day_precision=migrated,
        view_count=rng.randint(12, 4200) if layout.views_label else None,
        summary=summary if layout.sapo else None,
        paragraphs=text.paragraphs,
        author=writer if named else None,
        images=_compose_images(rng, number, moment, len(paragraphs)),
        attachments=attachments,
        layout=layout,
        officials=text.officials(draft.stated),
        citations=text.citations,
    )


# ------------------------------------------------------------------------------------------------ words


@cache
def _phrases() -> dict[str, list[str]]:
    return read_table("phrases.toml")


@cache
def _topics() -> list[dict[str, Any]]:
    topics: list[dict[str, Any]] = read_table("topics.toml")["topic"]
    return topics


def _scene(rng: random.Random, section: Section, topic: dict[str, Any], day: date, cast: Cast) -> Scene:
    ward = rng.choice(ward_names())
    of_ward = section.scope == "ward"
    holders = cast.district
    chairs, seconds = ([holders[key] for key in topic[part]] for part in ("chairs", "seconds"))
    guests = [cast.city[key] for key in topic["guests"]]
    if of_ward:
        own = cast.wards[ward]
        guests, chairs = chairs, [own["secretary"], own["chair"]]
        seconds = [own[key] for key in ("standing_deputy", "vice_chair", "front", "women", "police", "military")]
    chair, guest = rng.choice(chairs), rng.choice(guests)
    others = [one for one in seconds if one not in {chair, guest}]
    rng.shuffle(others)
    return Scene(
        day=day,
        cast=cast,
        people={
            "chair": (chair,),
            "guest": (guest,),
            "second": (others[0],),
            "third": (others[-1],),
            "attendant": _without(chair, guest, others, rng.sample(sorted(holders.values(), key=_name), 4)),
        },
        documents=_citable(topic, day.year),
        phrases=_phrases(),
        words={
            "place": f"phường {ward}" if of_ward else "quận Long Biên",
            "committee": f"UBND phường {ward}" if of_ward else "UBND quận Long Biên",
            "party": f"Đảng ủy phường {ward}" if of_ward else "Quận ủy Long Biên",
            "unit": "phường" if of_ward else "quận",
            "ward": ward,
            "month": str(day.month),
            "year": str(day.year),
            "lastyear": str(day.year - 1),
        },
        plain_honorifics=rng.random() < 0.2,
    )


def _citable(topic: dict[str, Any], year: int) -> tuple[dict[str, Any], ...]:
    return tuple(
        document
        for document in read_documents()
        if document["years"][0] <= year <= document["years"][1] and set(document["tags"]) & set(topic["tags"])
    )


def _name(person: Person) -> str:
    return person.name


def _without(chair: Person, guest: Person, others: list[Person], more: list[Person]) -> tuple[Person, ...]:
    return tuple(one for one in {_name(one): one for one in [*others, *more]}.values() if one not in {chair, guest})


@cache
def read_documents() -> tuple[dict[str, Any], ...]:
    """Return the documents that articles cite, as documents.toml has them."""
    return tuple(read_table("documents.toml")["document"])


def _compose_paragraphs(rng: random.Random, draft: Draft, topic: dict[str, Any], scope: str) -> list[str]:
    phrases = draft.scene.phrases
    openings = phrases["ward_openings"] if scope == "ward" else topic["openings"]
    paragraphs = draft.fill_all([rng.choice(openings)])
    attendance = [one for one in phrases["attendance"] if scope != "ward" or "{guest}" not in one]
    paragraphs += draft.fill_all(rng.sample(attendance, rng.choice([0, 1, 1, 2])))
    bases = rng.sample(phrases["basis"], 3)
    pool = [*rng.sample(topic["results"], 9), *rng.sample(phrases["results"], 8), *bases[1:]]
    rng.shuffle(pool)
    pool.append(bases[0])
    wanted = rng.randint(2300, 3600)
    while pool and sum(map(len, paragraphs)) < wanted:
        group = [pool.pop() for _ in range(min(len(pool), rng.choice([2, 3, 3])))]
        paragraphs.append(" ".join(draft.fill_all(group)))
    directions = [*topic["directions"], *rng.sample(phrases["directions"], 3)]
    rng.shuffle(directions)
    first, second = rng.sample(phrases["remarks"], 2)
    paragraphs.append(" ".join(draft.fill_all([first, *directions[:2]])))
    paragraphs.append(" ".join(draft.fill_all([second, *directions[2:4]])))
    paragraphs.append(" ".join(draft.fill_all([*directions[4:5], rng.choice(phrases["closing"])])))
    return paragraphs


# ------------------------------------------------------------------------------------------- page furniture


def _compose_layout(rng: random.Random) -> Layout:
    phrases = _phrases()
    places: tuple[WriterPlace, ...] = ("field", "paragraph", "item")
    writer = rng.choices(places, weights=(7, 2, 1))[0]
    person = writer == "field" and rng.random() < 0.6
    return Layout(
        date_label="Ngày đăng" if rng.random() < 0.85 else "",
        views_label=rng.choices(("Lượt xem", "View count", "Lượt truy cập", None), weights=(70, 12, 8, 10))[0],
        twelve_hour=rng.random() < 0.15,
        borderless=rng.random() < 0.12,
        sapo=rng.random() < 0.65,
        paragraphs=rng.choices(("plain", "styled", "unbalanced"), weights=(50, 40, 10))[0],
        captions=rng.choice(("table", "centred", "figure")),
        writer=writer,
        account=rng.choice(phrases["writers" if person else "accounts"]),
        related_label="Các tin khác" if rng.random() < 0.8 else "Other News",
        controls=rng.random() < 0.6,
    )


def _file_path(rng: random.Random, folder: int, name: str, moment: datetime) -> str:
    uuid = "-".join(f"{rng.getrandbits(4 * size):0{size}x}" for size in (8, 4, 4, 4, 12))
    return f"{_DOCUMENTS_FOLDER}/{folder}/{name}/{uuid}?t={int(moment.timestamp() * 1000) + rng.randint(0, 999)}"


def _compose_images(rng: random.Random, number: str, moment: datetime, paragraphs: int) -> tuple[ReplicaImage, ...]:
    captions = rng.sample(_phrases()["captions"], rng.choice([0, 1, 1, 1, 2]))
    places = sorted(rng.sample(range(1, min(paragraphs - 1, 6)), len(captions)))
    return tuple(
        ReplicaImage(_file_path(rng, 1250431, f"anh-{number}-{turn}.jpg", moment), caption, after)
        for turn, caption, after in zip(counted(1), captions, places, strict=False)
    )


def _compose_attachments(rng: random.Random, number: str, moment: datetime) -> tuple[ReplicaAttachment, ...]:
    if int(number) % 9:
        return ()
    name = rng.choice(_phrases()["files"])
    stem, _, ending = name.rpartition(".")
    path = _file_path(rng, 1250866, f"{slug(stem)}-{number}.{ending}", moment)
    content = f"%PDF-1.4\n% {number}\n%%EOF\n".encode()
    return (ReplicaAttachment(path, name, _MEDIA_TYPES[ending], content),)


def _url_title(title: str, taken: set[str]) -> str:
    base = slug(title)[:150].strip("-")
    free = next(name for turn in counted() if (name := f"{base}-{turn}" if turn else base) not in taken)
    taken.add(free)
    return free


def _founding_article() -> ReplicaArticle:
    table = _founding()
    text = MarkedText.read(table["paragraphs"])
    section = SECTIONS[0]
    return ReplicaArticle(
        entry_id=FOUNDING_ENTRY_ID,
        section_path=section.path,
        section=section.title,
        title=table["title"],
        url_title=slug(table["title"]),
        posted_at=table["posted_at"],
        day_precision=False,
        view_count=table["view_count"],
        summary=None,
        paragraphs=text.paragraphs,
        author=None,
        images=(ReplicaImage(None, table["caption"], table["caption_after"]),),
        attachments=(),
        layout=Layout(
            date_label="Ngày đăng",
            views_label="Lượt xem",
            twelve_hour=False,
            borderless=False,
            sapo=False,
            paragraphs="plain",
            captions="bare",
            writer="field",
            account=_phrases()["accounts"][0],
            related_label="Các tin khác",
            controls=True,
        ),
        officials=text.officials(
            {official["name"]: tuple(position(post) for post in official["posts"]) for official in table["officials"]}
        ),
        citations=text.citations,
    )
