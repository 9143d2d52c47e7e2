"""`chancery doctor` names a wrong mode, a weak secret and open settings, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from chancery.site import doctor


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "keys").mkdir(mode=0o700)
    key = folder / "keys" / "settings.key"
    key.write_text("x" * 64)
    key.chmod(0o600)
    return folder


def test_a_house_in_order_has_no_fault(data):
    assert [*doctor.wrong_modes(data), *doctor.weak_secret(data), *doctor.poor_database()] == []


def test_a_wrong_mode_is_named_with_its_cure(data):
    data.chmod(0o755)
    (data / "keys" / "settings.key").chmod(0o644)
    found = [*doctor.wrong_modes(data)]
    assert len(found) == 2 and "chmod 700" in found[0] and "settings.key" in found[1]


def test_a_short_secret_is_named(data):
    (data / "keys" / "settings.key").write_text("changeme")
    assert "too short a secret" in [*doctor.weak_secret(data)][0]


def test_open_settings_are_named(settings):
    settings.DEBUG, settings.PRODUCTION, settings.ALLOWED_HOSTS = True, True, ["*"]
    settings.HOUSE_ADDRESS, settings.PROXIES = "http://council.example", []
    said = " ".join(doctor.open_settings())
    for word in ("debugging", "CHANCERY_HOSTS", "CHANCERY_ADDRESS", "CHANCERY_PROXIES"):
        assert word in said


def test_production_settings_in_order_are_not_named(settings):
    settings.DEBUG, settings.PRODUCTION, settings.ALLOWED_HOSTS = False, True, ["council.example"]
    settings.HOUSE_ADDRESS, settings.PROXIES = "https://council.example", ["10.0.0.1"]
    assert [*doctor.open_settings()] == []
