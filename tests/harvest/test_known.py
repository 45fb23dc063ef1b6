from datetime import date, datetime, timedelta

import pytest

from harvester.harvest.known import KnownArticle
from harvester.harvest.state import State
from harvester.records import VIETNAM_TIME

NOW = datetime(2025, 6, 30, 8, 0, tzinfo=VIETNAM_TIME)
LATER = NOW + timedelta(microseconds=1)


def known(
    article_id: str,
    *,
    title: str = "Tin",
    posted_at: str | None = "2020",
    same_as: str | None = None,
    version: int = 1,
) -> KnownArticle:
    digests = {"title": title, "section": "Tin tức"}
    url = f"http://a.test/{article_id}"
    return KnownArticle(article_id, url, "a.test", title, posted_at, same_as, digests, version, NOW)


def test_the_present_version_of_an_article(state: State) -> None:
    assert state.known.get("demo/1") is None
    for version, title in enumerate(("Cũ", "Mới"), start=1):
        state.known.put(known("demo/1", title=title, version=version))
    assert (state.known.get("demo/1"), state.known.count()) == (known("demo/1", title="Mới", version=2), 1)


def test_what_is_known_of_an_article_is_kept_whole(state: State) -> None:
    article = known("demo/2", posted_at=None, same_as="demo/1", version=7)
    state.known.put(article)
    assert state.known.get("demo/2") == article


@pytest.mark.parametrize(
    ("title", "posted_at", "host", "twin"),
    [
        ("Tin", "2020", "b.test", "demo/1"),
        ("Tin", "2020", "a.test", None),
        ("Tin khác", "2020", "b.test", None),
        ("Tin", "2021", "b.test", None),
    ],
)
def test_twins_are_of_another_host(state: State, title: str, posted_at: str, host: str, twin: str | None) -> None:
    for article_id in ("demo/2", "demo/1"):
        state.known.put(known(article_id))
    assert state.known.twin(title, posted_at, host) == twin


def test_an_article_goes_once_and_comes_back_once(state: State) -> None:
    state.known.put(known("demo/1"))
    told = [state.known.see("demo/1", NOW, gone=gone) for gone in (False, True, True, False, False, True)]
    assert told == [False, True, False, True, False, True]
    assert state.known.get("demo/1") == known("demo/1")


def test_an_article_with_a_new_version_is_there(state: State) -> None:
    state.known.put(known("demo/1"))
    state.known.see("demo/1", NOW, gone=True)
    state.known.put(known("demo/1", version=2))
    assert state.known.see("demo/1", NOW, gone=True)


@pytest.mark.parametrize("gone", [False, True])
def test_when_an_article_was_seen_last(state: State, gone: bool) -> None:
    for article_id in ("demo/1", "demo/2"):
        state.known.put(known(article_id))
    state.known.see("demo/1", LATER, gone=gone)
    found = [state.known.get(article_id) for article_id in ("demo/1", "demo/2")]
    assert [one and one.seen_at for one in found] == [LATER, NOW]


def test_what_was_never_known_cannot_go(state: State) -> None:
    assert not state.known.see("demo/1", NOW, gone=True)
    assert state.known.count() == 0


def test_days_come_in_order_each_once(state: State) -> None:
    moments = ("2021-05-06T08:00:00+07:00", "2019-12-31T00:00:00+07:00", None, "2021-05-06T23:59:59+07:00")
    for number, moment in enumerate(moments):
        state.known.put(known(f"demo/{number}", posted_at=moment))
    assert list(state.known.days()) == [date(2019, 12, 31), date(2021, 5, 6)]
