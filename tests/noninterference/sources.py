"""Invented source folders, and the hidden files that may lie among them: the same identifiers, groups and names."""

import random
from pathlib import Path


def _activity(rnd: random.Random, identifier: str, ref: str, name: str, day: str, word: str) -> str:
    refs = ("XX-1", "YY-2", "ZZ-3")
    idents = ("XX-1-A", "YY-2-B", "ZZ-3-C", "P1")
    place = rnd.choice(("Mopti", "Gao", "Tombouctou", "Kayes"))
    return f"""
<iati-activity last-updated-datetime="{day}T00:00:00" default-currency="USD" xml:lang="en">
<iati-identifier>{identifier}</iati-identifier>
<reporting-org ref="{ref}" type="22"><narrative>{name}</narrative></reporting-org>
<title><narrative>{word} dialogue in {place}</narrative></title>
<description><narrative>{word} mediation between neighbours and training of young people</narrative></description>
<participating-org role="1" ref="{rnd.choice(refs)}" activity-id="{rnd.choice(idents)}"><narrative>Fund</narrative>
</participating-org>
<activity-status code="2"/>
<activity-date type="2" iso-date="{rnd.randint(2021, 2025)}-02-01"/>
<activity-date type="3" iso-date="2027-03-01"/>
<recipient-country code="ML"/>
<location><name><narrative>{place}</narrative></name></location>
<sector vocabulary="1" code="15220"/>
<transaction><transaction-type code="{rnd.choice("123")}"/><transaction-date iso-date="2025-0{rnd.randint(1, 9)}-01"/>
<value currency="USD" value-date="2025-01-01">{rnd.randint(1, 9)}00</value>
<provider-org ref="{rnd.choice(refs)}" provider-activity-id="{rnd.choice(idents)}"/>
<receiver-org ref="{rnd.choice(refs)}" receiver-activity-id="{rnd.choice(idents)}"/></transaction>
<related-activity ref="{rnd.choice(idents)}" type="{rnd.choice("125")}"/>
</iati-activity>"""


def _iati(rnd: random.Random, count: int, word: str) -> str:
    told = "".join(
        _activity(
            rnd,
            rnd.choice(("XX-1-A", "YY-2-B", "ZZ-3-C", "P1")),
            rnd.choice(("XX-1", "YY-2", "ZZ-3")),
            rnd.choice(("Bureau", "Secours", f"{word} Fund")),
            rnd.choice(("2024-01-01", "2025-01-01", "2026-05-05")),
            word,
        )
        for _ in range(count)
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<iati-activities version="2.03">{told}\n</iati-activities>\n'


def _rows(rnd: random.Random, count: int, word: str, marking: str | None) -> list[str]:
    return [
        f"{rnd.choice(('XX-1-A', 'S-1', ''))},{word} atelier {rnd.randrange(3)},{rnd.choice(('Bureau', 'Secours'))},"
        f"{rnd.choice(('Mopti', 'Gao'))},2025-01-15,{rnd.randint(1, 9)}000,{marking or ''}"
        for _ in range(count)
    ]


def write_sources(root: Path, seed: int, *, with_hidden: bool) -> list[str]:
    """Write the folders of a seed below `root`, with or without what is hidden; the paths to build from."""
    rnd = random.Random(seed)  # noqa: S311 (not a secret)
    folder = root / "sources"
    (folder / "open").mkdir(parents=True)
    (folder / "open" / "told.xml").write_text(_iati(rnd, 6, "Open"), "utf-8")
    header = "#activity+code,#activity+name,#org+name,#adm1+name,#date+start,#value+usd,#meta+marking"
    rows = _rows(rnd, 6, "Open", None)
    (folder / "open" / "source.yml").write_text(
        'sources:\n- {id: told, files: ["told*.xml"], claims: [{places: [ML05], from: 2024-01-01}]}\n', "utf-8"
    )
    hidden = random.Random(f"{seed} hidden")  # noqa: S311 (not a secret)
    if with_hidden:
        rows += _rows(hidden, 4, "Zzcanary", hidden.choice(("AMBER:a", "GREEN", "RED:x")))
        (folder / "open" / "told-more.xml").write_text(_iati(hidden, 5, "Zzcanary"), "utf-8")
        (folder / "open" / "source.yml").write_text(
            'sources:\n- {id: told, files: ["told-more.xml"], marking: {precise: "AMBER:a", coarse: GREEN},'
            " as_of: 2026-08-08, claims: [{places: [ML], from: 2019-01-01}]}\n"
            '- {id: told, files: ["told*.xml"], claims: [{places: [ML05], from: 2024-01-01}]}\n',
            "utf-8",
        )
        (folder / "hidden").mkdir()
        (folder / "hidden" / "zzcanary.xml").write_text(_iati(hidden, 5, "Zzcanary"), "utf-8")
        text = "marking: {precise: GREEN}\nlicence: zzcanary\ndemonstration: true\n"
        (folder / "hidden" / "source.yml").write_text(text, "utf-8")
    (folder / "sheet").mkdir()
    headers = "Code,Projet,Organisation,Région,Début,Budget,Marquage"
    (folder / "sheet" / "rows.csv").write_text("\n".join([headers, header, *rows]) + "\n", "utf-8")
    return [str(folder)]
