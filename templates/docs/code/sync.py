import json, os, sqlite3, time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

feed = f"{os.environ['CLIENTELE_URL']}/stores/{os.environ['CLIENTELE_STORE']}/events"
headers = {"Authorization": f"Bearer {os.environ['CLIENTELE_KEY']}"}
copy = sqlite3.connect("customers.sqlite3")
copy.execute("CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, data TEXT)")
copy.execute("CREATE TABLE IF NOT EXISTS position (after INTEGER)")

def read(after):
    request = Request(f"{feed}?after={after}&limit=200", headers=headers)
    while True:
        try:
            return json.load(urlopen(request, timeout=30))
        except HTTPError as error:
            if error.code not in (429, 503):
                raise
            time.sleep(int(error.headers.get("Retry-After", "1")))

after = copy.execute("SELECT max(after) FROM position").fetchone()[0] or 0
while (page := read(after))["items"]:
    with copy:  # customers and position are saved together, or not at all
        for event in page["items"]:
            if event["type"] == "customer.deleted":
                copy.execute("DELETE FROM customers WHERE id = ?", [event["customerId"]])
            elif event["type"].startswith("customer."):
                row = event["customerId"], json.dumps(event["data"])
                copy.execute("REPLACE INTO customers VALUES (?, ?)", row)
        after = page["next"]
        copy.execute("INSERT INTO position VALUES (?)", [after])
