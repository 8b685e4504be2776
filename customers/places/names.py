"""Names of countries and states that people write and ISO 3166 does not list.

English names of states matter most: ISO keeps the local ones ("Bayern").
"""

from customers.places.tables import state_aliases

# Short names of countries that have only a formal name in pycountry.
COUNTRY_NAMES = {
    "BN": "Brunei",
    "CD": "Democratic Republic of the Congo",
    "FK": "Falkland Islands",
    "FM": "Micronesia",
    "MF": "Saint Martin",
    "PS": "Palestine",
    "RU": "Russia",
    "SX": "Sint Maarten",
    "VA": "Vatican City",
    "VG": "British Virgin Islands",
    "VI": "U.S. Virgin Islands",
}

# Other names, former names and unofficial codes, in any case.
COUNTRY_ALIASES = {
    "America": "US",
    "Aotearoa": "NZ",
    "Bharat": "IN",
    "Britain": "GB",
    "Burma": "MM",
    "Cape Verde": "CV",
    "Congo-Kinshasa": "CD",
    "DR Congo": "CD",
    "DRC": "CD",
    "Congo-Brazzaville": "CG",
    "Republic of the Congo": "CG",
    "Czech Republic": "CZ",
    "East Timor": "TL",
    "Eire": "IE",
    "England": "GB",
    "Great Britain": "GB",
    "Holland": "NL",
    "Hong Kong SAR": "HK",
    "Ivory Coast": "CI",
    "Korea": "KR",
    "Macau": "MO",
    "Macedonia": "MK",
    "Northern Ireland": "GB",
    "KSA": "SA",
    "PR China": "CN",
    "PRC": "CN",
    "Mainland China": "CN",
    "Republic of Ireland": "IE",
    "Republic of Korea": "KR",
    "Republic of China": "TW",
    "Saint Helena": "SH",
    "Scotland": "GB",
    "Slovak Republic": "SK",
    "Swaziland": "SZ",
    "The Netherlands": "NL",
    "Turkey": "TR",
    "UAE": "AE",
    "UK": "GB",
    "USSR": "RU",
    "US Virgin Islands": "VI",
    "Vatican": "VA",
    "BRD": "DE",
    "Bundesrepublik Deutschland": "DE",
    "Česká republika": "CZ",
    "Estados Unidos de América": "US",
    "Estados Unidos Mexicanos": "MX",
    "Hellas": "GR",
    "República Argentina": "AR",
    "República Dominicana": "DO",
    "République française": "FR",
    "Suid-Afrika": "ZA",
    "Монгол Улс": "MN",
    "Македонија": "MK",
    "Российская Федерация": "RU",
    "السعودية": "SA",
    "الإمارات": "AE",
    "ประเทศไทย": "TH",
    "中华人民共和国": "CN",
    "日本国": "JP",
    "한국": "KR",
    "Wales": "GB",
}

# By country: state codes by alias, from `aliases.tsv`.
STATE_ALIASES = state_aliases()

# By country: states by code that pycountry lacks. The postal service of the United States has some that
# ISO does not have; Norway's counties of 2024 are in ISO since then.
ADDED_STATES = {
    "NO": {
        "31": "Østfold",
        "32": "Akershus",
        "33": "Buskerud",
        "39": "Vestfold",
        "40": "Telemark",
        "55": "Troms",
        "56": "Finnmark",
    },
    "US": {
        "AA": "Armed Forces Americas",
        "AE": "Armed Forces Europe",
        "AP": "Armed Forces Pacific",
    },
}

# By country: names of a subdivision that people use for something larger.
NOT_STATES = {"GB": {"London", "Greater London"}}  # in ISO, the City of London only

# Countries with subdivisions in ISO that nobody writes in an address.
WITHOUT_STATES = frozenset({"LI", "LU", "MC", "MT", "SG", "SM", "VA"})

# By country and surrounding state: regions that people write in addresses, but without a code in
# ISO. They are old, metropolitan and ceremonial counties, and regions that were merged.
UNCODED_STATES = {
    "GB": {
        "ENG": """
            Avon;Bedfordshire;Beds;Berks;Berkshire;Cheshire;Cleveland;County Cleveland;Cumberland;Cumbria
            Greater London;Greater Manchester;Hereford and Worcester;Humberside;Huntingdonshire;London
            Merseyside;Middlesex;Middx;Northamptonshire;Northants;North Humberside;South Humberside
            South Yorkshire;South Yorks;Sussex;Tyne and Wear;West Midlands;Westmorland
            West Yorkshire;West Yorks;North Yorks;East Riding;East Yorkshire;East Yorks;North Riding
            West Riding;Yorks;Yorkshire
        """,
        "SCT": """
            Aberdeenshire;Angus;Argyll;Argyllshire;Ayrshire;Banffshire;Berwickshire;Borders;Caithness
            Central Region;Clackmannanshire;Dumfriesshire;Dunbartonshire;East Lothian;Fife;Grampian
            Inverness-shire;Kincardineshire;Kinross-shire;Kirkcudbrightshire;Lanarkshire;Lothian
            Midlothian;Morayshire;Nairnshire;Orkney;Peeblesshire;Perthshire;Renfrewshire
            Ross and Cromarty;Ross-shire;Roxburghshire;Selkirkshire;Shetland;Stirlingshire;Strathclyde
            Sutherland;Tayside;West Lothian;Western Isles;Wigtownshire
        """,
        "WLS": """
            Anglesey;Brecknockshire;Breconshire;Caernarfonshire;Cardiganshire;Carmarthenshire;Clwyd
            Denbighshire;Dyfed;Flintshire;Glamorgan;Gwent;Gwynedd;Merionethshire;Mid Glamorgan
            Monmouthshire;Montgomeryshire;Pembrokeshire;Powys;Radnorshire;South Glamorgan
            West Glamorgan
        """,
        "NIR": """
            Antrim;Armagh;County Antrim;County Armagh;County Down;County Fermanagh;County Londonderry
            County Derry;County Tyrone;Co Antrim;Co Armagh;Co Down;Co Fermanagh;Co Londonderry;Co Derry
            Co Tyrone;Down;Fermanagh;Tyrone
        """,
    },
    "FR": {
        "ARA": "Auvergne;Rhône-Alpes",
        "BFC": "Franche-Comté",
        "GES": "Alsace;Champagne-Ardenne;Lorraine",
        "HDF": "Nord-Pas-de-Calais;Picardie",
        "NAQ": "Aquitaine;Limousin;Poitou-Charentes",
        "NOR": "Basse-Normandie;Haute-Normandie",
        "OCC": "Languedoc-Roussillon;Midi-Pyrénées",
    },
    "NO": {
        "34": "Hedmark;Oppland",
        "42": "Aust-Agder;Vest-Agder",
        "46": "Hordaland;Sogn og Fjordane",
        "50": "Nord-Trøndelag;Sør-Trøndelag",
    },
}
