"""The replica's pages as HTML: what the founding portal family sends for an article, a listing, its home page."""

from html import escape
from itertools import islice
from math import ceil

from harvester.demo.chrome import ORIGIN, Frame, Portlet, render_page, template
from harvester.demo.site import ROWS_PER_PAGE, ReplicaSite, Row, listing_address
from harvester.demo.texts import SECTIONS, Section
from harvester.demo.truth import ReplicaArticle, ReplicaImage

_SOFT_ROWS = 20
_RELATED = 6
_LATEST = 5
_PAGE_CHOICES = 25
_BAR = " &nbsp;|&nbsp;"
_PUBLISHER = "portlet-asset-publisher"
_STYLED = (
    "font-family: arial, verdana, 'times new roman', helvetica, sans-serif; font-size: 13px; text-align: justify;",
    "text-align: justify;",
    "margin: 6.0pt 0cm; text-align: justify; line-height: 150%;",
)


def article_page(site: ReplicaSite, article: ReplicaArticle, section: Section, portlet: str, address: str) -> str:
    """Return the article inside the page of that section, drawn by the portlet of that id."""
    layout = article.layout
    others = (row for row in site.rows[section.path] if row.article.entry_id != article.entry_id)
    related = islice(others, _RELATED)
    content = template("article").substitute(
        title=_quoted(article.title),
        posted_line=posted_line(article, two_digits=False),
        portlet=portlet,
        entry=article.entry_id,
        summary=escape(article.summary or "", quote=False),
        body=_body(article),
        account=escape(layout.account),
        zoom=_ZOOM if layout.controls else "",
        controls=_controls(article, portlet) if layout.controls else "",
        related_label=layout.related_label,
        related=" ".join(
            f'<li><a href="{escape(row.address)}">{_quoted(row.article.title)}</a></li>' for row in related
        ),
    )
    main = Portlet(portlet, _PUBLISHER, None if layout.borderless else section.title, content)
    frame = Frame(f"{article.title} - {section.title}", article.abstract, address)
    turn = int(article.entry_id)
    aside = site.rows[section.path][turn % len(site.rows[section.path])] if turn % 3 == 0 else None
    return render_page(frame, (_breadcrumb(section), main), _latest(site), aside)


def listing_page(site: ReplicaSite, section: Section, page: int, address: str) -> str:
    """Return one page of a section's listing: ten rows and a pager."""
    rows = site.rows[section.path]
    first = (page - 1) * ROWS_PER_PAGE
    shown = rows[first : first + ROWS_PER_PAGE]
    content = "\n".join([_SUBSCRIBE, *map(_row, shown), _pager(section, page, first, len(shown), len(rows))])
    return _page_of(site, section, content, address)


def listing_instead(site: ReplicaSite, section: Section, address: str) -> str:
    """Return what stands under an expired article's address: the section's first rows, without a pager."""
    content = "\n".join([_SUBSCRIBE, *map(_row, site.rows[section.path][:_SOFT_ROWS])])
    return _page_of(site, section, content, address)


def home_page(site: ReplicaSite) -> str:
    """Return the home page: a block of titles for every section."""
    blocks = []
    for turn, section in enumerate(SECTIONS):
        entries = " ".join(
            f'<li class="lst-normal"><a href="{escape(row.address)}">'
            f'<span class="text">{_quoted(row.article.title)}</span>'
            f' <span class="date_content_asset"> ({row.article.posted_at:%d/%m/%Y}) </span></a></li>'
            for row in site.rows[section.path][:8]
        )
        content = (
            '<div class="newslist4-wrapper"> <div class="newslist4-ct-other"> '
            f'<ul> {entries} </ul> </div> <a class="icon-detail" href="{section.path}"> Xem tất cả </a> </div>'
        )
        portlet = f"pointportalnewspublisher_WAR_pointportalnewspublisherportlet_INSTANCE_nB{turn}xKq5RwLsZt"
        blocks.append(Portlet(portlet, "point-portal-newspublisher-portlet", section.title, content))
    return render_page(Frame("Trang chủ", "Trang chủ", "/"), blocks, _latest(site), None)


def missing_page(site: ReplicaSite, address: str) -> str:
    """Return what the portal says of an address it does not know."""
    content = (
        '<h3 class="alert alert-error"> Không tìm thấy </h3> '
        '<div class="alert alert-error"> Tài nguyên bạn yêu cầu không tồn tại. </div> '
        f'<code class="lfr-url-error">{escape(ORIGIN + address)}</code>'
    )
    return render_page(
        Frame("Không tìm thấy", "", address), (Portlet("status", "portlet-status", None, content),), _latest(site), None
    )


def posted_line(article: ReplicaArticle, *, two_digits: bool) -> str:
    """Return the article's date, time and views as markup; a listing writes hours with two digits."""
    layout, moment = article.layout, article.posted_at
    time = f"{moment:%H:%M}"
    if layout.twelve_hour:
        time = f"{moment:%I:%M %p}" if two_digits or moment.hour in {0, 10, 11, 12} else f"{moment:%I:%M %p}"[1:]
    views = f"{_BAR}{layout.views_label}: {article.view_count}" if layout.views_label else ""
    return f"{layout.date_label} {moment:%d/%m/%Y} | {time}{views}".strip()


# ------------------------------------------------------------------------------------------------ listing


_SUBSCRIBE = '\n\n\n<div class="subscribe-action">\n</div>\n'


def _latest(site: ReplicaSite) -> tuple[Row, ...]:
    return tuple(islice(site.rows[SECTIONS[0].path], _LATEST))


def _page_of(site: ReplicaSite, section: Section, content: str, address: str) -> str:
    main = Portlet(section.portlet, _PUBLISHER, section.title, content)
    return render_page(Frame(section.title, section.title, address), (_breadcrumb(section), main), _latest(site), None)


def _row(row: Row) -> str:
    article, address = row.article, escape(ORIGIN + row.address)
    picture = next((image.path for image in article.images if image.path), None)
    image = (
        f'<div class="asset-image"> <a href="{address}"><img src="{escape(picture)}" alt=""/></a> </div>'
        if picture
        else ""
    )
    return template("row").substitute(
        address=address,
        title=_quoted(article.title),
        image=image,
        indent="" if picture else 'style="margin-left: 0" ',
        posted_line=posted_line(article, two_digits=True),
        abstract=escape(article.abstract, quote=False),
    )


def _pager(section: Section, page: int, first: int, shown: int, total: int) -> str:
    pages = max(1, ceil(total / ROWS_PER_PAGE))

    def address(wanted: int) -> str:
        return escape(ORIGIN + listing_address(section, wanted))

    start = max(1, min(page - _PAGE_CHOICES // 2, pages - _PAGE_CHOICES + 1))
    choices = " ".join(
        f'<li class="custom-paging" role="presentation"> <a href="{address(number)}" class=" taglib-icon" '
        f'id="_{section.portlet}_wbqn_column1_1_menu_{number}" role="menuitem" > '
        f'<span class="taglib-text-icon">{number}</span> </a> </li>'
        for number in range(start, min(pages, start + _PAGE_CHOICES - 1) + 1)
    )
    backward, forward = page > 1, page < pages
    one_page = f"Hiển thị {total} kết quả."
    return template("pager").substitute(
        portlet=section.portlet,
        page=page,
        choices=choices,
        results=one_page if pages == 1 else f"Hiển thị {first + 1} - {first + shown} of {total} kết quả.",
        first_state="" if backward else "disabled",
        before_state="" if backward else "disabled",
        after_state="" if forward else "disabled",
        last_state="" if forward else "disabled",
        first=address(1) if backward else "javascript:;",
        before=address(page - 1) if backward else "javascript:;",
        after=address(page + 1) if forward else "javascript:;",
        last=address(pages) if forward else "javascript:;",
    )


def _breadcrumb(section: Section) -> Portlet:
    content = (
        '<div class="dd_chuyenmuc">\n\t<span class="trangchu"><a href="/">Trang chủ</a></span>\n\t<span class="tintuc">'
        f"<p>{escape(section.title)}</p></span>\n</div>"
    )
    return Portlet("ddlk_WAR_pointportalddlkportlet_INSTANCE_wF1jUg7EaHxP", "ddlk-portlet", None, content)


# ------------------------------------------------------------------------------------------------ article


def _quoted(text: str) -> str:
    return escape(text, quote=False).replace('"', "&#034;")


def _body(article: ReplicaArticle) -> str:
    blocks = []
    for turn, paragraph in enumerate(article.paragraphs):
        blocks.append(_paragraph(article, paragraph, turn))
        blocks += [_image(article, image) for image in article.images if image.after == turn + 1]
    layout = article.layout
    if layout.writer == "paragraph" and article.author:
        blocks.append(f'<p style="text-align: right;"><strong>{escape(article.author)}</strong></p>')
    if layout.writer == "item" and article.author:
        blocks.append(f'<ul> <li style="text-align: right;">{escape(article.author)}</li></ul>')
    return "\n".join(blocks)


_ZOOM = (
    '<div class="text-zoom"> <span class="smaller">A-</span> <span class="normal">A</span> '
    '<span class="larger">A+</span> <b>100%</b> </div>'
)


def _paragraph(article: ReplicaArticle, paragraph: str, turn: int) -> str:
    text = escape(paragraph, quote=False)
    for attachment in article.attachments:
        link = f'<a href="{escape(attachment.path)}">{escape(attachment.name)}</a>'
        text = text.replace(escape(attachment.name), link) if turn == len(article.paragraphs) - 1 else text
    match article.layout.paragraphs:
        case "unbalanced":
            return f"        {text}</p>" if turn < 3 or turn % 2 else f"<p>{text}</p>"
        case "styled":
            style = _STYLED[int(article.entry_id) % len(_STYLED)]
            inner = f'<span style="color: #222222;">{text}</span>' if turn % 4 == 1 else text
            return f'<p style="{style}">{inner}</p>' + ("\n<p>&nbsp;</p>" if turn == 0 else "")
        case "plain":
            return f"<p>\n\t{text}</p>"


def _image(article: ReplicaArticle, image: ReplicaImage) -> str:
    caption = escape(image.caption, quote=False)
    if image.path is None:
        return f"<p>{caption}</p>"
    picture = f'<img alt="" src="{escape(image.path)}" style="width: 600.0px;height: 400.0px;" />'
    match article.layout.captions:
        case "table":
            return (
                '<table align="center" border="0" cellpadding="1" cellspacing="1" style="width: 600.0px;"> <tbody> '
                f"<tr> <td>{picture}</td></tr> "
                f'<tr> <td style="text-align: center;"><em>{caption}</em></td></tr></tbody></table>'
            )
        case "figure":
            return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"
        case _:
            return (
                f'<p style="text-align: center;">{picture}</p>\n<p style="text-align: center;"><em>{caption}</em></p>'
            )


def _controls(article: ReplicaArticle, portlet: str) -> str:
    return (
        '<div class="asset-control-detail"> <span class="print-action" > '
        f'<a href="javascript:_{portlet}_printPage_0();" '
        f'class=" taglib-icon" id="_{portlet}_vyqe_column1_1" > <img id="vyqe_column1_1" src="/longbien-theme/images/'
        'spacer.png" alt="" style="background-image: url(\'/longbien-theme/sprite/images/common/_sprite.png\'); '
        'background-position: 50% -1102px; background-repeat: no-repeat; height: 16px; width: 16px;" /> '
        '<span class="taglib-text ">In trang</span> </a> </span> <span class="mailto-action" > '
        f'<a href="mailto:?subject={article.entry_id}" class=" taglib-icon" id="_{portlet}_pzhd_column1_1" > '
        '<img id="pzhd_column1_1" src="/longbien-theme/images/common/mail.png" alt="" /> '
        '<span class="taglib-text ">Gửi email</span> </a> </span> </div>'
    )
