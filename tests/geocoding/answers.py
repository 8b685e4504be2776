"""Responses of each provider for 100 Collins Street, shortened."""

PATHS = {"google": "/maps/api/geocode/json", "nominatim": "/search", "photon": "/api"}

GOOGLE = {
    "status": "OK",
    "results": [
        {
            "address_components": [
                {"long_name": "100", "short_name": "100", "types": ["street_number"]},
                {"long_name": "Collins Street", "short_name": "Collins St", "types": ["route"]},
                {
                    "long_name": "Melbourne",
                    "short_name": "Melbourne",
                    "types": ["locality", "political"],
                },
                {
                    "long_name": "Victoria",
                    "short_name": "VIC",
                    "types": ["administrative_area_level_1", "political"],
                },
                {"long_name": "Australia", "short_name": "AU", "types": ["country", "political"]},
                {"long_name": "3000", "short_name": "3000", "types": ["postal_code"]},
            ],
            "formatted_address": "100 Collins St, Melbourne VIC 3000, Australia",
            "geometry": {
                "location": {"lat": -37.8148041, "lng": 144.9709561},
                "location_type": "ROOFTOP",
            },
            "place_id": "ChIJ90260rVG1moRkM2MIXVWBAQ",
        }
    ],
}

NOMINATIM = [
    {
        "osm_type": "way",
        "osm_id": 128437862,
        "lat": "-37.8148041",
        "lon": "144.9709561",
        "display_name": "100, Collins Street, Melbourne, Victoria, 3000, Australia",
        "address": {
            "house_number": "100",
            "road": "Collins Street",
            "suburb": "Melbourne CBD",
            "city": "Melbourne",
            "state": "Victoria",
            "ISO3166-2-lvl4": "AU-VIC",
            "postcode": "3000",
            "country": "Australia",
            "country_code": "au",
        },
    }
]

PHOTON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [144.9709561, -37.8148041]},
            "properties": {
                "osm_type": "W",
                "osm_id": 128437862,
                "type": "house",
                "housenumber": "100",
                "street": "Collins Street",
                "city": "Melbourne",
                "state": "Victoria",
                "postcode": "3000",
                "country": "Australia",
                "countrycode": "AU",
            },
        }
    ],
}

FOUND = {"google": GOOGLE, "nominatim": NOMINATIM, "photon": PHOTON}
NOTHING = {
    "google": {"status": "ZERO_RESULTS", "results": []},
    "nominatim": [],
    "photon": {"type": "FeatureCollection", "features": []},
}
PLACE_IDS = {
    "google": "ChIJ90260rVG1moRkM2MIXVWBAQ",
    "nominatim": "osm:way/128437862",
    "photon": "osm:W/128437862",
}
# The coordinates in each response: the object or list that holds them, and their keys.
COORDINATES = {
    "google": (lambda answer: answer["results"][0]["geometry"]["location"], "lat", "lng"),
    "nominatim": (lambda answer: answer[0], "lat", "lon"),
    "photon": (lambda answer: answer["features"][0]["geometry"]["coordinates"], 1, 0),
}
