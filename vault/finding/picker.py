"""Picking an entry on a terminal: the list narrows while one types."""

from collections.abc import Callable, Sequence

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.dimension import Dimension
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.output import create_output
from prompt_toolkit.output.vt100 import Vt100_Output

from opskit.core.i18n import _
from vault.finding.index_file import Line, Row, row_in

HEIGHT = 10  # entries that are seen at once
GAP = "  "
SHOWN = ("ref", "client_name", "kind", "host", "username", "guarded")
ESCAPE_WAIT = 0.05  # seconds; a lone escape key is not the beginning of an arrow's sequence

Find = Callable[[str], Sequence[Line]]


class Picker:
    """What was typed, what it finds, and which of it is chosen."""

    def __init__(self, find: Find, text: str) -> None:
        self._find = find
        self._lines: Sequence[Line] = ()
        self._chosen = 0
        self._typed = Buffer(multiline=False, on_text_changed=self._search)
        self._typed.document = Document(text)
        self._search(self._typed)

    def pick(self) -> Row | None:
        """Let the person choose; None where they leave with Esc.

        Raises:
            KeyboardInterrupt: Ctrl-C.
        """
        output = create_output()
        if isinstance(output, Vt100_Output):
            output.enable_cpr = False  # not every terminal says where its cursor is
        app: Application[Row | None] = Application(
            layout=Layout(
                HSplit(
                    [
                        Window(
                            BufferControl(self._typed, input_processors=[BeforeInput("> ")]),
                            height=1,
                        ),
                        Window(
                            FormattedTextControl(self._list),
                            height=Dimension(min=1, max=HEIGHT),
                            dont_extend_height=True,
                        ),
                        Window(FormattedTextControl(self._help), height=1),
                    ]
                )
            ),
            key_bindings=self._keys(),
            output=output,
            erase_when_done=True,
        )
        app.ttimeoutlen = ESCAPE_WAIT
        return app.run()

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        steps = {"up": -1, "c-p": -1, "down": 1, "c-n": 1, "pageup": -HEIGHT, "pagedown": HEIGHT}
        for key, step in steps.items():
            keys.add(key)(self._mover(step))

        @keys.add("enter")
        @keys.add("c-j")
        def _take(event: KeyPressEvent) -> None:
            if self._lines:
                event.app.exit(result=row_in(self._lines[self._chosen]))

        @keys.add("escape", eager=True)
        def _leave(event: KeyPressEvent) -> None:
            event.app.exit(result=None)

        @keys.add("c-c")
        def _stop(event: KeyPressEvent) -> None:
            event.app.exit(exception=KeyboardInterrupt)

        return keys

    def _mover(self, step: int) -> Callable[[KeyPressEvent], None]:
        def move(_event: KeyPressEvent) -> None:
            self._chosen = max(0, min(self._chosen + step, len(self._lines) - 1))

        return move

    def _search(self, typed: Buffer) -> None:
        self._lines = self._find(typed.text)
        self._chosen = 0

    def _list(self) -> StyleAndTextTuples:
        first = max(0, self._chosen - HEIGHT + 1)
        rows = [_shown(row_in(line)) for line in self._lines[first : first + HEIGHT]]
        columns = [key for key in SHOWN if any(row[key] for row in rows)]
        widths = {key: max(len(row[key]) for row in rows) for key in columns}
        return [
            (
                "reverse" if first + at == self._chosen else "",
                GAP.join(f"{row[key]:<{widths[key]}}" for key in columns).rstrip() + "\n",
            )
            for at, row in enumerate(rows)
        ]

    def _help(self) -> StyleAndTextTuples:
        found = _("{count} found").format(count=len(self._lines))
        keys = _("arrows choose, Enter shows, Esc leaves")
        return [("fg:ansibrightblack", f"{found}   {keys}")]


def _shown(row: Row) -> dict[str, str]:
    return {**row, "guarded": _("guarded") if row["guarded"] else ""}
