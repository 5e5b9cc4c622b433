"""Near-duplicate articles: a wire story in forty papers is one story.

MinHash over word shingles (Broder 1997), looked up by bands (Leskovec, Rajaraman and Ullman,
*Mining of Massive Datasets*, ch. 3). datasketch makes the sketches; its own index takes several
times the memory of the one here, which holds some 2 KB per distinct article.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from attribution.errors import InputError

Sketch = NDArray[np.uint32]

#: Estimated Jaccard similarity of word shingles from which an article repeats another.
NEAR_DUPLICATE = 0.7
_SHINGLE = 5
# 20 bands of 5: a pair of similarity 0.7 shares a band with probability 0.97, one of 0.3 with 0.05.
_BANDS, _ROWS = 20, 5
_WORD = re.compile(r"\w+")


def import_datasketch() -> Any:
    """Import `datasketch`, or say how to get it."""
    try:
        import datasketch
    except ImportError as error:
        raise InputError(
            "finding duplicates needs datasketch", 'pip install "attribution[train]"'
        ) from error
    return datasketch


def make_sketch(text: str) -> Sketch:
    """Return the (100,) MinHash of a text's shingles of five words, upper and lower case alike."""
    words = _WORD.findall(text.lower())
    shingles = {" ".join(words[k : k + _SHINGLE]) for k in range(max(len(words) - _SHINGLE + 1, 1))}
    sketch = _empty_sketch()
    sketch.update_batch([shingle.encode() for shingle in shingles])
    values = np.asarray(sketch.hashvalues).astype(np.uint32)
    sketch.clear()
    return values


@cache
def _empty_sketch() -> Any:
    """Return a sketch to fill and clear: drawing its permutations takes longer than a text."""
    return import_datasketch().MinHash(num_perm=_BANDS * _ROWS, seed=1, hashfunc=crc32)


class DuplicateIndex:
    """The distinct articles seen so far."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._sketches: list[Sketch] = []
        self._bands: dict[tuple[int, bytes], list[int]] = {}

    def add(self, identifier: str, sketch: Sketch) -> str | None:
        """Return the id of the first article that this one nearly repeats; None keeps it as new."""
        keys = [
            (band, sketch[band * _ROWS : (band + 1) * _ROWS].tobytes()) for band in range(_BANDS)
        ]
        near = {number for key in keys for number in self._bands.get(key, ())}
        for number in sorted(near):
            if float(np.mean(self._sketches[number] == sketch)) >= NEAR_DUPLICATE:
                return self._ids[number]
        for key in keys:
            self._bands.setdefault(key, []).append(len(self._ids))
        self._ids.append(identifier)
        self._sketches.append(sketch)
        return None
