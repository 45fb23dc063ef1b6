from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from harvester.errors import (
    AddressRefused,
    BotChallenge,
    ConnectionFailed,
    FieldNotFound,
    HarvesterError,
    HttpStatusError,
    LoginRequired,
    Maintenance,
    RobotsDisallowed,
    RobotsUnreachable,
    TimedOut,
    WrongPage,
)
from harvester.harvest.frontier import LeasedPage
from harvester.harvest.health import MAX_FAILURES_IN_A_ROW, MAX_RESTS, HostHealth, Verdict, is_host_failure

A, B = "http://a.test/1", "http://B.test:8080/1"
FAILS = "f" * MAX_FAILURES_IN_A_ROW
REST = 60.0


@pytest.mark.parametrize(
    ("error", "blames_the_host"),
    [
        (ConnectionFailed("x"), True),
        (TimedOut("x"), True),
        (RobotsUnreachable("x"), True),
        (BotChallenge("x"), True),
        (Maintenance("x"), True),
        (HttpStatusError(503), True),
        (HttpStatusError(500), True),
        (HttpStatusError(429), True),
        (HttpStatusError(410), False),
        (HttpStatusError(404), False),
        (HttpStatusError(403), False),
        (RobotsDisallowed("x"), False),
        (AddressRefused("x"), False),
        (LoginRequired("x"), False),
        (WrongPage("x"), False),
        (FieldNotFound("x", field="title"), False),
    ],
)
def test_which_failures_are_the_hosts(error: HarvesterError, blames_the_host: bool) -> None:
    assert is_host_failure(error) is blames_the_host


def page(number: int) -> LeasedPage:
    return LeasedPage(str(number), f"http://a.test/{number}", "2020", 0, None, None)


@dataclass
class Story:
    """What happened to the host of `A`, letter by letter, and what was said of it.

    f: the next page fails; l: a listing fails; r: robots.txt is not to be had; a: something is answered; w: the rest
    passes; p: a probe is asked for; n: the catalogue says not now. What is said goes by: page keys failed / page keys
    put back, R for a rest, L for left alone.
    """

    now: float = 1_000.0
    pages: int = 0
    health: HostHealth = field(init=False)

    def __post_init__(self) -> None:
        self.health = HostHealth(REST, lambda: self.now)

    def tell(self, letters: str) -> list[str]:
        return [self._happen(letter) for letter in letters]

    def _happen(self, letter: str) -> str:
        match letter:
            case "f":
                self.pages += 1
                return said(self.health.failed(A, page(self.pages), TimedOut("x")))
            case "l":
                return said(self.health.failed(A, None, TimedOut("x")))
            case "r":
                return said(self.health.failed(A, None, RobotsUnreachable("x")))
            case "a":
                return said(self.health.answered(A))
            case "n":
                return said(self.health.leave_alone(A))
            case "p":
                return str(self.health.due_probe())
            case _:
                self.now += REST
                return ""


def keys(pages: Sequence[LeasedPage]) -> str:
    return "".join(one.key for one in pages)


def said(verdict: Verdict) -> str:
    assert verdict.host == "a.test"
    told = f"{keys(verdict.failed)}/{keys(verdict.put_back)}"
    return ("" if told == "/" else told) + "R" * verdict.rests + "L" * verdict.left_alone


# Told in steps: what happened, and what was said at its end.
Step = tuple[str, str]


@pytest.mark.parametrize(
    ("steps", "resting", "left_alone"),
    [
        pytest.param([("a", "")], False, False, id="an answer"),
        pytest.param([("f", ""), ("a", "1/")], False, False, id="a page that fails by itself"),
        pytest.param([("fffa", "123/"), ("f", ""), ("a", "4/")], False, False, id="some pages by themselves"),
        pytest.param([("fffaf", ""), ("fff", ""), ("f", "R")], True, False, id="an answer ends the row"),
        pytest.param([("lll", ""), ("ll", "R")], True, False, id="listings count"),
        pytest.param([("fll", ""), ("a", "1/")], False, False, id="listings are no pages"),
        pytest.param([(FAILS, "R"), ("f", ""), ("p", "None")], True, False, id="no probe before the rest is over"),
        pytest.param([(FAILS, "R"), ("f", ""), ("a", "123456/")], False, False, id="a late answer ends the rest"),
        pytest.param([(FAILS, "R"), ("wp", "a.test"), ("p", "None")], True, False, id="one probe"),
        pytest.param([(FAILS, "R"), ("wp", "a.test"), ("a", "12345/")], False, False, id="the probe is answered"),
        pytest.param([(FAILS, "R"), ("wp", "a.test"), ("l", "/12345L")], False, True, id="the probe fails"),
        pytest.param(
            [(FAILS + "f", ""), ("wpl", "/123456L"), ("f", "/7")], False, True, id="under way when left alone"
        ),
        pytest.param([("ffr", "/12L")], False, True, id="robots.txt out of reach ends the host at once"),
        pytest.param([(FAILS, "R"), ("r", "/12345L")], False, True, id="robots.txt out of reach during the rest"),
        pytest.param([("ffn", "/12"), ("f", "/3")], False, True, id="not now"),
        pytest.param([(FAILS + "n", "/12345"), ("wp", "None")], False, True, id="not now, during the rest"),
        pytest.param(
            [(f"{FAILS}wpa" * MAX_RESTS, "ABCDE/"), (FAILS, "/FGHIJL"), ("wp", "None")],
            False,
            True,
            id="after that many rests it is left alone",
        ),
        pytest.param(
            [(f"{FAILS}wpa" * MAX_RESTS, "ABCDE/"), ("ffffa", "FGHI/")], False, False, id="that many rests, and well"
        ),
    ],
)
def test_what_is_said_of_a_host(steps: list[Step], resting: bool, left_alone: bool) -> None:
    story = Story()
    for letters, told in steps:
        assert decoded(story.tell(letters)[-1]) == decoded(told)
    assert ("a.test" in story.health.resting, "a.test" in story.health.left_alone) == (resting, left_alone)


def decoded(told: str) -> str:
    """Spell out the letters that stand for the pages of the last rest and those after it."""
    first = MAX_FAILURES_IN_A_ROW * (MAX_RESTS - 1) + 1
    return "".join(str(first + ord(sign) - ord("A")) if sign in "ABCDEFGHIJ" else sign for sign in told)


def test_hosts_do_not_count_for_each_other() -> None:
    health = HostHealth()
    other = LeasedPage("b", B, "2020", 0, None, None)
    for number in range(MAX_FAILURES_IN_A_ROW - 1):
        health.failed(A, page(number), TimedOut("x"))
    assert health.failed(B, other, TimedOut("x")) == Verdict("b.test:8080")
    assert health.answered(B) == Verdict("b.test:8080", failed=(other,))
    assert health.failed(A, None, TimedOut("x")).rests
    assert (health.resting, health.left_alone) == ({"a.test"}, set())


def test_hosts_are_probed_one_after_the_other() -> None:
    now = 0.0
    health = HostHealth(REST, lambda: now)
    for url in (A, B):
        for _ in range(MAX_FAILURES_IN_A_ROW):
            health.failed(url, None, TimedOut("x"))
        now += REST / 2
    assert [health.due_probe(), health.due_probe()] == ["a.test", None]
    now += REST / 2
    assert [health.due_probe(), health.due_probe()] == ["b.test:8080", None]
    health.answered(B)
    assert (health.due_probe(), health.resting) == (None, {"a.test"})


@pytest.mark.parametrize("stopped", [False, True])
def test_what_is_in_doubt_at_the_end_failed_by_itself_unless_the_run_was_stopped(stopped: bool) -> None:
    health = HostHealth()
    for number in (1, 2):
        health.failed(A, page(number), TimedOut("x"))
    health.failed(B, None, TimedOut("x"))
    pages = (page(1), page(2))
    found = Verdict("a.test", put_back=pages) if stopped else Verdict("a.test", failed=pages)
    assert health.end(stopped=stopped) == [found, Verdict("b.test:8080")]
    assert health.end(stopped=stopped) == [Verdict("a.test"), Verdict("b.test:8080")]


@pytest.mark.parametrize("letters", ["fa", "fffa", f"{FAILS}fffwpa", f"{FAILS}fffwpf"])
def test_few_pages_are_in_doubt_at_a_time(letters: str) -> None:
    story = Story()
    settled = 0
    for _ in range(200):
        for letter in letters:
            before = story.pages
            verdicts = decoded_pages(story, letter)
            settled += verdicts
            assert story.pages - settled <= MAX_FAILURES_IN_A_ROW + 4
            assert story.pages - before <= 1


def decoded_pages(story: Story, letter: str) -> int:
    """Let one thing happen and return how many pages were settled by it."""
    match letter:
        case "f":
            story.pages += 1
            verdict = story.health.failed(A, page(story.pages), TimedOut("x"))
        case "a":
            verdict = story.health.answered(A)
        case _:
            story.tell(letter)
            return 0
    return len(verdict.failed) + len(verdict.put_back)
