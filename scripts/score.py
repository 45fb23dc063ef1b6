"""Accuracy on an annotated set: give `harvester annotate` ids and bodies alone, then run the set's own scorer.

    python scripts/score.py [GOLD.jsonl] [--errors [N]]

The default set lies beside the project, in ../shared/gold/; its scorer, score.py, beside it. The labels never reach
the predictor: what it is given is written to a file first, and holds two fields a line.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_GOLD = ROOT.parent / "shared" / "gold" / "dev.jsonl"


def predict(gold: Path, folder: Path) -> Path:
    """Annotate the set's bodies and return the file of predictions; both files are written into the folder."""
    questions, predictions = folder / "questions.jsonl", folder / "predictions.jsonl"
    with gold.open(encoding="utf-8") as lines, questions.open("w", encoding="utf-8") as out:
        for line in lines:
            article = json.loads(line)
            out.write(json.dumps({"id": article["id"], "body": article["body"]}, ensure_ascii=False) + "\n")
    command: list[str | Path] = [Path(sys.executable).with_name("harvester"), "annotate", questions]
    with predictions.open("wb") as out_bytes:
        subprocess.run(command, stdout=out_bytes, check=True)
    return predictions


def main(arguments: list[str]) -> int:
    """Print the scorer's table and return its exit code, or 2 where the set is missing."""
    names = [name for name in arguments if not name.startswith("-") and not name.isdigit()]
    gold = Path(names[0]) if names else DEFAULT_GOLD
    scorer = gold.parent / "score.py"
    if not gold.is_file() or not scorer.is_file():
        print(f"no annotated set at {gold} with its score.py; name one: python scripts/score.py GOLD.jsonl")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        predictions = predict(gold, Path(folder))
        options = [name for name in arguments if name not in names]
        return subprocess.run([sys.executable, scorer, gold, predictions, *options], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
