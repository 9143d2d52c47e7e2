"""What goes wrong at the door, in the words of the council."""

from __future__ import annotations

from dataclasses import dataclass


class Refused(Exception):
    """A rule says no. `rule` is its name in the rule set (or roles, order, refs, form); `because` one sentence."""

    def __init__(self, rule: str, because: str, place: str = "") -> None:
        super().__init__(because)
        self.rule, self.because, self.place = rule, because, place


class Unknown(Refused):
    """A reference that names nothing."""

    def __init__(self, ref: str, nearest: str) -> None:
        hint = f"; the nearest is {nearest}" if nearest else ""
        super().__init__("refs", f"there is no {ref}{hint}")
        self.ref = ref


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what somebody wrote. `place` is the path inside the act's arguments."""

    place: tuple[str | int, ...]
    says: str


class BadArguments(Exception):
    """Arguments that the act cannot read; all faults at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.says for fault in faults))
        self.faults = faults


class Repeated(Exception):
    """A request id that this actor used for another act."""
