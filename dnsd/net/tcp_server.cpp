#include "dnsd/net/tcp_server.h"

#include <unistd.h>

#include <deque>
#include <unordered_map>

#include "dnsd/net/handle.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/sockets.h"
#include "dnsd/net/tcp_framing.h"

namespace net {
namespace {

constexpr int kBacklog = 512;
constexpr std::size_t kReadRoom = 65'536;
constexpr std::size_t kMostUnderWay = 128;  // queries of one connection
// Bytes of one connection, and one reply more: a client that does not read costs no more.
constexpr std::size_t kMostUnsent = 1U << 16U;

/// Owns the bytes of one reply until they have left.
struct WriteRequest {
  uv_write_t request{};
  dns::Wire bytes;
};

}  // namespace

struct TcpServer::Parts {
  /// One connection.
  struct Line final : TcpConnections::Connection {
    bool is_owed() const override { return under_way > 0; }
    bool rests() const override { return under_way == 0 && writes == 0; }
    void close() override { parts->close(*this); }

    Parts* parts = nullptr;
    std::uint64_t number = 0;
    dns::SocketAddress client;
    TcpFraming framing;
    std::deque<dns::Wire>
        waiting;  // queries that were read and are beyond the bounds; one read's at most
    std::size_t under_way = 0;  // queries without a reply yet
    std::size_t writes = 0;     // replies that have not left yet
    bool read_over = false;     // the client sends no more
    bool reading = false;
    Handle<uv_tcp_t> tcp;
  };

  Loop& loop;
  dns::SocketAddress local;
  TcpConnections& connections;
  StreamHandler& handler;
  std::unordered_map<std::uint64_t, std::unique_ptr<Line>> lines;
  std::uint64_t last_number = 0;
  bool stopped = false;
  TimerId idle_timer = 0;
  std::unique_ptr<std::uint8_t[]> read_room =
      std::make_unique_for_overwrite<std::uint8_t[]>(kReadRoom);
  std::unique_ptr<std::uint8_t[]> reply_room =
      std::make_unique_for_overwrite<std::uint8_t[]>(2 + dns::kMaxMessage);
  Handle<uv_tcp_t> listener;

  Parts(Loop& on, const dns::SocketAddress& address, TcpConnections& all, StreamHandler& hears)
      : loop(on), local(address), connections(all), handler(hears) {}

  ~Parts() { loop.cancel(idle_timer); }

  bool listen(int socket) {
    listener.reset(new uv_tcp_t);
    uv_tcp_init(loop.raw(), listener.get());
    listener->data = this;
    return uv_tcp_open(listener.get(), socket) == 0 &&
           uv_listen(reinterpret_cast<uv_stream_t*>(listener.get()), kBacklog,
                     [](uv_stream_t* from, int status) {
                       if (status == 0) static_cast<Parts*>(from->data)->accept();
                     }) == 0;
  }

  void accept() {
    auto line = std::make_unique<Line>();
    line->parts = this;
    line->tcp.reset(new uv_tcp_t);
    uv_tcp_init(loop.raw(), line->tcp.get());
    line->tcp->data = line.get();
    auto* stream = reinterpret_cast<uv_stream_t*>(line->tcp.get());
    if (uv_accept(reinterpret_cast<uv_stream_t*>(listener.get()), stream) != 0) return;
    if (!connections.make_room_for(1)) return;
    sockaddr_storage far{};
    int size = sizeof far;
    if (uv_tcp_getpeername(line->tcp.get(), reinterpret_cast<sockaddr*>(&far), &size) != 0) return;
    uv_tcp_nodelay(line->tcp.get(), 1);
    line->client = dns::SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&far));
    line->number = ++last_number;
    connections.join(*line, loop.now());
    Line& kept = *(lines[line->number] = std::move(line));
    read_from(kept);
    arm_idle_timer();
  }

  void close(Line& line) { lines.erase(line.number); }  // destroys `line`

  void read_from(Line& line) {
    if (line.reading || line.read_over || stopped) return;
    line.reading = true;
    uv_read_start(
        reinterpret_cast<uv_stream_t*>(line.tcp.get()),
        [](uv_handle_t* handle, std::size_t, uv_buf_t* room) {
          Parts& parts = *static_cast<Line*>(handle->data)->parts;
          *room = uv_buf_init(reinterpret_cast<char*>(parts.read_room.get()), kReadRoom);
        },
        [](uv_stream_t* stream, ssize_t count, const uv_buf_t* room) {
          Line& line = *static_cast<Line*>(stream->data);
          line.parts->heard(line, count, reinterpret_cast<const std::uint8_t*>(room->base));
        });
  }

  void stop_reading(Line& line) {
    if (!line.reading) return;
    line.reading = false;
    uv_read_stop(reinterpret_cast<uv_stream_t*>(line.tcp.get()));
  }

  void heard(Line& line, ssize_t count, const std::uint8_t* bytes) {
    if (count == 0) return;
    if (count < 0 && count != UV_EOF) return close(line);
    if (count == UV_EOF) {
      stop_reading(line);
      line.read_over = true;
      return close_if_over(line);
    }
    touch(line);
    handler.batch_begins();
    bool open = true;
    line.framing.feed({bytes, static_cast<std::size_t>(count)}, [&](dns::WireView message) {
      if (message.size() < dns::kHeaderSize) return open = no_query(line);
      if (line.waiting.empty() && has_room(line)) return open = hand_over(line, message);
      line.waiting.emplace_back(message.begin(), message.end());
      return true;
    });
    if (open && (!line.waiting.empty() || !has_room(line))) stop_reading(line);
  }

  /// Hands over one query. False: the connection was closed and `line` is gone.
  bool hand_over(Line& line, dns::WireView message) {
    const Handled handled = handle(line, message);
    if (handled.later) ++line.under_way;
    if (!handled.later && handled.size == 0) return no_query(line);
    if (handled.size == 0 || write(line, handled.size)) return true;
    close(line);
    return false;
  }

  /// What came is dropped, and the connection with it when nothing is owed to it.
  /// False: it is gone.
  bool no_query(Line& line) {
    if (!line.rests()) return true;
    close(line);
    return false;
  }

  Handled handle(const Line& line, dns::WireView message) {
    Peer peer;
    peer.connection = line.number;
    return handler.message(message, line.client, peer, {reply_room.get() + 2, dns::kMaxMessage});
  }

  static bool has_room(const Line& line) {
    const auto* stream = reinterpret_cast<const uv_stream_t*>(line.tcp.get());
    return line.under_way < kMostUnderWay && line.writes < kMostUnderWay &&
           uv_stream_get_write_queue_size(stream) < kMostUnsent;
  }

  /// Sends the reply in the room. False: the connection is broken.
  bool write(Line& line, std::size_t size) {
    dns::put16(reply_room.get(), static_cast<std::uint16_t>(size));
    auto* stream = reinterpret_cast<uv_stream_t*>(line.tcp.get());
    uv_buf_t piece =
        uv_buf_init(reinterpret_cast<char*>(reply_room.get()), static_cast<unsigned>(size + 2));
    const int left = uv_try_write(stream, &piece, 1);
    if (left == static_cast<int>(size + 2)) return true;
    if (left < 0 && left != UV_EAGAIN) return false;
    auto request = std::make_unique<WriteRequest>();
    const std::size_t sent = left > 0 ? static_cast<std::size_t>(left) : 0;
    request->bytes.assign(reply_room.get() + sent, reply_room.get() + size + 2);
    request->request.data = request.get();
    piece = uv_buf_init(reinterpret_cast<char*>(request->bytes.data()),
                        static_cast<unsigned>(request->bytes.size()));
    const int problem = uv_write(&request->request, stream, &piece, 1, written);
    if (problem != 0) return false;
    ++line.writes;
    request.release();  // NOLINT(bugprone-unused-return-value): `written` takes it over
    return true;
  }

  static void written(uv_write_t* request, int status) {
    const std::unique_ptr<WriteRequest> done(static_cast<WriteRequest*>(request->data));
    const bool destroyed = uv_is_closing(reinterpret_cast<uv_handle_t*>(request->handle)) != 0;
    if (destroyed) return;  // and its `Line` with it, whatever became of the bytes
    Line& line = *static_cast<Line*>(request->handle->data);
    --line.writes;
    if (status < 0) return line.parts->close(line);
    line.parts->go_on(line);
  }

  /// A reply left: there may be room for queries that waited.
  void go_on(Line& line) {
    touch(line);
    if (!line.waiting.empty()) handler.batch_begins();
    while (!line.waiting.empty() && has_room(line)) {
      const dns::Wire message = std::move(line.waiting.front());
      line.waiting.pop_front();
      if (!hand_over(line, message)) return;
    }
    if (line.waiting.empty() && has_room(line)) read_from(line);
    close_if_over(line);
  }

  void close_if_over(Line& line) {
    const bool owed = !line.rests() || !line.waiting.empty();
    if (line.read_over && !owed) close(line);
  }

  void touch(Line& line) { connections.used(line, loop.now()); }

  /// One socket's timer closes what rests of all sockets: each that has connections
  /// has one.
  void arm_idle_timer() {
    if (idle_timer != 0 || lines.empty()) return;
    const auto due = connections.longest_unused()->last_used() + connections.limits().idle;
    const auto wait = std::chrono::ceil<dns::Milliseconds>(due - loop.now());
    idle_timer = loop.after(std::max(wait, dns::Milliseconds(1)), [this] {
      idle_timer = 0;
      close_idle();
      arm_idle_timer();
    });
  }

  void close_idle() {
    while (TcpConnections::Connection* line = connections.longest_unused()) {
      if (line->last_used() + connections.limits().idle > loop.now()) return;
      if (line->is_owed()) {
        connections.used(*line, loop.now());  // it waits for us, not we for it
      } else {
        line->close();
      }
    }
  }

  void send(const Peer& peer, dns::WireView reply) {
    const auto found = lines.find(peer.connection);
    if (found == lines.end()) return;
    Line& line = *found->second;
    if (line.under_way == 0) return;  // it is owed nothing
    --line.under_way;
    std::memcpy(reply_room.get() + 2, reply.data(), reply.size());
    if (!write(line, reply.size())) return close(line);
    go_on(line);
  }
};

dns::Result<std::unique_ptr<TcpServer>> TcpServer::open(Loop& loop,
                                                        const dns::SocketAddress& address,
                                                        TcpConnections& connections,
                                                        StreamHandler& handler, bool first) {
  auto socket = bind_socket(SocketKind::stream, address, first);
  if (!socket.ok()) return socket.error();
  auto parts = std::make_unique<Parts>(loop, local_address(socket.value()), connections, handler);
  if (!parts->listen(socket.value())) {
    return dns::Error{"cannot listen on " + address.to_text() +
                      " (TCP): the socket takes no connections"};
  }
  return std::unique_ptr<TcpServer>(new TcpServer(std::move(parts)));
}

TcpServer::TcpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TcpServer::~TcpServer() = default;

dns::SocketAddress TcpServer::local() const {
  return parts_->local;
}

void TcpServer::send(const Peer& peer, dns::WireView reply) {
  parts_->send(peer, reply);
}

void TcpServer::stop_listening() {
  parts_->stopped = true;
  parts_->listener.reset();
  for (auto& [number, line] : parts_->lines) parts_->stop_reading(*line);
}

bool TcpServer::busy() const {
  for (const auto& [number, line] : parts_->lines) {
    if (!line->rests()) return true;
  }
  return false;
}

}  // namespace net
