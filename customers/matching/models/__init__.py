from customers.matching.models.pair import Decision, DuplicatePair
from customers.matching.models.scan import MatchScan, ValueCounts

__all__ = ["Decision", "DuplicatePair", "MatchScan", "ValueCounts"]
