"""The demonstration: people to sign in as, and a history to look at. Development only, and never added to live figures.

Demo people are roles and never invented names. The history is made up: docs/decisions/2026-11-27-a-made-up-history.md.
"""

from triage.demo.history import make_history
from triage.demo.people import PEOPLE, Login, Person, load

__all__ = ["PEOPLE", "Login", "Person", "load", "make_history"]
