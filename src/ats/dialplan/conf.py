"""Compiled lines as the text of an extensions.conf fragment: what a cold engine starts from without us."""

from ats.dialplan.model import Compiled, Line

HINTS = "agents"  # context with a hint for each port that is an agent of a queue


def to_conf(compiled: Compiled) -> str:
    """One `[context]` section per run of lines; the first line tells the version the file holds."""
    out = [f"; version {compiled.version}"]
    context = ""
    for line in (*compiled.lines, *compiled.pointers):
        if line.context != context:
            context = line.context
            out.append(f"[{context}]")
        out.append(_entry(line))
    if compiled.hints:
        out.append(f"[{HINTS}]")
        out += [f"exten => {endpoint},hint,{hint(endpoint)}" for endpoint in compiled.hints]
    return "\n".join(out) + "\n"


def hint(endpoint: str) -> str:
    """What an agent's state is made of: his telephone's calls, and whether it is registered. For endpoints out of a
    database the engine does not know the second by itself; the agent process tells it (`engine.agent.agentstates`)."""
    return f"PJSIP/{endpoint}&Custom:{endpoint}"


def _entry(line: Line) -> str:
    data = line.data.replace(";", "\\;")
    return f"exten => {line.exten},{line.priority},{line.app}({data})"
