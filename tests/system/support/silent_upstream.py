"""An upstream that takes everything, at once, and says nothing: its socket is not even read."""
import socket


class SilentUpstream:
    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.text = "127.0.0.1:%d" % self._socket.getsockname()[1]

    def close(self):
        self._socket.close()
