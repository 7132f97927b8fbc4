"""`make bench`: every claim of the README's table, one script each, printed as one table with ratios."""

import argparse
import importlib
import json
from pathlib import Path

SCRIPTS = sorted(p.stem for p in Path(__file__).parent.glob("[a-z]*.py"))


def main() -> None:
    """Run the named scripts (default: all) and keep their figures in benchmarks/out/figures.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scripts", nargs="*", choices=[*SCRIPTS, []], help=f"of: {', '.join(SCRIPTS)}")
    names = parser.parse_args().scripts or SCRIPTS
    out = Path(__file__).parent / "out"
    out.mkdir(exist_ok=True)
    figures = out / "figures.json"
    kept = json.loads(figures.read_text()) if figures.exists() else {}
    for name in names:
        print(f"== {name}", flush=True)
        kept[name] = importlib.import_module(f"benchmarks.{name}").main()
        figures.write_text(json.dumps(kept, indent=1, default=str, sort_keys=True))


if __name__ == "__main__":
    main()
