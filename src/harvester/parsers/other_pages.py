"""Pages that stand where an article or a listing should: a bot challenge, a login form, a maintenance notice.

Only asked of pages in which no family found an article or a listing. A page with headlines, or with more words than
a notice has, is a portal's own whatever its sign-in box and its footer say: the answer is then None.
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harvester.parsers.address import resolve
from harvester.parsers.families import families
from harvester.parsers.page import Page
from harvester.records import NotAnArticle, OtherPage
from harvester.vietnamese.text import clean_line, comparison_key

MAX_NOTICE_LENGTH = 1_500
"""Characters outside links and menus; the longest notice met, a firewall's block page, has about a thousand."""
MIN_HEADLINES = 3
"""Links to articles, by their address or by a title's eight words: menu entries have fewer."""

_TITLE_WORDS = 8
_HIDDEN_TAGS = ["script", "style", "noscript", "template", "a", "button", "option", "select", "svg"]
_MAX_SCRIPT_PAGE = 4_000  # the cookie scripts met have 150 to 1,500 characters around them, and nothing else


@dataclass(frozen=True, slots=True)
class _Guard:
    """What guards a host, and the markup that only its test or refusal shows; `max_words` in characters."""

    name: str
    marks: tuple[str, ...]
    max_words: int = MAX_NOTICE_LENGTH


# Read off the tests that crawlers' users quote in public issues and sources. Marks that a guard also puts into the
# pages it lets through (Cloudflare's beacon /cdn-cgi/challenge-platform/scripts/) are left out, or need an empty page.
_GUARDS = (
    _Guard(
        "Cloudflare",
        (
            "_cf_chl_opt", "/orchestrate/chl_page/", "/orchestrate/jsch/", "/orchestrate/managed/",
            "cf-browser-verification", "<title>Just a moment...</title>", "Attention Required! | Cloudflare",
        ),
    ),
    _Guard("Imperva", ("Incapsula incident ID",)),
    _Guard("Imperva", ("_Incapsula_Resource",), max_words=200),
    _Guard("Sucuri", ("sucuri_cloudproxy_js", "Sucuri WebSite Firewall")),
    _Guard("DDoS-Guard", ("/.well-known/ddos-guard/",), max_words=400),
    _Guard("DataDome", ("captcha-delivery.com",), max_words=400),
)  # fmt: skip
# Vietnamese hosts answer the first request with <script>document.cookie="D1N=…"; window.location.reload(true)</script>
# (177 bytes at laodong.vn, viettelhightech.vn); others compute the cookie with slowAES and set location.href.
_SETS_COOKIE = re.compile(r"document\.cookie\s{0,3}=")
_LOADS_AGAIN = re.compile(r"location\.(?:reload|replace|assign)\s{0,3}\(|location(?:\.href)?\s{0,3}=[^=]")

_CAPTCHA = (
    ".g-recaptcha, .h-captcha, .cf-turnstile, img[src*='captcha' i], input[name*='captcha' i], iframe[src*='captcha' i]"
)
_TEXT_FIELD = "textarea, input[type='text' i], input[type='email' i], input[type='tel' i], input:not([type])"
# Liferay's sign-in portlet is 58 up to 6.2 (_58_password), LoginPortlet since 7.0; all forms have this field.
_SIGN_IN_FIELD = "input[type='password' i]"
_HEADINGS = "title, h1, h2"

_SITE = "website|web site|trang web|trang thông tin|trang tin|cổng thông tin|cổng ttđt|máy chủ"
_WORK = "bảo trì|bảo dưỡng|nâng cấp"
_PAUSE = r"tạm (?:thời )?(?:ngừng|ngưng|dừng|đóng|gián đoạn)"
# In comparison form: case-folded, tone marks in the traditional place. “Hệ thống” alone may be one of drains or lamps.
_NOTICE = re.compile(
    rf"(?:(?:{_SITE})\b[^.!?]{{0,80}}|\bhệ thống(?: này| website| thông tin)?(?: hiện| hiện nay| hiện tại)?) "
    rf"(?:đang (?:được |tiến hành |thực hiện |trong quá trình |trong thời gian )?(?:{_WORK})|{_PAUSE})"
    rf"|(?:đang|để|do|vì) (?:tiến hành |thực hiện )?(?:{_WORK}) (?:{_SITE}|hệ thống[.,!;])"
    r"|(?:under|undergoing|down for|scheduled|site|system|website) maintenance|maintenance (?:mode|in progress)"
    r"|service (?:is )?(?:temporarily )?unavailable|(?:temporarily|currently) (?:unavailable|down|offline)"
    r"|be (?:right back|back (?:soon|shortly))"
)
_NOTICE_HEADING = re.compile(
    rf"(?:thông báo )?(?:đang )?(?:được )?(?:{_WORK})(?: hệ thống| {_SITE.replace('|', '| ')})?"
    rf"|{_PAUSE} hoạt động|(?:site )?maintenance"
)


class _Look(NamedTuple):
    """What a reader sees: the headings, and all words outside links, in comparison form."""

    headings: tuple[str, ...]
    words: str


def recognise(page: Page) -> NotAnArticle | None:
    """Return what the page is instead of an article, or None where it is none of the three."""
    look = _look_at(page)
    if look is None:
        return None
    found = _challenge(page, look) or _login(page) or _maintenance(look)
    return NotAnArticle(url=page.capture.url, shows=found[0], reason=found[1]) if found else None


def _look_at(page: Page) -> _Look | None:
    """Return what the page shows, None where that is more than a notice."""
    if page.tree is None:
        return _Look((), comparison_key(clean_line(page.text))) if len(page.text) <= _MAX_SCRIPT_PAGE else None
    base = page.capture.final_url or page.capture.url
    headlines = (link for link in page.tree.css("a[href]") if _is_headline(link, base))
    if sum(1 for _ in islice(headlines, MIN_HEADLINES)) == MIN_HEADLINES:
        return None
    headings = tuple(comparison_key(clean_line(node.text())) for node in page.tree.css(_HEADINGS))
    bare = page.tree.clone()
    bare.strip_tags(_HIDDEN_TAGS, recursive=True)
    words = clean_line(bare.body.text(separator=" ")) if bare.body else ""
    return _Look(headings, comparison_key(words)) if len(words) <= MAX_NOTICE_LENGTH else None


def _is_headline(link: LexborNode, base: str | None) -> bool:
    if len(link.text().split(None, _TITLE_WORDS)) >= _TITLE_WORDS:
        return True
    address = resolve(base, link.attributes.get("href") or "")
    return address is not None and any(family.is_article_url(address) for family in families().values())


def _challenge(page: Page, look: _Look) -> tuple[OtherPage, str] | None:
    for guard in _GUARDS:
        if len(look.words) <= guard.max_words and any(mark in page.text for mark in guard.marks):
            return "challenge", f"a bot challenge by {guard.name}: the host wants a browser"
    is_bare = len(page.text) <= _MAX_SCRIPT_PAGE
    if is_bare and _SETS_COOKIE.search(page.text) and _LOADS_AGAIN.search(page.text):
        return "challenge", "a bot challenge: a script that sets a cookie and loads the page again"
    if page.tree is not None and page.tree.css_first(_CAPTCHA) is not None and _asks_nothing_else(page.tree):
        return "challenge", "a bot challenge: a captcha and nothing else"
    return None


def _asks_nothing_else(tree: LexborHTMLParser) -> bool:
    """Whether a captcha is the page's whole purpose: a form for questions has fields for them."""
    return len(tree.css(_TEXT_FIELD)) <= 1 and not tree.css_matches(_SIGN_IN_FIELD)


def _login(page: Page) -> tuple[OtherPage, str] | None:
    if page.tree is not None and page.tree.css_matches(_SIGN_IN_FIELD):
        return "login", "a login form: the portal shows this page to its users alone"
    return None


def _maintenance(look: _Look) -> tuple[OtherPage, str] | None:
    is_headed = any(_NOTICE_HEADING.fullmatch(heading.strip(" .!…")) for heading in look.headings)
    if is_headed or any(map(_NOTICE.search, (look.words, *look.headings))):
        return "maintenance", "a maintenance notice: the portal is being worked on"
    return None
