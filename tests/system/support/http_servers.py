"""What our own HTTP servers share: a server on a thread of its own that can go away in the middle of everything."""
import socket
import threading
from http.server import ThreadingHTTPServer


class HttpServer(ThreadingHTTPServer):
    """Serves on 127.0.0.1 from the start; port 0 is a free one. `handler` is told apart by its `owner`."""
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, handler, owner, port=0):
        self._lock = threading.Lock()
        self._connections = set()
        super().__init__(("127.0.0.1", port), type("Handler", (handler,), {"owner": owner}))
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def get_request(self):
        connection, client = super().get_request()
        with self._lock:
            self._connections.add(connection)
        return connection, client

    def shutdown_request(self, request):
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        pass  # a client that goes away is no news

    def close(self):
        """Nothing is accepted any more, and what is open is cut. May be called twice."""
        self.shutdown()
        self.server_close()
        with self._lock:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            self._connections.clear()
