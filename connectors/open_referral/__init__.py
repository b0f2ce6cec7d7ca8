"""Open Referral UK 3.0."""

from connectors.open_referral.client import OpenReferralCommunityDirectory

__all__ = ["OpenReferralCommunityDirectory"]
