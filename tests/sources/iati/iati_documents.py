"""Invented IATI documents with every oddity that XML and publishers allow, for tests against the oracle."""

from random import Random

from concerted.sources.iati.columns import layout

_TEXTS = [
    "Appui aux communes de Kidal",
    "دعم المجتمعات المحلية في مالي",
    "Santé, eau & assainissement",
    'a "quoted" <tag> of R&D',
    "l'eau d'abord",
    "two\nlines\tand a tab",
    "a > b",
    "\u00a0wide blanks\u2003",
    "emoji \U0001f33e end",
    "é",
    "]] >",
    "x" * 70,
    "</iati-activity>",
    "<!-- no comment -->",
    "  padded  ",
    "",
    "   ",
    "\u00a0",
]
_VALUES = [
    "2021-03-04", "2020-02-30", "2019-12-31Z", "2018-01-01T10:00:00", "12/05/2019", "1", "2", "3", "4", "0", "true",
    "FALSE", "1000", "-250.5", "12.345678", "99999999999999", "abc", "1e3", "12,5", "100", "50%", "101",
    "12.5 -3.75", "0 0", "91 10", "14.2,-1.5", "EUR", "usd", "XX9", "ML", "ml", "C", "D", "IF", "Funding",
    "implementing", "start-actual", "end-planned", "DAC", "RO", "11220", "10", "21", "C01", "110", "fr", "EN",
    "fr-FR", "english", "A1", "B9", "A02", "G1", "GEO", "2017", "", " ", "http://example.org/?a=1&b=2>c", "O'Brien",
    'say "yes"',
]  # fmt: skip
_FOREIGN = ["legacy-data", "contact-info", "x:extra", "unheard-of-and-quite-long-element-name", "fss"]


def document(random: Random) -> bytes:
    """A well-formed document; activities have identifiers, half of them in odd markup."""
    parts = [random.choice(["", '<?xml version="1.0" encoding="UTF-8"?>\n', "\n\n"]).lstrip("\n")]
    aside(random, parts)
    version = random.choice(["1.01", "1.05", "2.01", "2.03"])
    parts.append(f'<iati-activities version="{version}" xmlns:x="urn:x">\n')
    for number in range(random.randint(1, 4)):
        aside(random, parts)
        activity(random, parts, f"XX-{number % 3}")
        parts.append(random.choice(["", "\n", "  \n  "]))
        if random.random() < 0.1:
            parts.append("<stranger>\n<iati-activity/></stranger>")
    parts.append("</iati-activities>\n")
    aside(random, parts)
    return "".join(parts).encode()


def activity(random: Random, parts: list[str], identifier: str) -> None:
    """An activity with about as many children as real ones have."""
    parts.append("<iati-activity")
    attributes(random, parts, "")
    parts.append(">")
    children = _children("")
    head = [f"<iati-identifier>{identifier}</iati-identifier>"]
    for _ in range(random.randint(0, 14)):
        piece: list[str] = []
        element(random, piece, random.choice(children), 1)
        head.append("".join(piece))
    random.shuffle(head)
    for piece_text in head:
        parts.append(random.choice(["", "\n", "\n    "]))
        parts.append(piece_text)
        aside(random, parts)
    parts.append(random.choice(["</iati-activity>", "</iati-activity >", "</iati-activity\n>"]))


def element(random: Random, parts: list[str], path: str, depth: int) -> None:
    """One element of a path that is read, or a foreign one in its place."""
    tag = path.rsplit("/", 1)[-1]
    if tag == "iati-identifier":
        return
    if random.random() < 0.08:
        tag = path = random.choice(_FOREIGN)
    parts.append(f"<{tag}")
    attributes(random, parts, path)
    children = _children(path)
    kind = random.random()
    if kind < 0.12:
        parts.append(random.choice(["/>", " />", "\n/>", "></" + tag + ">"]))
        return
    parts.append(random.choice([">", " >", "\n>"]) if random.random() < 0.2 else ">")
    if not children or kind < 0.5:
        content(random, parts)
    if children and depth < 5:
        for _ in range(random.randint(0, 4)):
            parts.append(random.choice(["", "\n      "]))
            element(random, parts, random.choice(children), depth + 1)
            if random.random() < 0.1:
                content(random, parts)
    parts.append(f"</{tag}>")


def attributes(random: Random, parts: list[str], path: str) -> None:
    """Attributes, those that are read for the path and others, in every notation."""
    known = [a for p, a in layout().source_number if p == path and a != "xml:lang"]
    names = [a for a in known if random.random() < 0.7]
    names += [
        a
        for a in ("xml:lang", "x:foreign", "srsName", "very-long-attribute-name-nobody-knows")
        if random.random() < 0.2
    ]
    random.shuffle(names)
    for name in dict.fromkeys(names):
        value = random.choice(_VALUES)
        quote = "'" if random.random() < 0.1 else '"'
        text = value.replace("&", "&amp;").replace("<", "&lt;").replace(quote, "&quot;" if quote == '"' else "&apos;")
        if random.random() < 0.5:
            text = text.replace(">", "&gt;")
        if random.random() < 0.05:
            text = random.choice([" ", "\n", "\t"]) + text
        equals = random.choice([" = ", "= ", " =", "\n="]) if random.random() < 0.05 else "="
        gap = random.choice(["  ", "\n   ", "\t"]) if random.random() < 0.1 else " "
        parts.append(f"{gap}{name}{equals}{quote}{text}{quote}")


def content(random: Random, parts: list[str]) -> None:
    """Text in every notation."""
    for _ in range(random.choice([1, 1, 1, 2])):
        value = random.choice(_TEXTS) if random.random() < 0.6 else random.choice(_VALUES)
        notation = random.random()
        if notation < 0.1:
            parts.append(f"<![CDATA[{value.replace(']]>', '')}]]>")
        elif notation < 0.2:
            parts.append("".join(random.choice([f"&#{ord(c)};", f"&#x{ord(c):X};", f"&#x0{ord(c):x};"]) for c in value))
        else:
            text = value.replace("&", "&amp;").replace("<", "&lt;")
            parts.append(text.replace("\n", "\r\n") if notation < 0.3 else text)
        if random.random() < 0.1:
            aside(random, parts)


def aside(random: Random, parts: list[str]) -> None:
    """Sometimes a comment or an instruction."""
    if random.random() < 0.15:
        parts.append(random.choice(["<!-- a\ncomment <title> </iati-activity> -->", "<?note a='b' > ?>", "<!---->"]))


def _children(path: str) -> list[str]:
    prefix = f"{path}/" if path else ""
    return [p for p in layout().paths[1:] if p and p.startswith(prefix) and "/" not in p[len(prefix) :]]
