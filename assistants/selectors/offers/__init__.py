"""What connections offer, as it was last read."""

from assistants.selectors.offers.known import KnownOffers, OfferState, offers_of

__all__ = ["KnownOffers", "OfferState", "offers_of"]
