import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from harvester.parsers.blocks import Block, Picture, read_blocks

TEXTS: dict[str, list[str]] = {
    "": [],
    "   \n&nbsp; ": [],
    "Một câu": ["Một câu"],
    "<p>Một</p><p>Hai</p>": ["Một", "Hai"],
    "<p>Một<p>Hai": ["Một", "Hai"],
    "Một</p>\n Hai</p>": ["Một", "Hai"],
    "<p>Một\n   hai&nbsp;&nbsp;ba</p>": ["Một hai ba"],
    "<p>Mộ\u200bt\ufeff ha\u00adi</p>": ["Một hai"],
    "<p>Một<br>hai</p>": ["Một\nhai"],
    "<p>Một<br/>\n <br>hai</p>": ["Một", "hai"],
    "<p><br>Một<br></p>": ["Một"],
    "<p>Một <b>hai</b><i>ba</i> <a href=x>bốn</a></p>": ["Một haiba bốn"],
    "<p>Mộ<span>t</span></p>": ["Một"],
    "<div>Một<div>Hai<div>Ba</div>Bốn</div>Năm</div>": ["Một", "Hai", "Ba", "Bốn", "Năm"],
    "<ul><li>Một<li>Hai<ul><li>Ba</ul></ul>": ["Một", "Hai", "Ba"],
    "<table><tr><td>Một<td>Hai<tr><td>Ba</table>": ["Một", "Hai", "Ba"],
    "<h2>Một</h2>Hai<hr>Ba": ["Một", "Hai", "Ba"],
    "<dl><dt>Một<dd>Hai</dl>": ["Một", "Hai"],
    "<blockquote>Một</blockquote><pre>Hai\nba</pre>": ["Một", "Hai ba"],
    "<p>Một<!-- hai --></p>": ["Một"],
    "<p>Một<script>hai()</script><style>p{}</style><noscript>ba</noscript></p>": ["Một"],
    "<p>Một<button>In</button><select><option>Hai</select><textarea>Ba</textarea></p>": ["Một"],
    "<p>Một<iframe>Hai</iframe><object>Ba</object><template>Bốn</template></p>": ["Một"],
    "<p>Một &amp; hai &lt;ba&gt; &#7885;</p>": ["Một & hai <ba> ọ"],
    "<p>Mo\u0323\u0302t</p>": ["Một"],
    "<p>Mo\u0323<b>\u0302t</b></p>": ["Một"],
    "<o:p>Một</o:p> <font>hai</font>": ["Một hai"],
    "<p>Một\u2028hai\u0085ba\x0bbốn</p>": ["Một hai ba bốn"],
    "<p>\n\t\tMột\n\t</p>\n\t<p>\u200b Hai\tba \u200b</p>": ["Một", "Hai ba"],
    "<p><br><br>Một<br>hai<br><br><br>Ba<br> <br> <br>bốn<br><br></p>": ["Một\nhai", "Ba", "bốn"],
}


def root(markup: str) -> LexborNode:
    body = LexborHTMLParser(f"<!DOCTYPE html><body><div id=root>{markup}").css_first("#root")
    assert body is not None
    return body


def blocks(markup: str) -> list[Block]:
    return read_blocks(root(markup))


def only(markup: str) -> Block:
    (block,) = blocks(markup)
    return block


@pytest.mark.parametrize(("markup", "texts"), TEXTS.items())
def test_paragraphs(markup: str, texts: list[str]) -> None:
    assert [block.text for block in blocks(markup)] == texts


ALIGNS: dict[str, str | None] = {
    "<p>Một</p>": None,
    "<p align=right>Một</p>": "right",
    "<p align=RIGHT>Một</p>": "right",
    "<p style='color:red; text-align : Center'>Một</p>": "center",
    "<p align=left style='text-align:right'>Một</p>": "right",
    "<p style='TEXT-ALIGN: JUSTIFY'>Một</p>": "justify",
    "<center>Một</center>": "center",
    "<div align=center><p>Một</p></div>": "center",
    "<div align=center><p align=justify>Một</p></div>": "justify",
    "<div style='text-align:right'><ul><li>Một</ul></div>": "right",
    "<span align=right>Một</span>": None,
}


@pytest.mark.parametrize(("markup", "align"), ALIGNS.items())
def test_alignment(markup: str, align: str | None) -> None:
    assert only(markup).align == align


ITALICS = {
    "<p><em>Một</em></p>": True,
    "<p> <i>Một</i> <em><b>hai</b></em> </p>": True,
    "<p><em>Một</em>, hai</p>": False,
    "<em><p>Một</p></em>": True,
    "<p><b>Một</b></p>": False,
    "<p><em></em>Một</p>": False,
    "<p><img src=a></p>": False,
    "<p><em><br> <img src=a></em></p>": False,
}


@pytest.mark.parametrize(("markup", "is_italic"), ITALICS.items())
def test_italics(markup: str, is_italic: bool) -> None:
    assert only(markup).is_italic is is_italic


def test_pictures_stand_with_the_first_paragraph_of_their_block() -> None:
    found = blocks("<p>Một<img src=a.jpg alt='ảnh a'><br><br>Hai<img src='b.jpg'></p><p><img></p>")
    assert [(block.text, block.pictures) for block in found] == [
        ("Một", (Picture("a.jpg", "ảnh a"), Picture("b.jpg", ""))),
        ("Hai", ()),
        ("", (Picture("", ""),)),
    ]


def test_figures_and_tables_are_numbered() -> None:
    markup = "Một<figure><img src=a><figcaption>Hai</figcaption></figure>Ba<table><tr><td><p>Bốn</table>Năm"
    assert [(block.text, block.tag, block.holder) for block in blocks(markup)] == [
        ("Một", "", 0),
        ("", "figure", 1),
        ("Hai", "figcaption", 1),
        ("Ba", "", 0),
        ("Bốn", "p", 2),
        ("Năm", "", 0),
    ]


def test_table_in_a_table_is_its_own() -> None:
    markup = "<table><tr><td>Một<table><tr><td>Hai</table>Ba</table>"
    assert [(block.text, block.holder) for block in blocks(markup)] == [("Một", 1), ("Hai", 2), ("Ba", 1)]


def test_classes_are_those_of_the_innermost_block() -> None:
    assert [block.classes for block in blocks("<div class='a b'>Một<p>Hai</p></div>")] == ["a b", ""]


def test_the_walk_is_not_bound_by_the_depth() -> None:
    assert [block.text for block in blocks("<div>" * 5_000 + "Một")] == ["Một"]
    assert [block.text for block in blocks("<span>" * 5_000 + "Một" + "</span>" * 5_000 + " hai")] == ["Một hai"]


def test_many_blocks_and_breaks() -> None:
    assert len(blocks("<p>x</p>" * 20_000)) == 20_000
    assert len(blocks("<p>" + "x<br><br>" * 20_000)) == 20_000
    assert len(blocks("<p>" + "<b> </b>" * 50_000)) == 0
