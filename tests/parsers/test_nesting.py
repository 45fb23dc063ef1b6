import pytest

from harvester.errors import TooDeep
from harvester.parsers.nesting import (
    MAX_ATTRIBUTES,
    MAX_OPEN_ELEMENTS,
    MAX_OPTIONS,
    MAX_TAGS,
    refuse_hostile_markup,
)

URL = "https://longbien.hanoi.gov.vn/"
MEGABYTE = 1_000_000
TOO_MANY_OPEN = f"more than {MAX_OPEN_ELEMENTS} elements open at once"
TOO_MANY_STEPS = "too many tags below too many open elements"
TOO_MANY_TAGS = f"more than {MAX_TAGS} tags"
TOO_MANY_OPTIONS = f"more than {MAX_OPTIONS} options in the page's forms"
TOO_MANY_ATTRIBUTES = f"a tag with more than {MAX_ATTRIBUTES} attributes"


def attributes(count: int) -> str:
    return " ".join(f'a{number}="x"' for number in range(count))


def unclosed(tags: str, count: int) -> str:
    return "".join(tags.format(number) for number in range(count))


REFUSED = {
    "20,000 deep": ("<div>" * 20_000 + "x" + "</div>" * 20_000, TOO_MANY_OPEN),
    "20,000 deep, end tags for others": ("<div></span>" * 20_000, TOO_MANY_STEPS),
    "20,000 deep, in capitals": ("<DIV>" * 20_000, TOO_MANY_OPEN),
    "20,000 deep, with attributes": ('<section class="a > b">' * 20_000, TOO_MANY_OPEN),
    "20,000 unknown elements": ("<x-y>" * 20_000, TOO_MANY_OPEN),
    "20,000 lists in lists": ("<ul><li>" * 20_000, TOO_MANY_OPEN),
    "a comment that ends early does not hide the depth": ("<!-->" + "<div>" * 20_000, TOO_MANY_OPEN),
    "a megabyte of bare <div>": ("<div>" * (MEGABYTE // 5), TOO_MANY_OPEN),
    "bare <p> in <b>": ("<i><p>" * 50_000, TOO_MANY_OPEN),
    "a megabyte of <a>": ("<a>" * (MEGABYTE // 3), TOO_MANY_TAGS),
    "many shallow tags below a deep nest": ("<div>" * 9_000 + "<br>" * 100_000, TOO_MANY_STEPS),
    "100,000 options": ("<select>" + "<option>x" * 100_000, TOO_MANY_OPTIONS),
    "100,000 options in capitals": ("<select>" + "<OPTION value=1>x</OPTION>" * 100_000, TOO_MANY_OPTIONS),
    "100,000 attributes": (f"<p {attributes(100_000)}>", TOO_MANY_ATTRIBUTES),
    "100,000 attributes without values": ("<p " + "a " * 100_000 + ">", TOO_MANY_ATTRIBUTES),
    "100,000 attributes parted by slashes": ("<p " + "a/" * 100_000 + ">", TOO_MANY_ATTRIBUTES),
    "100,000 attributes without an end": (f"<p {attributes(100_000)}", TOO_MANY_ATTRIBUTES),
    "2,000 unclosed <b>, each before a block": (unclosed("<b id=b{}><div>", 2_000), TOO_MANY_STEPS),
    "2,000 unclosed <B>, each before a block": (unclosed("<B ID=b{}><div>", 2_000), TOO_MANY_STEPS),
    "2,000 unclosed <font> in closed paragraphs": (unclosed("<p><font size={}>x</p>", 2_000), TOO_MANY_STEPS),
    "tags without an end in an attribute": ("<a title='" + "<b " * 100_000, TOO_MANY_ATTRIBUTES),
    "300,001 tags": ("<br>" * (MAX_TAGS + 1), TOO_MANY_TAGS),
}

ORDINARY = {
    "nothing": "",
    "no markup": "Diện tích < 200 m2",
    "400 deep": "<div>" * 400 + "</div>" * 400,
    "20,000 paragraphs without end tags": "<p>Một đoạn." * 20_000,
    "20,000 closed paragraphs": "<p>Một <b>đoạn</b>.</p>" * 20_000,
    "a table of 20,000 cells without end tags": "<table>" + "<tr><td>1<td>2" * 10_000,
    "a list of 20,000 rows": "<ul>" + "<li>Một việc</li>" * 20_000 + "</ul>",
    "20,000 void elements": "<br><img src=x>" * 10_000,
    "depth inside a script": "<script>" + "'<div>'+" * 20_000 + "</script>",
    "depth inside a comment": "<!--" + "<div>" * 20_000 + "-->",
    "4,000 options": "<select>" + "<option>x</option>" * 4_000 + "</select>",
    "1,000 attributes": f"<p {attributes(1_000)}>",
    "a picture as an address of a megabyte": f'<img src="data:image/png;base64,{"QUFBQ+/C" * (MEGABYTE // 8)}==">',
    "5,000 equal unclosed <b>": "<p><b>x</p>" * 5_000,
    "20,000 closed <font> with their own attributes": unclosed("<p><font size={}>x</font></p>", 20_000),
    "a tag without an end": "<a" * 100_000,
    "a tag with a late end": "<a" * 100_000 + ">",
    "comments without an end": "<!--" * 100_000,
    "scripts without an end": "<script>" * 100_000,
    "end tags for nothing": "</a " * 100_000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_markup_is_refused(name: str) -> None:
    markup, message = REFUSED[name]
    with pytest.raises(TooDeep) as raised:
        refuse_hostile_markup(markup, url=URL)
    assert (raised.value.message, raised.value.url) == (message, URL)


@pytest.mark.parametrize("name", ["20,000 deep", "100,000 options", "2,000 unclosed <b>, each before a block"])
def test_hostile_markup_is_refused_inside_a_page(name: str) -> None:
    with pytest.raises(TooDeep):
        refuse_hostile_markup(f"<!DOCTYPE html><html><head><title>x</title></head><body>{REFUSED[name][0]}")


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_markup_passes(name: str) -> None:
    refuse_hostile_markup(ORDINARY[name])


LIMITS = [
    ("<div>" * MAX_OPEN_ELEMENTS, None),
    ("<div>" * (MAX_OPEN_ELEMENTS + 1), TOO_MANY_OPEN),
    ("<option>" * MAX_OPTIONS + "<br>" * 10, None),
    ("<option>" * (MAX_OPTIONS + 1) + "<br>" * 10, TOO_MANY_OPTIONS),
    ("<br>" * MAX_TAGS, None),
    ("<br>" * (MAX_TAGS + 1), TOO_MANY_TAGS),
]


@pytest.mark.parametrize(("markup", "message"), LIMITS)
def test_limits_are_those_stated(markup: str, message: str | None) -> None:
    found = None
    try:
        refuse_hostile_markup(markup)
    except TooDeep as error:
        found = error.message
    assert found == message
