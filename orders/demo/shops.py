"""The three businesses, their products, and the towns of their customers.

Places are real, with their real postcodes, so that the offline geocoder knows them. Phone numbers come
from ranges kept free for fiction (ACMA's 5550, North America's 555-01), e-mail from example domains.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Place:
    city: str
    state: str
    postcode: str
    area_code: str


@dataclass(frozen=True)
class Product:
    id: str
    name: str
    price: Decimal


@dataclass(frozen=True)
class Shop:
    """A business of the demo.

    `firms` is the share of customers that are firms, not persons; `movers` the share that gets a second
    address; `most_of_one` the most pieces of a product on an order; `debtors` how many of its first customers
    buy on account, up to `debtor_limit` each.
    """

    name: str
    country: str
    currency: str
    timezone: str
    locale: str
    dial_code: int
    customers: int
    orders: int
    firms: float
    most_of_one: int
    tax_rate: Decimal
    shipping: Decimal
    tags: tuple[str, ...]
    trades: tuple[str, ...]
    products: tuple[Product, ...]
    places: tuple[Place, ...]
    zones: tuple[str, ...] = ()
    depots: tuple[str, ...] = ()
    welcome_points: int = 0
    movers: float = 0.0
    debtors: int = 0
    debtor_limit: Decimal | None = None

    def is_debtor(self, number: int) -> bool:
        """Tell whether the customer of this number, from 1 on, buys on account."""
        return number <= self.debtors


def products(text: str) -> tuple[Product, ...]:
    """Parse lines of `id price name`."""
    rows = (line.split(maxsplit=2) for line in text.strip().splitlines())
    return tuple(Product(id, name, Decimal(price)) for id, price, name in rows)


def places(text: str) -> tuple[Place, ...]:
    """Parse lines of `state area-code: city postcode, city postcode, …`."""
    parsed = []
    for line in text.strip().splitlines():
        head, _, towns = line.partition(":")
        state, area_code = head.split()
        for town in towns.split(","):
            city, postcode = town.rsplit(maxsplit=1)
            parsed.append(Place(city.strip(), state, postcode, area_code))
    return tuple(parsed)


BAKERY = Shop(
    name="Flour & Ember Bakery",
    country="AU",
    currency="AUD",
    timezone="Australia/Melbourne",
    locale="en_GB",
    dial_code=61,
    customers=200,
    orders=600,
    firms=0.15,
    most_of_one=6,
    tax_rate=Decimal("0.10"),
    shipping=Decimal("7.50"),
    welcome_points=50,
    debtors=2,
    debtor_limit=Decimal(20_000),
    tags=("Regular", "Gluten free", "Birthday club", "Wholesale", "Saturday pick-up"),
    trades=("Café", "Espresso Bar", "Deli", "Kitchen", "Guest House"),
    zones=("Inner north", "Inner south", "West"),
    products=products(
        """
        bread-sourdough 8.50 Sourdough loaf
        bread-rye 9.00 Dark rye loaf
        bread-baguette 4.80 Baguette
        bread-focaccia 11.00 Rosemary focaccia
        bread-gf 10.50 Gluten-free loaf
        pastry-croissant 5.20 Butter croissant
        pastry-almond 6.80 Almond croissant
        pastry-danish 6.20 Apricot danish
        pie-beef 7.90 Beef and pepper pie
        cake-lamington 4.50 Lamington
        cake-birthday 64.00 Birthday cake, 20 cm
        tray-breakfast 85.00 Breakfast tray for ten
        """
    ),
    places=places(
        """
        VIC 3: Fitzroy 3065, Carlton 3053, Brunswick 3056, Richmond 3121, Collingwood 3066
        VIC 3: South Yarra 3141, St Kilda 3182, Prahran 3181, Northcote 3070, Hawthorn 3122
        VIC 3: Footscray 3011, Preston 3072, Coburg 3058, Essendon 3040, Camberwell 3124
        VIC 3: Box Hill 3128, Kew 3101, Williamstown 3016, Brighton 3186, Melbourne 3000
        """
    ),
)

WEB_SHOP = Shop(
    name="Tidewater Goods",
    country="US",
    currency="USD",
    timezone="America/Los_Angeles",
    locale="en_US",
    dial_code=1,
    customers=200,
    orders=400,
    firms=0.05,
    most_of_one=3,
    tax_rate=Decimal("0.08"),
    shipping=Decimal("9.00"),
    movers=0.25,
    tags=("VIP", "Newsletter", "Gift buyer", "Returns often"),
    trades=("Studio", "Outfitters", "Gallery"),
    products=products(
        """
        tote-canvas 38.00 Canvas tote
        tote-waxed 84.00 Waxed tote
        mug-stone 24.00 Stoneware mug
        mug-enamel 16.50 Enamel mug
        throw-wool 129.00 Wool throw
        lamp-brass 210.00 Brass reading lamp
        soap-kelp 9.50 Kelp soap
        candle-cedar 28.00 Cedar candle
        knife-oyster 42.00 Oyster knife
        board-oak 76.00 Oak serving board
        towel-linen 19.00 Linen tea towel
        card-gift 50.00 Gift card
        """
    ),
    places=places(
        """
        OR 503: Portland 97205
        WA 206: Seattle 98101
        CA 415: San Francisco 94103
        CA 510: Oakland 94612
        CA 213: Los Angeles 90012
        CA 619: San Diego 92101
        CO 303: Denver 80202, Boulder 80302
        TX 512: Austin 78701
        TX 713: Houston 77002
        TX 214: Dallas 75201
        IL 312: Chicago 60601
        MN 612: Minneapolis 55401
        WI 608: Madison 53703
        TN 615: Nashville 37203
        GA 404: Atlanta 30303
        FL 305: Miami 33130
        NC 919: Raleigh 27601
        MD 410: Baltimore 21201
        PA 215: Philadelphia 19103
        NY 212: New York 10001
        NY 718: Brooklyn 11201
        MA 617: Boston 02108
        RI 401: Providence 02903
        OH 216: Cleveland 44113
        MI 313: Detroit 48226
        UT 801: Salt Lake City 84101
        AZ 602: Phoenix 85004
        LA 504: New Orleans 70112
        ID 208: Boise 83702
        """
    ),
)

KITCHENS = Shop(
    name="Ironbark Kitchens",
    country="AU",
    currency="AUD",
    timezone="Australia/Sydney",
    locale="en_GB",
    dial_code=61,
    customers=100,
    orders=300,
    firms=1.0,
    most_of_one=20,
    tax_rate=Decimal("0.10"),
    shipping=Decimal("95.00"),
    debtors=5,
    debtor_limit=Decimal(500_000),
    tags=("Builder", "Cabinet maker", "Showroom", "Installer", "Key account"),
    trades=("Builders", "Joinery", "Cabinets", "Homes", "Interiors", "Kitchens & Baths"),
    depots=("Sydney", "Brisbane", "Melbourne"),
    products=products(
        """
        base-600 148.00 Base cabinet, 600 mm
        base-900 196.00 Base cabinet, 900 mm
        wall-600 112.00 Wall cabinet, 600 mm
        tall-2100 388.00 Tall pantry cabinet, 2100 mm
        drawer-450 164.00 Drawer unit, 450 mm
        door-shaker 74.00 Shaker door
        door-gloss 58.00 Gloss door
        panel-end 46.00 End panel
        top-oak 540.00 Oak bench top, 3 m
        top-stone 1180.00 Stone bench top, 3 m
        hinge-soft 6.40 Soft-close hinge
        handle-bar 11.80 Bar handle
        """
    ),
    places=places(
        """
        NSW 2: Sydney 2000, Parramatta 2150, Newcastle 2300, Wollongong 2500, Penrith 2750
        NSW 2: Manly 2095, Chatswood 2067, Albury 2640, Wagga Wagga 2650, Orange 2800
        NSW 2: Dubbo 2830, Tamworth 2340, Coffs Harbour 2450
        QLD 7: Brisbane 4000, Southport 4215, Toowoomba 4350, Cairns 4870, Townsville 4810
        WA 8: Perth 6000, Fremantle 6160
        SA 8: Adelaide 5000, Glenelg 5045
        TAS 3: Hobart 7000, Launceston 7250
        VIC 3: Geelong 3220, Ballarat 3350, Bendigo 3550
        NT 8: Darwin 0800
        ACT 2: Canberra 2601
        """
    ),
)

SHOPS = (BAKERY, WEB_SHOP, KITCHENS)
