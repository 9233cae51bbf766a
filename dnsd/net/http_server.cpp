#include "dnsd/net/http_server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <optional>

#include "dnsd/net/handle.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/microhttpd_library.h"
#include "dnsd/net/microhttpd_values.h"
#include "dnsd/net/sockets.h"

namespace net {
namespace {

// A body without announced length is read to its end to be told 413, but not forever.
constexpr std::size_t kPatience = 16;

using ExchangeId = std::uint64_t;

/// One request and its answer, from the first header to the last byte sent.
struct Exchange {
  ExchangeId id = 0;
  MHD_Connection* connection = nullptr;
  HttpQuestion question;
  std::size_t body_size = 0;  // of what came, kept or not
  bool suspended = false;     // waits for its answer
  TimerId handing_over = 0;
  std::optional<HttpAnswer> answer;
};

MHD_Result refuse_size(MHD_Connection* connection, std::size_t limit) {
  HttpAnswer answer{413, "application/json", "", {{"Connection", "close"}}};
  answer.body =
      R"({"error_message": "the body is larger than )" + std::to_string(limit) + " bytes\"}\n";
  return queue_answer(connection, answer);
}

}  // namespace

struct HttpServer::Parts {
  Loop& loop;
  HttpHandler handler;
  HttpServerLimits limits;
  dns::SocketAddress local;
  std::map<ExchangeId, std::unique_ptr<Exchange>> exchanges;
  ExchangeId last_id = 0;
  TimerId timer = 0;
  MHD_Daemon* daemon = nullptr;
  Handle<uv_poll_t> poll;
  std::shared_ptr<Parts*> alive;  // answerers hold it weakly

  Parts(Loop& on, HttpHandler call, const HttpServerLimits& most)
      : loop(on), handler(std::move(call)), limits(most), alive(std::make_shared<Parts*>(this)) {}

  ~Parts() {
    alive.reset();
    poll.reset();
    loop.cancel(timer);
    for (const auto& [id, exchange] : exchanges) {
      loop.cancel(exchange->handing_over);
      if (exchange->suspended) microhttpd().resume_connection(exchange->connection);
      exchange->suspended = false;
    }
    if (daemon != nullptr) microhttpd().stop_daemon(daemon);
  }

  bool start(int listening) {
    daemon = microhttpd().start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, &on_request, this,
        MHD_OPTION_LISTEN_SOCKET, listening, MHD_OPTION_NOTIFY_COMPLETED, &on_completed, this,
        MHD_OPTION_CONNECTION_LIMIT, limits.connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        limits.headers, MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(limits.idle.count()),
        MHD_OPTION_END);
    return daemon != nullptr && watch();
  }

  bool watch() {
    const auto* info = microhttpd().get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    poll = Handle<uv_poll_t>(new uv_poll_t);
    if (uv_poll_init(loop.raw(), poll.get(), info->epoll_fd) != 0) {
      delete poll.release();  // never on the loop, so nothing to close
      return false;
    }
    poll->data = this;
    const auto on_ready = [](uv_poll_t* ready, int, int) {
      static_cast<Parts*>(ready->data)->run();
    };
    return uv_poll_start(poll.get(), UV_READABLE, on_ready) == 0;
  }

  /// Lets libmicrohttpd do what there is to do, and asks when it wants to be called again.
  void run() {
    const bool was_full = is_full();
    microhttpd().run(daemon);
    MHD_UNSIGNED_LONG_LONG wait = 0;
    // It listens again one call after there is room, and does not ask for that call.
    if (was_full && !is_full()) {
      run_after(dns::Milliseconds(0));
    } else if (microhttpd().get_timeout(daemon, &wait) == MHD_YES) {
      run_after(dns::Milliseconds(wait));
    } else {
      loop.cancel(std::exchange(timer, 0));
    }
  }

  bool is_full() const {
    const auto* info = microhttpd().get_daemon_info(daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info->num_connections >= limits.connections;
  }

  void run_after(dns::Milliseconds wait) {
    loop.cancel(timer);
    timer = loop.after(wait, [this] { run(); });
  }

  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* url,
                               const char* method, const char*, const char* upload,
                               std::size_t* upload_size, void** exchange) {
    auto& parts = *static_cast<Parts*>(self);
    if (*exchange == nullptr) return parts.begin(connection, method, url, exchange);
    auto& known = *static_cast<Exchange*>(*exchange);
    if (*upload_size == 0) return parts.proceed(known);
    const std::string_view bytes(upload, std::exchange(*upload_size, 0));
    return parts.take_body(known, bytes);
  }

  static void on_completed(void* self, MHD_Connection*, void** exchange,
                           MHD_RequestTerminationCode) {
    if (*exchange == nullptr) return;
    static_cast<Parts*>(self)->forget(static_cast<Exchange*>(*exchange)->id);
  }

  MHD_Result begin(MHD_Connection* connection, const char* method, const char* path,
                   void** exchange) {
    auto one = std::make_unique<Exchange>();
    one->id = ++last_id;
    one->connection = connection;
    one->question = read_question(connection, method, path);
    *exchange = one.get();
    const bool too_large = announced_size(one->question) > limits.body;
    exchanges.emplace(one->id, std::move(one));
    return too_large ? refuse_size(connection, limits.body) : MHD_YES;
  }

  MHD_Result take_body(Exchange& exchange, std::string_view bytes) const {
    exchange.body_size += bytes.size();
    if (exchange.body_size <= limits.body) exchange.question.body += bytes;
    return exchange.body_size <= kPatience * limits.body ? MHD_YES : MHD_NO;
  }

  /// All of the request is here; a second time when the answer is.
  MHD_Result proceed(Exchange& exchange) {
    if (exchange.answer) return queue_answer(exchange.connection, *exchange.answer);
    if (exchange.body_size > limits.body) return refuse_size(exchange.connection, limits.body);
    microhttpd().suspend_connection(exchange.connection);
    exchange.suspended = true;
    // The handler is called by the loop, not from within libmicrohttpd, so that it may
    // do as it likes.
    exchange.handing_over =
        loop.after(dns::Milliseconds(0), [this, id = exchange.id] { hand_over(id); });
    return MHD_YES;
  }

  void hand_over(ExchangeId id) {
    HttpQuestion question = std::move(exchanges.at(id)->question);
    HttpAnswerer answerer([weak = std::weak_ptr(alive), id](HttpAnswer answer) {
      if (const auto self = weak.lock()) (*self)->take_answer(id, std::move(answer));
    });
    const HttpHandler call = handler;
    call(std::move(question), std::move(answerer));
  }

  void take_answer(ExchangeId id, HttpAnswer answer) {
    const auto found = exchanges.find(id);
    if (found == exchanges.end()) return;
    Exchange& exchange = *found->second;
    exchange.answer = std::move(answer);
    exchange.suspended = false;
    microhttpd().resume_connection(exchange.connection);
    run_after(dns::Milliseconds(0));
  }

  void forget(ExchangeId id) {
    const auto found = exchanges.find(id);
    if (found == exchanges.end()) return;
    loop.cancel(found->second->handing_over);
    exchanges.erase(found);
  }
};

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpServer::~HttpServer() = default;

dns::Result<std::unique_ptr<HttpServer>> HttpServer::open(Loop& loop,
                                                          const dns::SocketAddress& address,
                                                          HttpHandler handler,
                                                          const HttpServerLimits& limits) {
  const auto listening = bind_socket(SocketKind::stream, address, true);
  if (!listening.ok()) return dns::Error{listening.error()};
  auto parts = std::make_unique<Parts>(loop, std::move(handler), limits);
  parts->local = local_address(listening.value());
  if (listen(listening.value(), SOMAXCONN) == 0 && parts->start(listening.value())) {
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
  }
  // Once started, libmicrohttpd closes it.
  if (parts->daemon == nullptr) close(listening.value());
  return dns::Error{"cannot serve HTTP on " + address.to_text() + ": out of memory or descriptors"};
}

const dns::SocketAddress& HttpServer::local() const {
  return parts_->local;
}

}  // namespace net
