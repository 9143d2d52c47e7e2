"""`chancery schema`: the JSON Schema of every kind of document that programs may write."""

from __future__ import annotations

import argparse
from typing import Any

# Where each schema is made; nothing is imported before it is asked for.
SCHEMAS = {
    "decide": "chancery.procedure.schemas:decide_schema",
    "ruleset": "chancery.procedure.schemas:ruleset_schema",
    "text": "chancery.prose.schema:text_schema",
}


def register(commands: Any) -> None:
    schema = commands.add_parser(
        "schema",
        help="print the JSON Schema of a kind of document",
        description="Print the JSON Schema of what `chancery decide` reads, of a rule set, or of the forms of texts.",
    )
    schema.add_argument("kind", choices=list(SCHEMAS), help="what the schema describes")
    schema.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    import json
    from importlib import import_module

    module, _, name = SCHEMAS[args.kind].partition(":")
    print(json.dumps(getattr(import_module(module), name)(), indent=2, ensure_ascii=False))
    return 0
