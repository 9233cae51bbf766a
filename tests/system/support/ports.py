"""Free ports for servers that cannot say which one they took."""
import random
import socket

# Below those that the kernel gives to clients' sockets: no connection of another test takes one meanwhile.
RANGE = range(12_000, 32_000)


def free_port(host="127.0.0.1"):
    """A port that was free for both UDP and TCP a moment ago, on every address of the family."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        port = random.choice(RANGE)
        with socket.socket(family, socket.SOCK_DGRAM) as udp, socket.socket(family, socket.SOCK_STREAM) as tcp:
            try:
                for one in (udp, tcp):
                    one.bind(("::" if ":" in host else "0.0.0.0", port))
            except OSError:
                continue
            return port
