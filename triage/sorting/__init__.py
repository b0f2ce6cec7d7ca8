"""A contact is read: which service, how urgent, which queue, and why."""
