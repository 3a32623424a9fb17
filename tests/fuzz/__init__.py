"""Programs that nobody here wrote, against a running door: what schemathesis thinks of, and a client that
openapi-python-client makes of the description. `make fuzz`; no part of the test command.
"""
