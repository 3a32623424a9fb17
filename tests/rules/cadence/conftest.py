"""What these tests know of zones they know from the package that the product reads, not from the machine.

A machine whose tables were of another year than the package failed a test every now and then.
"""

import zoneinfo

zoneinfo.reset_tzpath(())
zoneinfo.ZoneInfo.clear_cache()
