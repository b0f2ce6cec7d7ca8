"""Email by SMTP."""

from connectors.smtp.client import SmtpMessages

__all__ = ["SmtpMessages"]
