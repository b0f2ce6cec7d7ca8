"""Counting: what happened on a day becomes facts, whole and from the record, as often as anybody likes."""
