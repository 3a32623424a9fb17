"""A torture that shares no code with the product: it imports nothing of `alerts` and reads none of its state.

plan      a seeded story: who wishes what, which updates are published, how the world misbehaves
relay     an SMTP server with a temper for each recipient; keeps what it accepted, and when
workspace a Slack Web API with a temper for each channel; keeps every post as it stands
rack      the processes: a server, workers, the command line; kills and freezes them
judge     compares what the two servers got with what the story says each person had to get

`python -m tests.torture --seed 7` runs one; `make soak` runs many.
"""
