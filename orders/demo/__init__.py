"""Three invented businesses with two years of orders, for people who try Clientele."""

from django.db import transaction
from django.utils import timezone
from factory.random import reseed_random
from tqdm import tqdm

from orders.demo.history import LENGTH, History
from orders.demo.shops import SHOPS

__all__ = ["SHOPS", "load"]

SEED = 1854


def load() -> None:
    """Write them into the database, all or nothing. Only dates and ids differ from one run to the next."""
    reseed_random(SEED)
    now = timezone.now()
    days = len(SHOPS) * LENGTH.days
    with transaction.atomic(), tqdm(total=days, unit=" days", disable=None) as progress:
        for shop in SHOPS:
            last_day = 0
            for day in History(shop, now).run():
                progress.update(day - last_day)
                last_day = day
