"""Groups of people beside everybody else: the language they write in, what care they need, the ward it is about."""
