"""Policy files, quorums and their tolerance, and the chain of policies."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.ledger import Malformed, Refused, Untrusted, acts, chain, note, policy
from chancery.ledger.note import Kind, Signer
from chancery.ledger.policy import PolicyText
from chancery.ledger.tests.council import (
    ALD,
    CYR,
    FIRST,
    LOG,
    ORIGIN,
    RECEIPT,
    TIME,
    digest_of,
    make_log,
    make_policy,
    make_policy_leaf,
    make_signer,
    make_witnesses,
    policy_file,
    signed,
)

HEAD, _ = make_log([b"one", b"two"])
LINE = f"log {LOG.vkey}\n"
W = [f"witness w{number} {key.vkey}\n" for number, key in enumerate(make_witnesses(9))]
TABLE = {
    3: (3, 3, 0),
    4: (3, 2, 1),
    5: (4, 3, 1),
    6: (5, 4, 1),
    7: (6, 5, 1),
    8: (6, 4, 2),
    9: (7, 5, 2),
    10: (8, 6, 2),
}
TABLE |= {12: (9, 6, 3), 15: (12, 9, 3)}


@pytest.mark.parametrize("n", TABLE)
def test_the_default_quorum_bears_what_the_table_says(n: int) -> None:
    k, colluders, absent = TABLE[n]
    rules = policy.parse(make_policy(make_witnesses(n), k))
    assert (policy.default_k(n), rules.colluders(), rules.absent()) == (k, colluders, absent)


def needed_for_a_split(rules: policy.Policy) -> int:
    """The least number of witnesses that must sign both of two histories, by trying all splits."""
    names = list(rules.witnesses)
    least = len(names) + 1
    for sides in itertools.product((1, 2, 3), repeat=len(names)):
        first = {name for name, side in zip(names, sides, strict=True) if side & 1}
        second = {name for name, side in zip(names, sides, strict=True) if side & 2}
        if rules.is_satisfied(first) and rules.is_satisfied(second):
            least = min(least, sides.count(3))
    return least


@pytest.mark.parametrize(("n", "k"), [(n, k) for n in range(1, 9) for k in range(1, n + 1)])
def test_a_split_view_needs_as_many_colluders_as_is_said(n: int, k: int) -> None:
    rules = policy.parse(make_policy(make_witnesses(n), k))
    assert rules.colluders() == needed_for_a_split(rules) == max(0, 2 * k - n)


def nested(sizes: list[int], ks: list[int], k: int) -> policy.Policy:
    """Groups of witnesses, and a group of those groups."""
    lines, names, at = LINE, [], 0
    for number, (size, inner) in enumerate(zip(sizes, ks, strict=True)):
        members = [f"w{each}" for each in range(at, at + size)]
        lines += "".join(W[at : at + size]) + f"group g{number} {inner} {' '.join(members)}\n"
        names.append(f"g{number}")
        at += size
    return policy.parse(f"{lines}group all-groups {k} {' '.join(names)}\nquorum all-groups\n".encode())


@pytest.mark.parametrize("sizes", [[1, 2], [2, 2], [3, 2], [1, 1, 3], [2, 2, 2]])
def test_nested_groups_bear_what_trying_all_splits_shows(sizes: list[int]) -> None:
    for ks in itertools.product(*(range(1, size + 1) for size in sizes)):
        for k in range(1, len(sizes) + 1):
            rules = nested(sizes, list(ks), k)
            assert rules.colluders() == needed_for_a_split(rules)
            assert rules.absent() == bearable_absence(rules)
            assert rules.needed() == smallest_quorum(rules)


def bearable_absence(rules: policy.Policy) -> int:
    names = set(rules.witnesses)
    for count in range(1, len(names) + 1):
        if any(not rules.is_satisfied(names - set(gone)) for gone in itertools.combinations(names, count)):
            return count - 1
    return len(names)


def smallest_quorum(rules: policy.Policy) -> int:
    names = list(rules.witnesses)
    sizes = range(1, len(names) + 1)
    return next(n for n in sizes if any(rules.is_satisfied(some) for some in itertools.combinations(names, n)))


def test_the_quorum_holds_since_its_last_needed_cosignature() -> None:
    rules = policy.parse(make_policy(make_witnesses(4), 3))
    assert rules.quorum_time({"witness-1": 9, "witness-2": 3, "witness-3": 5, "witness-4": 7}) == 7
    assert rules.quorum_time({"witness-1": 9, "witness-2": 3}) is None


@given(st.integers(1, 8), st.data())
def test_names_intersect_every_quorum_when_the_others_are_none(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, n))
    rules = policy.parse(make_policy(make_witnesses(n), k))
    names = data.draw(st.sets(st.sampled_from(sorted(rules.witnesses))))
    assert rules.intersects(names) == (len(names) >= n - k + 1)


def test_a_head_with_its_quorum_is_accepted_and_one_cosignature_fewer_is_not() -> None:
    witnesses = make_witnesses(4)
    rules = policy.parse(make_policy(witnesses, 3))
    accepted = rules.accept(signed(HEAD, witnesses[:3]))
    assert (accepted.head, accepted.quorum_time, set(accepted.cosigned)) == (
        HEAD,
        TIME,
        {"witness-1", "witness-2", "witness-3"},
    )
    with pytest.raises(Untrusted, match="lacks its quorum"):
        rules.accept(signed(HEAD, witnesses[:2]))


def test_strangers_and_repeated_lines_count_for_nothing() -> None:
    rules = policy.parse(make_policy(make_witnesses(3), 2))
    stranger = make_signer("witness-2", Kind.COSIGNATURE)
    other = Signer.new("witness-2", Kind.COSIGNATURE)
    assert stranger == make_witnesses(2)[1]
    for lines in ([make_witnesses(1)[0]] * 3, [make_witnesses(1)[0], other]):
        with pytest.raises(Untrusted, match="quorum"):
            rules.accept(signed(HEAD, lines))


def test_a_head_by_another_log_or_without_the_log_is_refused() -> None:
    witnesses = make_witnesses(3)
    rules = policy.parse(make_policy(witnesses, 2))
    only_witnessed = HEAD.text() + b"\n" + "".join(w.sign_line(HEAD.text(), TIME) for w in witnesses).encode()
    with pytest.raises(Untrusted, match="not signed by"):
        rules.accept(only_witnessed)
    other = policy.parse(make_policy(witnesses, 2).replace(LOG.vkey.encode(), make_signer(ORIGIN + "2").vkey.encode()))
    with pytest.raises(Untrusted):
        other.accept(signed(HEAD, witnesses))


@pytest.mark.parametrize("colluders", [2, 1])
def test_a_split_view_succeeds_with_2k_minus_n_colluders_and_fails_with_one_fewer(colluders: int) -> None:
    """Four witnesses, three needed: two liars are enough to show two histories, one is not."""
    witnesses = make_witnesses(4)
    rules = policy.parse(make_policy(witnesses, 3))
    liars, honest = witnesses[:colluders], witnesses[colluders:]
    other, _ = make_log([b"one", b"another"])
    half = len(honest) // 2 + len(honest) % 2
    views = [signed(HEAD, [*liars, *honest[:half]]), signed(other, [*liars, *honest[half:]])]
    accepted = 0
    for view in views:
        try:
            rules.accept(view)
            accepted += 1
        except Untrusted:
            pass
    assert accepted == 2 if colluders >= rules.colluders() else accepted < 2


GOOD = [
    LINE + "quorum none\n",
    "# a comment\n\n\t " + LINE + "quorum\tnone\n",
    LINE + W[0] + "quorum w0",
    LINE + W[0][:-1] + " https://ald.example/witness\n" + W[1] + "group g any w0 w1\nquorum g\n",
    LINE + "".join(W) + "group all-of 9 " + " ".join(f"w{n}" for n in range(9)) + "\nquorum all-of\n",
    LINE + W[0] + "witness \u0430\u043b\u0434 " + W[1].split()[2] + "\nquorum \u0430\u043b\u0434\n",
]
BAD = [
    "",
    LINE,
    LINE + "quorum none\nquorum none\n",
    LINE + "quorum\n",
    LINE + "quorum w0\n",
    LINE + "quorum w0\n" + W[0],
    LINE + LINE + "quorum none\n",
    LINE + W[0] + W[0] + "quorum none\n",
    LINE + W[0] + W[0].replace("witness w0", "witness w1") + "quorum none\n",
    LINE + "witness none " + W[0].split()[2] + "\nquorum none\n",
    LINE + W[0] + "group w0 1 w0\nquorum none\n",
    LINE + W[0] + "group g 2 w0\nquorum g\n",
    LINE + W[0] + "group g 0 w0\nquorum g\n",
    LINE + W[0] + "group g 01 w0\nquorum g\n",
    LINE + W[0] + "group g 1 w0 w0\nquorum g\n",
    LINE + W[0] + "group g 1 w0\ngroup h 1 w0\nquorum g\n",
    LINE + W[0] + "group g 1 w1\nquorum g\n",
    LINE + W[0] + "group g 1\nquorum g\n",
    LINE + W[0] + "group g g 1 w0\nquorum g\n",
    LINE + "log " + W[0].split()[2] + "\nquorum none\n",
    LINE + "witness w0 " + LOG.vkey + "\nquorum none\n",
    LINE + "witness w0 " + Signer.from_seed("w0", Kind.COSIGNATURE, LOG._seed).vkey + "\nquorum none\n",
    LINE + "wish w0\nquorum none\n",
    LINE + "quorum none # comment\n",
    LINE + "quorum none\r\n",
    LINE + "quorum\x0bnone\n",
]


@pytest.mark.parametrize("text", GOOD)
def test_a_policy_file_is_read_and_written_again_in_one_spelling(text: str) -> None:
    rules = policy.parse(text.encode())
    assert policy.parse(rules.text()) == rules
    assert policy.parse(rules.text()).text() == rules.text()


@pytest.mark.parametrize("text", BAD)
def test_a_policy_file_with_one_fault_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        policy.parse(text.encode())


def test_bytes_that_are_no_text_are_refused() -> None:
    for data in (b"\xff\n", b"quorum none\x7f\n"):
        with pytest.raises(Malformed):
            policy.parse(data)


def test_thirty_two_of_everything_is_read() -> None:
    witnesses = make_witnesses(32)
    lines = [f"log {make_signer(f'log-{number}').vkey}" for number in range(32)]
    lines += [f"witness {each.name} {each.vkey}" for each in witnesses]
    lines += [f"group g{number} 1 {each.name}" for number, each in enumerate(witnesses)]
    rules = policy.parse(("\n".join(lines) + "\nquorum g31\n").encode())
    assert (len(rules.logs), len(rules.witnesses), len(rules.groups)) == (32, 32, 32)


def test_the_tolerance_is_said_in_words() -> None:
    def said(n: int, k: int) -> str:
        return policy.tolerance(policy.parse(make_policy(make_witnesses(n), k)))

    assert said(5, 4) == "Safe against 2 dishonest witnesses, works with 1 absent witness."
    assert said(4, 3) == "Safe against 1 dishonest witness, works with 1 absent witness."
    assert said(3, 3) == "Safe against 2 dishonest witnesses, works only when none is absent."
    assert said(7, 4) == "Safe against no dishonest witnesses, works with 3 absent witnesses."
    assert "proves nothing" in policy.tolerance(policy.parse(make_policy([], 0)))


def test_a_quorum_below_the_proposed_one_is_warned_of() -> None:
    assert "asks for 4 of 7 where 6 are proposed" in policy.warning(policy.parse(make_policy(make_witnesses(7), 4)))
    assert policy.warning(policy.parse(make_policy(make_witnesses(7), 6))) == ""


def test_a_chain_is_walked_from_its_fingerprint() -> None:
    second = make_policy_leaf(2, digest_of(FIRST), ["ALD", "BRN"], 2, ["ALD", "BRN"])
    links = chain.walk([FIRST, second])
    assert (links.fingerprint, links.last.number) == (digest_of(FIRST), "2")
    chain.check_fingerprint(links.fingerprint, links, LOG.verifier)
    chain.check_fingerprint(note.fingerprint(LOG.vkey), None, LOG.verifier)
    with pytest.raises(Untrusted, match="fingerprint"):
        chain.check_fingerprint("ab" * 32, links, LOG.verifier)


@pytest.mark.parametrize(
    ("names", "k", "signers"),
    [
        (["ALD", "BRN", "CYR"], 3, ["ALD", "BRN"]),  # the old quorum only
        (["ALD", "BRN"], 1, ["ALD"]),  # the new quorum only
        (["ALD"], 1, ["ALD"]),
    ],
)
def test_a_step_with_one_quorum_only_is_refused(names: list[str], k: int, signers: list[str]) -> None:
    with pytest.raises(Untrusted, match="lacks signatures"):
        chain.walk([FIRST, make_policy_leaf(2, digest_of(FIRST), names, k, signers)])


def test_the_first_policy_is_signed_by_all_its_members() -> None:
    with pytest.raises(Untrusted, match="CYR"):
        chain.walk([make_policy_leaf(1, "-", ["ALD", "BRN", "CYR"], 2, ["ALD", "BRN"])])


def test_policies_out_of_order_or_forked_are_refused() -> None:
    second = make_policy_leaf(2, digest_of(FIRST), ["ALD", "BRN"], 2, ["ALD", "BRN"])
    third = make_policy_leaf(3, digest_of(FIRST), ["ALD", "BRN"], 2, ["ALD", "BRN"])
    for leaves in ([second], [FIRST, third], [FIRST, FIRST], [second, FIRST], []):
        with pytest.raises(Refused):
            chain.walk(leaves)


def test_one_key_in_two_roles_is_refused() -> None:
    members = (("ALD", ALD.vkey), ("BRN", make_signer(ORIGIN).vkey), ("CYR", CYR.vkey))
    with pytest.raises(Untrusted, match="two roles"):
        PolicyText(ORIGIN, "1", "-", RECEIPT.vkey, members, (), policy_file(["ALD"], 1))


@pytest.mark.parametrize(
    "change",
    [
        ("number 1", "number 0"),
        ("number 1", "number 01"),
        ("number 1", "number 2"),
        ("\n\nlog", "\nlog"),
        ("member ALD", "member  ALD"),
    ],
)
def test_a_policy_leaf_in_another_spelling_is_refused(change: tuple[str, str]) -> None:
    text = note.parse(FIRST).text.decode()
    with pytest.raises(Malformed):
        acts.parse(text.replace(*change, 1))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 5000), st.integers(1, 255))
def test_no_changed_byte_of_a_policy_goes_unnoticed(at: int, change: int) -> None:
    spoiled = bytearray(FIRST)
    spoiled[at % len(FIRST)] ^= change
    with pytest.raises(Refused):
        chain.check_fingerprint(digest_of(FIRST), chain.walk([bytes(spoiled)]), LOG.verifier)
