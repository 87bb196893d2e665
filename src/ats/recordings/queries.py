"""Recordings for the API, within the client in scope."""

import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import imageio_ffmpeg  # type: ignore[import-untyped]
from django.db.models import Count, Sum
from django.http import Http404

from ats.calls.models import Call, Leg
from ats.errors import Missing
from ats.recordings import files
from ats.recordings.models import Keeping, Recording
from ats.system import queries as system


def recordings_of(call_id: int) -> list[dict[str, Any]]:
    """Recordings of one call as the API shows them; `number`: whose leg it is."""
    rows = list(Recording.objects.filter(call_id=call_id))
    if not rows:
        return []
    legs = Leg.objects.filter(call_id=call_id, uniqueid__in=[row.uniqueid for row in rows])
    numbers = dict(legs.values_list("uniqueid", "number"))
    return [
        {
            "id": row.pk,
            "number": numbers.get(row.uniqueid, ""),
            "on_demand": row.on_demand,
            "started_at": row.started_at,
            "duration_ms": row.duration_ms,
            "size_bytes": row.size_bytes,
        }
        for row in rows
    ]


def check_call(call_id: int) -> None:
    """Raises Missing when the client in scope has no such call."""
    if not Call.objects.filter(pk=call_id).exists():
        raise Missing


def audio(call_id: int, recording_id: int) -> tuple[Path, str]:
    """The file of a recording of a call, and a name to save it under. Raises Missing, also when it is lost."""
    found = Recording.objects.filter(pk=recording_id, call_id=call_id).first()
    if found is None:
        raise Missing
    path = files.kept_path(found.client_id, found.name)
    if not path.is_file():
        raise Missing
    return path, f"{found.started_at:%Y-%m-%d_%H-%M-%S}_{found.pk}"


def as_mp3(path: Path) -> bytes:
    """The recording as MP3 for saving, a tenth of its size. Raises Http404 when it cannot be read."""
    command = [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i", f"file:{path}"),
        *("-threads", "1", "-c:a", "libmp3lame", "-b:a", "24k", "-f", "mp3", "pipe:1"),
    ]
    done = subprocess.run(command, capture_output=True, timeout=300, check=False)
    if done.returncode != 0:
        raise Http404
    return done.stdout


def keeping_row(client_id: int) -> dict[str, Any]:
    """How long the client's recordings are kept, and how much there is now."""
    keeping = Keeping.objects.filter(client_id=client_id).first() or Keeping(**asdict(system.recordings()))
    used = Recording.objects.aggregate(count=Count("id"), size=Sum("size_bytes"))
    return {
        "keep_days": keeping.keep_days,
        "quota_mb": keeping.quota_mb,
        "count": used["count"],
        "size_bytes": used["size"] or 0,
    }
