import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from harvester.errors import HttpStatusError

if TYPE_CHECKING:
    from conftest import Site

PIECES = (
    *"/ // /. /.. /a b.html xn--c % %2 %zz %2f %C4%90 ? &d=1 = + ; , ~ ! $ * ( ) ' < > [ ] { | } ^ ` @ : :80".split(),
    *('"', "\\", "_", "-"),
)


def test_plain_addresses_are_sent_as_those_that_are_not(site: "Site") -> None:
    chance = random.Random(20240301)
    paths = ["/", *("/" + "".join(chance.choices(PIECES, k=chance.randint(1, 6))) for _ in range(60))]
    forms = ("http://portal.test{}", "http://portal.test:80{}", "http://portal.test{}#e", "HTTP://Portal.test.:80{}")

    async def fetch_all() -> list[set[str | None]]:
        sent = []
        async with site.fetcher() as fetcher:
            for path in paths:
                asked = set()
                for form in forms:
                    with pytest.raises(HttpStatusError) as caught:
                        await fetcher.fetch(form.format(path))
                    asked.add(caught.value.url)
                sent.append(asked)
        return sent

    assert [asked for asked in asyncio.run(fetch_all()) if len(asked) != 1] == []
