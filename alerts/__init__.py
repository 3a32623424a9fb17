"""Situation updates as email and Slack digests: each person gets what they asked for, once.

The rooms, in the order in which one update walks through them:

cli         the door: reads arguments, prints what came of it
web         the door for those who receive: the link in every email, and a sign of health
ingest      a file becomes a draft: text page, Markdown, JSON
pipeline    THE WALK: publish → match | open → render → fan out → send → settle
telling     who is owed what, asked about what the store holds
digesting   … and decided: a pure function of an audience, the log and a window
rendering   a digest becomes a message, once for everybody; the only user of Jinja
sending     one batch on its way: who still wants it, what came of each try
channels    the ways out: SMTP, Slack, and the outbox when neither is configured
retries     when to try again, when to give up

What they stand on:

tasks       Celery: the doorbells and the sweep; decides nothing
embedded    the bundled server and the supervisor of worker processes
operations  what an operator can do, apart from the walk
services    the one place where store, channels, rendering and settings are put together
store       all state, in Redis: `store/keys.py` has every key, `store/scripts/` every transition
matching    does this filter want this revision, why, why not; now or at which slot
cadence     slots, windows and quiet hours in every zone
regions     the tree of areas, countries and subdivisions; names in texts
model       the nouns and their states
settings    ALERTS_*, read once
server_url  the address of a server: read once, its password never shown
private     folders and files that only their owner enters and reads
logs        where and how all processes log
errors      everything that can be told to a user, with a hint
texts       what any text is made of: where it may be cut, what nobody sees, Markdown in bounds

A room may import only from those below it; `pyproject.toml` has the order, and `lint-imports` checks it.
"""
