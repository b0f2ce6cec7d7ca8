"""What can go wrong outside.

ConnectorError
├── SupplierUnavailable   try again later
└── UnknownConnector      the council's settings name one that is not here
"""


class ConnectorError(Exception):
    """A connector could not do its work."""


class SupplierUnavailable(ConnectorError):
    """The supplier did not answer in time, or answered that it cannot. Trying again later may work."""


class UnknownConnector(ConnectorError):
    """council.toml switches on a connector that is not in connectors/."""
