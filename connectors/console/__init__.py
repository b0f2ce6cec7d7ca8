"""A stand-in for every kind, so that the whole house runs with no supplier and no key. Development and tests only.

What it says is made up but steady: the same address always has the same collection day. Everything it tells a
resident says that it is demonstration data.
"""

from connectors.console.addresses import ConsoleAddresses, ConsoleAreas
from connectors.console.casework import ConsoleCasework
from connectors.console.collections import ConsoleCollections
from connectors.console.directory import ConsoleDirectory
from connectors.console.libraries import ConsoleLibraries
from connectors.console.messages import ConsoleMessages
from connectors.console.payments import ConsolePayments
from connectors.console.planning import ConsolePlanning

__all__ = [
    "ConsoleAddresses",
    "ConsoleAreas",
    "ConsoleCasework",
    "ConsoleCollections",
    "ConsoleDirectory",
    "ConsoleLibraries",
    "ConsoleMessages",
    "ConsolePayments",
    "ConsolePlanning",
]
