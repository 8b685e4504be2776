"""Names of countries and states that people write and ISO 3166 does not list.

English names of states matter most: ISO keeps the local ones ("Bayern").
"""

# The usual short name, where pycountry has only the formal one.
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

# Other names, earlier names and unofficial codes; each may be written in any case.
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
    "Bundesrepublik Deutschland": "DE",
    "Česká republika": "CZ",
    "Estados Unidos de América": "US",
    "Estados Unidos Mexicanos": "MX",
    "República Argentina": "AR",
    "Российская Федерация": "RU",
    "السعودية": "SA",
    "الإمارات": "AE",
    "ประเทศไทย": "TH",
    "中华人民共和国": "CN",
    "日本国": "JP",
    "한국": "KR",
    "Wales": "GB",
}

# By country: another name of the state and its code.
STATE_ALIASES = {
    "AE": {
        "Abu Dhabi": "AZ",
        "Ajman": "AJ",
        "Dubai": "DU",
        "Fujairah": "FU",
        "Ras al Khaimah": "RK",
        "Sharjah": "SH",
        "Umm al Quwain": "UQ",
    },
    "AR": {"CABA": "C", "Capital Federal": "C"},
    "AT": {
        "Carinthia": "2",
        "Lower Austria": "3",
        "Upper Austria": "4",
        "Styria": "6",
        "Tyrol": "7",
        "Vienna": "9",
    },
    "BE": {"Brussels": "BRU", "Flanders": "VLG", "Wallonia": "WAL", "Antwerp": "VAN"},
    "CA": {
        "Alta": "AB",
        "Man": "MB",
        "Newf": "NL",
        "Newfoundland": "NL",
        "Nfld": "NL",
        "Ont": "ON",
        "PEI": "PE",
        "Que": "QC",
        "Sask": "SK",
    },
    "CH": {
        "Bern": "BE",
        "Geneva": "GE",
        "Grisons": "GR",
        "Lucerne": "LU",
        "St. Gallen": "SG",
    },
    "CL": {"Santiago": "RM"},
    "CN": {
        "Guangxi": "GX",
        "Inner Mongolia": "NM",
        "Ningxia": "NX",
        "Tibet": "XZ",
        "Xinjiang": "XJ",
    },
    "DE": {
        "Bavaria": "BY",
        "NRW": "NW",
        "Hesse": "HE",
        "Lower Saxony": "NI",
        "Mecklenburg-Western Pomerania": "MV",
        "North Rhine-Westphalia": "NW",
        "Rhineland-Palatinate": "RP",
        "Saxony": "SN",
        "Saxony-Anhalt": "ST",
        "Thuringia": "TH",
    },
    "ES": {
        "Andalusia": "AN",
        "Balearic Islands": "IB",
        "Basque Country": "PV",
        "Canary Islands": "CN",
        "Castile and León": "CL",
        "Castile-La Mancha": "CM",
        "Catalonia": "CT",
        "Navarre": "NC",
        "Valencian Community": "VC",
    },
    "FR": {"Brittany": "BRE", "Burgundy": "BFC", "Corsica": "20R", "Normandy": "NOR", "75": "75C"},
    "GB": {
        "Bucks": "BKM",
        "Cambs": "CAM",
        "Glos": "GLS",
        "Hants": "HAM",
        "Herts": "HRT",
        "Lancs": "LAN",
        "Leics": "LEC",
        "Lincs": "LIN",
        "Notts": "NTT",
        "Oxon": "OXF",
        "Salop": "SHR",
        "Staffs": "STS",
        "Wilts": "WIL",
        "Worcs": "WOR",
    },
    "IN": {"NCT of Delhi": "DL", "New Delhi": "DL", "Orissa": "OD", "Pondicherry": "PY"},
    "IT": {
        "Aosta Valley": "23",
        "Apulia": "75",
        "Lombardy": "25",
        "Piedmont": "21",
        "Sardinia": "88",
        "Sicily": "82",
        "Tuscany": "52",
    },
    "MX": {
        "CDMX": "CMX",
        "Coahuila": "COA",
        "D F": "CMX",
        "DF": "CMX",
        "Distrito Federal": "CMX",
        "Mexico City": "CMX",
        "Michoacán": "MIC",
        "Veracruz": "VER",
    },
    "MY": {"Kuala Lumpur": "14", "Malacca": "04", "Penang": "07"},
    "NL": {
        "Friesland": "FR",
        "North Brabant": "NB",
        "North Holland": "NH",
        "South Holland": "ZH",
        "Zealand": "ZE",
    },
    "NZ": {
        "Chatham Islands": "CIT",
        "Hawkes Bay": "HKB",
        "Manawatu-Wanganui": "MWT",
        "Wellington": "WGN",
    },
    "PL": {"Masovia": "14", "Mazovia": "14", "Silesia": "24", "Pomerania": "22"},
    "PT": {"Azores": "20", "Lisbon": "11", "Madeira": "30"},
    "RU": {"Moscow": "MOW", "Saint Petersburg": "SPE"},
    "TH": {"Bangkok": "10"},
    "US": {
        "Virgin Islands": "VI",
        "Washington D C": "DC",
        "Washington DC": "DC",
        "Ala": "AL",
        "Ariz": "AZ",
        "Ark": "AR",
        "Cal": "CA",
        "Calif": "CA",
        "Colo": "CO",
        "Conn": "CT",
        "Del": "DE",
        "Fla": "FL",
        "Ill": "IL",
        "Ind": "IN",
        "Kan": "KS",
        "Kans": "KS",
        "Mass": "MA",
        "Mich": "MI",
        "Minn": "MN",
        "Miss": "MS",
        "Mont": "MT",
        "Neb": "NE",
        "Nebr": "NE",
        "Nev": "NV",
        "N Mex": "NM",
        "Okla": "OK",
        "Ore": "OR",
        "Oreg": "OR",
        "Penn": "PA",
        "Penna": "PA",
        "Tenn": "TN",
        "Tex": "TX",
        "Wash": "WA",
        "Wis": "WI",
        "Wisc": "WI",
        "W Va": "WV",
        "Wyo": "WY",
    },
}

# By country: states of the postal service that ISO has no code for.
POSTAL_STATES = {
    "US": {"AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific"}
}

# By country: names that look like a subdivision's, but mean something larger.
NOT_STATES = {"GB": {"London", "Greater London"}}  # ISO has the square mile, not the capital

# Countries whose subdivisions in ISO nobody writes in an address. Others have none in ISO.
WITHOUT_STATES = frozenset({"LI", "LU", "MC", "MT", "SG", "SM", "VA"})

# By country and by the state around them: regions without a code of their own that people write
# in addresses: old, metropolitan and ceremonial counties, and regions since merged.
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
