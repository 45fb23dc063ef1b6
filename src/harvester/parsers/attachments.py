"""Files that an article offers for download."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from harvester.parsers.address import resolve
from harvester.records import Attachment
from harvester.vietnamese.text import clean_line, nfc

# IANA media types by file name ending; Python's own table differs from machine to machine.
_MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".rar": "application/vnd.rar",
    ".7z": "application/x-7z-compressed",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
}
# Liferay's document library: /documents/<group>/<folder>/<file>[/<uuid>]?t=<ms>
_LIBRARY_PATH = re.compile(r"/documents/\d+/\d+/([^/]+)")


def read_attachments(root: LexborNode, base_url: str | None) -> tuple[Attachment, ...]:
    """Return the files linked below a node, each address once, in order."""
    found: dict[str, Attachment] = {}
    for link in root.css("a[href]"):
        url = resolve(base_url, link.attributes.get("href") or "")
        if url is None or url in found:
            continue
        file_name = _file_name(url)
        ending = PurePosixPath(file_name).suffix.lower()
        if ending not in _MEDIA_TYPES and not _LIBRARY_PATH.search(urlsplit(url).path):
            continue
        name = clean_line(link.text()) or file_name or None
        found[url] = Attachment(url=url, name=name, media_type=_MEDIA_TYPES.get(ending))
    return tuple(found.values())


def _file_name(url: str) -> str:
    path = urlsplit(url).path
    in_library = _LIBRARY_PATH.search(path)
    return nfc(unquote(in_library[1] if in_library else path.rsplit("/", 1)[-1]))
