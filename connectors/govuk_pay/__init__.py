"""GOV.UK Pay."""

from connectors.govuk_pay.client import GovukPayPayments

__all__ = ["GovukPayPayments"]
