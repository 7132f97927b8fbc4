"""`make mutation`: change the policy's code in one place at a time; does a test notice?

Run `python -m benchmarks._mutation [MODULE ..]`; prints every change that no test noticed, and the score: noticed, of
all changes that are not in `mutation_equivalent.yml`, where those that cannot change any answer are listed with the
reason.

Ours, because the kept tools leave out what the policy is made of: mutmut 3 skips properties and the bodies of classes,
and cosmic-ray starts an interpreter per change. Here the libraries are loaded once and each change is a fork that loads
the changed module and runs the tests of `marking`, without the matrix. Errors' messages and docstrings are not changed.
"""

import argparse
import ast
import contextlib
import copy
import importlib.abc
import importlib.util
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "concerted" / "marking"
TESTS = ROOT / "tests" / "marking"
#: Modules whose tests solve linear programs, and their tests; all other modules are tested by all other tests.
_HEAVY = {"suppress", "hidden_rule", "suppress_audit"}
_NOT_HERE = {"test_matrix.py", "test_planted.py"}
#: Seconds of processor time after which a change counts as noticed: it runs for ever.
_LONGEST = 120

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}  # fmt: skip
_REPLACED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}  # fmt: skip
_RENAMED = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}


@dataclass(frozen=True)
class Change:
    """One change: of which module, where, what, and the tree with it."""

    module: str
    line: int
    text: str
    what: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """What the list of equivalent changes calls it: by the text of its line, whose number moves."""
        return f"{self.module}, {self.text}: {self.what}"


class _Fit:
    """Nodes that can be changed; parts that only the reader sees are left alone."""

    def __init__(self, tree: ast.Module) -> None:
        self.nodes: list[ast.AST] = []
        self._walk(tree)

    def _walk(self, node: ast.AST) -> None:
        if isinstance(node, ast.Raise | ast.Import | ast.ImportFrom):
            self.nodes += [node] if isinstance(node, ast.Raise) else []
            return
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return
        self.nodes.append(node)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "bases"):
                continue
            for child in value if isinstance(value, list) else [value]:
                is_text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
                if isinstance(child, ast.AST) and not is_text:
                    self._walk(child)


def changes(module: str) -> Iterator[Change]:
    """Every change of a module, in the order of its text."""
    source = (SOURCE / f"{module}.py").read_text("utf-8")
    tree, lines = ast.parse(source), ["", *source.splitlines()]
    count = len(_Fit(tree).nodes)
    for at in range(count):
        kinds = len(list(_ways(_Fit(tree).nodes[at])))
        for way in range(kinds):
            changed = copy.deepcopy(tree)
            node = _Fit(changed).nodes[at]
            before = ast.unparse(node).partition("\n")[0]
            after = list(_ways(node))[way]
            if after is None:
                after = ast.Pass()
            _put(changed, node, after)
            ast.fix_missing_locations(changed)
            told = ast.unparse(after).partition("\n")[0]
            line = getattr(node, "lineno", 0)
            yield Change(module, line, lines[line].strip(), f"{before} -> {told}", changed)


def _put(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if value is old:
                setattr(node, name, ast.copy_location(new, old))
                return
            if isinstance(value, list):
                for i, child in enumerate(value):
                    if child is old:
                        value[i] = ast.copy_location(new, old)
                        return
    raise AssertionError("the node to be changed is not in the tree")


def _ways(node: ast.AST) -> Iterator[ast.AST | None]:
    """What a node may be changed to; None = the statement is dropped. Makes new nodes and leaves the old one alone."""
    new = copy.deepcopy(node)
    match new:
        case ast.Compare(ops=[operator, *_]):
            for other in _COMPARED.get(type(operator), ()):
                yield ast.Compare(new.left, [other(), *new.ops[1:]], new.comparators)
            for i in range(1, len(new.ops)):
                for other in _COMPARED.get(type(new.ops[i]), ()):
                    yield ast.Compare(new.left, [*new.ops[:i], other(), *new.ops[i + 1 :]], new.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(new.op, ast.And) else ast.And(), new.values)
            for i in range(len(new.values)):
                left = [*new.values[:i], *new.values[i + 1 :]]
                yield left[0] if len(left) == 1 else ast.BoolOp(new.op, left)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield new.operand
        case ast.BinOp() if type(new.op) in _REPLACED:
            yield ast.BinOp(new.left, _REPLACED[type(new.op)](), new.right)
        case ast.AugAssign() if type(new.op) in _REPLACED:
            yield ast.AugAssign(new.target, _REPLACED[type(new.op)](), new.value)
            yield None
        case ast.Constant(value=bool()):
            yield ast.Constant(not new.value)
        case ast.Constant(value=int() | float()):
            yield ast.Constant(new.value + 1)
        case ast.Constant(value=str()):
            yield ast.Constant("XX" + new.value)
        case ast.Constant(value=None):
            yield ast.Constant("XX")
        case ast.IfExp():
            yield ast.IfExp(new.test, new.orelse, new.body)
        case ast.If():
            yield ast.If(ast.UnaryOp(ast.Not(), new.test), new.body, new.orelse)
            yield ast.If(ast.Constant(False), new.body, new.orelse)
        case ast.While():
            yield ast.While(ast.Constant(False), new.body, new.orelse)
        case ast.Return(value=ast.expr()) if not isinstance(new.value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Raise() | ast.Expr(value=ast.Call()):
            yield None
        case ast.Continue():
            yield ast.Break()
            yield None
        case ast.comprehension(ifs=[_, *_]):
            for i in range(len(new.ifs)):
                yield ast.comprehension(new.target, new.iter, [*new.ifs[:i], *new.ifs[i + 1 :]], new.is_async)
        case ast.Call(func=ast.Name(id=name)) if name in _RENAMED:
            kept = [k for k in new.keywords if name != "sorted" or k.arg != "key"]
            yield ast.Call(ast.Name(_RENAMED[name], ast.Load()), new.args, kept)
        case ast.match_case() if new.guard is None and not isinstance(new.pattern, ast.MatchAs):
            yield ast.match_case(new.pattern, ast.Constant(False), new.body)


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module as changed."""

    def __init__(self, change: Change) -> None:
        self._name, self._change = f"concerted.marking.{change.module}", change

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        """Ours for the changed module only."""
        return importlib.util.spec_from_loader(name, self) if name == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed text as the module."""
        exec(compile(self._change.tree, str(SOURCE / f"{self._change.module}.py"), "exec"), module.__dict__)  # noqa: S102


def _tests(module: str) -> list[str]:
    """The module's own tests first, then those of the policy: most changes are noticed there."""
    if module in _HEAVY:
        return [str(TESTS / "test_suppress.py")]
    first = [TESTS / f"test_{module}.py", TESTS / "test_policy.py"]
    others = [p for p in sorted(TESTS.glob("test_*.py")) if p.name not in _NOT_HERE and p.name != "test_suppress.py"]
    return [str(p) for p in dict.fromkeys([*first, *others]) if p.exists()]


def is_noticed(change: Change | None, module: str) -> bool:
    """Whether the tests fail with the change (None = without any)."""
    child = os.fork()
    if child == 0:
        _run(change, module)
    _, status = os.waitpid(child, 0)
    return status != 0


def _run(change: Change | None, module: str) -> None:
    """Run the tests in this process and end it: 0 = nothing noticed."""
    import pytest
    from hypothesis import Phase, settings

    resource.setrlimit(resource.RLIMIT_CPU, (_LONGEST, _LONGEST))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    settings.register_profile(
        "mutation",
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=50,
        phases=[Phase.explicit, Phase.generate],
    )
    settings.load_profile("mutation")
    if change:
        sys.meta_path.insert(0, _Changed(change))
    code = 1
    with contextlib.suppress(BaseException):  # a change may raise anything at import; that is noticing it too
        for path in _tests(module):  # one after the other: most changes are noticed before the second is even loaded
            code = int(pytest.main(["-x", "-q", "--noconftest", "-p", "no:cacheprovider", path]))
            if code:
                break
    os._exit(code)


def main(names: Sequence[str] = (), each: int = 1) -> dict[str, Any]:
    """Print what was not noticed, and the score; of `each` third change, say, for a first look."""
    import duckdb  # noqa: F401 (loaded once, here, so that no fork pays for it)
    import hypothesis  # noqa: F401
    import ibis
    import numpy  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import pytest  # noqa: F401
    import scipy.optimize  # noqa: F401

    ibis.duckdb.connect()
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # none is needed, and loading them takes as long as the tests
    listed: dict[str, str] = (
        yaml.safe_load(Path(__file__).with_name("mutation_equivalent.yml").read_text("utf-8")) or {}
    )
    modules = list(names) or sorted(p.stem for p in SOURCE.glob("*.py") if p.stem != "__init__")
    figures: dict[str, Any] = {}
    noticed = counted = equivalent = 0
    used: set[str] = set()
    for module in modules:
        if is_noticed(None, module):
            raise SystemExit(f"the tests of {module} fail without any change")
        start, found = time.monotonic(), list(changes(module))[::each]
        missed = [change for change in found if not is_noticed(change, module)]
        same = [change for change in missed if change.name in listed]
        used |= {change.name for change in same}
        left = [change for change in missed if change.name not in listed]
        noticed, counted = noticed + len(found) - len(missed), counted + len(found) - len(same)
        equivalent += len(same)
        figures[module] = {"changes": len(found), "equivalent": len(same), "missed": len(left)}
        seconds = time.monotonic() - start
        print(
            f"{module}: {len(found)} changes, {len(same)} equivalent, {len(left)} missed ({seconds:.0f} s)", flush=True
        )
        for change in left:
            print(f"  line {change.line}, {change.name}", flush=True)
    score = noticed / counted if counted else 1.0
    for name in sorted(listed.keys() - used) if not names and each == 1 else ():
        print(f"listed as equivalent, but noticed or gone: {name}")
    print(f"score {score:.3f}: {noticed} of {counted} noticed; {equivalent} equivalent, listed with the reason")
    return figures | {"score": round(score, 3)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--each", type=int, default=1, help="take every so many-th change only")
    arguments = parser.parse_args()
    main(arguments.modules, arguments.each)
