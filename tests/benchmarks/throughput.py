"""How many words a second, labels, sources and score, on one core; and the cold start.

    python tests/benchmarks/throughput.py [FOLDER_OF_TEXTS]

Without a folder the bundled articles are read. Prints medians of five runs.
"""

from __future__ import annotations

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


def time_throughput(texts: list[str]) -> float:
    """Return the median words per second of whole passes over the texts."""
    from attribution.scorer import Scorer

    scorer = Scorer.load("default")
    words = sum(len(text.split()) for text in texts)
    speeds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for _result in scorer.score_many(texts):
            pass
        speeds.append(words / (time.perf_counter() - start))
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
