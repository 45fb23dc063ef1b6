from pathlib import Path

import pytest

from harvester.errors import CatalogueError
from harvester.portals.catalogue import Catalogue
from harvester.portals.reading import MAX_BYTES

PORTAL = """
[[portal]]
id = "songlam"
name = "Huyện Sông Lam"
"""
HOST = """
[[portal.hosts]]
name = "songlam.example.vn"
evidence = "[K] composed"
"""


def message(folder: Path, content: str | bytes) -> str:
    file = folder / "mine.toml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(file)
    text = str(caught.value)
    assert "\n" not in text
    return text.removeprefix(f"{folder}/")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('[[portal]]\nid = "a\n', "mine.toml:2: not TOML: Illegal character '\\n' (mend the line)"),
        ('\n[[portal]]\nid = """a\n\n', "mine.toml:3: not TOML: Unterminated string (mend the line)"),
        (
            '[[portal]]\nid = "a"\nid = "b"\n',
            "mine.toml:3: not TOML: Cannot overwrite a value (mend the line)",
        ),
        (
            f"[[portal]]\nid = {'9' * 5000}\n",
            "mine.toml: not TOML that can be read: a value is too long or too deep (shorten it)",
        ),
        (
            f"[[portal]]\nid = {'[' * 50_000}\n",
            "mine.toml: not TOML that can be read: a value is too long or too deep (shorten it)",
        ),
        ("[[portal]]\nname = 'Hà'\n".encode("cp1258"), "mine.toml:2: not UTF-8 (save the file as UTF-8)"),
        (b"#" * (MAX_BYTES + 1), "mine.toml: larger than 4 MiB (split it into several files)"),
        ("", "mine.toml: holds no entry (begin one with [[portal]])"),
        ("portal = []\n", "mine.toml: holds no entry (begin one with [[portal]])"),
        ("\n[portal]\nid = 1\n", "mine.toml:2: portal: not a list of tables (write [[portal]], with double brackets)"),
        ("\n[[portals]]\nid = 'a'\n", "mine.toml:2: portals: unknown key (did you mean portal?)"),
        ("version = 1\n", "mine.toml:1: version: unknown key (known here: portal)"),
        ('"a\\nb" = 1\n', "mine.toml:1: a\\nb: unknown key (known here: portal)"),
        ("portal = [1]\n", "mine.toml:1: portal 1: not a table (write key = value lines under its header)"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, content: str | bytes, expected: str) -> None:
    assert message(tmp_path, content) == expected


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(tmp_path / "none.toml")
    assert str(caught.value) == f"{tmp_path}/none.toml: cannot be read: no such file or directory (name a TOML file)"


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(tmp_path)
    assert str(caught.value) == f"{tmp_path}: cannot be read: is a directory (name a TOML file)"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('[[portal]]\nname = "X"', "1: portal 1: id: missing (add it)"),
        ('[[portal]]\nid = ""\nname = "X"', '2: portal 1: id: "" {id}'),
        ('[[portal]]\nid = "../x"\nname = "X"', '2: portal "../x": id: "../x" {id}'),
        ('[[portal]]\nid = "Ba Đình"\nname = "X"', '2: portal "Ba Đình": id: "Ba Đình" {id}'),
        ('[[portal]]\nid = "a\\nb"\nname = "X"', '2: portal "a\\nb": id: "a\\nb" {id}'),
        (f'[[portal]]\nid = "{"x" * 99}"\nname = "X"', f'2: portal "{"x" * 80}…": id: "{"x" * 80}…" {{id}}'),
        ('[[portal]]\nid = 4\nname = "X"', "2: portal 1: id: not text (put it in quotes)"),
        ('\n\n[[portal]]\nid = "x"\n# name', '3: portal "x": name: missing (add it)'),
        (
            '[[portal]]\nid = "x"\nname = ""',
            '3: portal "x": name: empty (fill it in, or leave the key out if it is optional)',
        ),
    ],
)
def test_portals_without_id_or_name(tmp_path: Path, lines: str, expected: str) -> None:
    rule = "cannot name a folder (write a-z, 0-9, hyphens and dots, at most 64)"
    assert message(tmp_path, lines) == f"mine.toml:{expected.replace('{id}', rule)}"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("unit_code = 4", "unit_code: not text (put it in quotes)"),
        (
            'unit_code = "4"',
            'unit_code: "4" is not a unit code (write its digits with the leading zeros: "004")',
        ),
        (
            'family = "joomla"',
            'family: "joomla" is not a family known here (write one of: hanoi-liferay, plain-text)',
        ),
        ('valid_to = "soon"', "valid_to: not a date (write it like 2025-06-30, without quotes)"),
        ("valid_to = 20250630", "valid_to: not a date (write it like 2025-06-30, without quotes)"),
        ("valid_to = 2025-06-30T12:00:00", "valid_to: not a date (write it like 2025-06-30, without quotes)"),
        (
            "valid_to = 2024-12-31\nvalid_from = 2025-01-01",
            "valid_to: 2024-12-31 is before valid_from, 2025-01-01 (swap them, or mend one)",
        ),
        ("deep_look_days = -1", "deep_look_days: too small (at least 0)"),
        ("revisit_days = -1", "revisit_days: too small (at least 0)"),
        ("revisit_articles = -1", "revisit_articles: too small (at least 0)"),
        ("deep_look_days = 36501", "deep_look_days: too large (at most 36500)"),
        ("revisit_days = 36501", "revisit_days: too large (at most 36500)"),
        ("revisit_articles = 1000001", "revisit_articles: too large (at most 1000000)"),
        ("provnce = 'X'", "provnce: unknown key (did you mean province?)"),
        ("nmae = 'X'", "nmae: unknown key (did you mean name?)"),
        (
            "x = 1",
            "x: unknown key (known here: id, name, unit_code, province, family, family_evidence, "
            "valid_from, valid_to, deep_look_days, revisit_days, revisit_articles, hosts)",
        ),
        ('hosts = "songlam.example.vn"', "hosts: not a list (write [...] or, for tables, double brackets: [[...]])"),
        ("hosts = ['songlam.example.vn']", "hosts: not a table (write key = value lines under its header)"),
        ("hosts = [\n{ name = 'a.example.vn' }]", "hosts.evidence: missing (add it)"),
    ],
)
def test_fields_of_a_portal(tmp_path: Path, line: str, problem: str) -> None:
    assert message(tmp_path, f"{PORTAL}{line}\n") == f'mine.toml:5: portal "songlam": {problem}'


def test_a_family_needs_evidence(tmp_path: Path) -> None:
    expected = 'mine.toml:2: portal "songlam": family_evidence: missing (say what shows the family, with its tag)'
    assert message(tmp_path, f'{PORTAL}family = "plain-text"\n') == expected


def test_a_misspelt_key_is_told_before_the_missing_one(tmp_path: Path) -> None:
    expected = 'mine.toml:3: portal "x": nmae: unknown key (did you mean name?)'
    assert message(tmp_path, '[[portal]]\nid = "x"\nnmae = "X"\n') == expected


def test_the_first_of_several_problems_is_told(tmp_path: Path) -> None:
    content = f'{PORTAL}valid_to = "x"\nunit_code = "x"\n'
    expected = 'mine.toml:5: portal "songlam": valid_to: not a date (write it like 2025-06-30, without quotes)'
    assert message(tmp_path, content) == expected


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            'listings = ["/tin-tuc",\n"tin-tuc"]',
            'listings: "tin-tuc" does not start with "/" (write the path on the host, like "/tin-tuc")',
        ),
        (
            'listings = ["https://songlam.example.vn/tin"]',
            'listings: "https://songlam.example.vn/tin" does not start with "/" '
            '(write the path on the host, like "/tin-tuc")',
        ),
        (
            'listings = ["/tin tức"]',
            'listings: "/tin tức" holds a space, "#" or a letter beyond ASCII (write it percent-encoded)',
        ),
        (
            'listings = "/tin-tuc"',
            "listings: not a list (write [...] or, for tables, double brackets: [[...]])",
        ),
        ('lisings = ["/tin-tuc"]', "lisings: unknown key (did you mean listings?)"),
        ('scheme = "ftp"', "scheme: not one of the words allowed here (write 'http' or 'https')"),
        (
            'id_space = "u"',
            'id_space: "u" cannot open an entry id (write a letter, then 1 to 31 of a-z and 0-9)',
        ),
        (
            'id_space = "9a"',
            'id_space: "9a" cannot open an entry id (write a letter, then 1 to 31 of a-z and 0-9)',
        ),
        (
            "valid_to = 2024-12-31\nvalid_from = 2025-01-01",
            "valid_to: 2024-12-31 is before valid_from, 2025-01-01 (swap them, or mend one)",
        ),
        ("delay_seconds = -1", "delay_seconds: too small (at least 0)"),
        ("delay_seconds = inf", "delay_seconds: not a finite number"),
        ('delay_seconds = "x"', "delay_seconds: not a number (write it in digits, without quotes)"),
        ("max_concurrency = 0", "max_concurrency: too small (at least 1)"),
        ("max_concurrency = 1.5", "max_concurrency: not a whole number (write it in digits, without quotes)"),
        (
            'allowed_hours = "22-6"',
            'allowed_hours: "22-6" is not a stretch of the day (write it like "22:00-06:00", in Vietnam\'s time)',
        ),
        (
            'allowed_hours = "22:00-24:00"',
            'allowed_hours: "22:00-24:00" is not a stretch of the day '
            '(write it like "22:00-06:00", in Vietnam\'s time)',
        ),
        (
            'allowed_hours = "06:00-06:00"',
            'allowed_hours: "06:00-06:00" begins when it ends (leave the key out to allow every hour)',
        ),
        ("allowed_hours = 22:00:00", "allowed_hours: not text (put it in quotes)"),
        ("daily_requests = 0", "daily_requests: too small (at least 1)"),
        ("daily_requests = 1.5", "daily_requests: not a whole number (write it in digits, without quotes)"),
        (
            'allow_private_addresses = "perhaps"',
            "allow_private_addresses: neither true nor false (write one of them, without quotes)",
        ),
        (
            'unverified_tls_reason = ""',
            "unverified_tls_reason: empty (fill it in, or leave the key out if it is optional)",
        ),
    ],
)
def test_fields_of_a_host(tmp_path: Path, line: str, problem: str) -> None:
    expected = f'mine.toml:9: portal "songlam": hosts.{problem}'
    assert message(tmp_path, f"{PORTAL}{HOST}{line}\n") == expected


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:99999999",
        "127.0.0.256:80",
        "localhost:80",
        "::1:80",
        "[::1]",
        "[::g]:80",
        "",
        "http://127.0.0.1:80",
    ],
)
def test_addresses_that_are_none(tmp_path: Path, address: str) -> None:
    expected = (
        f'mine.toml:9: portal "songlam": hosts.address: "{address}" is not IP:port '
        "(write it like 127.0.0.1:8080 or [::1]:8080)"
    )
    assert message(tmp_path, f'{PORTAL}{HOST}address = "{address}"\n') == expected


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("https://a.vn", "holds a scheme (write the host name only; the scheme has its own key)"),
        ("a.vn/tin-tuc", "holds a path (write the host name only; paths go under listings)"),
        ("A.vn", 'is not in lower case (write "a.vn")'),
        ("a b.vn", "{rule}"),
        ("a..vn", "{rule}"),
        (".vn", "{rule}"),
        ("", "{rule}"),
        ("user@a.vn", "{rule}"),
        ("a.vn:", "{rule}"),
        ("a.vn:0", "{rule}"),
        ("a.vn:70000", "{rule}"),
        ("hà-nội.vn", "{rule}"),
        ("x" * 64 + ".vn", "{rule}"),
    ],
)
def test_host_names_that_are_none(tmp_path: Path, name: str, problem: str) -> None:
    rule = "is not a host name (write it like longbien.hanoi.gov.vn)"
    expected = f'mine.toml:7: portal "songlam": hosts.name: "{name}" {problem.replace("{rule}", rule)}'
    assert message(tmp_path, PORTAL + HOST.replace("songlam.example.vn", name)) == expected


@pytest.mark.parametrize(("scheme", "port"), [("http", 80), ("https", 443)])
def test_the_schemes_own_port_is_left_out(tmp_path: Path, scheme: str, port: int) -> None:
    content = PORTAL + HOST.replace("example.vn", f"example.vn:{port}") + f'scheme = "{scheme}"\n'
    expected = (
        f'mine.toml:9: portal "songlam": hosts.scheme: {scheme} has the port :{port} of its own '
        "(leave it out of the name)"
    )
    assert message(tmp_path, content) == expected


def test_an_id_used_twice(tmp_path: Path) -> None:
    expected = 'mine.toml:7: portal "songlam": id: used before in this file (merge the two entries, or rename one)'
    assert message(tmp_path, PORTAL + PORTAL) == expected


HANDED_OVER = PORTAL.replace("songlam", "xa-songlam") + HOST


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PORTAL + HOST + HANDED_OVER, '15: portal "xa-songlam": hosts.name: songlam.example.vn is songlam\'s {rule}'),
        (
            PORTAL + HOST + "valid_to = 2025-07-01\n" + HANDED_OVER + "valid_from = 2025-07-01\n",
            '16: portal "xa-songlam": hosts.name: songlam.example.vn is songlam\'s {rule}',
        ),
        (PORTAL + HOST + HOST, '11: portal "songlam": hosts.name: songlam.example.vn is songlam\'s {rule}'),
        (
            PORTAL + HOST.replace("songlam.example.vn", "longbien.hanoi.gov.vn"),
            '7: portal "songlam": hosts.name: longbien.hanoi.gov.vn is longbien\'s {rule}',
        ),
        # The built-in entry stands later in the merged order; the user's file is told all the same.
        (
            PORTAL.replace("songlam", "longbien") + HOST.replace("songlam.example.vn", "socson.hanoi.gov.vn"),
            '7: portal "longbien": hosts.name: socson.hanoi.gov.vn is socson\'s {rule}',
        ),
    ],
)
def test_a_host_claimed_twice_on_a_day(tmp_path: Path, content: str, expected: str) -> None:
    rule = "in the same days (part them by valid_from and valid_to)"
    assert message(tmp_path, content) == f"mine.toml:{expected.replace('{rule}', rule)}"
