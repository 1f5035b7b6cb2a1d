"""Opens files in LibreOffice without a window and saves them in another form."""

import os
import subprocess
from pathlib import Path

# Commas, quotes, UTF-8, from the first row on: what the dialogue proposes when somebody opens a CSV file.
AS_PROPOSED = "--infilter=CSV:44,34,76,1"


def opened(folder: Path, form: str, *names: str, reading: str = "") -> None:
    """Opens the files of a folder and saves each beside itself. `form`: ending and filter, as soffice takes them;
    `reading`: how to read them, where their form does not say."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", "--headless", profile, *([reading] if reading else []), "--convert-to", form]
    files = [str(folder / name) for name in names]
    subprocess.run(
        [*command, "--outdir", str(folder), *files], check=True, capture_output=True, timeout=180,
        env=os.environ | {"HOME": str(folder)},
    )  # fmt: skip
