"""GOV.UK Notify: messages out, receipts in."""

from connectors.govuk_notify.client import NotifyMessages
from connectors.govuk_notify.receipts import NotifyReceipts

__all__ = ["NotifyMessages", "NotifyReceipts"]
