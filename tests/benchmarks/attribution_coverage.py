"""How often the intervals of the attribution hold the truth of the sample's generator, over many samples.

The generator says which defects it put into which record and by how many points each lowers the chance of a right
answer, down to a floor. The truth of a kind is its Shapley average over that on/off counterfactual: the mean, over the
orders in which the defects of a record could be taken away, of what taking this one away gives; enumerated exactly for
each record, and averaged over many generated samples, because each sample is a draw from what the generator makes.
"""

from __future__ import annotations

import sys
from pathlib import Path

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
if str(SAMPLE_DATA) not in sys.path:
    sys.path.insert(0, str(SAMPLE_DATA))
