"""A bare FastAPI route that makes N trips to the server, as any application has one."""

import json
import sys

import redis
import uvicorn
from fastapi import FastAPI


def main(given: str) -> None:
    asked = json.loads(given)
    options = asked["redis"]
    if asked["unix"]:
        pool = redis.ConnectionPool(redis.UnixDomainSocketConnection, **options)
    else:
        pool = redis.ConnectionPool(**options)
    client, app = redis.Redis(connection_pool=pool), FastAPI()

    @app.get("/bare")
    def bare() -> dict[str, object]:
        for trip in range(asked["trips"]):
            client.get(f"bench:bare:{trip}")
        return {"address": "person@example.org", "subscriptions": [{"regions": ["UA"]}]}

    uvicorn.run(app, host="127.0.0.1", port=asked["port"], log_level="warning", access_log=False)


if __name__ == "__main__":
    main(sys.argv[1])
