"""One score for search and matching: meaning across languages, with words where they stand out.

score = z(cosine, first model, centred) [+ z(cosine, second model, centred)] + 4 · lexical excess, z per query over its
candidates. Rank fusion with full text is not used: full text finds only the query's own language and drags it up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.embedding import standard_scores
from majlis.algorithms.lexical import excess

Scores = NDArray[np.float32]
# L lies in 0…1 and standard scores in about −3…5: a full match of words weighs as much as four deviations of meaning.
WEIGHT_OF_WORDS = 4.0


def score(
    cosines: Scores,
    languages: Sequence[str],
    *,
    second: Scores | None = None,
    lexical: Scores | None = None,
) -> Scores:
    """(m,) score of each candidate for one query, more is better.

    cosines, second: (m,) centred cosines of the query with each candidate by the first and second model; lexical: (m,)
    `Bm25.scores` of the query; languages: the m candidates' languages.
    """
    total = standard_scores(cosines)
    if second is not None:
        total = total + standard_scores(second)
    if lexical is not None:
        total = total + np.float32(WEIGHT_OF_WORDS) * excess(lexical, languages)
    return total
