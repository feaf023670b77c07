"""What connections offer, as it was last read."""

from assistants.selectors.offers.known import KnownOffers, NamedOffer, OfferState, offers_of
from assistants.selectors.offers.picker import LONGEST_QUERY, FoundOffers, find_offers

__all__ = [
    "LONGEST_QUERY",
    "FoundOffers",
    "KnownOffers",
    "NamedOffer",
    "OfferState",
    "find_offers",
    "offers_of",
]
