"""The hours of the day in which a host may be asked, in Vietnam's time."""

import re
from datetime import datetime, time, timedelta

from harvester.portals.reading import quoted
from harvester.records import VIETNAM_TIME

_HOURS = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])-((?:[01][0-9]|2[0-3]):[0-5][0-9])")


def hours(text: str) -> str:
    """Return the text if it is a stretch of the day like “22:00-06:00”, which may cross midnight.

    Raises:
        ValueError: it is none; the message says how to write one.
    """
    match = _HOURS.fullmatch(text)
    if not match:
        raise ValueError(
            f'{quoted(text)} is not a stretch of the day (write it like "22:00-06:00", in Vietnam\'s time)'
        )
    if match[1] == match[2]:
        raise ValueError(f"{quoted(text)} begins when it ends (leave the key out to allow every hour)")
    return text


def next_opening(text: str, moment: datetime) -> datetime | None:
    """Return when the hours begin again, or None where the moment lies in them; their end does not.

    Args:
        text: hours, as `hours` lets them through.
        moment: any time with its zone.
    """
    begin, end = map(time.fromisoformat, text.split("-"))
    local = moment.astimezone(VIETNAM_TIME)
    now = local.time()
    is_open = begin <= now < end if begin < end else now >= begin or now < end
    if is_open:
        return None
    opening = datetime.combine(local.date(), begin, VIETNAM_TIME)
    return opening if opening > local else opening + timedelta(days=1)
