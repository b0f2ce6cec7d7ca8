"""The one way to a contact that is about to be changed, for everything an agent does beside answering it.

`held` gives the contact, locked, to the agent who has it and saw its present version; `changed` counts the change and
tells whoever is looking; `own_text` is what an agent typed, checked.
"""

from triage.desk.service import _changed as changed
from triage.desk.service import _held as held
from triage.desk.service import _own_text as own_text

__all__ = ["changed", "held", "own_text"]
