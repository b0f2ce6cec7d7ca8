"""A connector with the supplier that it speaks with, as the conformance suite is given them.

Each connector has tests/connectors/<name>/supplier.py with `running(kind)`, an asynchronous context manager of these.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.connectors.suppliers.server import Supplier

# Limits that a test can wait for.
QUICK = {"connect_s": 2.0, "read_s": 1.2, "total_s": 2.0, "most_bytes": 200_000}


@dataclass
class Running:
    """`made` counts what stands at the supplier, so that a test sees whether something was done twice.

    `says` holds what differs between suppliers: addresses that it knows, and so on; see test_conformance.py.
    """

    connector: Any
    supplier: Supplier | None
    made: Callable[[], int]
    says: dict[str, Any] = field(default_factory=dict)
