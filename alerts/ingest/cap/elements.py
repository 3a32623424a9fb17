"""What an element holds, by the local names of its children: each version of CAP has its own namespace."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET


def local(element: ET.Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace(element: ET.Element) -> str:
    """The namespace of an element; empty where it has none."""
    return element.tag[1:].rpartition("}")[0]


def children(element: ET.Element, name: str) -> list[ET.Element]:
    """The children of that name, in whatever order they stand among the others."""
    return [child for child in element if local(child) == name]


def text(element: ET.Element, name: str) -> str:
    """What the first child of that name says that says anything."""
    return next(iter(texts(element, name)), "")


def texts(element: ET.Element, name: str) -> list[str]:
    """What the children of that name say, each that says anything."""
    return [said for child in children(element, name) if (said := "".join(child.itertext()).strip())]


def valued(element: ET.Element, name: str) -> list[tuple[str, str]]:
    """Pairs such as `<geocode><valueName>UGC</valueName><value>MDZ021</value></geocode>`.

    CAP 1.0 writes them `<geocode>fips6=072001</geocode>`.
    """
    pairs = []
    for child in children(element, name):
        if len(child):
            pairs.append((text(child, "valueName"), text(child, "value")))
        else:
            scheme, _, value = (child.text or "").strip().partition("=")
            pairs.append((scheme.strip(), value.strip()))
    return [(scheme, value) for scheme, value in pairs if value]


def without(element: ET.Element, names: tuple[str, ...]) -> Iterator[ET.Element]:
    """All elements from here down, in order, but none within those that have such a name."""
    waiting = [element]
    while waiting:
        current = waiting.pop()
        yield current
        if local(current) not in names:
            waiting.extend(reversed(current))
