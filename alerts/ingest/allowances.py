"""What is refused of CAP unless somebody allows it: what is not meant, or not for everybody."""

from typing import Literal

Allowance = Literal["draft", "system", "restricted", "private"]
