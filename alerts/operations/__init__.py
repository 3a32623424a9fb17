"""What an operator can do, apart from the walk: use cases, shared by every door. Prints and enqueues nothing.

A use case takes the services and the actor, requires a permission before anything else, and leaves an entry
in the audit for whatever it changes. Its result is a value, with the work to ring for where there is any.

acting, auditing   who acts, what they may do, and what is written of it: for all of the others
publishing         updates on their way in, and out again
feeds, senders     where they come from by themselves: from a feed, by mail; `sources` is what both share
drafts             what waits for somebody to look at it
following          what became of an update and of each delivery
reading            updates as they are looked at, by operators and by everybody
subscribing        subscribers and what they subscribe to, one at a time
lists              the same as tables: imported, exported, synced
people             what people do for themselves
returned           what came back of what was sent
checks             whether everything is in order; `findings` are what it finds
owed_work          what a doorbell says is owed: a step of the walk, or what comes before it

What is left is a file each: keys and secrets, tags, places, instants, how things stand altogether.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
