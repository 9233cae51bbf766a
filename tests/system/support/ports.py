"""Free ports for servers that cannot say which one they took."""
import socket


def free_port(host="127.0.0.1"):
    """A port that was free for both UDP and TCP a moment ago."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family, socket.SOCK_DGRAM) as udp, socket.socket(family, socket.SOCK_STREAM) as tcp:
            udp.bind((host, 0))
            try:
                tcp.bind((host, udp.getsockname()[1]))
            except OSError:
                continue
            return udp.getsockname()[1]
