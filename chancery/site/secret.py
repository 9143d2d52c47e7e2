"""The house's own secret: made once, kept under keys/, never in a backup."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(data_dir: Path) -> str:
    """The secret in keys/settings.key; until the data directory exists, one for this process alone."""
    path = data_dir / "keys" / "settings.key"
    if path.exists():
        return path.read_text().strip()
    if not data_dir.exists():
        return secrets.token_urlsafe(48)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    made = secrets.token_urlsafe(48)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as target:
        target.write(made)
    return made
