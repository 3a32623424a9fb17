"""Situation updates as email and Slack digests: each person gets what they asked for, once.

The rooms, from the doors down to what everything stands on:

doors       the doors, thin: `cli` for operators, `web` for those who receive, `mail` for what comes in
runtime     processes: Celery's doorbells and the sweep, the lanes, the bundled server, the supervisor
operations  use cases: what an operator, a person or a program can do, whichever door they come through
walk        THE WALK: publish → match | open → render → fan out → send → settle, a step a file
services    the one place where store, channels, rendering and settings are put together
channels    a folder each, and a line in the registry; the outbox for those that are not configured
rendering   what all media share: composing a digest, wording, Markdown, pages; the only user of Jinja
store       all state, in Redis: `store/keys.py` has every key, `store/scripts/` every transition
returns     what comes back is read: delivery reports, complaints, providers' events; bytes in, a receipt out
ingest      a file becomes a draft: text, Markdown, JSON, CAP, Word, PDF, web page, mail; feeds, a hot folder
rules       pure: who wants what and why, what a digest says, when to try again, slots and quiet hours
regions     the tree of areas, countries and subdivisions; names in texts
model       the nouns and their states
settings    ALERTS_*, read once
links       signed links: of one purpose, for one person
locales     our fixed texts in the reader's language; dates, numbers, lists, countries (CLDR)
mailbox     a mailbox read over IMAP: what waits in it, and where it is moved to
languages   languages by their tags (BCP 47): which there are, which serves the reader of another
outbound    HTTP to servers that others name: addresses checked, connections pinned, answers bounded
logs        where and how all processes log
documents   files of office programs and browsers as lines of text, each in a bounded process
server_url  the address of a server: read once, its password never shown
admission   who may subscribe by themselves
private     folders and files that only their owner enters and reads
errors      everything that a user can be told, with a hint
texts       what any text is made of: where it may be cut, what nobody sees; `Text`, which is said later

A room may import only from those below it; `pyproject.toml` has the order, and `lint-imports` checks it.
"""
