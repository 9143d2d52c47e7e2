"""The standard document: the published example byte for byte, and bad input with its JSON pointer."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery import canon
from chancery.procedure import BadDocument, NotAdopted, decide, decide_document, preset, require_adopted
from chancery.procedure.documents import EVENT_DATA, parse, read_inputs
from chancery.procedure.sentences import working_sentences

EXAMPLE = {
    "ruleset": {
        "quorum": {"decide": {"f": "1/2", "strict": True}, "base": "members", "check_at": ["vote_start"]},
        "majority": {
            "substantive": {
                "tests": [{"measure": "heads", "base": "present_voting", "threshold": "2/3", "strict": False}]
            }
        },
    },
    "question": {
        "id": "question/51/7",
        "method": "vote",
        "test": "substantive",
        "subject": {
            "ref": "version/51/D3/2",
            "sha256": "50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545c",
        },
    },
    "electorate": {"zone": "Asia/Bishkek", "chair": "ALM", "members": ["ALM", "BRE", "COR", "DUN"]},
    "events": [
        {"seq": 1, "at": "2026-10-14T05:00:00Z", "kind": "vote.announced", "by": "chair"}
        | {"data": {"about": "whole", "mode": "roll_call"}},
        *(
            {"seq": seq, "at": f"2026-10-14T05:0{seq - 1}:00Z", "kind": "ballot.cast", "by": f"{member.lower()}.head"}
            | {"for": member, "data": {"value": value}}
            for seq, member, value in [
                (2, "ALM", "for"),
                (3, "BRE", "against"),
                (4, "COR", "abstain"),
                (5, "DUN", "for"),
            ]
        ),
        {"seq": 6, "at": "2026-10-14T05:06:00Z", "kind": "result.announced", "by": "chair", "data": {"about": "whole"}},
    ],
}
ANSWER = (
    '{"decided_at":"2026-10-14T05:06:00Z","effects":[],"elected":[],'
    '"input_sha256":"b4a9cbcc8e8a7da9b7ce632667cba8baef14630223001911d57ee955c417f236","next":null,"override":null,'
    '"parts":[],"refused":[],"rules":[{"parameter":"quorum.decide","preset":null,"source":null,"verified":false,'
    '"version":null},{"parameter":"majority.substantive","preset":null,"source":null,"verified":false,"version":null}],'
    '"ruleset_sha256":"89d7a5519bb7d0912d85e20463e6b9785fdd99997c0d78b4fad4104993769dd7","status":"adopted",'
    '"tallies":{"absent":0,"abstain":1,"against":1,"for":2,"invalid":0,"present_not_participating":0},"warnings":[],'
    '"working":[{"at":"vote_start","base":"members","base_value":4,"counted":["present"],"got":4,"measure":"heads",'
    '"met":true,"need":3,"strict":true,"test":"quorum.decide","threshold":"1/2"},{"at":"result","base":"present_voting",'
    '"base_value":3,"counted":["for","against"],"got":2,"measure":"heads","met":true,"need":2,"strict":false,'
    '"test":"majority.substantive","threshold":"2/3"}]}'
)


def test_the_published_example_gives_exactly_the_published_answer():
    assert canon.canonical_json(decide_document(EXAMPLE)).decode() == ANSWER


def faults_of(document):
    with pytest.raises(BadDocument) as caught:
        decide_document(document)
    return {fault.pointer: fault.reason for fault in caught.value.faults}


def changed(path, value):
    document = copy.deepcopy(EXAMPLE)
    place = document
    for key in path[:-1]:
        place = place[key]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


GONE = object()
TEST = ("ruleset", "majority", "substantive", "tests", 0)
BAD = [
    (("extra",), 1, "/extra"),
    (("events",), GONE, "/events"),
    (("question", "method"), "guess", "/question/method"),
    (("question", "test"), GONE, "/question/test"),
    (("question", "test"), "unheard", "/question/test"),
    (("question", "subject"), GONE, "/question/subject"),
    (("question", "capitals"), ["ZZZ"], "/question/capitals/0"),
    (("electorate", "zone"), "Mars/Olympus", "/electorate/zone"),
    (("electorate", "members"), ["ALM", "ALM"], "/electorate/members"),
    (("electorate", "chair"), "ZZZ", "/electorate/chair"),
    (("electorate", "presence"), ["ZZZ"], "/electorate/presence/0"),
    (("electorate", "rights"), {"ALM": [["2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"]]}, "/electorate/rights/ALM/0"),
    (("electorate", "rights"), {"ALM": [[None, None]]}, "/electorate/rights/ALM/0"),
    (("electorate", "weights"), {"w": {"ALM": 0.5}}, "/electorate/weights/w/ALM"),
    (("electorate", "weights"), {"w": {"ALM": "-1/2"}}, "/electorate/weights/w/ALM"),
    ((*TEST, "threshold"), 0.55, "/ruleset/majority/substantive/tests/0/threshold"),
    ((*TEST, "measure"), "weight:w", "/electorate/weights/w"),
    (("ruleset",), [], "/ruleset"),
    (("ruleset",), {"preset": "un-assembly", "version": 1, "sha256": "0" * 64}, "/ruleset/sha256"),
    (("ruleset",), {"preset": "unheard", "version": 1, "sha256": "0" * 64}, "/ruleset/preset"),
    (("ruleset",), {"preset": "un-assembly"}, "/ruleset/version"),
    (("events", 1, "seq"), 1, "/events/1/seq"),
    (("events", 1, "seq"), True, "/events/1/seq"),
    (("events", 1, "at"), "2026-10-14T04:59:59Z", "/events/1/at"),
    (("events", 1, "at"), "2026-10-14 05:00", "/events/1/at"),
    (("events", 1, "at"), "2026-10-14T05:00:00+00:00", "/events/1/at"),
    (("events", 1, "at"), "9999-12-31T23:59:59Z", "/events/1/at"),
    (("events", 1, "by"), "\ud800", "/events/1/by"),
    (("ruleset", "papers"), {"debate_wait": 10**30}, "/ruleset/papers/debate_wait"),
    (("events", 1, "kind"), "ballot.guessed", "/events/1/kind"),
    (("events", 1, "for"), "ZZZ", "/events/1/for"),
    (("events", 1, "data"), {"value": "maybe"}, "/events/1/data/value"),
    (("events", 1, "data"), {"value": ["for"]}, "/events/1/data/value"),
    (("events", 1, "data"), {"value": "for", "loud": True}, "/events/1/data/loud"),
    (("events", 1, "data"), GONE, "/events/1/data/value"),
    (("events", 1), "ballot", "/events/1"),
    (("events",), {}, "/events"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "pointer"), BAD)
def test_bad_input_is_refused_with_its_pointer(path, value, pointer):
    assert pointer in faults_of(changed(path, value))


def test_all_faults_of_a_document_are_found_at_once():
    document = changed(("events", 1, "kind"), "unheard")
    document["question"]["method"] = "guess"
    document["electorate"]["zone"] = "nowhere"
    assert {"/events/1/kind", "/question/method", "/electorate/zone"} <= set(faults_of(document))


DEEP = b'{"a":' * 900 + b'{"b":1,"b":2}' + b"}" * 900


@pytest.mark.parametrize("data", [b"", b"[", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff", b"[" * 100_000, DEEP])
def test_what_is_no_strict_json_is_refused(data):
    with pytest.raises(BadDocument):
        parse(data)


def test_a_doubled_key_is_refused_where_it_stands():
    with pytest.raises(BadDocument) as caught:
        parse(b'{"events":[{"seq":1},{"seq":2,"data":{"a":1,"a":2}}]}')
    assert [fault.pointer for fault in caught.value.faults] == ["/events/1/data/a"]


@pytest.mark.parametrize("value", [None, 1, "x", [], {}])
def test_what_is_no_document_is_refused(value):
    with pytest.raises(BadDocument):
        decide_document(value)


def test_a_preset_is_named_by_name_version_and_digest():
    rules = {"preset": "un-assembly", "version": 1, "sha256": preset("un-assembly/1").sha256}
    outcome = decide_document(changed(("ruleset",), rules))
    assert outcome["status"] == "adopted"
    assert outcome["ruleset_sha256"] == rules["sha256"]
    reference = outcome["rules"][1]
    assert (reference["preset"], reference["version"], reference["verified"]) == ("un-assembly", 1, False)
    assert "83" in reference["source"]


def test_a_proof_too_deep_to_be_hashed_is_refused_with_its_pointer():
    deep = []
    for _ in range(5_000):
        deep = [deep]
    lot = {"about": "round/1", "result": "Ana", "how": "room", "proof": deep}
    document = changed(
        ("events", 5), {"seq": 6, "at": "2026-10-14T05:06:00Z", "kind": "lot.drawn", "by": "chair", "data": lot}
    )
    assert "/events/5/data/proof" in faults_of(document)


def test_weights_of_any_length_can_be_read_aloud():
    weights = {
        member: f"{10**17 + n}/{10**17 + 3 * n + 7}" for n, member in enumerate(EXAMPLE["electorate"]["members"])
    }
    document = changed((*TEST, "measure"), "weight:w")
    document["electorate"]["weights"] = {"w": weights}
    assert working_sentences(decide_document(document))


def test_require_adopted_lets_only_the_adopted_pass():
    inputs = read_inputs(EXAMPLE)
    outcome = decide(*inputs)
    require_adopted(outcome)
    lost = read_inputs(changed(("events", 1, "data", "value"), "against"))
    with pytest.raises(NotAdopted, match="rejected"):
        require_adopted(decide(*lost))


def test_an_override_of_an_adoption_stands_for_require_adopted():
    document = copy.deepcopy(EXAMPLE)
    data = {"status": "postponed", "reason": "Instructions are awaited."}
    document["events"].append({"seq": 7, "at": "2026-10-14T06:00:00Z", "kind": "override", "by": "chair", "data": data})
    with pytest.raises(NotAdopted, match="postponed"):
        require_adopted(decide(*read_inputs(document)))


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(), st.text(max_size=8), st.just([]), st.just({})
)


def places(value, path=()):
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, item in items for place in places(item, (*path, key))]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(places(EXAMPLE)), ODD)
def test_any_value_put_anywhere_is_decided_or_refused_never_a_traceback(path, odd):
    try:
        decide_document(changed(path, odd))
    except BadDocument as bad:
        assert all(fault.reason for fault in bad.faults)


WHO, BY = st.sampled_from(["ALM", "BRE", None]), st.sampled_from(["chair", "alm.head", "clock"])
events = st.lists(st.tuples(st.sampled_from(sorted(EVENT_DATA)), WHO, BY), max_size=12)
DATA = {
    "about": "whole", "value": "for", "posts": 1, "name": "Ana", "expiry": "2026-10-14T06:00:00Z", "holder": "BRE",
    "motion": "close_debate", "id": "A", "right": "vote", "order": [], "parts": ["OP1"], "voted": ["ALM"],
    "result": "Ana", "how": "room", "kind": "record", "answer": "adopted", "status": "adopted",
    "from": "2026-10-14T05:00:00Z", "to": "2026-10-14T06:00:00Z",
}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(events, st.sampled_from(["vote", "consensus", "silence", "election", "ad_referendum", "motion"]))
def test_any_events_in_any_order_give_an_outcome(chosen, method):
    document = copy.deepcopy(EXAMPLE)
    document["question"] |= {"method": method, "parts": ["OP1"], "capitals": ["BRE"]}
    document["events"] = [
        {"seq": seq, "at": f"2026-10-14T05:{seq:02d}:00Z", "kind": kind, "by": by, "data": data_for(kind, method)}
        | ({"for": member} if member else {})
        for seq, (kind, member, by) in enumerate(chosen, 1)
    ]
    outcome = decide_document(document)
    json.dumps(outcome)
    assert outcome["status"]


def data_for(kind, method):
    data = {key: DATA[key] for key in EVENT_DATA[kind] if not key.endswith("?")}
    if kind == "rights.changed":
        data["value"] = False
    if kind == "confirmation.given":
        data["value"] = "yes"
    if method == "election" and "about" in data and kind != "ruling":
        data["about"] = "round/1"
    if method == "election" and kind.startswith("ballot."):
        data["value"] = "Ana"
    return data
