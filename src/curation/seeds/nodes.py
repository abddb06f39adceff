"""YAML text as nodes that know their line and column.

Built over the events of PyYAML's C parser, so that no value is interpreted: the contract says later what a scalar
means,
and `no`, `012` and `12:30` stay the texts that they are. Only the plain scalars that YAML 1.2's core schema reads as
null are special.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import yaml

from russia_dprk_claims.checks.findings import Finding, Location

MAX_DEPTH = 20
MAX_BYTES = 32 * 1024 * 1024
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Scalar(NamedTuple):
    """A value: its text, whether it was written without quotes, where it stands, and the parser's mark behind it."""

    text: str
    plain: bool
    line: int
    column: int
    behind: Any = None

    @property
    def end(self) -> tuple[int, int]:
        """The line and column behind the value."""
        return (self.behind.line + 1, self.behind.column + 1) if self.behind is not None else (0, 0)

    @property
    def is_null(self) -> bool:
        """Whether YAML's core schema reads the value as null."""
        return self.plain and self.text in NULLS


class Sequence(NamedTuple):
    """A list and where it begins."""

    items: list[Node]
    line: int
    column: int


class Mapping(NamedTuple):
    """A mapping, its keys in the order in which they were written, and where it begins."""

    entries: list[tuple[Scalar, Node]]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """Return the value of `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


class UnreadableError(Exception):
    """A text that is not the YAML this project reads; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        """Keep the finding."""
        super().__init__(str(finding))
        self.finding = finding


def _refuse(path: str, mark: Any, rule: str, message: str, hint: str) -> UnreadableError:
    location = Location(path, mark.line + 1, mark.column + 1) if mark is not None else Location(path)
    return UnreadableError(Finding(location, rule, message, hint))


_HINTS = (
    ("mapping values are not allowed", "a value that contains ': ' must stand in quotes; or the indentation is off"),
    ("while scanning a quoted scalar", "a quote is opened here and never closed"),
    ("while scanning a plain scalar", "a value in { } or [ ] that contains a comma or a bracket must stand in quotes"),
    (
        "could not find expected ':'",
        "a key is followed by ': '; a text of several lines stands in quotes or after '>-'",
    ),
    ("did not find expected ',' or '}'", "a value in { } that contains a comma, colon or quote must stand in quotes"),
    ("did not find expected ',' or ']'", "a value in [ ] that contains a comma, colon or quote must stand in quotes"),
    ("did not find expected key", "the indentation is off, or there is text behind a closing quote"),
    ("did not find expected '-' indicator", "every item of a list begins with '- ' in the same column"),
    ("found undefined tag handle", "a value that begins with '!' must stand in quotes"),
    ("control characters are not allowed", "remove the control character"),
)


def _syntax_error(path: str, text: str, error: yaml.YAMLError) -> UnreadableError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "the text is not YAML"
    context = getattr(error, "context", None) or ""
    if "quoted scalar" in context:
        mark = getattr(error, "context_mark", None) or mark
    hint = next((words for sign, words in _HINTS if sign in problem or sign in context), "")
    if mark is not None:
        lines = text.split("\n")
        line = lines[mark.line] if mark.line < len(lines) else ""
        if "\t" in line[: mark.column + 1]:
            hint = "indent with spaces: YAML allows no tab there"
        elif "cannot start any token" in problem and not hint:
            hint = "a value that begins with '@', '`' or '%' must stand in quotes"
    position = getattr(error, "position", None)
    if mark is None and isinstance(position, int):
        before = text[:position]
        location = Location(path, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
        return UnreadableError(Finding(location, "yaml-syntax", problem, hint))
    if mark is not None and mark.line > text.count("\n"):
        # The parser counts one line more than there are where the last one has no line end.
        location = Location(path, text.count("\n") + 1, len(text) - text.rfind("\n"))
        return UnreadableError(Finding(location, "yaml-syntax", problem, hint))
    return _refuse(path, mark, "yaml-syntax", problem, hint)


class _Open:
    """A list or mapping whose end has not come yet; in a mapping, the key that waits for its value and those seen."""

    __slots__ = ("entries", "is_mapping", "key", "node", "seen")

    def __init__(self, node: Sequence | Mapping) -> None:
        self.node = node
        self.is_mapping = isinstance(node, Mapping)
        self.entries: list[tuple[Scalar, Node]] = node.entries if isinstance(node, Mapping) else []
        self.key: Scalar | None = None
        self.seen: dict[str, int] = {}


class _Builder:
    """Turns the stream of events into one node; the stack holds what is open."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Node | None = None
        self.documents = 0
        self.stack: list[_Open] = []
        self.duplicates: list[Finding] = []
        self.last: Scalar | None = None

    def build(self, text: str) -> None:
        """Take all events of a text: nine in ten are scalars and ends, and a call for each would take its time."""
        parser = yaml.CSafeLoader(text)
        stack, new = self.stack, tuple.__new__
        scalars, mapping_ends, sequence_ends = yaml.ScalarEvent, yaml.MappingEndEvent, yaml.SequenceEndEvent
        try:
            event: Any
            for event in iter(parser.get_event, None):
                kind = event.__class__
                if kind is scalars:
                    if event.anchor or event.tag:
                        raise self._refused(event)
                    mark, text = event.start_mark, event.value
                    scalar = new(Scalar, (text, not event.style, mark.line + 1, mark.column + 1, event.end_mark))
                    self.last = scalar
                    parent = stack[-1] if stack else None
                    if parent is None or not parent.is_mapping:
                        self._add(scalar)
                    elif parent.key:
                        parent.entries.append((parent.key, scalar))
                        parent.key = None
                    elif text in parent.seen:
                        self._add(scalar)
                    else:
                        parent.seen[text] = scalar.line
                        parent.key = scalar
                elif kind is mapping_ends or kind is sequence_ends:
                    stack.pop()
                else:
                    self._take(event)
        finally:
            parser.dispose()

    def _add(self, node: Node) -> None:
        """Put a finished or just opened node in its place."""
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent.node, Sequence):
            parent.node.items.append(node)
        elif parent.key is None:
            self._add_key(parent, node)
        else:
            parent.entries.append((parent.key, node))
            parent.key = None

    def _add_key(self, parent: _Open, node: Node) -> None:
        if not isinstance(node, Scalar):
            hint = "a key is one word; put a value that begins with { or [ in quotes"
            raise UnreadableError(
                Finding(Location(self.path, node.line, node.column), "yaml-key", "a key is a list or a mapping", hint)
            )
        seen = parent.seen
        if node.text in seen:
            location = Location(self.path, node.line, node.column)
            message = f"the key {node.text!r} stands twice in one record, first in line {seen[node.text]}"
            hint = "remove one, or begin a new record with '- '"
            self.duplicates.append(Finding(location, "duplicate-key", message, hint))
        else:
            seen[node.text] = node.line
        parent.key = node

    def _open(self, node: Sequence | Mapping) -> None:
        """Add a node that has content of its own, and go into it."""
        self._add(node)
        if len(self.stack) >= MAX_DEPTH:
            location = Location(self.path, node.line, node.column)
            message = f"the nesting is deeper than {MAX_DEPTH} levels"
            raise UnreadableError(Finding(location, "yaml-depth", message, "records nest three levels deep"))
        self.stack.append(_Open(node))

    def unclosed(self) -> UnreadableError | None:
        """Return a finding on the last value where its quote, never closed, may have swallowed the lines after it."""
        last = self.last
        if last is None or last.plain or last.end[0] == last.line:
            return None
        message = f"the quoted value that begins here ends only in line {last.end[0]}, and what follows is not YAML"
        hint = "a quote is opened here and not closed"
        return UnreadableError(Finding(Location(self.path, last.line, last.column), "yaml-syntax", message, hint))

    def _refused(self, event: Any) -> UnreadableError:
        """Return the finding on an anchor, an alias or a tag."""
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            message = "anchors (&) and aliases (*) are not read, so that each value stands where it was written"
            hint = "write the value out; put a text that begins with & or * in quotes"
            return _refuse(self.path, event.start_mark, "yaml-alias", message, hint)
        hint = "remove it; put a text that begins with ! in quotes"
        return _refuse(self.path, event.start_mark, "yaml-tag", f"the tag {event.tag!r} is not read", hint)

    def _take(self, event: Any) -> None:
        """Take one event that is neither a scalar nor an end."""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise self._refused(event)
        mark = event.start_mark
        if isinstance(event, yaml.MappingStartEvent):
            self._open(Mapping([], mark.line + 1, mark.column + 1))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(Sequence([], mark.line + 1, mark.column + 1))
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _refuse(self.path, mark, "yaml-documents", "a second document begins here", "remove the '---'")


def decode(path: str, data: bytes) -> str:
    """Return the text of a seed file.

    Raises
    ------
    UnreadableError
        If the file is too large, not UTF-8, or empty.
    """
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data)} bytes, more than the {MAX_BYTES} that are read"
        raise UnreadableError(Finding(Location(path), "file-size", message, "split it"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", errors="replace")) + 1
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        raise UnreadableError(
            Finding(Location(path, line, column), "not-utf-8", message, "save the file with the encoding UTF-8")
        ) from error
    if not text.strip():
        raise UnreadableError(
            Finding(Location(path), "empty-file", "the file is empty", "write a record or remove the file")
        )
    return text


def read_yaml(path: str, data: bytes) -> tuple[Mapping, list[Finding]]:
    """Read one seed file.

    Parameters
    ----------
    path
        How findings name the file.
    data
        Its bytes.

    Returns
    -------
    Mapping, list of Finding
        The root of the file, and a finding for each key that stands twice.

    Raises
    ------
    UnreadableError
        If the file is not UTF-8, is empty, is not YAML, is not one mapping, or uses anchors, aliases or tags.
    """
    text = decode(path, data)
    builder = _Builder(path)
    try:
        builder.build(text)
    except yaml.YAMLError as error:
        raise builder.unclosed() or _syntax_error(path, text, error) from error
    root = builder.root
    if not isinstance(root, Mapping):
        at = Location(path, root.line, root.column) if root is not None else Location(path)
        hint = "begin with 'key: value' lines"
        raise UnreadableError(Finding(at, "no-mapping", "the file holds no mapping of keys to values", hint))
    return root, builder.duplicates
