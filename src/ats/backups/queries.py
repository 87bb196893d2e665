"""Backups that there are, and those on their way."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from ats.backups import files
from ats.backups.models import BackupJob


def rows() -> list[dict[str, Any]]:
    """The newest first: every file in the folder (also those made by `./ats backup`), and orders that have none yet."""
    jobs = {job.name: job for job in BackupJob.objects.all()}
    found = []
    for name in files.names(settings.CONFIG):
        job = jobs.pop(name, None)
        if (path := files.path_of(settings.CONFIG, name)) is None:
            continue
        stat = path.stat()
        found.append(
            {
                "name": name,
                "state": "done",
                "size_bytes": stat.st_size,
                "at": datetime.fromtimestamp(stat.st_mtime, UTC),
                "author_login": job.author_login if job else "",
                "recordings": job.recordings if job else None,
                "daily": name.startswith(files.DAILY),
                "error": "",
            }
        )
    waiting = [
        {
            "name": job.name,
            "state": job.state,
            "size_bytes": None,
            "at": job.at,
            "author_login": job.author_login,
            "recordings": job.recordings,
            "daily": job.name.startswith(files.DAILY),
            "error": job.error,
        }
        for job in jobs.values()
        if job.state != BackupJob.State.DONE  # its file was taken away by hand
    ]
    return sorted((*waiting, *found), key=lambda row: row["at"], reverse=True)
