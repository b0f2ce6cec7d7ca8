"""What we add to Rasa: one reader, one channel, one tracker store, one patch. They run in Rasa's own environment."""
