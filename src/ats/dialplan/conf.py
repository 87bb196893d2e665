"""Compiled lines as the text of an extensions.conf fragment: what a cold engine starts from without us."""

from ats.dialplan.model import Compiled, Line


def to_conf(compiled: Compiled) -> str:
    """One `[context]` section per run of lines; the first line tells the version the file holds."""
    out = [f"; version {compiled.version}"]
    context = ""
    for line in (*compiled.lines, *compiled.pointers):
        if line.context != context:
            context = line.context
            out.append(f"[{context}]")
        out.append(_entry(line))
    return "\n".join(out) + "\n"


def _entry(line: Line) -> str:
    data = line.data.replace(";", "\\;")
    return f"exten => {line.exten},{line.priority},{line.app}({data})"
