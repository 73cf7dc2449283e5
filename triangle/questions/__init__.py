"""The questions that can be asked, each in a folder of its own, in the order in which they are listed.

A folder holds, by name: ``answer.py`` the definition and the function that answers, ``table.py``, ``plot.py`` and
``section.py`` how it is seen, ``command.py`` how it is typed; other files are methods of that question alone.
"""

from __future__ import annotations

#: Command → the folder that holds it, in the order in which commands are listed.
COMMANDS = {
    "check": "check",
    "list": "catalogue",
    "show": "catalogue",
    "solve": "solve",
    "answer": "answer",
    "compare": "compare",
    "trace": "trace",
    "sweep": "sweep",
    "sensitivity": "sensitivity",
    "discover": "discover",
    "choose": "choose",
    "bid": "bid",
    "decompose": "decompose",
    "contrast": "contrast",
    "concord": "concord",
    "veto": "veto",
    "flip": "flip",
    "tipping": "tipping",
    "signal": "signal",
    "gesture": "signal",
    "path": "path",
    "claims": "claims",
    "report": "report",
    "export": "exchange",
    "import": "exchange",
    "verify": "verify",
    "cite": "cite",
}


def module_of(command: str) -> str:
    """The module that defines a command; a report is made of all questions and stands above them."""
    home = "report" if command == "report" else f"questions.{COMMANDS[command]}"
    return f"triangle.{home}.command"
