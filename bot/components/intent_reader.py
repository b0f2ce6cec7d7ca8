"""Rasa's intent classifier, and nothing more than a way to reach `language.intents` from Rasa's graph."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import language
from language.encoder import Encoder
from language.intents import Reader, Reading
from language.redaction import without_placeholders

FALLBACK = "nlu_fallback"  # Rasa's own name for "not understood"; rules are written against it
# The examples are border cases on purpose, far harder than what arrives in a day: the threshold at which 90 in 100 of
# them are answered rightly is one at which 97 in 100 natural questions are (docs/decisions/2026-11-23-services.md).
# Below it the assistant asks "did you mean", which costs a resident one press.
RIGHT_WHEN_ANSWERED = 0.90
UNDERSTOOD = "understood"  # our key in Rasa's parse data; the channel and the form actions read it


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentReader(GraphComponent, IntentClassifier):  # type: ignore[misc]  # Rasa is read untyped
    """Reads a message's intent, and abstains when it is not sure enough.

    An abstention becomes the intent `nlu_fallback`; the best guess and the ranking are kept beside it, so that
    the web app can offer the nearest services. `FRONTDOOR_HOME` says where the sentence encoder is.
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource, reader: Reader | None = None) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentReader:
        """An untrained reader, made by Rasa when training begins."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentReader:
        """The trained reader, out of the model. Raises what `Encoder.load` and `Reader.load` raise."""
        with model_storage.read_from(resource) as folder:
            reader = Reader.load(Path(folder), _encoder())
        return cls(model_storage, resource, reader)

    # Rasa's graph matches arguments by name, so this one must be called `training_data`.
    def train(self, training_data: TrainingData) -> Resource:
        """Fit the reader on the examples of every nlu.yml and store it in the model."""
        examples = training_data.intent_examples
        texts = [example.get(TEXT) for example in examples]
        labels = [example.get(INTENT) for example in examples]
        self._reader = Reader.fit(texts, labels, _encoder(), right_when_answered=RIGHT_WHEN_ANSWERED)
        with self._model_storage.write_to(self._resource) as folder:
            self._reader.save(Path(folder))
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in the pipeline learns from what was read."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and what was understood on each message."""
        if self._reader is None:
            raise RuntimeError("The intent reader was asked to read before it was trained or loaded.")
        for message in messages:
            set_reading(message, self._reader.read(without_placeholders(message.get(TEXT) or "")))
        return messages

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa caches trained parts by their configuration; ours also changes when the language code does."""
        root = Path(language.__file__).parent
        digest = hashlib.sha256()
        for path in sorted([Path(__file__), *root.glob("intents/*.py"), *root.glob("encoder/*.py")]):
            digest.update(path.read_bytes())
        return digest.hexdigest()


def set_reading(message: Message, reading: Reading) -> None:
    """Write a reading onto a Rasa message, in Rasa's own shapes and ours."""
    name = FALLBACK if reading.abstained else reading.label
    ranking = [[label, round(chance, 4)] for label, chance in reading.ranking]
    understood = {
        "service": reading.label,
        "confidence": round(reading.confidence, 4),
        "abstained": reading.abstained,
        "ranking": ranking,
    }
    message.set(INTENT, {"name": name, "confidence": reading.confidence}, add_to_output=True)
    ranked = [{"name": label, "confidence": chance} for label, chance in ranking]
    message.set(INTENT_RANKING_KEY, ranked, add_to_output=True)
    message.set(UNDERSTOOD, understood, add_to_output=True)


def _encoder() -> Encoder:
    return Encoder.load(Path(os.environ["FRONTDOOR_HOME"]))
