"""Three made-up businesses with two years behind them, for people who try Clientele."""

from django.db import transaction
from django.utils import timezone
from factory.random import reseed_random
from tqdm import tqdm

from orders.demo.history import LENGTH, History
from orders.demo.shops import SHOPS

__all__ = ["SHOPS", "load"]

SEED = 1854


def load() -> None:
    """Writes them into the book, all or nothing; the same ones every time, but for dates and ids."""
    reseed_random(SEED)
    now = timezone.now()
    days = len(SHOPS) * LENGTH.days
    with transaction.atomic(), tqdm(total=days, unit=" days", disable=None) as progress:
        for shop in SHOPS:
            lived = 0
            for day in History(shop, now).run():
                progress.update(day - lived)
                lived = day
