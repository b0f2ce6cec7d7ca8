"""Where the public test sets are, and what has been published on them. They are not part of the product.

`shared/eval` lies beside the checkout or inside it; FRONTDOOR_EVAL names another folder. Its README says where each set
comes from and under which licence.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PLACES = (_ROOT / "shared" / "eval", _ROOT.parent / "shared" / "eval")
SETS = Path(os.environ.get("FRONTDOOR_EVAL") or next((place for place in _PLACES if place.is_dir()), _PLACES[1]))


@dataclass(frozen=True)
class Trial:
    """Train on one file and test on another; `shots` takes the first so many rows of each label."""

    name: str
    train: str
    test: str
    shots: int | None = None
    mark: float | None = None
    source: str = ""


# The marks and where they are from: PLATFORM.md, "Reading short messages", and the decision on reading of 22 November
# 2026. CPFT: Zhang et al. 2021. No later figure for HWU64 with all of its examples was found than this encoder's own.
TRIALS = (
    Trial("BANKING77, 5 a label", "banking77_train_10", "banking77_test", 5, 80.9, "CPFT"),
    Trial("BANKING77, 10 a label", "banking77_train_10", "banking77_test", None, 87.2, "CPFT; Rasa DIET 67.1"),
    Trial("BANKING77, all", "banking77_train", "banking77_test", None, 93.7, "best published, about"),
    Trial("HWU64, 5 a label", "hwu64_train_10", "hwu64_test", 5, 82.0, "CPFT"),
    Trial("HWU64, 10 a label", "hwu64_train_10", "hwu64_test", None, 87.1, "CPFT; Rasa DIET 63.7"),
    Trial("HWU64, all", "hwu64_train", "hwu64_test", None, 91.5, "this encoder with logistic regression"),
)

# In-scope accuracy at a threshold of 0.1: the best of Rasa, Dialogflow, LUIS, BERT and a TF-IDF linear SVM.
BOTS = {
    "curekart": (84.3, "TF-IDF SVM; Rasa 84.1"),
    "powerplay11": (61.5, "TF-IDF SVM; Dialogflow 59.6"),
    "sofmattress": (74.9, "TF-IDF SVM; BERT 73.6"),
}
BOTS_THRESHOLD = 0.1
