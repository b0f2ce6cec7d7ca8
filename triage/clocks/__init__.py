"""The clocks of a contact: what was promised, what the law sets, when they stand still, and whose breach it was.

`law.py` and `pausing.py` decide and are pure; `keeping.py` is what rooms call, `moving.py` where a contact goes to
another queue and `joining.py` where it becomes part of another; `beginning.py` makes clocks; `repository.py` reads and
locks.
"""
