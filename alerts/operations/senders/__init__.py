"""Updates by mail: who may send them, and what becomes of each. It publishes, so it is above the walk.

adding     somebody, or a domain, may send from now on; their secret is shown once
secrets    what a secret is made of, and the address that holds it
listing    everybody who may send, one of them whole
steering   paused, resumed, removed; another secret
accepting  whether a mail is from who may send: the secret, the author, the relay's word
publishing what a mail says, where its sender may
answers    what they are told of it
taking     a mail is taken in: published, a draft, or refused with the reason, and answered
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
