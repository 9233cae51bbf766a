"""What every part of a run is told: where things are, how long to measure, and a folder of its own."""
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from . import documents, peers


@dataclass
class Bench:
    build_folder: Path
    compare: Path | None  # the yardstick
    seconds: int = 3  # of one measurement
    rounds: int = 3  # of which the median counts
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="signpost-bench-")))

    def __post_init__(self):
        documents.write_zones(self.folder)
        documents.write_loads(self.folder)

    @property
    def signpostd(self):
        return self.build_folder / "dnsd/signpostd"

    def program(self, name):
        return self.build_folder / "tests/bench" / name

    def authority(self, cpus="1"):
        return peers.start_authority(self.folder, cpus)
