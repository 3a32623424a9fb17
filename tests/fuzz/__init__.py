"""Programs that nobody here wrote. `make fuzz`; no part of the test command.

What schemathesis thinks of, and a client that openapi-python-client makes of the description, against a
running door (`python -m tests.fuzz`); what libFuzzer makes of files, against each reader
(`python -m tests.fuzz.readers`).
"""
