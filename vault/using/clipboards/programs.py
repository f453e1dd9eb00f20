"""Clipboards behind a program of the system: a secret goes through its stdin, never its words.

Each marks the secret for clipboard histories as far as its program can: `wl-copy --sensitive`
since version 2.3, the concealed type of nspasteboard.org on macOS, the three formats of Windows.
xclip and xsel offer a text in one format only, so under X11 there is no mark.
"""

import subprocess
from dataclasses import dataclass

from opskit.core.i18n import _
from vault.using.clipboards.ports import NoClipboardError

SECONDS = 5.0
MACOS_PUT = """
ObjC.import("AppKit");
const input = $.NSFileHandle.fileHandleWithStandardInput.readDataToEndOfFile;
const text = $.NSString.alloc.initWithDataEncoding(input, $.NSUTF8StringEncoding);
const board = $.NSPasteboard.generalPasteboard;
board.clearContents;
board.setStringForType(text, "public.utf8-plain-text");
board.setStringForType($(""), "org.nspasteboard.ConcealedType");
"""
WINDOWS_PUT = """
[Console]::InputEncoding = [Text.UTF8Encoding]::new($false)
Add-Type -AssemblyName System.Windows.Forms
$data = [Windows.Forms.DataObject]::new()
$data.SetText([Console]::In.ReadToEnd())
foreach ($format in 'ExcludeClipboardContentFromMonitorProcessing',
                    'CanIncludeInClipboardHistory', 'CanUploadToCloudClipboard') {
  $data.SetData($format, $false, [IO.MemoryStream]::new([byte[]](0, 0, 0, 0)))
}
[Windows.Forms.Clipboard]::SetDataObject($data, $true)
"""
WINDOWS_READ = """
[Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
[Console]::Out.Write((Get-Clipboard -Raw))
"""
WINDOWS_CLEAR = """
Add-Type -AssemblyName System.Windows.Forms
[Windows.Forms.Clipboard]::Clear()
"""
POWERSHELL = ("powershell.exe", "-NoProfile", "-NonInteractive", "-STA", "-Command")


@dataclass(frozen=True, slots=True)
class ProgramClipboard:
    """A Clipboard. `mark` is a word of `putting` that older versions of the program lack."""

    name: str
    putting: tuple[str, ...]
    reading: tuple[str, ...]
    clearing: tuple[str, ...]
    mark: str = ""

    def put(self, text: bytes) -> None:
        words = self.putting
        if self.mark and self.mark.encode() in self._run((words[0], "--help"), capture=True):
            words = (*words, self.mark)
        self._run(words, text)

    def read(self) -> bytes | None:
        return self._run(self.reading, capture=True, may_fail=True)

    def clear(self) -> None:
        self._run(self.clearing)

    def _run(
        self,
        words: tuple[str, ...],
        text: bytes = b"",
        *,
        capture: bool = False,
        may_fail: bool = False,
    ) -> bytes:
        """What it prints. An empty clipboard is a failure for most programs, hence `may_fail`.

        xclip and wl-copy live on to serve the text, so nothing may wait for their stdout to end.
        """
        try:
            done = subprocess.run(
                words,
                input=text,
                stdout=subprocess.PIPE if capture else subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=not may_fail,
            )
        except (OSError, subprocess.SubprocessError):
            raise NoClipboardError(
                _("{program} cannot reach the clipboard").format(program=words[0]),
                hint=_("try it by hand; or print the secret: leave --clip away"),
            ) from None
        return done.stdout or b""


WAYLAND = ProgramClipboard(
    "wl-copy", ("wl-copy",), ("wl-paste", "--no-newline"), ("wl-copy", "--clear"), "--sensitive"
)
XCLIP = ProgramClipboard(
    "xclip",
    ("xclip", "-selection", "clipboard", "-in"),
    ("xclip", "-selection", "clipboard", "-out"),
    ("xclip", "-selection", "clipboard", "-in"),
)
XSEL = ProgramClipboard(
    "xsel",
    ("xsel", "--clipboard", "--input"),
    ("xsel", "--clipboard", "--output"),
    ("xsel", "--clipboard", "--clear"),
)
MACOS = ProgramClipboard(
    "macos", ("osascript", "-l", "JavaScript", "-e", MACOS_PUT), ("pbpaste",), ("pbcopy",)
)
WINDOWS = ProgramClipboard(
    "windows",
    (*POWERSHELL, WINDOWS_PUT),
    (*POWERSHELL, WINDOWS_READ),
    (*POWERSHELL, WINDOWS_CLEAR),
)
