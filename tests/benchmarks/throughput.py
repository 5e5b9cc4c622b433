"""How many words a second, labels, sources and score, on one core; and the cold start.

    python tests/benchmarks/throughput.py [FOLDER_OF_TEXTS]

Without a folder the bundled articles are read. Prints medians of five runs. A run is a process of
its own, which reads some of the texts first and is timed on the others, once: what was read twice
would come from caches.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

ROOT = Path(__file__).parent.parent.parent
RUNS = 5
#: Texts that load the gazetteers and are not timed.
WARM = 64


def load_texts() -> list[str]:
    """Return the texts to time on."""
    if len(sys.argv) > 1:
        return [
            path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[1]).glob("*.txt"))
        ]
    from attribution.corpus.plain import read_plain

    return [
        read_plain(path).text for path in sorted((ROOT / "datasets" / "articles").glob("*.txt"))
    ]


def time_once(texts: list[str]) -> float:
    """Return the words per second of one pass over texts that this process has not seen."""
    from attribution.scorer import Scorer

    scorer = Scorer.load("default")
    first, rest = texts[:WARM], texts[WARM:]
    for _result in scorer.score_many(first):
        pass
    start = time.perf_counter()
    for _result in scorer.score_many(rest):
        pass
    return sum(len(text.split()) for text in rest) / (time.perf_counter() - start)


def time_throughput(texts: list[str]) -> float:
    """Return the median over processes of their own."""
    pool = multiprocessing.get_context("spawn")
    speeds = []
    for _ in range(RUNS):
        with pool.Pool(1) as one:
            speeds.append(one.apply(time_once, (texts,)))
    return statistics.median(speeds)


def time_command(command: list[str]) -> float:
    """Return the median wall time of a whole process, in seconds."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Print the figures."""
    texts = load_texts()
    print(f"throughput  {time_throughput(texts):>9,.0f} words/s ({len(texts)} articles, one core)")
    article = str(ROOT / "datasets" / "examples" / "cable-ship.txt")
    cold = time_command([sys.executable, "-m", "attribution", "score", article, "--format", "json"])
    sklearn = time_command([sys.executable, "-c", "import sklearn.linear_model"])
    print(f"cold start  {cold:.2f} s; importing sklearn.linear_model alone: {sklearn:.2f} s")


if __name__ == "__main__":
    main()
