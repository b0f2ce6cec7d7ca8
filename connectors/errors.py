"""What can go wrong outside.

ConnectorError
├── SupplierUnavailable   try again later
├── MessageRefused        never try again
└── UnknownConnector      the council's settings name one that is not here
"""


class ConnectorError(Exception):
    """A connector could not do its work."""


class SupplierUnavailable(ConnectorError):
    """The supplier did not answer in time, or answered that it cannot. Trying again later may work."""


class MessageRefused(ConnectorError):
    """The supplier will not take this message, now or later: its address is wrong, or stopped our messages."""


class UnknownConnector(ConnectorError):
    """council.toml switches on a connector that is not in connectors/."""
