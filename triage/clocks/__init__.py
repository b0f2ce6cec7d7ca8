"""The clocks of a contact: what was promised, what the law sets, when they stand still, and whose breach it was.

`law.py` and `pausing.py` decide and are pure; `keeping.py` is what rooms call; `repository.py` reads and locks.
"""
