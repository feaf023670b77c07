"""What an endpoint offers to choose from: its models, its files and its vector stores."""

from assistants.gateway.offers.reading import MOST_OFFERED, read_offers
from assistants.gateway.offers.values import Offer, OfferKind, OfferPage

__all__ = ["MOST_OFFERED", "Offer", "OfferKind", "OfferPage", "read_offers"]
