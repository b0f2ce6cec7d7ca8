"""A stand-in for every kind, so that the whole house runs with no supplier and no key. Development and tests only.

What it says is made up but steady: the same address always has the same collection day. Everything it tells a
resident says that it is demonstration data.
"""

from connectors.console.addresses import ConsoleAddresses
from connectors.console.collections import ConsoleCollections
from connectors.console.libraries import ConsoleLibraries
from connectors.console.messages import ConsoleMessages

__all__ = ["ConsoleAddresses", "ConsoleCollections", "ConsoleLibraries", "ConsoleMessages"]
