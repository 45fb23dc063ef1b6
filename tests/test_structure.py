import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import harvester

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "harvester"
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 45

# Room by room, what may be imported; what those may import is open too, as all of it lies further down.
FOUNDATION = {"records", "errors"}
BELOW = {
    "cli": {"annotation", "demo", "extraction", "fetchers", "harvest", "people", "progress", "schema", "writers"},
    "demo": {"harvest"},
    "progress": {"harvest"},
    "people": {"harvest"},
    "harvest": {"extraction", "fetchers", "writers"},
    "annotation": {"extraction"},
    "extraction": {"parsers"},
    "parsers": {"portals", "vietnamese"},
    "fetchers": {"portals"},
    "portals": set[str](),
    "vietnamese": set[str](),
    "writers": set[str](),
    "schema": set[str](),
    "records": set[str](),
    "errors": set[str](),
    "__init__": {"extraction", "fetchers"},
}

# Who may import a package: a module, or a room where it ends in a dot.
IMPORT_SITES = {
    "ahocorasick": {"vietnamese."},
    "charset_normalizer": {"parsers."},
    "filelock": {"harvest.store"},
    "httpcore2": {"fetchers.guard"},
    "httpx2": {"fetchers.http"},
    "protego": {"fetchers.robots"},
    "prometheus_client": {"harvest.metrics"},
    "rich": {"cli.", "demo.show", "progress"},
    "selectolax": {"parsers."},
    "tenacity": {"fetchers.retrying"},
    "typer": {"cli."},
    "warcio": {"writers.warc"},
}
EVERYWHERE = {"orjson", "pydantic"}
# Language code sees plain text only.
NOT_IN_VIETNAMESE = {
    "asyncio",
    "http",
    "io",
    "os",
    "pathlib",
    "shutil",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "urllib",
}
PUBLIC_NAMES = [
    "Article",
    "Capture",
    "Catalogue",
    "Citation",
    "HarvesterError",
    "Listing",
    "NotAnArticle",
    "Official",
    "Position",
    "Span",
    "cite",
    "extract",
    "find_officials",
    "read_file",
]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_bytes())


def room(module: str) -> str:
    return module.partition(".")[0]


def imports(module: str) -> Iterator[str]:
    """Yield the full name of every module or name that is imported, wherever in the file."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relative to itself"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(module: str) -> set[str]:
    """Return the modules of this package that are imported."""
    names = {name.removeprefix("harvester.") for name in imports(module) if name.startswith("harvester.")}
    return {name if name in MODULES else name.rpartition(".")[0] for name in names} - {""}


def foreign_imports(module: str) -> set[str]:
    """Return the packages imported that are neither this one nor the standard library's."""
    return {name.partition(".")[0] for name in imports(module)} - {"harvester"} - sys.stdlib_module_names


def all_below(one: str) -> set[str]:
    direct = BELOW[one] | (set() if one in FOUNDATION else FOUNDATION)
    return direct.union(*(all_below(each) for each in direct))


def test_every_room_has_its_place() -> None:
    assert {room(module) for module in MODULES} == BELOW.keys()


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module: str) -> None:
    allowed = all_below(room(module)) | {room(module)}
    assert {name for name in own_imports(module) if room(name) not in allowed} == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    try:
        TopologicalSorter({module: own_imports(module) - {module} for module in MODULES}).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("module", MODULES)
def test_packages_are_imported_where_they_belong(module: str) -> None:
    sites = {module, f"{room(module)}."}
    assert {name for name in foreign_imports(module) - EVERYWHERE if not sites & IMPORT_SITES.get(name, set())} == set()


def test_what_is_imported_is_what_is_required() -> None:
    requirements = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[\[>=<~! ]", requirement)[0].replace("-", "_") for requirement in requirements}
    names = {"ahocorasick" if name == "pyahocorasick" else name for name in names}
    assert set().union(*map(foreign_imports, MODULES)) == names == IMPORT_SITES.keys() | EVERYWHERE


@pytest.mark.parametrize("module", [module for module in MODULES if room(module) == "vietnamese"])
def test_language_code_sees_plain_text_only(module: str) -> None:
    assert {name.partition(".")[0] for name in imports(module)} & NOT_IN_VIETNAMESE == set()
    assert "open" not in {node.id for node in ast.walk(tree(module)) if isinstance(node, ast.Name)}


def test_public_names_are_pinned() -> None:
    assert sorted(getattr(harvester, "__all__", [])) == PUBLIC_NAMES
    assert (harvester.__doc__ or "").strip() != ""


@pytest.mark.parametrize("module", MODULES)
def test_files_and_functions_are_short(module: str) -> None:
    lines = len(MODULES[module].read_text().splitlines())
    assert lines <= MAX_FILE_LINES
    functions = (node for node in ast.walk(tree(module)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    sizes = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions}
    assert {name: size for name, size in sizes.items() if size > MAX_FUNCTION_LINES} == {}


@pytest.mark.parametrize("module", [module for module, path in MODULES.items() if path.stat().st_size])
def test_every_module_says_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(tree(module))
