"""`python -m chancery.site` is `chancery`."""

import sys

from .cli import main

sys.exit(main())
