"""Where the demo keeps what it makes; `NASSIJ_DEMO_DATA` names another folder (the browser tests do)."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("NASSIJ_DEMO_DATA", ROOT / "var/demo")).resolve()
DATABASE = DATA / "db.sqlite3"
COURSES = DATA / "courses"
QUEUE = DATA / "queue"
MEDIA = DATA / "media"
LOGS = DATA / "logs"
