"""Officials and citations for texts that somebody already has: JSON Lines in, the same lines with both out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import orjson

from harvester.extraction import dateline_of, read_language
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME
from harvester.vietnamese.text import nfc

MAX_LINE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that cannot be annotated, counted from 1, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Where a line's text stands, and which portal the texts come from."""

    field: str
    portal: str | None
    catalogue: Catalogue


def annotate(stream: BinaryIO, texts: Texts) -> Iterator[bytes | Refused]:
    """Yield each line with `officials` and `citations` replaced in the record's shapes, or why it cannot be.

    The text comes back in NFC, and offsets count its code points; every other field passes through
    (integers beyond 64 bits as floating point numbers). A null text has
    neither officials nor citations. Blank lines are left out. The fields `portal` (where `texts` names none) and
    `posted_at`, if a line has them as records do, decide document keys.
    """
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
            yield Refused(number, f"the line is longer than {MAX_LINE_BYTES // 1024 // 1024} MiB")
        elif line.strip():
            yield _annotate_line(number, line, texts)


def _annotate_line(number: int, line: bytes, texts: Texts) -> bytes | Refused:
    try:
        holder: Any = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Refused(number, f"no JSON: {error}")
    if not isinstance(holder, dict):
        return Refused(number, "the line holds no JSON object")
    if texts.field not in holder:
        return Refused(number, f"no field “{texts.field}”; name the text's field with --text-field")
    text = holder[texts.field]
    if not (text is None or isinstance(text, str)):
        return Refused(number, f"the field “{texts.field}” holds no text")
    portal = texts.portal or holder.get("portal")
    dateline = dateline_of(portal if isinstance(portal, str) else "", _moment(holder.get("posted_at")), texts.catalogue)
    text = nfc(text or "")
    officials, citations = read_language(text, dateline)
    holder[texts.field] = text if holder[texts.field] is not None else None
    holder["officials"] = [official.model_dump() for official in officials]
    holder["citations"] = [citation.model_dump() for citation in citations]
    try:
        return orjson.dumps(holder, option=orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError as error:  # nested deeper than can be written
        return Refused(number, f"cannot be written as JSON: {error}")


def _moment(written: object) -> datetime | None:
    """Return a time in ISO 8601 as local time; None for anything else."""
    try:
        moment = datetime.fromisoformat(written) if isinstance(written, str) else None
        return moment.astimezone(VIETNAM_TIME) if moment and moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
