"""Parses YAML into nodes with locations; values are not interpreted.

`no`, `012` and `12:30` stay texts, which the contract types later. Only what the core schema of YAML 1.2 reads as null
is null. The nodes are made from the events of PyYAML's C parser, in which aliases are never expanded.
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.files import LIMITS

MAX_DEPTH = 20
# A comment that people mean as one mostly stands two spaces from the value.
_CUT = re.compile(r"(?<=\S) #")
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_SPACE = "[\u00a0\u2000-\u200b\u202f\u3000]"
_UNUSUAL_SPACE = re.compile(rf"^[ \t]*{_SPACE}|^[ \t-]*[a-z_]+:{_SPACE}", re.MULTILINE)
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Source:
    """A seed file, in whose text offsets are located; the text is decoded when it is needed."""

    def __init__(self, path: str, data: bytes) -> None:
        """Keep the path and the bytes of the file."""
        self.path = path
        self._data = data

    @cached_property
    def text(self) -> str:
        """The text without a byte order mark, in which the offsets of nodes count."""
        return self._data.decode("utf-8-sig")

    @cached_property
    def _lines(self) -> list[int]:
        # The parser's own lines also end at U+0085, U+2028 and U+2029, which no editor counts.
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def locate(self, offset: int) -> Location:
        """Return the location of an offset."""
        line = bisect(self._lines, offset)
        return Location(self.path, line, offset - self._lines[line - 1] + 1)


@dataclass(slots=True)
class Scalar:
    """A value: its text, whether it has no quotes, and the offsets in the file where it starts and ends."""

    source: Source
    start: int
    end: int
    text: str
    is_plain: bool
    is_rest: bool = False  # whether it is a key only because a comma in { } ends a text without quotes before it

    @property
    def location(self) -> Location:
        """Where it starts."""
        return self.source.locate(self.start)

    @property
    def value(self) -> str | None:
        """The text, or None where YAML's core schema reads null."""
        return None if self.is_plain and self.text in NULLS else self.text

    @property
    def is_cut(self) -> bool:
        """Whether " #" after it begins a comment that may have been meant as text."""
        return self.is_plain and self.start < self.end and _CUT.match(self.source.text, self.end) is not None


@dataclass(slots=True)
class Sequence:
    """A list."""

    source: Source
    start: int
    items: list[Node]

    @property
    def location(self) -> Location:
        """Where it starts."""
        return self.source.locate(self.start)


@dataclass(slots=True)
class Mapping:
    """A mapping, its keys in the order in which they were written."""

    source: Source
    start: int
    entries: list[tuple[Scalar, Node]]

    @property
    def location(self) -> Location:
        """Where it starts."""
        return self.source.locate(self.start)

    def get(self, key: str) -> Node | None:
        """Return the value of `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


class UnreadableError(Exception):
    """A file that is not the YAML this project reads; carries the finding."""

    def __init__(self, rule: str, location: Location, message: str, hint: str | None = None) -> None:
        """Make the finding."""
        self.finding = finding(rule, location, message, hint=hint)
        super().__init__(str(self.finding))


def read_yaml(path: str, data: bytes) -> tuple[Mapping, list[Finding]]:
    """Return the root of a seed file, and a finding for each duplicate key.

    Raises UnreadableError if it is too large, not UTF-8, empty, not YAML, not one mapping, or has anchors or tags.
    """
    text, source = decode(path, data), Source(path, data)
    if conflict := _CONFLICT.search(text):
        location, message = source.locate(conflict.start()), "a Git conflict has not been resolved"
        hint = "keep one of the two sides, and remove the lines <<<<<<<, ======= and >>>>>>>"
        raise UnreadableError("yaml-syntax", location, message, hint)
    reader = _Reader(source)
    root = reader.read()
    if not isinstance(root, Mapping):
        location = root.location if root else Location(path)
        raise UnreadableError("no-mapping", location, "the file is not a mapping of keys to values")
    return root, reader.duplicates


def decode(path: str, data: bytes) -> str:
    """Return the text of a seed file without a byte order mark, in which the offsets of nodes count."""
    if len(data) > LIMITS.seed:
        raise UnreadableError("file-size", Location(path), f"the file is larger than {LIMITS.seed >> 20} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        message = f"the byte 0x{error.object[error.start]:02x} is not UTF-8"
        location = Source(path, before).locate(len(before.decode("utf-8")))
        raise UnreadableError("not-utf-8", location, message) from error
    if not text.strip():
        raise UnreadableError("empty-file", Location(path), "the file is empty")
    return text


class _Reader:
    """Builds the nodes of one file from its events."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.duplicates: list[Finding] = []
        self._parser = yaml.CSafeLoader(self.text)
        self._last: Scalar | None = None
        self._nodes = 0

    def read(self) -> Node | None:
        """Return the root, or None where there is none."""
        root: Node | None = None
        documents = 0
        try:
            while event := self._parser.get_event():
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise UnreadableError("yaml-documents", self._location(event), "a second document begins here")
                elif isinstance(event, yaml.NodeEvent):
                    root = self._node(event, 0)
            return root
        except yaml.YAMLError as error:
            raise self._unclosed_quote() or self._syntax_error(error) from error
        finally:
            self._parser.dispose()

    def _node(self, event: Any, depth: int) -> Node:
        self._nodes += 1
        if self._nodes > LIMITS.nodes or event.anchor or event.tag:
            raise self._refusal(event)
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.ScalarEvent):
            self._last = Scalar(self.source, start, end, event.value, not event.style)
            return self._last
        if depth == MAX_DEPTH:
            raise UnreadableError("yaml-depth", self._location(event), f"the nesting is deeper than {MAX_DEPTH} levels")
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := self._parser.get_event(), yaml.SequenceEndEvent):
                items.append(self._node(event, depth + 1))
            return Sequence(self.source, start, items)
        return Mapping(self.source, start, self._entries(depth + 1))

    def _entries(self, depth: int) -> list[tuple[Scalar, Node]]:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, int] = {}
        while not isinstance(event := self._parser.get_event(), yaml.MappingEndEvent):
            key = self._node(event, depth)
            if not isinstance(key, Scalar):
                raise UnreadableError("yaml-key", key.location, "the key is a list or a mapping")
            value = self._node(self._parser.get_event(), depth)
            is_empty = isinstance(value, Scalar) and value.start == value.end
            if is_empty and ":" not in self.text[key.end : value.start + 1]:
                key.is_rest = True
            elif key.text in seen:
                message = f"the key {key.text!r} is already used in line {self.source.locate(seen[key.text]).line}"
                self.duplicates.append(finding("duplicate-key", key.location, message))
            seen.setdefault(key.text, key.start)
            entries.append((key, value))
        return entries

    def _location(self, event: Any) -> Location:
        return self.source.locate(event.start_mark.index)

    def _refusal(self, event: Any) -> UnreadableError:
        """Return the error on a node beyond the limit, or with an anchor or a tag."""
        location = self._location(event)
        if self._nodes > LIMITS.nodes:
            return UnreadableError("file-size", location, f"the file has more than {LIMITS.nodes:,} values")
        if event.anchor:
            return UnreadableError("yaml-alias", location, "anchors (&) and aliases (*) are not supported")
        return UnreadableError("yaml-tag", location, f"the tag {event.tag!r} is not supported")

    def _unclosed_quote(self) -> UnreadableError | None:
        """Return an error on the last value if its quote, never closed, may have swallowed the lines after it."""
        last = self._last
        if last is None or last.is_plain or not (lines := self.text.count("\n", last.start, last.end)):
            return None
        message = f"this quoted value ends in line {last.location.line + lines}, and what follows is not YAML"
        return UnreadableError("yaml-syntax", last.location, message, "close the quote")

    def _syntax_error(self, error: Any) -> UnreadableError:
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "the text is not YAML"
        context = getattr(error, "context", None) or ""
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if "quoted scalar" in context:
            mark = getattr(error, "context_mark", None) or mark
        if mark:
            before = self.text[: mark.index]
        else:  # an error of decoding, whose position counts bytes
            before = self.text.encode()[: getattr(error, "position", 0)].decode(errors="replace")
        end_of_line = self.text.find("\n", len(before)) % (len(self.text) + 1)
        if space := _UNUSUAL_SPACE.search(self.text, 0, end_of_line):
            location = self.source.locate(space.end() - 1)
            message = "this is not a plain space, and YAML takes it for a letter"
            return UnreadableError("yaml-syntax", location, message, "write plain spaces")
        hint = next((hint for words, hint in _SYNTAX_HINTS.items() if words in problem or words in context), None)
        if "\t" in self.text[before.rfind("\n") + 1 : len(before) + 1]:
            hint = "indent with spaces: YAML allows no tab here"
        return UnreadableError("yaml-syntax", self.source.locate(len(before)), problem, hint)


_SYNTAX_HINTS = {
    "mapping values are not allowed": "put a value that contains ': ' in quotes, or correct the indentation",
    "while scanning a quoted scalar": "close the quote",
    "while scanning a plain scalar": "put a value in { } or [ ] that contains a comma or a bracket in quotes",
    "could not find expected ':'": "write ': ' after the key; put a text of several lines in quotes or after '>-'",
    "expected ',' or '}'": "put a value in { } that contains a comma, colon or quote in quotes",
    "expected ',' or ']'": "put a value in [ ] that contains a comma, colon or quote in quotes",
    "did not find expected key": "correct the indentation, or remove the text after a closing quote",
    "did not find expected '-' indicator": "begin every item of a list with '- ' in the same column",
    "found undefined tag handle": "put a value that begins with '!' in quotes",
    "control characters are not allowed": "remove the control character",
    "cannot start any token": "put a value that begins with '@', '`' or '%' in quotes",
}
