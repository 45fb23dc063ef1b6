import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from harvester.cli import app
from harvester.errors import ExitCode

COMMANDS = ["crawl", "status", "extract", "annotate", "people", "portals", "schema", "demo"]
PROGRAM = (sys.executable, "-c", "from harvester.cli import main; main()")
ANSI = re.compile(r"\x1b\[")

ENTRY = """\
[[portal]]
id = "thu"
name = "Quận Thử"

[[portal.hosts]]
name = "thu.example.org"
evidence = "[S] a test"
{line}
"""


def run(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "HARVESTER_CONTACT"}
    return subprocess.run(
        [*PROGRAM, *arguments], input=stdin, capture_output=True, cwd=cwd, env=environment, check=False
    )


def test_every_command_is_listed() -> None:
    assert sorted(get_command(app).commands) == sorted(COMMANDS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"], catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"Usage: harvester {command} " in result.stdout.replace("root", "harvester", 1)
    assert re.search(rf"\n  Example: harvester {command}\b", result.stdout)
    assert not ANSI.search(result.stdout)


def test_help_without_a_command() -> None:
    whole = CliRunner().invoke(app, ["--help"], catch_exceptions=False)
    assert whole.exit_code == 0
    assert all(re.search(rf"\n  {command} +\S", whole.stdout) for command in COMMANDS)
    for code in ExitCode:
        assert re.search(rf"\b{code.value}\b", whole.stdout)


def test_version() -> None:
    result = CliRunner().invoke(app, ["--version"], catch_exceptions=False)
    assert (result.exit_code, bool(re.fullmatch(r"harvester \d+\.\d+\.\d+\n", result.stdout))) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["crawl", "longbien", "--sinse", "2024-01-01"], "No such option: --sinse"),
        (["craw"], "No such command 'craw'"),
        (["crawl"], "Missing argument 'PORTAL...'"),
        (["extract"], "Missing argument"),
        (["annotate"], "Missing argument"),
        (["crawl", "longbein"], 'error: no portal "longbein" (did you mean longbien?'),
        (["crawl", "badinh"], 'error: portal "badinh": host unknown: add one with --catalogue FILE'),
        (["crawl", "longbien", "--max-failed", "many"], "error: --max-failed takes a number or a share, like 20 or 5%"),
        (["crawl", "longbien", "--max-failed", "5.5%"], "error: --max-failed takes a number or a share, like 20 or 5%"),
        (["crawl", "longbien", "--max-failed=-1"], "error: --max-failed takes a number or a share, like 20 or 5%"),
        (
            ["crawl", "longbien", "--since", "2024-02-01", "--until", "2024-01-31"],
            "error: --until is before --since; swap them",
        ),
        (["crawl", "longbien", "--since", "yesterday"], "Invalid value for '--since'"),
        (["crawl", "longbien", "--limit", "0"], "Invalid value for '--limit'"),
        (["crawl", "longbien", "--contact", "tôi@example.org"], "must be plain ASCII"),
        (
            ["extract", "a.html", "b.html", "--url", "http://x.test/"],
            "error: --url names the address of one page; give one input with it",
        ),
        (["extract", "a.html", "--url", "x.test/a"], "error: --url takes an absolute http or https address"),
        (["extract", "a.html", "--url", "http://[x/"], "error: --url takes an absolute http or https address"),
        (["extract", "a.html", "--url", "ftp://x.test/"], "error: --url takes an absolute http or https address"),
        (["extract", "a.html", "--captured-at", "2022"], "error: --captured-at takes a time like 2022-08-27T09:54:04"),
        (
            ["extract", "a.html", "--captured-at", "hôm qua"],
            "error: --captured-at takes a time like 2022-08-27T09:54:04",
        ),
        (["portals", "--catalogue", "none.toml"], "error: none.toml: "),
        (["demo", "--articles", "0"], "Invalid value for '--articles'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_the_user_can_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == (1 if message.startswith("error: ") else len(result.stderr.splitlines()))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["portals"], ["crawl", "thu"], ["extract", "a.html"]], ids=" ".join)
@pytest.mark.parametrize(
    ("line", "number", "problem"),
    [
        ('listing = ["/tin"]', 8, "unknown key (did you mean listings?)"),
        ('listings = ["tin"]', 8, 'does not start with "/"'),
        ("delay_seconds = -1", 8, "too small"),
        ("listings = [", 9, "not TOML"),
    ],
)
def test_a_catalogue_error_names_file_and_line(
    tmp_path: Path, command: list[str], line: str, number: int, problem: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(ENTRY.format(line=line), encoding="utf-8")
    result = CliRunner().invoke(app, [*command, "--catalogue", str(path)], catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (2, "")
    (said,) = result.stderr.splitlines()
    place, _, rest = said.partition(": ")[2].partition(": ")
    assert place == f"{path}:{number}" or (number == 9 and place.startswith(f"{path}:"))
    assert problem in rest


def test_a_usage_error_of_the_real_process() -> None:
    done = run("crawl", "longbein")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith('error: no portal "longbein" (did you mean longbien?')
    assert done.stderr.count(b"\n") == 1
    assert b"\x1b" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["crawl"],
        ["craw"],
        ["--nope"],
        ["crawl", "longbien", "--sinse"],
        ["crawl", "longbien", "--since", "2024-13-01"],
        ["crawl", "longbien", "--log-format", "xml"],
        ["extract", "a.html", "--format", "pdf"],
        ["status", "--output"],
    ],
    ids=" ".join,
)
def test_what_the_option_parser_refuses_is_said_without_a_traceback(arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines()[-1].startswith("Error: ")
    assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error_of_ours() -> None:
    for arguments in (["portals"], ["schema"], ["annotate", "-"]):
        process = subprocess.Popen(
            [*PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.close()
        _, err = process.communicate(b'{"body":"x"}\n' * 9, timeout=60)
        assert b"Traceback" not in err
        assert b"Exception ignored" not in err
        assert process.returncode == ExitCode.FAILED
