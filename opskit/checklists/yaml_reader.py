"""YAML with its line numbers, and without its traps.

Read strictly: a key given twice is refused, where YAML would silently keep the last one, and so
are aliases, which can make a small file unfold into a huge one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from opskit.core.i18n import _

Plain = dict[object, "Plain"] | list["Plain"] | str | int | float | bool | None


class YamlProblemError(Exception):
    """The text is no YAML, or uses one of its traps."""

    def __init__(self, reason: str, line: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """What the text says, and on which line each path (`$.steps[2].due`) stands."""

    content: Plain
    lines: dict[str, int]


@dataclass(slots=True)
class _Walk:
    """One way through the node tree."""

    lines: dict[str, int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def plain(self, node: yaml.Node | None, path: str) -> Plain:
        if node is None:
            return None
        if id(node) in self.seen:
            raise YamlProblemError(_("aliases are not allowed"), _line(node))
        self.seen.add(id(node))
        self.lines.setdefault(path, _line(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, f"{path}[{i}]") for i, item in enumerate(node.value)]
        return _scalar(node)

    def _pairs(self, node: yaml.MappingNode, path: str) -> Iterator[tuple[object, Plain]]:
        keys = set()
        for key_node, value_node in node.value:
            key = _scalar(key_node)
            if key in keys:
                raise YamlProblemError(
                    _("the key {key} is given twice").format(key=key), _line(key_node)
                )
            keys.add(key)
            self.lines[f"{path}.{key}"] = _line(key_node)
            yield key, self.plain(value_node, f"{path}.{key}")


def read_yaml(text: str) -> Document:
    """Parse the text.

    Raises:
        YamlProblemError: it is no YAML, repeats a key, or uses aliases or tags of its own.
    """
    walk = _Walk()
    try:
        content = walk.plain(_tree(text), "$")
    except yaml.MarkedYAMLError as err:
        line = err.problem_mark.line + 1 if err.problem_mark else None
        raise YamlProblemError(_in_words(err.problem or ""), line) from err
    except yaml.YAMLError as err:
        raise YamlProblemError(str(err).splitlines()[0], None) from err
    except RecursionError as err:
        raise YamlProblemError(_("nested too deeply"), None) from err
    return Document(content, walk.lines)


def _tree(text: str) -> yaml.Node | None:
    """By libyaml, which is ten times as fast; what it refuses PyYAML explains better."""
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _in_words(problem: str) -> str:
    """What PyYAML says of its own tokens, as a person would; the rest as it is."""
    told = {
        "mapping values are not allowed": _("a colon too many: put the text in quotes"),
        "expected <block end>, but found '<scalar>'": _(
            "something follows the closing quote: put the whole text in other quotes"
        ),
        "expected <block end>": _("the indentation does not fit the lines before it"),
        "could not find expected ':'": _("a colon is missing after the key"),
        "found character '\\t'": _("a tab stands here: indent with blanks"),
        "found character": _("put the text in quotes: its first sign has a meaning in YAML"),
        "found unexpected end of stream": _("a quote is not closed"),
        "expected ',' or ']'": _("a comma or a closing bracket is missing"),
        "expected ',' or '}'": _("a comma or a closing brace is missing"),
        "found undefined alias": _("aliases are not allowed"),
        "could not determine a constructor": _("tags that begin with ! are not allowed"),
    }
    return next((words for sign, words in told.items() if problem.startswith(sign)), problem)


def _scalar(node: yaml.Node) -> str | int | float | bool | None:
    if not isinstance(node, yaml.ScalarNode):
        raise YamlProblemError(_("a key must be a word"), _line(node))
    loader = yaml.SafeLoader("")
    try:
        value = loader.construct_object(node)
    except ValueError as err:  # a value such as 2027-02-31, which looks like a date
        raise YamlProblemError(str(err), _line(node)) from err
    except (LookupError, AttributeError) as err:  # PyYAML trips over `!!bool maybe`
        kind = node.tag.rpartition(":")[2]
        raise YamlProblemError(
            _("{value} is no {kind}").format(value=repr(node.value), kind=kind), _line(node)
        ) from err
    finally:
        loader.dispose()
    return value if isinstance(value, str | int | float | bool | None) else node.value


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
