"""What imports cannot show of house.md section 1: relations, migrations, templates, who writes a case's state."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.migrations import CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter

from lapor.variables import VARIABLES, unknown

ROOT = Path(__file__).resolve().parent.parent
UPWARD = ("agencies", "complaints", "routing")
"""From the lowest app to the highest."""

Place = tuple[str, int]


def height(app: str) -> int:
    """-1 for a library, which everybody may lean on."""
    return UPWARD.index(app) if app in UPWARD else -1


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")) if (ROOT / folder).is_dir() else [ROOT / folder]:
            name = str(path.relative_to(ROOT))
            if path.exists() and "/migrations/" not in name:
                yield name, parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(tree: ast.Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))


def called_name(call: ast.Call) -> str:
    """The last name of what is called: "c" of `a.b(x).c()`. Spelling the whole out takes a hundred times as long."""
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


# --- relations and migrations ---


def test_relations_point_down() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for app in UPWARD
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and not field.auto_created and field.related_model
        if not isinstance(field.related_model, str) and height(field.related_model._meta.app_label) > height(app)
    ]
    assert wrong == []


def test_migrations_depend_downwards() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    wrong = [
        f"{app}.{name} -> {needed_app}.{needed}"
        for (app, name), migration in loader.disk_migrations.items()
        if app in UPWARD
        for needed_app, needed in chain(migration.dependencies, ((a, n) for a, n in migration.run_before))
        if height(needed_app) > height(app)
    ]
    assert wrong == []


def test_migrations_are_named_for_their_meaning() -> None:
    names = [path.stem for app in UPWARD for path in (ROOT / app / "migrations").glob("0*.py")]
    assert [name for name in names if re.search(r"_(initial|auto_|alter_|add_field)", name)] == []


def spelt(state: ProjectState) -> dict[str, str]:
    """Each model as a migration would write it, its fields in the order of their columns."""
    return {
        f"{app}.{model.name}": MigrationWriter.serialize(
            CreateModel(model.name, list(model.fields.items()), _said(model.options), model.bases, model.managers)
        )[0]
        for (app, _), model in state.models.items()
        if app in UPWARD
    }


def _said(options: dict[str, Any]) -> dict[str, Any]:
    """Without the lists that became empty again."""
    return {name: options[name] for name in sorted(options) if options[name] not in ([], set())}


def test_tables_made_at_once_are_those_that_every_step_led_to() -> None:
    """What Django knows of them; the databases themselves are compared by tests/every_migration.py."""
    loader = MigrationLoader(None, replace_migrations=False)
    whole = loader.replacements
    assert {app for app, _ in whole} == set(UPWARD)
    for app, name in whole:
        earlier = [key for key in loader.disk_migrations if key[0] == app and key[1] < name]
        assert sorted(earlier) == whole[app, name].replaces
    step_by_step = loader.project_state([migration.replaces[-1] for migration in whole.values()])
    assert spelt(loader.project_state(list(whole))) == spelt(step_by_step)


def test_a_lower_app_uses_no_accessor_that_an_upper_app_hangs_on_its_models() -> None:
    wrong = []
    for app in UPWARD[:-1]:
        own = {
            field.name
            for model in apps.get_app_config(app).get_models()
            for field in model._meta.get_fields()
            if not (field.auto_created and field.is_relation)
        }
        from_above = {
            relation.get_accessor_name()
            for model in apps.get_app_config(app).get_models()
            for relation in model._meta.related_objects
            if height(relation.related_model._meta.app_label) > height(app)
        } - own
        wrong += [
            f"{name}:{node.lineno} .{node.attr}"
            for name, tree in sources(app)
            for node in nodes_of(tree)
            if isinstance(node, ast.Attribute) and node.attr in from_above
        ]
    assert wrong == []


# --- templates ---


@pytest.mark.parametrize("app", UPWARD)
def test_templates_name_only_their_own_and_lower_pages_and_parts(app: str) -> None:
    pattern = re.compile(r"""{%\s*(?:url|include|extends)\s+['"](\w+)[:/]""")
    wrong = [
        f"{path.relative_to(ROOT)} -> {named}"
        for path in sorted((ROOT / "templates" / app).rglob("*.html"))
        for named in pattern.findall(path.read_text(encoding="utf-8"))
        if height(named) > height(app)
    ]
    assert wrong == []


# --- who writes the state of a case ---

WRITERS = ("complaints/models/lifecycle", "routing/dispatch")
STATE = {"status", "handler", "handler_id"}
WRITING = {"create", "bulk_create", "update", "bulk_update", "get_or_create", "update_or_create", "delete"}


def writes_of_state(tree: ast.Module) -> Iterator[int]:
    """Lines that set `status` or `handler` of anything, or make, change or remove a Clock."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Attribute) and target.attr in STATE for target in targets):
                yield node.lineno
        elif isinstance(node, ast.Call) and called_name(node) in {"Clock", *WRITING}:
            called = ast.unparse(node.func)
            clock = called == "Clock" or re.search(r"\bClock\.objects\b|\bclocks\b", called)
            if clock or (called.endswith(".update") and STATE & {keyword.arg for keyword in node.keywords}):
                yield node.lineno


def test_what_one_block_of_a_template_names_is_not_read_in_another() -> None:
    """A block forgets its names at its end: an address from another block would be empty, and its link lead nowhere."""
    lost = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        blocks = re.split(r"\{% block \w+ %\}", path.read_text(encoding="utf-8"))[1:]
        named = [set(re.findall(r" as(?:var)? (\w+) %\}", block)) for block in blocks]
        for n, block in enumerate(blocks):
            read = set(re.findall(r"(?:\burl=|href=\"\{\{ ?)(\w+)", block)) & set().union(*named) - {"url"}
            lost += [f"{path.name}: {name}" for name in read - named[n]]
    assert lost == []


def test_the_state_of_a_case_is_written_in_two_places_only() -> None:
    wrong = [
        f"{name}:{line}"
        for name, tree in sources("agencies", "complaints", "routing")
        if not name.startswith(WRITERS)
        for line in writes_of_state(tree)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "line",
    [
        "case.status = wanted",
        "Complaint.objects.filter(pk=1).update(handler=agency)",
        "Clock(complaint=case).save()",
        "Clock.objects.filter(pk=1).update(stopped_at=now)",
        "case.clocks.create(kind='RESPOND')",
    ],
)
def test_the_check_above_can_fail(line: str) -> None:
    assert list(writes_of_state(ast.parse(line))) == [1]


# --- what computes without the database ---


def test_working_days_and_the_classifier_know_no_model() -> None:
    wrong = []
    for name, tree in sources("agencies/calendar.py", "routing/classifier"):
        for node in nodes_of(tree):
            modules = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            wrong += [f"{name}: {module}" for module in modules if re.search(r"django\.db|\.models\b", module)]
    assert wrong == []


# --- variables ---


def test_every_variable_that_is_read_is_known_and_every_known_one_is_read() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in [*(ROOT / "lapor").rglob("*.py"), ROOT / "bin" / "_with_python"]
        if path.name != "variables.py"
    )
    read = {name.removesuffix("_FILE") for name in re.findall(r"\bLAPOR_[A-Z_]*[A-Z]\b", code)}
    assert read == set(VARIABLES)


def test_a_misspelt_variable_is_named() -> None:
    assert unknown(["LAPOR_MODE", "LAPOR_SECRET_KEY_FILE", "LAPOR_HOST", "PATH"]) == ["LAPOR_HOST"]


# --- who opens what is sealed ---


def test_only_privacy_opens_what_a_reporter_sealed() -> None:
    """Drafts and arrivals are sealed too and opened by their own channel; a Reporter's fields are named here."""
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in sources("agencies", "complaints", "routing", "lapor")
        if name != "complaints/privacy.py"
        for node in nodes_of(tree)
        if isinstance(node, ast.Call)
        and called_name(node) == "unseal"
        and re.search(r"reporter|name_sealed|email_sealed|phone_sealed", ast.unparse(node), re.I)
    ]
    assert wrong == []
    sealed = {"name_sealed", "email_sealed", "phone_sealed"}
    readers = {
        name
        for name, tree in sources("agencies", "complaints", "routing", "lapor")
        for node in nodes_of(tree)
        if isinstance(node, ast.Attribute) and node.attr in sealed and isinstance(node.ctx, ast.Load)
    }
    # The model itself may ask whether there is a contact at all.
    assert readers <= {"complaints/privacy.py", "complaints/models/reporter.py"}
