"""Jadu CXM."""

from connectors.jadu_cxm.client import JaduCasework

__all__ = ["JaduCasework"]
