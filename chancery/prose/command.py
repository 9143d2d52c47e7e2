"""`chancery text`: negotiated texts at the command line. Files only: no settings, no database."""

from __future__ import annotations

import argparse
import sys
from typing import Any

DONE, NO, BAD = 0, 1, 2

_TEXT = """Negotiated texts: import, show, compare, propose, rebase, compile, clean, check, trace and export.
`-` is standard input; -o FILE is written whole or not at all. Exit 0: done; 1: the answer is no; 2: bad input."""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `text` with its verbs."""
    text = commands.add_parser("text", help="negotiated texts: diff, propose, rebase, compile …", description=_TEXT)
    verbs = text.add_subparsers(dest="verb", required=True, metavar="VERB")
    for add in (_import, _show, _diff, _apply, _propose, _rebase, _compile, _resolve, _clean, _lint, _trace, _export):
        parser = add(verbs)
        parser.add_argument("-o", "--output", metavar="FILE", help="write here instead of standard output")
        parser.set_defaults(run=run)


def text_schema() -> dict[str, Any]:
    """The JSON Schema of every form of the text engine, for `chancery schema text`."""
    from chancery.prose.schema import text_schema as schema

    return schema()


Verbs = argparse._SubParsersAction


def _import(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("import", help="canonical Markdown of a file", description=_IMPORT)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--from", dest="from_", choices=["md", "plain", "docx", "akn", "json"], help="default: by the name"
    )
    parser.add_argument("--brackets", choices=["open", "deleted"], help="what brackets mean in plain text")
    parser.add_argument("--authors", metavar="MAP", help="JSON object: author of tracked changes → delegation")
    parser.add_argument("--members", metavar="FILE", help="names that may hold brackets, one a line")
    parser.add_argument("--proposals", metavar="DIR", help="where a proposal file for each author goes")
    parser.add_argument("--ids", action="store_true", help="give every unit an id")
    parser.add_argument("--accept-loss", action="store_true", help="go on although something is lost")
    parser.add_argument("--report", metavar="R", help="write here what changed and what was lost")
    return parser


_IMPORT = """Canonical Markdown from Markdown, plain text, DOCX or Akoma Ntoso. From a DOCX: the base, and one proposal
for each author of tracked changes. Exit 1 while a question is open or a loss is not accepted."""


def _show(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser(
        "show", help="a text, or its JSON, plain or HTML form", description="Show a text. Exit 1: no such unit."
    )
    parser.add_argument("file", metavar="FILE")
    _one_of(parser, "json", "plain", "html")
    parser.add_argument("--unit", type=int, metavar="N", help="one unit, counted from 0")
    return parser


def _diff(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("diff", help="what changed from A to B", description=_DIFF)
    parser.add_argument("a", metavar="A")
    parser.add_argument("b", metavar="B")
    _one_of(parser, "json", "html", "words")
    parser.add_argument("--exit-code", action="store_true", help="exit 1 where they differ")
    return parser


_DIFF = "The text of both with {-deletions-} and {+insertions+}; with --json the operations that make B of A."


def _apply(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("apply", help="apply operations or a proposal", description=_APPLY)
    parser.add_argument("a", metavar="A")
    parser.add_argument("ops", metavar="OPS", help="operations of diff --json, or a proposal on A")
    return parser


_APPLY = "Make B of A. Exit 1, and nothing written, where a digest or a quoted text does not fit."


def _propose(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("propose", help="a proposal from an edited copy", description=_PROPOSE)
    parser.add_argument("base", metavar="BASE")
    parser.add_argument("edited", metavar="EDITED")
    parser.add_argument("--by", required=True, metavar="NAME", help="the delegation")
    parser.add_argument("--with", dest="with_", metavar="A,B", default="", help="its sponsors")
    parser.add_argument("--id", default="P1", metavar="P", help="the name of the proposal (P1)")
    parser.add_argument("--note", default="", metavar="T")
    parser.add_argument("--at", metavar="INSTANT", help="when it was published: 2026-11-24T10:00:00Z")
    return parser


_PROPOSE = """The proposal that turns BASE into EDITED. Renumbering is left out and listed. Exit 1 where nothing
changed, or where a bracket would be left without its other half."""


def _rebase(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("rebase", help="carry proposals to a newer version", description=_REBASE)
    parser.add_argument("proposals", nargs="+", metavar="P")
    parser.add_argument("--base", required=True, metavar="BASE")
    parser.add_argument("--onto", required=True, metavar="NEW")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser


_REBASE = "What becomes of every edit on NEW. The report is printed also with exit 1: something waits for its sponsor."


def _compile(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("compile", help="proposals as brackets in one text", description=_COMPILE)
    parser.add_argument("base", metavar="BASE")
    parser.add_argument("proposals", nargs="+", metavar="P")
    parser.add_argument("--only", metavar="NAME", help="only what this delegation sponsors")
    parser.add_argument("--accept", action="store_true", help="take the proposals, add no bracket")
    parser.add_argument("--trace", metavar="FILE", help="write the trace here")
    return parser


_COMPILE = """The compilation: a bracket with holders for everything proposed, whatever the order of arrival. Exit 1
where the annex is not empty (it is printed), or with --accept where proposals collide."""


def _resolve(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("resolve", help="take a bracket away", description=_RESOLVE)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("bracket", metavar="ID", help="the id of the bracket, such as c1")
    parser.add_argument("--keep", required=True, metavar="N|all|none", help="the alternative that stays, from 0")
    parser.add_argument("--json", action="store_true", help="print the operations instead of the text")
    return parser


_RESOLVE = "The text with one bracket resolved. Exit 1 where there is no such bracket or alternative."


def _clean(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("clean", help="the clean text", description=_CLEAN)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--ids", action="store_true", help="keep the ids of units")
    return parser


_CLEAN = "The text without ids and holders. Exit 1 where a bracket or an option is left."


def _lint(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("lint", help="findings and counts", description=_LINT)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--final", action="store_true", help="exit 1 also where a bracket is open")
    parser.add_argument("--style", action="store_true", help="also matters of style")
    parser.add_argument("--members", metavar="FILE", help="names that may hold brackets, one a line")
    return parser


_LINT = "What is broken, suspicious or open in a text. Printed also with exit 1: a finding of class error."


def _trace(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("trace", help="where every proposal went", description=_TRACE)
    parser.add_argument("base", metavar="BASE")
    parser.add_argument("proposals", nargs="+", metavar="P")
    parser.add_argument("--through", nargs="+", default=[], metavar="V", help="later versions, in order")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser


_TRACE = (
    "A row for every edit of every proposal: its bracket in the compilation, and what became of it in later versions."
)


def _export(verbs: Verbs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    parser = verbs.add_parser("export", help="DOCX, Akoma Ntoso, HTML, plain text, PDF or JSON", description=_EXPORT)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--to", required=True, choices=["docx", "akn", "html", "plain", "pdf", "json"])
    parser.add_argument("--proposals", nargs="+", default=[], metavar="P", help="as tracked changes (docx, akn)")
    parser.add_argument("--accept-loss", action="store_true", help="go on although something is lost")
    return parser


_EXPORT = "The text in another form. What that form cannot hold is listed first: exit 1 unless --accept-loss."


def _one_of(parser: argparse.ArgumentParser, *names: str) -> None:
    group = parser.add_mutually_exclusive_group()
    for name in names:
        group.add_argument(f"--{name}", dest="form", action="store_const", const=name)


def run(args: argparse.Namespace) -> int:
    """Perform the verb, write its answer, give the exit code. No traceback for any input."""
    from chancery.prose import files, verbs
    from chancery.prose.errors import BadInput, DoesNotApply, LawBroken

    try:
        answer = verbs.VERBS[args.verb](args)
        for message in answer.messages:
            print(message, file=sys.stderr)
        if answer.output is not None:
            files.write(args.output, answer.output)
    except BadInput as error:
        return _refuse(error, BAD)
    except OSError as error:
        return _refuse(f"{error.filename or ''}: {error.strerror or error}", BAD)
    except (DoesNotApply, LawBroken) as error:
        return _refuse(error, NO)
    code: int = answer.code
    return code


def _refuse(why: object, code: int) -> int:
    print(why, file=sys.stderr)
    return code
