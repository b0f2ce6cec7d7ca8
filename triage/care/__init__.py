"""Nobody is left without word: the resident is told of each change, by chat or by message."""
