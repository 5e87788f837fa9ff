"""Parsed rule files on disk: reading YAML takes most of the time of loading rules that have not changed.

What is kept is what the YAML says, with its places, of the files of one folder together, under the digest of their
bytes, of the parser and of our reading of it. Everything after that (validation, conditions, checks) is done each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import xxhash

from monitor.rules import kept, yaml_tree
from monitor.rules.yaml_tree import MAX_BYTES, Tree, read_tree

_KEPT = 8  # folders, and former states of them


def read_trees(files: Sequence[Path], folder: Path | None) -> list[Tree]:
    """Read rule files, each as `read_tree` does; with a cache folder, those that are the same as before from there."""
    name = _name(files) if folder is not None else None
    if folder is None or name is None:
        return [read_tree(file) for file in files]
    file = folder / f"rules-{name}.json"
    trees = _known(file, len(files))
    if trees is None:
        trees = [read_tree(one) for one in files]
        if _name(files) == name and not any(tree.faults for tree in trees):
            _keep(file, trees)
    return trees


def _name(files: Sequence[Path]) -> str | None:
    """Return the digest of what files hold; None where one of them cannot be read, or is refused for its size."""
    digest = xxhash.xxh3_128(_code())
    try:
        for file in files:
            size = file.stat().st_size
            if size > MAX_BYTES:
                return None
            digest.update(b"%d\n" % size + file.read_bytes())
    except OSError:
        return None
    return digest.hexdigest()


@cache
def _code() -> bytes:
    """Return what the reading of a file follows from, beside the file."""
    return version("ruamel.yaml").encode() + Path(yaml_tree.__file__).read_bytes() + Path(__file__).read_bytes()


def _known(file: Path, number: int) -> list[Tree] | None:
    body = kept.read(file)
    if body is None:
        return None
    try:
        found = [
            Tree(value, {tuple(path): (line, column) for line, column, *path in places})
            for value, places in orjson.loads(body)
        ]
    except (ValueError, TypeError):
        return None
    return found if len(found) == number else None


def _keep(file: Path, trees: Sequence[Tree]) -> None:
    plain: list[Any] = [
        [tree.value, [[line, column, *path] for path, (line, column) in tree.places.items()]] for tree in trees
    ]
    try:
        body = orjson.dumps(plain)
    except TypeError:  # half a character, which YAML can write as an escape: it is read anew each time
        return
    kept.write(file, body, "rules-*.json", _KEPT)
