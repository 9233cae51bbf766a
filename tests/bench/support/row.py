"""One line of the table: what is measured, what it should be, what it is, and how that was found."""
from dataclasses import dataclass


@dataclass
class Row:
    what: str
    aim: str
    measured: str
    how: str

    def __str__(self):
        return f"| {self.what} | {self.aim} | {self.measured} | {self.how} |"


HEAD = "| what | aim | measured | how |\n|---|---|---|---|"
