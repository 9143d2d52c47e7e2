"""`chancery text`: outputs, exit codes, and plain words for any bytes whatever."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.prose.schema import FORMS, load, text_schema

from .desk import chancery, put
from .strategies import texts

BASE = "# Draft\n\n1. Parties shall report annually.\n\n2. The fund is open.\n"


@pytest.fixture
def files(tmp_path):
    def write(name, content):
        return put(tmp_path, name, content)

    write.folder = tmp_path
    write.base = write("base.md", BASE)
    return write


def proposal(files, name, by, old, new):
    edited = files(f"{name}.md", BASE.replace(old, new))
    done = chancery("text", "propose", files.base, edited, "--by", by, "--id", name)
    assert done.code == 0
    return files(f"{name}.json", done.out)


def test_diff_and_apply_make_the_second_file(files):
    other = files("b.md", BASE.replace("annually", "yearly"))
    ops = files("ops.json", chancery("text", "diff", files.base, other, "--json").out)
    assert chancery("text", "apply", files.base, ops).out == BASE.replace("annually", "yearly").encode()
    assert chancery("text", "diff", files.base, other, "--exit-code").code == 1
    assert chancery("text", "diff", files.base, files.base, "--exit-code").code == 0
    assert b"{-annually-}{+yearly+}" in chancery("text", "diff", files.base, other).out


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(texts, st.text()), st.one_of(texts, st.text()))
def test_diff_and_apply_for_every_two_texts(tmp_path, a, b):
    a, b = a.replace("\x00", ""), b.replace("\x00", "")
    one, other = put(tmp_path, "a", a), put(tmp_path, "b", b)
    ops = chancery("text", "diff", one, other, "--json")
    assert chancery("text", "apply", one, put(tmp_path, "ops", ops.out)).out == b.encode()


def test_one_changed_byte_of_the_text_refuses_and_writes_nothing(files):
    other = files("b.md", BASE.replace("annually", "yearly"))
    ops = files("ops.json", chancery("text", "diff", files.base, other, "--json").out)
    done = chancery("text", "apply", files("a.md", BASE.replace("open", "oper")), ops, "-o", str(files.folder / "out"))
    assert (done.code, done.out) == (1, b"")
    assert not (files.folder / "out").exists()
    assert "digest" in done.err


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_one_changed_byte_of_the_operations_never_passes_unseen(tmp_path, data):
    a, b = put(tmp_path, "a", BASE), put(tmp_path, "b", BASE.replace("shall", "should").replace("2. The", "2. A"))
    ops = chancery("text", "diff", a, b, "--json").out
    at = data.draw(st.integers(0, len(ops) - 1))
    byte = data.draw(st.integers(32, 126).filter(lambda n: n != ops[at]))
    done = chancery("text", "apply", a, put(tmp_path, "ops", ops[:at] + bytes([byte]) + ops[at + 1 :]))
    assert done.code in (1, 2) or done.out == BASE.replace("shall", "should").replace("2. The", "2. A").encode()
    assert done.code == 0 or done.out == b""


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=60), texts.map(str.encode), st.just(b"PK\x03\x04" + b"x" * 40)))
def test_no_bytes_give_a_traceback(tmp_path, data):
    name, base = put(tmp_path, "x", data), put(tmp_path, "base", BASE)
    for words in (
        ["show", name, "--json"],
        ["show", name, "--html"],
        ["show", name, "--plain"],
        ["lint", name, "--style"],
        ["diff", base, name],
        ["apply", base, name],
        ["propose", base, name, "--by", "A"],
        ["compile", base, name],
        ["rebase", name, "--base", base, "--onto", base],
        ["clean", name],
        *(["import", name, "--from", form] for form in ("md", "plain", "docx", "akn", "json")),
        *(["export", name, "--to", form, "--accept-loss"] for form in ("docx", "akn", "html", "plain", "json")),
    ):
        assert chancery("text", *words).code in (0, 1, 2)


def test_standard_input_is_a_dash(files):
    assert chancery("text", "show", "-", stdin=BASE.encode()).out == BASE.encode()


def test_what_is_not_there_is_bad_input(files):
    done = chancery("text", "show", "/nowhere/at/all")
    assert (done.code, done.out) == (2, b"")
    assert "No such file" in done.err


def test_show_gives_a_unit_in_every_form(files):
    assert chancery("text", "show", files.base, "--unit", "1").out == b"1. Parties shall report annually.\n"
    assert chancery("text", "show", files.base, "--unit", "9").code == 1
    assert json.loads(chancery("text", "show", files.base, "--unit", "2", "--json").out)["label"] == "2."
    assert b'id="op-1"' in chancery("text", "show", files.base, "--html").out
    assert chancery("text", "show", files.base, "--plain").out.startswith(b"Draft\n\n1. Parties")


def test_propose_says_what_it_left_out_and_refuses_nothing_and_halves(files):
    renumbered = files("e.md", BASE.replace("2. The fund is open", "3. The fund is shut"))
    done = chancery("text", "propose", files.base, renumbered, "--by", "A", "--at", "2026-11-24T10:00:00Z")
    assert done.code == 0
    assert "label '2' → '3'" in done.err
    document = load(done.out, "chancery/text-proposal/1")
    assert document["published_at"] == "2026-11-24T10:00:00Z"
    assert chancery("text", "propose", files.base, files.base, "--by", "A").code == 1
    half = files("h.md", BASE.replace("shall", "[shall"))
    assert chancery("text", "propose", files.base, half, "--by", "A").code == 1
    assert chancery("text", "propose", files.base, renumbered, "--by", "base").code == 2
    assert chancery("text", "propose", files.base, renumbered, "--by", "A", "--at", "now").code == 2
    assert chancery("text", "propose", files.base, renumbered, "--by", "A", "--id", "P 1").code == 2


def test_apply_takes_a_proposal(files):
    one = proposal(files, "P1", "Arcadia", "shall", "should")
    assert b"should report" in chancery("text", "apply", files.base, one).out


def test_compile_traces_and_accepts(files):
    one, two = proposal(files, "P1", "Arcadia", "shall", "should"), proposal(files, "P2", "Borduria", "shall", "may")
    trace = str(files.folder / "trace.json")
    done = chancery("text", "compile", files.base, two, one, "--trace", trace)
    assert done.code == 0
    assert b"[shall // may // should]{#c1 base // Borduria // Arcadia}" in done.out
    assert "P1 and P2 collide in unit 1: edit-edit" in done.err
    with open(trace, "rb") as file:
        assert len(load(file.read(), "chancery/text-trace/1")["rows"]) == 2
    assert (
        b"[shall // may]{#c1 base // Borduria}"
        in chancery("text", "compile", files.base, one, two, "--only", "Borduria").out
    )
    assert chancery("text", "compile", files.base, one, two, "--accept").code == 1
    assert b"should report" in chancery("text", "compile", files.base, one, "--accept").out


def test_compile_prints_the_annex_and_says_no(files):
    document = json.loads(
        chancery("text", "propose", files.base, files("e.md", BASE.replace("shall", "may")), "--by", "A").out
    )
    document["ops"][0]["edits"] = [{"s": 0, "del": "1.", "ins": "2."}]
    done = chancery("text", "compile", files.base, files("p.json", json.dumps(document)))
    assert done.code == 1
    assert b"# Proposals not merged" in done.out


def test_a_proposal_on_another_base_is_bad_input(files):
    one = proposal(files, "P1", "Arcadia", "shall", "should")
    other = files("other.md", BASE + "\n3. More.\n")
    assert chancery("text", "compile", other, one).code == 2
    assert chancery("text", "rebase", one, "--base", other, "--onto", files.base).code == 2
    assert chancery("text", "apply", other, one).code == 1


def test_rebase_prints_its_report_also_when_the_answer_is_no(files):
    one = proposal(files, "P1", "Arcadia", "shall", "should")
    onto = files("onto.md", BASE.replace("shall", "must"))
    done = chancery("text", "rebase", one, "--base", files.base, "--onto", onto, "--json")
    assert done.code == 1
    report = load(done.out, "chancery/text-rebase/1")
    assert report["proposals"][0]["outcomes"][0]["kind"] == "changed"
    assert b"waits for its sponsor" in chancery("text", "rebase", one, "--base", files.base, "--onto", onto).out
    assert chancery("text", "rebase", one, "--base", files.base, "--onto", files.base).code == 0


def test_lint_and_clean_say_no_while_something_is_open(files):
    open_ = files("open.md", BASE.replace("shall", "[shall]{EU}"))
    assert chancery("text", "lint", open_).code == 0
    assert chancery("text", "lint", open_, "--final").code == 1
    assert chancery("text", "lint", open_, "--members", files("members", "US\n")).code == 1
    done = chancery("text", "clean", open_)
    assert (done.code, done.out) == (1, b"")
    assert "1 brackets" in done.err
    document = load(chancery("text", "lint", open_, "--json").out, "chancery/text-lint/1")
    assert document["counts"]["pairs"] == 1
    assert chancery("text", "clean", files.base).out == BASE.encode()


def test_resolve_takes_a_bracket_away(files):
    text = files("c.md", "1. [shall // may]{#c1 base // A} report.\n")
    assert chancery("text", "resolve", text, "c1", "--keep", "1").out == b"1. may report.\n"
    assert chancery("text", "resolve", text, "c9", "--keep", "1").code == 1
    assert chancery("text", "resolve", text, "c1", "--keep", "x").code == 2


def test_trace_is_a_table_or_a_document(files):
    one = proposal(files, "P1", "Arcadia", "shall", "should")
    later = files("later.md", BASE.replace("shall", "should"))
    done = chancery("text", "trace", files.base, one, "--through", later)
    assert done.code == 0
    assert done.out.decode().splitlines()[-1].endswith("kept")
    load(chancery("text", "trace", files.base, one, "--json").out, "chancery/text-trace/1")


def test_import_writes_the_canonical_form_and_lists_what_changed(files):
    done = chancery("text", "import", files("x.md", "\ufeff# T\r\n\r\n\r\n1. a  b\r\n2. c"), "--ids")
    assert done.out.decode() == "# T {#u1}\n\n1. a b {#u2}\n\n2. c {#u3}\n"
    assert "line ends" in done.err


def test_plain_text_with_brackets_is_asked_about(files):
    text = files("old.txt", "1. Foods [and feeds] are [EU: safe] [good - EU, US].\n")
    done = chancery("text", "import", text)
    assert (done.code, done.out) == (1, b"")
    assert "open or deleted" in done.err
    members = files("members", "EU\nUS\n")
    opened = chancery("text", "import", text, "--brackets", "open", "--members", members)
    assert opened.out.decode() == "1. Foods [and feeds] are [safe]{EU} [good]{EU, US}.\n"
    folder = files.folder / "proposals"
    struck = chancery("text", "import", text, "--brackets", "deleted", "--proposals", str(folder))
    assert struck.out.decode() == "1. Foods and feeds are EU: safe good - EU, US.\n"
    base = files("struck.md", struck.out)
    assert chancery("text", "apply", base, str(folder / "P1.json")).out.decode().startswith("1. Foods are ")


@settings(deadline=None, max_examples=60)
@given(texts)
def test_every_text_comes_back_from_its_json(text):
    from chancery.prose.canonical import canonical
    from chancery.prose.jsonform import as_text, text_as_json, text_from_json
    from chancery.prose.units import BadInput

    try:
        form = canonical(text)
        document = load(as_text(text_as_json(form)).encode(), "chancery/text/1")
    except BadInput:
        return
    assert text_from_json(document) == form


def test_the_json_form_lists_marks_notes_options_and_brackets():
    from chancery.prose.jsonform import text_as_json

    text = (
        "---\nform: decision\n---\n\n# T\n\nWhereas **x**,\n\n1. a[^1] [b // c]{#b1 EU}\n\nOption 1: d\n\nOption 2: e\n\n"
        "| f | g |\n\n[^1]: {EU reserves} h\n"
    )
    document = text_as_json(text)
    units = document["units"]
    assert [unit["role"] for unit in units][:4] == [None, None, "preambular", "operative"]
    assert units[2]["marks"] == [[10, 11, "b"]]
    assert document["options"] == [[4, 5]]
    assert document["notes"] == [{"id": "1", "unit": 7, "kind": "reserves", "holder": "EU"}]
    assert document["brackets"][0]["alternatives"][1] == {"open": [3, 15], "close": [3, 16], "holders": ["EU"]}
    assert units[6]["cells"] == [[1, 4], [5, 8]]


@pytest.mark.parametrize(
    "broken",
    [
        b"[]",
        b"{}",
        b'{"format":"chancery/text-ops/1"}',
        b'{"format":"chancery/text-ops/1","format":"x"}',
        b'{"format":"chancery/text-ops/1","from":{"sha256":"x","units":1},"to":null,"ops":[]}',
        b"[" * 100_000,
        b'{"a": NaN}',
        b'{"format":"chancery/text-ops/1","from":{"sha256":"' + b"0" * 64 + b'","units":true},"to":{},"ops":[]}',
    ],
)
def test_a_document_of_another_form_is_bad_input(tmp_path, broken):
    done = chancery("text", "apply", put(tmp_path, "a", BASE), put(tmp_path, "ops", broken))
    assert (done.code, done.out) == (2, b"")


def test_unknown_keys_and_half_surrogates_refuse(files):
    ops = json.loads(chancery("text", "diff", files.base, files("b", BASE + "\nx\n"), "--json").out)
    ops["ops"][0]["text"] = "\ud800"
    assert chancery("text", "apply", files.base, files("s", json.dumps(ops))).code == 2
    ops = json.loads(chancery("text", "diff", files.base, files("b", BASE + "\nx\n"), "--json").out) | {"colour": "red"}
    assert "colour" in chancery("text", "apply", files.base, files("u", json.dumps(ops))).err


def test_the_schema_names_every_form():
    assert len(text_schema()["oneOf"]) == len(FORMS) == 6


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("1. [a [b] c\n2. d]] e[^1]\n", {"L01", "L09", "L13", "L14", "L15"}),
        ("a [b\n", {"L02"}),
        ("[]\n", {"L03", "L14"}),
        ("[x // ]\n", {"L04", "L14"}),
        ("[a // b]{A // B // C}\n", {"L05", "L14"}),
        ("a {#u}\n\nb {#u}\n", {"L06"}),
        ("1. a\n\n3. b\n", {"L07"}),
        ("1. a\n\n1. b\n", {"L07"}),
        ("1. as in paragraph 7\n", {"L08"}),
        ("1. as in paragraph 7 of decision 3\n", set()),
        ("Option 1: a\n\nb\n", {"L10"}),
        ("a **b\n", {"L11"}),
        ("a \u2067b\n", {"L12"}),
        ("a  b\n", {"L13"}),
        ("    (a) shall x\n\n    (b) should y\n", {"L16"}),
        ("see the Fund and\n\nsee the Fund too\n", {"L17"}),
        ("the the\n", {"L18"}),
        ("| a | b |\n| c |\n", {"L19"}),
        ("p\u0430per\n", {"L20"}),
        (r"\[sic\]" + "\n", set()),
        ("1. a\n\n2. b\n\n    (i) c\n\n    (ii) d\n\n2bis. e\n\n3. f\n", set()),
    ],
)
def test_lint_finds(text, codes):
    from chancery.prose.lint import lint

    assert {finding.code for finding in lint(text, with_style=True)} == codes


def test_the_counts_of_the_vector():
    from chancery.prose.outline import Outline

    counts = Outline("1. [a [b] c\n2. d]] e[^1]\n").counts
    assert {key: counts[key] for key in ("open", "close", "pairs", "unopened", "unclosed", "crossing", "depth")} == {
        "open": 2, "close": 3, "pairs": 2, "unopened": 1, "unclosed": 0, "crossing": 1, "depth": 2,
    }  # fmt: skip
