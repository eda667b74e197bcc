"""Which groups a round could show, told when people are invited and it can still be changed."""

from analysis.agency_sizes import AgencySize
from analysis.forecast import EXPECTED_RESPONSE, Forecast, forecast

__all__ = ["EXPECTED_RESPONSE", "AgencySize", "Forecast", "forecast"]
