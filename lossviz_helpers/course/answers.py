"""What a learner has predicted and solved, in a file of theirs. Nothing leaves the machine."""

import json
import os
from pathlib import Path
from typing import Any

PLACE = "LOSSVIZ_ANSWERS"  # the variable that names another file
Kept = dict[str, dict[str, Any]]


def place() -> Path:
    """The file, which the environment variable `LOSSVIZ_ANSWERS` can name.

    >>> place().suffix
    '.json'
    """
    named = os.environ.get(PLACE)
    return Path(named) if named else Path.home() / ".lossviz" / "answers.json"


def kept(kind: str) -> Kept:
    """What is kept of one kind, `"predictions"` or `"exercises"`, by number.

    >>> kept("predictions").get("no such question")
    """
    try:
        found = json.loads(place().read_text(encoding="utf-8"))[kind]
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # nothing yet, or not a file of ours: `keep` moves that aside
    if not isinstance(found, dict):
        return {}
    return {number: entry for number, entry in found.items() if isinstance(entry, dict)}


def keep(kind: str, number: str, entry: dict[str, object]) -> None:
    """Keep the newest answer to a question.

    Args:
        kind: `"predictions"` or `"exercises"`.
        number: of the question, such as `"02.3"`.
        entry: what can be written as JSON.

    Raises:
        OSError: if the file can't be written.
    """
    file = place()
    content: dict[str, Any] = {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        content.setdefault(kind, {})[number] = entry
    except (ValueError, AttributeError, TypeError):  # damaged: the learner may want to mend it
        file.replace(file.with_suffix(".damaged"))
        content = {kind: {number: entry}}
    except FileNotFoundError:
        content = {kind: {number: entry}}
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(f".{os.getpid()}.new")  # two notebooks may write at once
    new.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    new.replace(file)
