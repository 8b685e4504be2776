"""Score two profiles: how likely they are one customer, in bits, with a reason for each part of the sum."""

from customers.matching.levels import LEVELS, Level
from customers.matching.scoring.frequencies import Frequencies
from customers.matching.scoring.score import Score, best_score, score

__all__ = ["LEVELS", "Frequencies", "Level", "Score", "best_score", "score"]
