"""Print what the parsers read from the contract cases today, for review; `--write` puts it into expected.json.

    python scripts/write_expected.py                              every case that differs
    python scripts/write_expected.py attachments hanoi-liferay    cases whose path holds one of the words
    python scripts/write_expected.py --write attachments          the same, written down

A case is a folder tests/fixtures/<family>/<case>/ with three files:
    page.html or page.txt   the bytes of the answer, composed for the test
    capture.json            url, final_url, status, headers, captured_at, via; `portal` where the caller would name one
    expected.json           `kind` (the record, or the error raised) and every field of it; of `capture` all but sha256
Read the printed values against the page before writing them: a written mistake is a contract.
"""

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harvester.errors import ParseError
from harvester.parsers.parse import parse
from harvester.portals.catalogue import Catalogue
from harvester.records import Capture

FIXTURES = Path(__file__).resolve().parents[1] / "tests" / "fixtures"
EXPECTED = "expected.json"


@dataclass(frozen=True, slots=True)
class Case:
    """A contract case: its folder, its capture, and the portal the caller names (None: none)."""

    folder: Path
    capture: Capture
    portal: str | None

    @property
    def name(self) -> str:
        """Return `<family>/<case>`."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def expected(self) -> dict[str, Any] | None:
        """Return what expected.json holds, None where there is none."""
        file = self.folder / EXPECTED
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def read_cases(root: Path = FIXTURES) -> list[Case]:
    """Return the cases below a folder, by name; a case is a folder with a capture.json."""
    return [_read_case(file.parent) for file in sorted(root.glob("*/*/capture.json"))]


def _read_case(folder: Path) -> Case:
    (page,) = folder.glob("page.*")
    origin = json.loads((folder / "capture.json").read_text(encoding="utf-8"))
    portal = origin.pop("portal", None)
    body = page.read_bytes()
    capture = Capture(body=body, sha256=hashlib.sha256(body).hexdigest(), tls_verified=None, **origin)
    return Case(folder, capture, portal)


def read_fresh(case: Case, catalogue: Catalogue) -> dict[str, Any]:
    """Return what the parsers read from a case now, in the shape of expected.json."""
    try:
        found = parse(case.capture, catalogue, case.portal)
    except ParseError as error:
        return {"kind": type(error).__name__, "message": error.message, "url": error.url}
    fields = found.model_dump(mode="json")
    if "capture" in fields:
        del fields["capture"]["sha256"]
    return {"kind": type(found).__name__, **fields}


def main() -> None:
    """Print or write the expected values of the cases that differ."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("words", nargs="*", metavar="WORD", help="only cases whose path holds one of the words")
    arguments.add_argument("--write", action="store_true", help="write expected.json instead of printing it")
    chosen = arguments.parse_args()
    catalogue = Catalogue.load()
    for case in read_cases():
        if chosen.words and not any(word in case.name for word in chosen.words):
            continue
        fresh = read_fresh(case, catalogue)
        if fresh == case.expected:
            continue
        text = json.dumps(fresh, ensure_ascii=False, indent=2)
        if chosen.write:
            (case.folder / EXPECTED).write_text(text + "\n", encoding="utf-8")
            print(f"wrote {case.name}/{EXPECTED}")
        else:
            print(f"--- {case.name}\n{text}")


if __name__ == "__main__":
    main()
