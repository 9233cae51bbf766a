"""Servers that stand for instances of a service: they answer, refuse, hang, reset, fail, or trickle for ever."""
import socket
import struct
import threading

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def status(code, text="Sorry"):
    return f"HTTP/1.1 {code} {text}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


class Instance:
    """Listens at once. `how` may be changed while it runs:

    bytes       the reply to whatever comes first
    "hang"      connections are taken, and nothing is said
    "reset"     connections are reset as soon as something comes
    "trickle"   a header line every now and then, for ever
    "long"      a good reply whose body never ends
    """

    def __init__(self, how=OK, host="127.0.0.1", port=0):
        self.how = how
        self.delay = 0
        self.host = host
        self.port = port
        self.requests = []
        self.connections = 0
        self._over = threading.Event()
        self._listener = None
        self.listen()

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def listen(self):
        """Comes back, at the same port."""
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((self.host, self.port))
        self.port = self._listener.getsockname()[1]
        self._listener.listen(64)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def refuse(self):
        """Goes away: the next connection is refused."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def close(self):
        self._over.set()
        self.refuse()

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                request = connection.recv(65536)
                if not request:
                    return
                self.requests.append(request.decode(errors="replace"))
                self._over.wait(self.delay)
                self._answer(connection)
            except OSError:
                pass

    def _answer(self, connection):
        if isinstance(self.how, bytes):
            connection.sendall(self.how)
        elif self.how == "hang":
            self._over.wait(60)
        elif self.how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif self.how == "trickle":
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not self._over.wait(0.05):
                connection.sendall(b"X-More: to come\r\n")
        elif self.how == "long":
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while not self._over.wait(0.01):
                connection.sendall(b"1000\r\n" + b"a" * 0x1000 + b"\r\n")
