"""Where packaging/needs puts the Python packages of tests/system/requirements.txt (boto3, moto)."""
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "build-python"


def find_python_packages():
    """Makes them importable here; what Debian has goes first."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))


def environment():
    """For a Python program of our own that needs them, such as moto's server."""
    return {**os.environ, "PYTHONPATH": str(FOLDER)}
