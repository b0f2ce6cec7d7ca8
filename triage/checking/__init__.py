"""Whether the content in data/ may be said to residents: facts with proof, plain words, examples that do not overlap.

`triage.catalogue` refuses what cannot be read at all. Here is what can be read and should still not be published.
"""

from triage.checking.faults import Fault
from triage.checking.run import check

__all__ = ["Fault", "check"]
