"""The shape of the tree: sizes, the flow of imports and keys, documents that cover what they speak of."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import models

ROOT = Path(__file__).parent.parent
FLOW = [
    "trail", "search", "council", "meetings", "floor", "papers", "texts", "decisions", "records", "signing",
    "register", "press", "notices", "desk", "live", "play", "site",
]  # fmt: skip


def sources() -> list[Path]:
    found = [*(ROOT / "chancery").rglob("*.py")]
    return [p for p in found if "migrations" not in p.parts and "tests" not in p.parts]


def functions(path: Path) -> list[tuple[str, int, ast.FunctionDef]]:
    tree = ast.parse(path.read_text())
    found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(f"{path.relative_to(ROOT)}:{n.name}", (n.end_lineno or 0) - n.lineno + 1, n) for n in found]


def test_no_file_is_longer_than_400_lines():
    kinds = [p for kind in ("py", "js", "css", "html") for p in (ROOT / "chancery").rglob(f"*.{kind}")]
    long = {
        str(p.relative_to(ROOT)): n
        for p in kinds
        if "migrations" not in p.parts and (n := len(p.read_text().splitlines())) > 400
    }
    assert long == {}


def test_functions_are_short():
    lengths = sorted(length for path in sources() for _, length, _ in functions(path))
    too_long = [name for path in sources() for name, length, _ in functions(path) if length > 80]
    assert too_long == []
    assert lengths[int(len(lengths) * 0.95)] <= 40


def test_functions_take_at_most_five_positional_arguments():
    many = [
        name
        for path in sources()
        for name, _, node in functions(path)
        if len([a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]) > 6
    ]
    assert many == []


def test_foreign_keys_point_upstream():
    wrong = []
    for model in apps.get_models():
        label = model.__module__.split(".")[1]
        if not model.__module__.startswith("chancery."):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                target = field.related_model.__module__.split(".")[1]
                if FLOW.index(target) > FLOW.index(label):
                    wrong.append(f"{model.__name__}.{field.name}")
    assert wrong == []


def test_imports_follow_the_contracts():
    done = subprocess.run([ROOT / ".venv/bin/lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_no_migration_is_missing(empty):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_setting_from_the_environment_is_documented():
    code = "".join(p.read_text() for p in sources())
    read = set(re.findall(r"environ(?:\.get)?[\[(]\"(CHANCERY_[A-Z_]+)", code)) | set(
        re.findall(r'"(CHANCERY_[A-Z_]+)" not in os', code)
    )
    documented = (ROOT / "docs/reference/settings.md").read_text()
    assert read and [name for name in sorted(read) if f"`{name}`" not in documented] == []


def test_the_reference_of_acts_is_the_registry():
    import runpy

    made = runpy.run_path(str(ROOT / "bin/reference"))["acts_page"]()
    assert (ROOT / "docs/reference/acts.md").read_text() == made


def test_the_demo_is_a_folder_and_no_code():
    code = [p for p in (ROOT / "chancery/demo").rglob("*.py") if p.name != "__init__.py"]
    assert code == [] and len((ROOT / "chancery/demo/__init__.py").read_text().splitlines()) <= 3


def scripts_of(template: Path) -> set[str]:
    return set(re.findall(r"static '(\w+\.js)'", template.read_text()))


def test_no_page_loads_more_than_300_lines_of_own_script():
    static, templates = ROOT / "chancery/site/static", [*(ROOT / "chancery").rglob("*.html")]
    every = {name for path in templates if path.name in ("base.html", "_head.html") for name in scripts_of(path)}
    lines = {
        path.name: sum(len((static / name).read_text().splitlines()) for name in every | scripts_of(path))
        for path in templates
    }
    assert "live.js" in every and {name: n for name, n in lines.items() if n > 300} == {}


def test_templates_carry_no_inline_style_or_script():
    found = [
        str(p.relative_to(ROOT))
        for p in (ROOT / "chancery").rglob("*.html")
        if re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*src=)", p.read_text())
    ]
    assert found == []


def test_no_file_holds_the_address_of_a_package_registry():
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    pattern = re.compile(r"https?://[^ \"]+\.(whl|tgz|deb|tar\.gz)|index-url *[= ] *https?://")
    texts = [
        n
        for n in names
        if Path(n).suffix in (".txt", ".toml", ".cfg", ".py", ".sh", ".md", "") and (ROOT / n).is_file()
    ]
    assert [n for n in texts if pattern.search((ROOT / n).read_text(errors="ignore"))] == []


def interface_strings() -> set[str]:
    """Every string that code and templates hand to the catalogue."""
    found = set()
    for path in (ROOT / "chancery").rglob("*.html"):
        found |= set(re.findall(r"""{% translate ["'](.*?)["'](?: as \w+)? %}""", path.read_text()))
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("gettext", "_", "ngettext")
            ):
                found |= {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


def names_in(shape: Any) -> set[str]:
    """Every name of an argument, and every value to choose, that a JSON Schema holds."""
    if isinstance(shape, list):
        return {name for part in shape for name in names_in(part)}
    if not isinstance(shape, dict):
        return set()
    own = {*shape.get("properties", {}), *(str(value) for value in shape.get("enum", []))}
    return own | {name for part in shape.values() for name in names_in(part)}


def form_strings() -> set[str]:
    """What the forms of acts say: the sentence of each act, the words of its arguments and choices."""
    from chancery.desk.forms import words
    from chancery.trail import door

    found = set()
    for deed in door.acts().values():
        found.add(deed.says)
        found |= {words.english(name) for name in names_in(deed.model.model_json_schema())}
    return found


def test_the_russian_catalogue_is_complete():
    from babel.messages.pofile import read_po

    with (ROOT / "chancery/locale/ru/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale="ru")
    translated = {
        part for m in catalogue if m.id and all([*m.string]) for part in ([m.id] if isinstance(m.id, str) else m.id)
    }
    assert sorted((interface_strings() | form_strings()) - translated) == []
