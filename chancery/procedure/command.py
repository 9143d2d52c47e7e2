"""`chancery decide`, `chancery rules`: the procedure engine at the command line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chancery.procedure.rulesets import RuleSet

DONE, NO, BAD = 0, 1, 2


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands of the procedure engine."""
    _register_decide(commands)
    _register_rules(commands)


_DECIDE = (
    "Recompute what became of a question put, from a document with `ruleset`, `question`, `electorate` and `events`. "
    "Prints the outcome as canonical JSON; the same input gives the same bytes anywhere. Exit 0 whatever the outcome "
    "says, 2 for a bad document."
)


def _register_decide(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("decide", help="recompute the outcome of a question from a file", description=_DECIDE)
    parser.add_argument("file", metavar="FILE", help="JSON document; - reads standard input")
    parser.add_argument("--text", action="store_true", help="for people: what the chair announces, then why")
    parser.set_defaults(run=run_decide)


def _register_rules(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rules = commands.add_parser("rules", help="list, show, check and compare rules of procedure", description=_RULES)
    verbs = rules.add_subparsers(dest="verb", required=True, metavar="VERB")
    listed = verbs.add_parser("list", help="list the presets", description="List the presets, each with its badge.")
    shown = verbs.add_parser("show", help="show each value with its source", description=_SHOW)
    checked = verbs.add_parser("check", help="check a rule set", description=_CHECK)
    compared = verbs.add_parser("diff", help="compare two rule sets", description=_DIFF)
    shown.add_argument("rules", metavar="RULES", help="a preset such as un-assembly/1, or a TOML file")
    shown.add_argument("--toml", action="store_true", help="print the preset's file, to copy and change")
    checked.add_argument("rules", metavar="FILE", help="a TOML file")
    compared.add_argument("old", metavar="OLD", help="a preset or a TOML file")
    compared.add_argument("new", metavar="NEW", help="a preset or a TOML file")
    for parser, run in ((listed, run_list), (shown, run_show), (checked, run_check), (compared, run_diff)):
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.set_defaults(run=run)


_RULES = "Rules of procedure are data: TOML files whose every value names its source and status."
_SHOW = "Show each stated value with its source and status: verified, unverified or design."
_CHECK = "Check a rule set: all faults at once, each with its path. Exit 2 where there is one."
_DIFF = "Compare two rule sets, value by value. Exit 1 where they differ."


def run_decide(args: argparse.Namespace) -> int:
    """`chancery decide FILE [--text]`."""
    from chancery.canon import canonical_json
    from chancery.procedure.documents import BadDocument, decide_document, parse

    data = _read(args.file)
    if data is None:
        return BAD
    try:
        outcome = decide_document(parse(data))
    except BadDocument as bad:
        for fault in bad.faults:
            _say(f"{args.file}: {fault.pointer or '/'}: {fault.reason}")
        return BAD
    if args.text:
        from chancery.procedure.sentences import working_sentences

        _print("\n".join(working_sentences(outcome)))
    else:
        _print(canonical_json(outcome).decode())
    return DONE


def run_list(args: argparse.Namespace) -> int:
    """`chancery rules list`."""
    from chancery.procedure.rulesets import preset, presets

    rows = [(name, preset(name)) for name in presets()]
    if args.json:
        _print(json.dumps([_summary(name, rules) for name, rules in rows], ensure_ascii=False))
        return DONE
    for name, rules in rows:
        _print(f"{name:<24}{'verified' if rules.is_verified else 'unverified':<12}{rules.title}")
    return DONE


def _summary(name: str, rules: RuleSet) -> dict[str, Any]:
    return {"name": name, "title": rules.title, "verified": rules.is_verified, "sha256": rules.sha256}


def run_show(args: argparse.Namespace) -> int:
    """`chancery rules show RULES`."""
    if args.toml:
        data = _toml(args.rules)
        if data is None:
            return BAD
        _print(data.decode().rstrip("\n"))
        return DONE
    rules = _load(args.rules)
    if rules is None:
        return BAD
    if args.json:
        _print(json.dumps({"sha256": rules.sha256, "rules": rules.document}, ensure_ascii=False))
        return DONE
    badge = "" if rules.is_verified else " (unverified: confirm each value against your own text)"
    _print(f"{rules.title or args.rules}{badge}\n{rules.sha256}")
    for parameter, status in rules.statuses():
        source = rules.source_of(parameter)
        value = json.dumps(_value(rules.document, parameter), ensure_ascii=False)
        _print(f"{parameter} = {value}\n    {status}: {source.source if source else 'no source stated'}")
        if source and source.text:
            _print(f"    {source.text}")
    return DONE


def run_check(args: argparse.Namespace) -> int:
    """`chancery rules check FILE`."""
    rules = _load(args.rules, as_json=args.json)
    if rules is None:
        return BAD
    open_values = [parameter for parameter, status in rules.statuses() if status == "unverified"]
    if args.json:
        _print(json.dumps({"sha256": rules.sha256, "faults": [], "unverified": open_values}))
        return DONE
    _print(f"{args.rules}: whole. SHA-256 {rules.sha256}")
    if open_values:
        _print(f"Unverified: {', '.join(open_values)}")
    return DONE


def run_diff(args: argparse.Namespace) -> int:
    """`chancery rules diff OLD NEW`."""
    old, new = _load(args.old), _load(args.new)
    if old is None or new is None:
        return BAD
    before, after = dict(_flat(old.document)), dict(_flat(new.document))
    changed = [name for name in sorted(before | after) if before.get(name) != after.get(name)]
    if args.json:
        rows = [{"parameter": name, "old": before.get(name), "new": after.get(name)} for name in changed]
        _print(json.dumps(rows, ensure_ascii=False))
    else:
        for name in changed:
            _print(f"{name}: {_worded(before, name)} → {_worded(after, name)}")
    return NO if changed else DONE


def _worded(values: dict[str, Any], name: str) -> str:
    return json.dumps(values[name], ensure_ascii=False) if name in values else "not stated"


def _flat(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """The leaves of a document by dotted path; `sources` are no rules and stay out."""
    if not isinstance(value, dict) or not value:
        return [(path, value)]
    below = ((f"{path}.{key}" if path else key, item) for key, item in value.items() if path or key != "sources")
    return [leaf for name, item in below for leaf in _flat(item, name)]


def _value(document: Any, parameter: str) -> Any:
    group, _, name = parameter.partition(".")
    return document[group][name]


def _load(name: str, *, as_json: bool = False) -> RuleSet | None:
    """A rule set by the name of a preset or the path of a TOML file; None after its faults were printed."""
    from chancery.procedure.rulesets import RuleSet, RuleSetFaults, preset, presets

    if name in presets():
        return preset(name)
    data = _toml(name)
    if data is None:
        return None
    try:
        return RuleSet.from_toml(data)
    except RuleSetFaults as bad:
        if as_json:
            faults = [{"path": fault.dotted, "reason": fault.reason} for fault in bad.faults]
            _print(json.dumps({"faults": faults}, ensure_ascii=False))
        for fault in bad.faults:
            _say(f"{name}: {fault.dotted}: {fault.reason}")
        return None


def _toml(name: str) -> bytes | None:
    from chancery.procedure.rulesets import PRESETS, presets

    return (PRESETS / f"{name.replace('/', '-')}.toml").read_bytes() if name in presets() else _read(name)


def _read(name: str) -> bytes | None:
    """The bytes of a file, or of standard input; None after a message where it cannot be read."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        _say(f"{name}: {getattr(error, 'strerror', None) or error}")
        return None


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
