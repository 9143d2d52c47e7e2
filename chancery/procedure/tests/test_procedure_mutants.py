"""Every changed value of a preset is caught by a case: the cases say what the rules mean."""

import pytest

from chancery.procedure import presets
from chancery.procedure.tests.procedure_cases import cases
from chancery.procedure.tests.procedure_mutants import caught_by, mutants


@pytest.mark.parametrize("name", presets())
def test_each_mutant_of_a_preset_is_caught_by_a_case(name):
    own = [case for case in cases() if case.content.get("rules") == name]
    found = [mutant for mutant in mutants() if mutant.preset == name and not mutant.equivalent]
    assert found
    assert [mutant.name for mutant in found if caught_by(mutant, own) is None] == []


@pytest.mark.parametrize("name", presets())
def test_an_equivalent_mutant_is_one_that_no_case_can_catch(name):
    own = [case for case in cases() if case.content.get("rules") == name]
    found = [mutant for mutant in mutants() if mutant.preset == name and mutant.equivalent]
    assert [mutant.name for mutant in found if caught_by(mutant, own)] == []
