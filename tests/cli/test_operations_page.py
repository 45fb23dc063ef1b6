import ast
import configparser
import json
import re
import shlex
import shutil
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from harvester.cli import app
from harvester.errors import ExitCode
from harvester.harvest.metrics import METRICS
from harvester.harvest.store import PortalStore
from harvester.progress import JsonLines
from harvester.records import VIETNAM_TIME, Failure

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
UNITS = dict(re.findall(r"`/etc/systemd/system/([a-z@.-]+)`\n\n```ini\n(.*?)```", PAGE, re.DOTALL))
PROGRAM = "/opt/harvester/bin/harvester"
SECTIONS = {"service": {"Unit", "Service"}, "timer": {"Unit", "Timer", "Install"}}
KEYS = {
    "Unit": {
        "Description", "Documentation", "Wants", "After", "OnFailure", "StartLimitIntervalSec", "StartLimitBurst",
    },
    "Service": {
        "Type", "User", "Environment", "ExecStart", "SuccessExitStatus", "Restart", "RestartPreventExitStatus",
        "RestartSec", "TimeoutStopSec", "StateDirectory", "UMask", "Nice", "MemoryMax", "NoNewPrivileges",
        "ProtectSystem", "ReadWritePaths", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectKernelTunables",
        "ProtectKernelModules", "ProtectControlGroups", "ProtectClock", "RestrictAddressFamilies",
        "RestrictNamespaces", "RestrictSUIDSGID", "LockPersonality", "SystemCallArchitectures",
        "CapabilityBoundingSet",
    },
    "Timer": {"OnCalendar", "RandomizedDelaySec", "Persistent"},
    "Install": {"WantedBy"},
}  # fmt: skip
CRON_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def parse(arguments: list[str]) -> dict[str, Any]:
    """Read arguments as the program would, without doing anything."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    return dict(commands[arguments[0]].make_context(arguments[0], arguments[1:]).params)


def unit(name: str) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string(UNITS[name])
    return parsed


# ---------------------------------------------------------------------------------------------- systemd


@pytest.mark.parametrize("name", ["harvester@.service", "harvester@.timer", "harvester-alert@.service"])
def test_units_have_known_sections_and_keys(name: str) -> None:
    parsed = unit(name)
    assert set(parsed.sections()) == SECTIONS[name.rpartition(".")[2]]
    assert {section: set(parsed[section]) - KEYS[section] for section in parsed.sections()} == {
        section: set() for section in parsed.sections()
    }


def test_the_service_runs_a_command_that_exists() -> None:
    service = unit("harvester@.service")["Service"]
    program, *arguments = shlex.split(service["ExecStart"].replace("%i", "longbien"))
    found = parse(arguments)
    assert (program, found["portals"], found["log_format"]) == (PROGRAM, ["longbien"], "json")
    assert str(found["metrics_file"]) == f"{service['ReadWritePaths']}/harvester-longbien.prom"
    assert found["output"] == f"/var/lib/{service['StateDirectory']}"


def test_the_service_takes_exit_codes_for_what_they_are() -> None:
    service = unit("harvester@.service")["Service"]
    as_success = {int(code) for code in service["SuccessExitStatus"].split()} | {ExitCode.DONE}
    not_again = {int(code) for code in service["RestartPreventExitStatus"].split()}
    assert as_success == {ExitCode.DONE, ExitCode.LOCKED, ExitCode.INTERRUPTED}
    assert not_again == {ExitCode.USAGE, ExitCode.DRIFTED, ExitCode.MANY_PAGES_FAILED}
    assert set(ExitCode) - as_success - not_again == {ExitCode.FAILED}
    assert int(service["TimeoutStopSec"]) > 5


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze on this machine")
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace(PROGRAM, "/bin/true"), encoding="utf-8")
    names = [name.replace("@.", "@longbien.") for name in UNITS]
    done = subprocess.run([program, "verify", *names], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_takes_the_calendar() -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze on this machine")
    calendar = unit("harvester@.timer")["Timer"]["OnCalendar"]
    assert subprocess.run([program, "calendar", calendar], capture_output=True, check=False).returncode == 0


# ---------------------------------------------------------------------------------------------- cron, Airflow


def test_the_cron_line() -> None:
    (block,) = blocks("cron")
    variable, line = block.splitlines()
    assert variable.startswith("HARVESTER_CONTACT=")
    *fields, user, command = line.split(maxsplit=6)
    assert user == "harvester"
    for field, (low, high) in zip(fields, CRON_RANGES, strict=True):
        assert field == "*" or low <= int(field) <= high
    assert "%" not in command
    program, *arguments = shlex.split(command.partition(" >> ")[0])
    assert (program, parse(arguments)["portals"]) == (PROGRAM, ["longbien"])


def test_the_airflow_snippet_compiles_and_names_every_exit_code() -> None:
    (block,) = blocks("python")
    tree = ast.parse(block)
    compile(tree, "dag.py", "exec")
    (command,) = (
        ast.literal_eval(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "COMMAND"
    )
    assert parse([*command[1:], "longbien"])["portals"] == ["longbien"]
    compared = {
        node.value
        for test in ast.walk(tree)
        if isinstance(test, ast.Compare)
        for node in ast.walk(test)
        if isinstance(node, ast.Constant) and isinstance(node.value, int)
    }
    assert compared == set(ExitCode) - {ExitCode.FAILED}


@pytest.mark.parametrize("section", ["systemd", "cron", "Airflow", "Metrics"])
def test_what_was_not_run_is_said(section: str) -> None:
    assert "**not run**" in PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0].lower()


# ---------------------------------------------------------------------------------------------- the rest of the page


def test_commands_in_the_page_exist() -> None:
    commands = re.findall(r"(?:^    |`)(harvester [a-z]+ [^`\n|]+?)(?:`|$)", PAGE, re.MULTILINE)
    assert len(commands) > 4
    for command in commands:
        parse(shlex.split(command)[1:])


def test_options_in_the_page_exist() -> None:
    commands = get_command(app).commands.values()  # type: ignore[attr-defined]
    known = {option for command in commands for parameter in command.params for option in parameter.opts}
    named = set(re.findall(r"`(?:harvester )?(?:crawl |status )?(--[a-z-]+)(?![a-z.-])", PAGE))
    assert {"--metrics-file", "--log-format", "--max-failed", "--json"} <= named
    assert named - known == set()


def test_every_exit_code_is_explained() -> None:
    table = PAGE.partition("## Exit codes")[2].partition("\n## ")[0]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)] == [int(code) for code in ExitCode]


def test_log_lines_have_the_fields_of_log_lines() -> None:
    (block,) = blocks("json")
    always = {"time", "level", "run_id", "logger", "message"}
    for line in map(json.loads, block.splitlines()):
        assert always <= line.keys() <= always | set(JsonLines.extras)
        assert datetime.fromisoformat(line["time"]).utcoffset() == VIETNAM_TIME.utcoffset(None)


def test_alerts_ask_for_metrics_that_exist() -> None:
    (block,) = blocks("yaml")
    asked = set(re.findall(r"\bharvester_\w+", block))
    assert len(asked) > 5
    assert asked - {metric.name for metric in METRICS} == set()
    labels = {metric.name: metric.label for metric in METRICS}
    for name, label in re.findall(r"(harvester_\w+)\{(\w+)=", block):
        assert label in ("portal", labels[name])


def test_a_backup_of_a_working_folder_in_this_order_is_whole(tmp_path: Path) -> None:
    """State first, by SQLite, then the files: what was appended in between is cut off again."""
    moment = datetime(2026, 3, 2, tzinfo=VIETNAM_TIME)
    folder, copy = tmp_path / "longbien", tmp_path / "backup" / "longbien"
    store = PortalStore(folder, moment)

    def fail_and_commit(count: int) -> None:
        for number in range(count):
            url = f"http://x.test/{number}"
            store.fail(Failure(url=url, stage="fetch", error="TimedOut", message="", failed_at=moment, attempt=1))
        store.commit()

    fail_and_commit(3)
    copy.mkdir(parents=True)
    with sqlite3.connect(folder / "state.sqlite") as source, sqlite3.connect(copy / "state.sqlite") as target:
        source.backup(target)
    source.close()
    target.close()
    fail_and_commit(2)
    shutil.copy(folder / "failures.jsonl", copy)
    store.close()
    assert len((copy / "failures.jsonl").read_bytes().splitlines()) == 5
    PortalStore(copy, moment).close()
    assert len((copy / "failures.jsonl").read_bytes().splitlines()) == 3
