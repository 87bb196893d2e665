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
        out += [f"exten => {login_of(one)},hint,{hint(one)}" for one in compiled.hints]
    return "\n".join(out) + "\n"


def login_of(telephone: str) -> str:
    """`PJSIP/170001` → `170001`."""
    return telephone.partition("/")[2]


def hint(telephone: str) -> str:
    """What an agent's state is made of: his telephone's calls, and whether it is registered. For endpoints out of a
    database the engine does not know the second by itself; the agent process tells it (`engine.agent.agentstates`)."""
    return f"{telephone}&Custom:{login_of(telephone)}"


def _entry(line: Line) -> str:
    data = line.data.replace(";", "\\;")
    return f"exten => {line.exten},{line.priority},{line.app}({data})"
