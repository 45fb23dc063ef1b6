import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import vary

OWN = Path(__file__).parents[1] / "gold" / "own.jsonl"
SHARED = Path(__file__).parents[3] / "shared" / "gold"
SEEDS = (1, 2, 3)
BODY = (
    "Chiều 12/5/2021, Quận ủy Tây Hồ nghe báo cáo về Nghị quyết số 09-NQ/TU ngày 03/2/2021 của Thành ủy Hà Nội, "
    "Chỉ thị 27-CT/QU, Quyết định 9/QĐ-UBND và Thông tư số 02/2019/TT-BNV của Bộ Nội vụ. Bí thư Quận ủy Tây Hồ "
    "Lê Minh Hòa lưu ý việc thi hành Luật Đất đai năm 2013, Luật Phòng, chống tham nhũng và các Luật Đầu tư, Doanh "
    "nghiệp: Luật Đất đai đi trước, Nghị quyết 09 theo sau. Bà Trần Thị Mai Lan, Trưởng Ban Tổ chức Quận ủy, dẫn Nghị "
    "quyết Đại hội Đảng bộ quận lần thứ XII. Đồng chí Hòa và đoàn dâng hương rồi thăm trường THCS Lê Minh Hòa ở "
    "phường Quảng An, nơi Nghị quyết Hội nghị lần thứ tư khóa XII được học; ông Ngô Văn Sáu đón đoàn."
)
POSTS: dict[str, list[tuple[str, str, str | None]]] = {
    "Lê Minh Hòa": [("Bí thư", "Quận ủy", "Tây Hồ")],
    "Trần Thị Mai Lan": [("Trưởng Ban", "Ban Tổ chức Quận ủy", None)],
}
CITATIONS = [
    ("Nghị quyết số 09-NQ/TU", "NQ:9:TU", "09", 2021, "09-NQ/TU", "Thành ủy Hà Nội", "2021-02-03"),
    ("Chỉ thị 27-CT/QU", "CT:27:QU", "27", None, "27-CT/QU", "Quận ủy", None),
    ("Quyết định 9/QĐ-UBND", "QD:9:UBND", "9", None, "9/QĐ-UBND", "Ủy ban nhân dân", None),
    ("Thông tư số 02/2019/TT-BNV", "TT:2/2019:BNV", "02", 2019, "02/2019/TT-BNV", "Bộ Nội vụ", None),
    ("Luật Đất đai năm 2013", "LUAT:dat-dai:2013", None, 2013, None, None, None),
    ("Luật Phòng, chống tham nhũng", "LUAT:phong-chong-tham-nhung", None, None, None, None, None),
    ("Luật Đầu tư", "LUAT:dau-tu", None, None, None, None, None),
    ("Doanh nghiệp", "LUAT:doanh-nghiep", None, None, None, None, None),
    ("Luật Đất đai", "LUAT:dat-dai:2013", None, 2013, None, None, None),
    ("Nghị quyết 09", "NQ:9:TU", "09", 2021, None, "Thành ủy/Tỉnh ủy", None),
    (
        "Nghị quyết Đại hội Đảng bộ quận lần thứ XII",
        "NQ:DH-dang-bo-quan:XII",
        None,
        None,
        None,
        "Đại hội Đảng bộ quận",
        None,
    ),
    ("Nghị quyết Hội nghị lần thứ tư khóa XII", "NQ:TW4:XII", None, None, None, None, None),
]


def composed() -> dict[str, Any]:
    citations: list[dict[str, Any]] = []
    at = 0
    for text, canonical_id, number, year, symbol, issuer, day in CITATIONS:
        at = BODY.index(text, at)
        citations.append(
            {
                "text": text,
                "start": at,
                "end": at + len(text),
                "type": canonical_id.partition(":")[0],
                "number": number,
                "year": year,
                "symbol": symbol,
                "issuer": issuer,
                "date": day,
                "canonical_id": canonical_id,
            }
        )
        at += len(text)
    officials = [
        {
            "name": name,
            "honorifics": ["đồng chí"],
            "positions": [dict(zip(("role", "organisation", "place"), post, strict=True)) for post in posts],
            "mentions": [[BODY.index(name), BODY.index(name) + len(name)]],
        }
        for name, posts in POSTS.items()
    ]
    return {"id": "c-1", "title": "Quận ủy Tây Hồ", "body": BODY, "officials": officials, "citations": citations}


def own_articles() -> list[dict[str, Any]]:
    return [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]


def assert_spans_fit(article: dict[str, Any]) -> None:
    body = article["body"]
    for citation in article["citations"]:
        assert body[citation["start"] : citation["end"]] == citation["text"]
    for official in article["officials"]:
        surfaces = {" ".join(body[start:end].split()).casefold() for start, end in official["mentions"]}
        assert surfaces == {official["name"].casefold()}


@pytest.mark.parametrize("seed", SEEDS)
def test_spans_fit_and_things_stay_together(seed: int) -> None:
    varied = vary.vary(composed(), seed)
    assert_spans_fit(varied)
    body = varied["body"]
    resolution, directive, decision, circular, land, corruption, first, second, bare_land, short, congress, plenum = (
        varied["citations"]
    )
    secretary, head = varied["officials"]
    number = resolution["number"]
    assert re.fullmatch(r"0[1-8]", number)  # the width stays, the number does not
    assert resolution["canonical_id"] == short["canonical_id"] == f"NQ:{int(number)}:TU"
    assert (resolution["text"], short["text"]) == (f"Nghị quyết số {number}-NQ/TU", f"Nghị quyết {number}")
    assert decision["canonical_id"] == f"QD:{int(number)}:UBND"
    assert directive["canonical_id"] == f"CT:{directive['number']}:HU"
    assert directive["text"] == f"Chỉ thị {directive['number']}-CT/HU"
    assert "Quận" not in body
    assert "quận" not in body
    years = resolution["year"] - 2021
    assert years
    assert resolution["date"] == f"{2021 + years}-02-03"
    assert f"{int(number):02}-NQ/TU ngày 03/2/{2021 + years} của Tỉnh ủy " in body
    code = circular["canonical_id"].rpartition(":")[2]
    assert circular["canonical_id"] == f"TT:{int(circular['number'])}/{2019 + years}:{code}"
    assert code != "BNV"
    assert f"của {circular['issuer']}." in body
    assert land["canonical_id"] == bare_land["canonical_id"] != "LUAT:dat-dai:2013"
    assert land["text"] == f"{bare_land['text']} năm {2013 + years}"
    assert "," in corruption["text"]
    assert first["text"].startswith("Luật ")
    assert not re.search(",| và ", first["text"] + second["text"])
    assert congress["canonical_id"] == f"NQ:DH-dang-bo-huyen:{congress['text'].rpartition(' ')[2]}"
    assert congress["canonical_id"].endswith((":XI", ":XIII"))
    assert plenum["canonical_id"] in {f"NQ:TW{n}:{congress['text'].rpartition(' ')[2]}" for n in (5, 6)}
    given = secretary["name"].split()[-1]
    assert secretary["name"].startswith("Lê ")
    assert given != "Hòa"
    assert f"Đồng chí {given} và đoàn" in body
    assert f"trường THCS {secretary['name']} ở phường" in body
    assert head["name"].startswith("Trần Thị ")
    place = secretary["positions"][0]["place"]
    assert secretary["positions"] == [{"role": "Bí thư", "organisation": "Huyện ủy", "place": place}]
    assert f"Bí thư Huyện ủy {place} {secretary['name']}" in body
    assert f"Trưởng {head['positions'][0]['organisation']}, dẫn" in body
    assert head["positions"][0]["organisation"] != "Ban Tổ chức Huyện ủy"
    assert varied["title"] == f"Huyện ủy {place}"
    for gone in ("Tây Hồ", "Hà Nội", "Quảng An", "Ngô Văn Sáu", "Đất đai", "Bộ Nội vụ"):
        assert gone not in body


@pytest.mark.parametrize("seed", SEEDS)
def test_own_set_varied(seed: int) -> None:
    things: Counter[tuple[str, bool]] = Counter()
    for article in own_articles():
        varied = vary.vary(article, seed)
        assert_spans_fit(varied)
        assert untouched(varied) == untouched(article)
        things.update(vary.replaced(article, varied))
    for kind in ("numbers", "years", "given names", "laws", "places of positions", "congresses and plenums"):
        assert things[kind, True] > 0.85 * (things[kind, True] + things[kind, False]), kind
    for kind in ("numbers", "years", "given names"):
        assert things[kind, True] > 0.9 * (things[kind, True] + things[kind, False]), kind


def untouched(article: dict[str, Any]) -> Any:
    return (
        article["id"],
        article.keys(),
        article["body"].count("\n"),
        [
            (
                official["honorifics"],
                len(official["mentions"]),
                [{part: words is None for part, words in post.items()} for post in official["positions"]],
            )
            for official in article["officials"]
        ],
        [(citation["type"], citation.keys()) for citation in article["citations"]],
        equalities(article),
    )


def equalities(article: dict[str, Any]) -> list[int]:
    """Return for every citation the place of the first with its id: what is one document stays one, two stay two."""
    ids = [citation["canonical_id"] for citation in article["citations"]]
    return [ids.index(canonical_id) for canonical_id in ids]


def test_a_seed_gives_one_set() -> None:
    article = composed()
    assert vary.vary(article, 1) == vary.vary(article, 1) != vary.vary(article, 2)
    assert article == composed()


@pytest.mark.parametrize(
    ("span", "expected"), [([0, 2], [0, 2]), ([0, 5], [0, 4]), ([3, 5], [3, 4]), ([5, 7], [4, 8]), ([7, 9], [8, 10])]
)
def test_moved(span: list[int], expected: list[int]) -> None:
    edits = [vary.Edit(3, 5, "x", "number"), vary.Edit(6, 7, "yyy", "place")]
    assert vary.apply_edits("012345678", edits) == "012x5yyy78"
    assert vary.moved(span, edits) == expected


def test_a_span_is_never_cut() -> None:
    with pytest.raises(ValueError, match="goes across an edge"):
        vary.moved([0, 4], [vary.Edit(3, 5, "x", "number")])


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert vary.main([str(OWN), "--seed", "3"]) == 0
    printed = capsys.readouterr()
    assert [json.loads(line) for line in printed.out.splitlines()] == [vary.vary(a, 3) for a in own_articles()]
    assert re.search(r"^numbers: \d+ of \d+ replaced$", printed.err, re.MULTILINE)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the checker of annotated sets is not beside the checkout")
@pytest.mark.parametrize("seed", SEEDS)
def test_varied_sets_pass_the_checker(seed: int, tmp_path: Path) -> None:
    for gold in (OWN, SHARED / "dev.jsonl"):
        varied = tmp_path / f"{gold.stem}.jsonl"
        articles = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
        varied.write_text("".join(json.dumps(vary.vary(a, seed)) + "\n" for a in articles), encoding="utf-8")
        checked = subprocess.run(
            [sys.executable, SHARED / "check_gold.py", varied], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout


def test_a_missing_set_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        vary.main(["nowhere.jsonl"])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.endswith("no annotated set at nowhere.jsonl; name a file of JSON Lines\n")
