"""The demonstration set: an invented world, the files partners would publish about it, and what the picture must say.

Place on the way: before step 1, and after step 7 as the judge. A seed enters; a folder of sources, a strategy file and
`truth.json` leave. The truth is computed from the invented world alone, never by reading the files or by our pipeline.
"""

from concerted.demo.write import write_demo

__all__ = ["write_demo"]
