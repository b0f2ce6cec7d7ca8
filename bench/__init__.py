"""Measures the product against marks and against other ways of doing the same."""

import os

# As the product runs (Dockerfile, triage.cli): one thread, or times would be of another machine. Before NumPy is read.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
