"""Which queue a contact waits in, and by when it must be answered. Whose turn it is: triage/taking.py."""
