"""Everything of a replica page that is not the article: head, menu, sidebar, footer, scripts."""

import random
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import quote

from harvester.demo.cast import read_table
from harvester.demo.draft import grouped
from harvester.demo.site import HOST_NAME, Row

ORIGIN = f"http://{HOST_NAME}"
_JS_ESCAPES = {code: f"\\x{code:x}" for code in range(32, 127) if not chr(code).isalnum() and chr(code) != "_"}
_BUILD = (
    "browserId=other&amp;themeId=longbien_WAR_longbientheme&amp;minifierType=css&amp;languageId=vi_VN"
    "&amp;b=6201&amp;t=1571106{stamp}000"
)


@dataclass(frozen=True, slots=True)
class Portlet:
    """One box of a page: its id, its CSS class, its title (None: drawn without borders), its markup."""

    id: str
    kind: str
    title: str | None
    content: str

    @property
    def root(self) -> str:
        """The portlet's id without its instance."""
        return self.id.partition("_INSTANCE_")[0]

    def render(self) -> str:
        """Return the box as the portal draws it."""
        name = "portlet-borderless" if self.title is None else "portlet"
        title = escape(self.title or "")
        return template(name).substitute(
            root=self.root, portlet=self.id, kind=self.kind, title=title, content=self.content
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page says of itself in its head; `address` is path and query."""

    title: str
    description: str
    address: str


@cache
def template(name: str) -> Template:
    """Return a page template of this package."""
    return Template(_template_text(f"{name}.html"))


@cache
def _template_text(name: str) -> str:
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8").rstrip("\n")


@cache
def _chrome() -> dict[str, Any]:
    return read_table("chrome.toml")


def render_page(frame: Frame, main: Iterable[Portlet], latest: Iterable[Row], aside: Row | None) -> str:
    """Return a whole page: the main portlets left, the sidebar with the latest rows right.

    The same frame gives the same page; counters and tokens vary with the address only.
    """
    rng = random.Random(zlib.crc32(frame.address.encode()))  # the page must not change between requests
    left = tuple(main)
    right = (*_sidebar(tuple(latest), rng), *((_second_publisher(aside),) if aside else ()))
    path, _, query = frame.address.partition("?")
    below = frame.address if "/-/" in path else path
    language = ("/en{}", "/vi{}") if "/-/" not in path else ("{}/en", "{}/vi")
    portlets = [*left, *right]
    current = _js_escape(quote(frame.address, safe=""))
    return template("frame").substitute(
        language="vi-VN" if rng.random() < 0.85 else "en-US",
        title=escape(f"{frame.title} - Cổng thông tin điện tử quận Long Biên"),
        description=escape(frame.description),
        keywords=escape(frame.title.lower()),
        origin=ORIGIN,
        canonical=escape(ORIGIN + frame.address),
        canonical_en=escape(ORIGIN + language[0].format(below)),
        canonical_vi=escape(ORIGIN + language[1].format(below)),
        stylesheets=_stylesheets(),
        liferay=_liferay_script(path, query, rng),
        portlet_list=",".join(f'"{one.id}"' for one in portlets),
        scripts=_scripts("scripts"),
        late_scripts=_scripts("late_scripts"),
        theme_css=_template_text("theme.css"),
        theme_js=_template_text("theme.js"),
        portlet_css="".join(_portlet_css(one) for one in portlets),
        navigation=_navigation(),
        column_1="\n".join(one.render() for one in left),
        column_2="\n".join(one.render() for one in right),
        onload="".join(_onload(one, turn, len(portlets), current) for turn, one in enumerate(portlets)),
        total_visits=grouped(10_678_000 + rng.randint(0, 990)),
        present_visits=grouped(rng.randint(180, 3900)),
    )


# -------------------------------------------------------------------------------------------------- head


@cache
def _stylesheets() -> str:
    return " ".join(
        f'<link class="lfr-css-file" href="{sheet}?{_BUILD.format(stamp=100 + turn)}"'
        ' rel="stylesheet" type="text/css" />'
        for turn, sheet in enumerate(_chrome()["stylesheets"])
    )


@cache
def _scripts(kind: str) -> str:
    return " ".join(f'<script type="text/javascript" src="{script}"></script>' for script in _chrome()[kind])


def _liferay_script(path: str, query: str, rng: random.Random) -> str:
    current = f"{path}?{query}" if query else path
    constant = _liferay_constants()
    return (
        f'{constant}Liferay.authToken="{rng.getrandbits(48):012x}";Liferay.currentURL="{_js_escape(current)}";'
        f'Liferay.currentURLEncoded="{quote(current, safe="")}";'
    )


@cache
def _liferay_constants() -> str:
    chrome = _chrome()
    browser = ",".join(f"is{name}:function(){{return false}}" for name in chrome["browsers"])
    display = ",".join(f'get{key}:function(){{return"{value}"}}' for key, value in chrome["theme_display"].items())
    flags = ",".join(f"is{name}:function(){{return false}}" for name in chrome["flags"])
    home = _js_escape(f"{ORIGIN}/web/guest")
    return (
        "var Liferay={Browser:{acceptsGzip:function(){return true},getMajorVersion:function(){return 0},"
        f'getRevision:function(){{return""}},getVersion:function(){{return""}},{browser}}},'
        'Data:{NAV_SELECTOR:"#navigation",isCustomizationView:function(){return false},notices:[null]},'
        f'ThemeDisplay:{{{display},getPortalURL:function(){{return"{ORIGIN}"}},getCDNBaseURL:function(){{return"{ORIGIN}"}},'
        f'getPathThemeImages:function(){{return"{ORIGIN}/longbien-theme/images"}},getURLHome:function(){{return"{home}"}},'
        f"{flags}}},PropsValues:{{NTLM_AUTH_ENABLED:false}}}};var themeDisplay=Liferay.ThemeDisplay;Liferay.AUI={{"
        'getAvailableLangPath:function(){return"available_languages.jsp?browserId=other&themeId=longbien_WAR_longbientheme'
        '&colorSchemeId=01&minifierType=js&languageId=vi_VN&b=6201&t=1571106732000"},'
        "getCombine:function(){return true},"
        'getComboPath:function(){return"/combo/?browserId=other&minifierType=&languageId=vi_VN&b=6201&t=1571106732000&"},'
        'getFilter:function(){return"min"},getJavaScriptRootPath:function(){return"/html/js"}};'
    )


def _portlet_css(portlet: Portlet) -> str:
    if portlet.title is None:
        return f"#p_p_id_{portlet.id}_{{border-width:;border-style:}}"
    return (
        f"#p_p_id_{portlet.id}_ .portlet{{border-width:1px;border-style:solid;border-color:#c9d3e6;"
        "font-family:'Tahoma';text-align:justify}"
    )


@lru_cache(maxsize=4096)
def _js_escape(text: str) -> str:
    return text.translate(_JS_ESCAPES)


def _onload(portlet: Portlet, turn: int, count: int, current: str) -> str:
    parameters = (
        f"/c/portal/render_portlet?p_l_id=1071339&p_p_id={portlet.id}&p_p_lifecycle=0&p_t_lifecycle=0"
        f"&p_p_state=normal&p_p_mode=view&p_p_col_id=column-{min(turn + 1, 2)}&p_p_col_pos={turn}"
        f"&p_p_col_count={count}&p_p_isolated=1&currentURL="
    )
    return (
        f'Liferay.Portlet.onLoad({{canEditTitle:false,columnPos:{turn},isStatic:"end",namespacedId:"p_p_id_{portlet.id}_",'
        f'portletId:"{portlet.id}",refreshURL:"{_js_escape(parameters)}{current}"}});'
    )


@cache
def _navigation() -> str:
    def item(path: str, text: str, *children: list[str]) -> str:
        below = "".join(f'<li class=""> <a href="{child[0]}" >{escape(child[1])}</a> </li> ' for child in children)
        menu = f' <ul class="child-menu"> {below}</ul>' if below else ""
        return f'<li class="" > <a href="{path}" >{escape(text)}</a>{menu} </li>'

    return " ".join(item(*entry) for entry in _chrome()["navigation"])


# ----------------------------------------------------------------------------------------------- sidebar


def _sidebar(latest: tuple[Row, ...], rng: random.Random) -> tuple[Portlet, ...]:
    return (
        Portlet("85_INSTANCE_pK3vXy7LdQaM", "portlet-site-map", "Thông tin cần biết", _site_map()),
        Portlet("56_INSTANCE_cT8sJn2WfEoB", "portlet-journal-content", None, _banners()),
        Portlet(
            "1_WAR_portalnewspublisherportlet_INSTANCE_uG6hRz1YkVqS",
            "portal-newspublisher-portlet",
            "Tin mới nhất",
            _latest(latest),
        ),
        Portlet(
            "2_WAR_portallienketportlet_INSTANCE_mD5wPb9XtZiU", "weblink-client-portlet", "Liên kết website", _links()
        ),
        Portlet("59_INSTANCE_aL4eHf0CgNrK", "portlet-polls-display", "Thăm dò ý kiến", _poll()),
        Portlet("1_WAR_portalsessiontrackingportlet", "1-portlet", "Số lượng truy cập", _visitors(rng)),
    )


@cache
def _site_map() -> str:
    entries = "".join(f'<li><a href="{path}" > {escape(text)}</a></li>' for path, text in _chrome()["site_map"])
    return f"<ul>{entries}</ul>"


@cache
def _banners() -> str:
    rows = "".join(
        f'<tr> <td><a href="/{name}"><span style="color: rgb(228,232,246);"> <img alt="" src="/documents/10274/1250002/'
        f'{name}.png/{zlib.crc32(name.encode()):08x}-5b1d-4c3e-9a77-0242ac1{turn:05x}?t=15711{turn:02}6732{turn:03}" '
        'style="border-width: 1.0px;border-style: solid;margin-top: 2.0px;margin-bottom: 2.0px;width: 226.0px;'
        f'height: {46 + turn * 3 % 25}.0px;" /></span></a></td></tr> '
        for turn, name in enumerate(_chrome()["banners"])
    )
    return (
        '<div class="journal-content-article"> '
        '<table border="0" cellpadding="0" cellspacing="0" style="width: 248.0px;"> '
        f'<tbody> {rows}</tbody></table> </div> <div class="entry-links"> </div>'
    )


def _latest(rows: tuple[Row, ...]) -> str:
    entries = "".join(
        f'<li> <div class="title_news"> <a href="{escape(row.address)}" title="{escape(row.article.title)}"> '
        f"{escape(row.article.title)} "
        f'<span class="date_content_asset"> ({row.article.posted_at:%d/%m/%Y}) </span> </a> </div> '
        f'<div class="leadNewsTemp" style="display: none;" data-summary="{escape(row.article.abstract)}"></div> </li> '
        for row in rows
    )
    return (
        '<div class="news-wrapper "> <div class="newsfocus3-wrapper"> <div class="box_sub_hot_news"> '
        f'<ul> {entries}</ul> <a class="icon-detail icon-xemthem" title="Xem tất cả" href="/tin-tuc"> Xem tất cả </a> '
        "</div> </div> </div>"
    )


@cache
def _links() -> str:
    options = " ".join(f'<option class="" value="{url}" > {escape(text)} </option>' for url, text in _chrome()["links"])
    return (
        '<div class="weblink-client-wrapper"> <div class="weblink-default-wrapper"> <div class="control-group"> '
        '<select class="aui-field-select" id="_2_WAR_portallienketportlet_INSTANCE_mD5wPb9XtZiU_selectWeblink" '
        'onChange="openSelectedWeblink(this.value);" > <option class="" value="#" > Chọn liên kết </option> '
        f"{options} </select> </div> </div> </div>"
    )


@cache
def _poll() -> str:
    name = "_59_INSTANCE_aL4eHf0CgNrK_"
    choices = " ".join(
        f'<label class="radio" for="{name}c{turn}"> <input  class="field"  id="{name}c{turn}" name="{name}choiceId"    '
        f'type="radio" value="{1250970 + turn}"   /> <strong>{letter}.</strong> {escape(text)} </label>'
        for turn, (letter, text) in enumerate(zip("abcd", _chrome()["poll"], strict=True))
    )
    return (
        f'<form action="/c/portal/layout?p_l_id=1071339" class="form " id="{name}fm" method="post" name="{name}fm" > '
        f'<input class="field"  id="{name}cmd"    name="{name}cmd"     type="hidden" value="vote"   /> '
        "Bạn đánh giá thế nào về việc giải quyết thủ tục hành chính? "
        f'<fieldset class="fieldset " > <div class=""> <div class="control-group field-wrapper" > {choices} </div> '
        "<button class=\"btn btn-primary\" type='submit' > Bình chọn </button> </div></fieldset> </form>"
    )


def _visitors(rng: random.Random) -> str:
    return (
        '<div class="visitor-tracking-wraper"> <div class="current-visitor-online"> '
        '<span class="online-lable">Đang truy cập: </span> '
        f'<span style="font-weight: bold;">{rng.randint(14, 240)} </span> '
        '</div> <div class="total-visitor"> <span class="online-lable">Tổng: </span> '
        f'<span style="font-weight: bold;">{grouped(4_798_000 + rng.randint(0, 990))} </span> </div> </div>'
    )


def _second_publisher(row: Row) -> Portlet:
    article = row.article
    content = (
        '<div class="asset-bounddary"> <div class="asset-abstract "> <div class="asset-content normal-news"> '
        f'<h3 class="asset-title"> <a href="{escape(row.address)}">{escape(article.title)}</a> </h3> '
        f'<div class="assetPublishDate block_timer"> {article.posted_at:%d/%m/%Y | %I:%M %p} </div> '
        f'<div class="asset-summary"> {escape(article.abstract)} </div> </div> </div> </div>'
    )
    return Portlet("101_INSTANCE_oQ2yMs6BvTfJ", "portlet-asset-publisher", "Tin đọc nhiều", content)
