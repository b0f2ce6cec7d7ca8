"""A conversation: recorded, checked for danger, answered by the assistant, or handed over to a person."""
