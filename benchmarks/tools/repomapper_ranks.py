"""RepoMapper's own ranks, from a checkout of it: one JSON object, ``{path: [rank, definitions]}``.

    PYTHONPATH=CHECKOUT python repomapper_ranks.py ROOT LIST CHAT…

LIST has the files of the map, one a line, CHAT are those of the chat; all are below ROOT. Its cache of tags is kept
out of both.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    root, list_path, *chat = sys.argv[1:]
    others = Path(list_path).read_text().splitlines()
    with tempfile.TemporaryDirectory() as folder:
        # Where its cache goes is settled when it is imported.
        os.chdir(folder)
        from repomap_class import RepoMap

        quiet = dict.fromkeys(("info", "warning", "error"), lambda *_: None)
        repo_map = RepoMap(root=root, token_counter_func=len, output_handler_funcs=quiet)
        ranked, _ = repo_map.get_ranked_tags(chat, others)
    files: dict[str, list[float]] = {}
    for rank, tag in ranked:
        of_file = files.setdefault(tag.rel_fname, [rank, 0])
        of_file[1] += 1
    print(json.dumps(files))


if __name__ == "__main__":
    main()
