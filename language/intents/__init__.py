"""Which of a set of intents a short message means, how sure that is, and when not to say."""

from language.intents.reader import Reader, Reading

__all__ = ["Reader", "Reading"]
