from datetime import UTC, datetime

import pytest

from harvester.portals.hours import hours, next_opening

DAY = "2026-03-01T"
NIGHT, OFFICE = "22:00-06:00", "08:30-11:00"


@pytest.mark.parametrize(
    ("text", "moment", "opens"),
    [
        (NIGHT, "22:00:00", None),
        (NIGHT, "23:59:59", None),
        (NIGHT, "00:00:00", None),
        (NIGHT, "05:59:59.999999", None),
        (NIGHT, "06:00:00", "2026-03-01T22:00:00+07:00"),
        (NIGHT, "21:59:59", "2026-03-01T22:00:00+07:00"),
        (OFFICE, "08:30:00", None),
        (OFFICE, "10:59:59", None),
        (OFFICE, "08:29:59", "2026-03-01T08:30:00+07:00"),
        (OFFICE, "11:00:00", "2026-03-02T08:30:00+07:00"),
        (OFFICE, "23:00:00", "2026-03-02T08:30:00+07:00"),
        ("00:00-00:01", "00:01:00", "2026-03-02T00:00:00+07:00"),
        ("00:01-00:00", "00:00:59", "2026-03-01T00:01:00+07:00"),
        ("00:01-00:00", "23:59:59", None),
    ],
)
def test_when_the_hours_begin_again(text: str, moment: str, opens: str | None) -> None:
    expected = datetime.fromisoformat(opens) if opens else None
    assert next_opening(text, datetime.fromisoformat(f"{DAY}{moment}+07:00")) == expected


def test_the_hours_are_vietnams() -> None:
    assert next_opening(NIGHT, datetime(2026, 3, 1, 15, 0, tzinfo=UTC)) is None
    assert next_opening(NIGHT, datetime(2026, 3, 1, 14, 59, tzinfo=UTC)) == datetime(2026, 3, 1, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "22:00", "22:00-6:00", "22:00 - 06:00", "25:00-06:00", "22:60-06:00", "٢٢:00-06:00"]
)
def test_what_is_no_stretch_of_the_day(text: str) -> None:
    with pytest.raises(ValueError, match="is not a stretch of the day"):
        hours(text)
