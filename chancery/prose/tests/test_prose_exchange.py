"""Word and Akoma Ntoso, out and back: nothing is lost, or the loss is listed first."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from chancery.prose.canonical import canonical
from chancery.prose.docx.read import read as read_docx
from chancery.prose.docx.write import write as write_docx
from chancery.prose.exchange import exported, imported
from chancery.prose.ops import apply
from chancery.prose.proposal import Proposal, propose
from chancery.prose.units import BadInput

from .strategies import edited, numbered, texts

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = (
    "---\ntitle: Draft\nform: decision\n---\n\n# Draft **decision**\n\n*Recalling* that [a // b]{#b1 A // B},\n\n"
    "1. Parties **shall** report annually to __the *Council*__.[^1]\n\n    (a) first [item {#u1}\n\n    (b) second] item\n\n"
    "        (i) deep\n\n            - deeper [x]{A}\n\n## Part two {#h2}\n\n| a | b |\n| c d | **e** f |\n\n2. Last one. {#u2}\n\n"
    "Unlabelled after.\n\n**Option 1:** foo\n\nOption 2: التعاون 应当\n\n[^1]: {EU reserves} some *note*\n"
)


@pytest.mark.parametrize("form", ["docx", "akn", "json"])
def test_a_text_with_everything_in_it_comes_back(form):
    made = exported(TEXT, form)
    assert made.losses == ()
    found = imported(made.output if isinstance(made.output, bytes) else made.output.encode(), form)
    assert (found.text, found.losses) == (TEXT, [])


@settings(deadline=None, max_examples=100)
@given(texts, st.sampled_from(["docx", "akn"]))
def test_every_text_comes_back_or_its_loss_is_listed(text, form):
    try:
        text = canonical(text)
        made = exported(text, form)
    except BadInput:
        return
    found = imported(made.output, form)
    assert found.text == text or made.losses


@settings(deadline=None, max_examples=60)
@given(numbered, st.sampled_from(["docx", "akn"]))
def test_plain_drafts_come_back_without_loss(text, form):
    text = canonical(text)
    made = exported(text, form)
    assert (made.losses, imported(made.output, form).text) == ((), text)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_tracked_changes_come_back_as_the_proposals_they_were(data):
    base = canonical(data.draw(numbered))
    proposals: list[Proposal] = []
    for name in ("Arcadia", "Borduria"):
        found = propose(base, canonical(data.draw(edited(base))), by=name, id=f"P{len(proposals) + 1}").proposal
        proposals += [found] if found else []
    made = exported(base, "docx", proposals)
    found = imported(made.output, "docx", authors={name: name for name in ("Arcadia", "Borduria")})
    assert found.text == base
    back = {proposal.by: apply(base, proposal.operations(base)) for proposal in found.proposals}
    for proposal in proposals:
        if not any(loss.startswith(f"{proposal.id},") for loss in made.losses):
            assert canonical(back.get(proposal.by, base)) == canonical(apply(base, proposal.operations(base)))


def test_of_colliding_proposals_one_is_tracked_and_the_others_are_comments():
    base = "1. Parties shall report annually.\n"
    proposals = [
        propose(base, base.replace("shall", word), by=name, id=id_, published_at="2026-11-24T10:00:00Z").proposal
        for name, id_, word in (("Arcadia", "P1", "should"), ("Borduria", "P2", "may"))
    ]
    made = write_docx(base, proposals)
    assert made.losses == ("P2, Borduria: only as a comment: In unit 0 (1.): replace “shall” by “may”.",)
    found = read_docx(made.data)
    assert [(comment.author, comment.text) for comment in found.comments] == [
        ("Borduria", "P2: In unit 0 (1.): replace “shall” by “may”.")
    ]
    assert set(found.authors) == {"Arcadia"}
    assert exported(base, "docx", proposals).losses


def package(body: str, **parts: str) -> bytes:
    """A Word file with this body, as another program would write it."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        for name, inner in parts.items():
            archive.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{W}">{inner}</w:{name}>')
    return sink.getvalue()


def run(text: str, props: str = "") -> str:
    return f'<w:r><w:rPr>{props}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def gone(text: str) -> str:
    return f"<w:r><w:delText xml:space='preserve'>{text}</w:delText></w:r>"


def by(kind: str, who: str, inner: str = "") -> str:
    return f'<w:{kind} w:id="1" w:author="{who}" w:date="2026-11-24T10:00:00Z">{inner}</w:{kind}>'


def par(inner: str, props: str = "") -> str:
    return f"<w:p><w:pPr>{props}</w:pPr>{inner}</w:p>"


def read_back(body: str, **parts: str):
    found = imported(package(body, **parts), "docx", authors={"Ann": "Arcadia", "Bob": "Borduria"})
    return found, {p.by: apply(found.text, p.operations(found.text)) for p in found.proposals}


def test_docx_keeps_every_deletion():
    row = "<w:tr>{}<w:tc>" + par(run("x")) + "</w:tc></w:tr>"
    body = (
        par(run("One ") + by("del", "Ann", gone("two ")) + run("three"))
        + par(by("del", "Ann", gone("Whole paragraph")), f"<w:rPr>{by('del', 'Ann')}</w:rPr>")
        + f"<w:tbl>{row.format('')}{row.format('<w:trPr>' + by('del', 'Ann') + '</w:trPr>')}</w:tbl>"
    )
    found, back = read_back(body)
    assert found.text == "One two three\n\nWhole paragraph\n\n| x |\n| x |\n"
    assert canonical(back["Arcadia"]) == "One three\n\n| x |\n"


def test_docx_keeps_every_insertion():
    body = (
        par(run("One ") + by("ins", "Ann", run("two ")) + run("three"))
        + par(by("ins", "Bob", run("New paragraph")), f"<w:rPr>{by('ins', 'Bob')}</w:rPr>")
        + par(
            "<w:sdt><w:sdtContent>"
            + by("ins", "Bob", "<w:hyperlink>" + run("linked") + "</w:hyperlink>")
            + "</w:sdtContent></w:sdt>"
            + run(" end")
        )
    )
    found, back = read_back(body)
    assert found.text == "One three\n\nend\n"
    assert back["Arcadia"] == "One two three\n\nend\n"
    assert back["Borduria"] == "One three\n\nNew paragraph\n\nlinked end\n"


def test_paragraph_mark_splits_and_joins():
    body = (
        par(run("First half. "), f"<w:rPr>{by('ins', 'Ann')}</w:rPr>")
        + par(run("Second half."))
        + par(run("Third, "), f"<w:rPr>{by('del', 'Bob')}</w:rPr>")
        + par(run("joined."))
    )
    found, back = read_back(body)
    assert found.text == "First half. Second half.\n\nThird,\n\njoined.\n"
    assert back["Arcadia"] == "First half.\n\nSecond half.\n\nThird,\n\njoined.\n"
    assert canonical(back["Borduria"]) == "First half. Second half.\n\nThird, joined.\n"


def test_moves_are_read_whatever_their_pairing():
    moved = par(by("moveFrom", "Ann", run("To be moved here")), f"<w:rPr>{by('moveFrom', 'Ann')}</w:rPr>")
    here = par(by("moveTo", "Ann", run("To be moved here")), f"<w:rPr>{by('moveTo', 'Ann')}</w:rPr>")
    found, back = read_back(moved + par(run("Stays")) + here)
    assert (found.text, back["Arcadia"]) == ("To be moved here\n\nStays\n", "Stays\n\nTo be moved here\n")


def test_docx_reader_has_two_views_only():
    found = read_docx(package(par(run("a ") + by("ins", "Ann", run("b ")) + by("del", "Bob", gone("c")))))
    runs = found.blocks[0].runs
    assert ["".join(r.text for r in runs if r.fate.stands(who)) for who in (None, "Ann", "Bob")] == [
        "a c",
        "a b c",
        "a ",
    ]


def test_delete_of_foreign_insertion_collides():
    found, back = read_back(par(run("a ") + by("ins", "Ann", run("b ") + by("del", "Bob", gone("c ")))) + par(run("d")))
    assert back["Arcadia"] == "a b c\n\nd\n"
    assert any("Borduria deletes “c ” in an insertion of Arcadia (delete-edit)" in loss for loss in found.losses)


def test_nothing_is_accepted_silently():
    found = imported(package(par(run("a ") + by("ins", "Ann", run("b")))), "docx")
    assert found.questions == ["who is Ann? 1 changes"]


def test_loss_is_never_silent():
    body = par(run("a") + "<w:r><w:drawing/></w:r>", "<w:pPrChange/>") + "<w:sectPr><w:headerReference/></w:sectPr>"
    found, _ = read_back(
        body, comments='<w:comment w:id="0" w:author="Eve" w:date="x"><w:p>' + run("Why?") + "</w:p></w:comment>"
    )
    assert {loss.partition("× ")[2] or loss for loss in found.losses} == {
        "image or text box", "tracked change of format", "header", "comment of Eve, x, on “”: Why?",
    }  # fmt: skip


def test_comments_of_a_proposing_delegation_go_with_its_proposal():
    comment = (
        '<w:comment w:id="7" w:author="Ann" w:date="2026-11-24T10:00:00Z"><w:p>'
        + run("Because.")
        + "</w:p></w:comment>"
    )
    body = par(
        '<w:commentRangeStart w:id="7"/>'
        + run("word")
        + '<w:commentRangeEnd w:id="7"/>'
        + by("ins", "Ann", run(" more"))
    )
    found, _ = read_back(body, comments=comment)
    assert found.proposals[0].note == "on “word”: Because."
    assert found.proposals[0].published_at == "2026-11-24T10:00:00Z"


def test_numbering_becomes_labels_and_footnotes_become_notes():
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(
            (("decimal", "%1."), ("lowerLetter", "(%2)"), ("lowerRoman", "(%3)"), ("bullet", "•"))
        )
    )
    numbering = f'<w:abstractNum w:abstractNumId="3">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num>'

    def item(text, level):
        return par(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')

    body = (
        par(run("Title"), '<w:pStyle w:val="Heading1"/>')
        + item("a", 0) + item("b", 1) + item("c", 1) + item("d", 2) + item("e", 3) + item("f", 0)
        + par(run("g") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("5*3*", "<w:b/>"))
    )  # fmt: skip
    found, _ = read_back(
        body, numbering=numbering, footnotes='<w:footnote w:id="2"><w:p>' + run("Foot.") + "</w:p></w:footnote>"
    )
    assert found.text == (
        "# Title\n\n1. a\n\n    (a) b\n\n    (b) c\n\n        (i) d\n\n            - e\n\n2. f\n\n"
        "g[^2]**5\\*3\\***\n\n[^2]: Foot.\n"
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", package("<w:p>")[:60], package("")[:-30], b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', b"<x/>"],
    ids=["empty", "stub", "cut in the middle", "cut at the end", "entity", "stranger"],
)
@pytest.mark.parametrize("form", ["docx", "akn"])
def test_damaged_files_are_bad_input(data, form):
    with pytest.raises(BadInput):
        imported(data, form)


@pytest.mark.parametrize("form", ["docx", "akn"])
def test_characters_that_xml_cannot_hold_are_bad_input(form):
    odd = propose("a b\n", "a \x07\n", by="A").proposal
    with pytest.raises(BadInput, match="U\\+0007"):
        exported("a b\n", form, [odd])
    with pytest.raises(BadInput, match="U\\+FFFF"):
        exported("a \uffff\n", form)


def test_a_bomb_is_not_unpacked():
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 20_000_000)
    with pytest.raises(BadInput, match="too many"):
        imported(sink.getvalue(), "docx")


def test_docx_export_del_is_del_and_never_nests_revisions():
    base = "1. One two three.\n\n2. Four five.\n\n| a | b |\n| c | d |\n"
    proposals = [
        propose(base, base.replace("two ", "2 ").replace("| c | d |\n", ""), by="A", id="P1").proposal,
        propose(base, base.replace("2. Four five.\n\n", ""), by="B", id="P2").proposal,
        propose(base, base.replace("Four", "4"), by="C", id="P3").proposal,
    ]
    made = write_docx(base, proposals)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        for name in archive.namelist():
            etree.fromstring(archive.read(name))
        document = etree.fromstring(archive.read("word/document.xml"))
    space = {"w": W}
    assert document.xpath("//w:ins//w:ins | //w:ins//w:del | //w:del//w:ins | //w:del//w:del", namespaces=space) == []
    assert document.xpath("//w:del//w:t | //w:ins//w:delText", namespaces=space) == []
    assert [r.text for r in document.xpath("//w:delText", namespaces=space)] == ["two", "2. Four five.", "c", "d"]
    ids = document.xpath("//w:ins/@w:id | //w:del/@w:id", namespaces=space)
    assert len(set(ids)) == len(ids)
    assert len(made.losses) == 1


def test_the_same_text_gives_the_same_file():
    assert exported(TEXT, "docx").output == exported(TEXT, "docx").output
    assert exported(TEXT, "akn").output == exported(TEXT, "akn").output


def test_akn_names_holders_and_open_units():
    root = etree.fromstring(exported(TEXT, "akn").output)
    space = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
    assert root.xpath("//a:inline[@name='bracket']/@eId", namespaces=space)[0] == "b1"
    assert set(root.xpath("//a:TLCOrganization/@showAs", namespaces=space)) >= {"A", "B"}
    assert root.xpath("//a:recital/@status", namespaces=space) == ["incomplete"]


def test_akn_marks_a_bracket_that_crosses_units_at_both_ends():
    root = etree.fromstring(exported(TEXT, "akn").output)
    space = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
    opening, closing = root.xpath("//a:marker", namespaces=space)
    assert (opening.get("name"), closing.get("name")) == ("bracketOpen", "bracketClose")
    assert closing.get("refersTo") == "#" + opening.get("eId")


def test_a_foreign_akn_document_is_read():
    found = imported(
        b"""<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="a"><meta/><preface><p>
        <docTitle>On levies</docTitle></p></preface><body><section eId="sec_1"><num>1</num><heading>Scope</heading>
        <subsection><num>(1)</num><content><p>A levy of 5*3 <i>is</i> due.</p></content></subsection></section></body>
        </act></akomaNtoso>""",
        "akn",
    )
    assert "# On levies" in found.text
    assert "(1) A levy of 5\\*3 *is* due." in found.text
