#include "dnsd/net/curl_sockets.h"

#include <cstdlib>
#include <unordered_map>
#include <utility>

#include "dnsd/net/handle.h"
#include "dnsd/net/loop.h"

namespace net {
namespace {

// Connections that are kept for the next request: a catalog is one server or two.
constexpr long kIdleConnections = 8;

int events_of(int curl_wants) {
  return ((curl_wants & CURL_POLL_IN) != 0 ? UV_READABLE : 0) |
         ((curl_wants & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0);
}

int curl_events_of(int status, int uv_events) {
  // Of a broken socket libcurl shall read the reason: a kept connection that the server closed just
  // then is made anew, while "there was an error" would end the request.
  if (status < 0) return CURL_CSELECT_IN | CURL_CSELECT_OUT;
  return ((uv_events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0) |
         ((uv_events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0);
}

/// Once in the process, and only where HTTP is used: it takes memory.
void initialise_curl() {
  static const CURLcode done = curl().global_init(CURL_GLOBAL_DEFAULT);
  if (done != CURLE_OK) std::abort();
}

CURLM* new_multi() {
  initialise_curl();
  CURLM* multi = curl().multi_init();
  if (multi == nullptr) std::abort();
  return multi;
}

}  // namespace

struct CurlSockets::Parts {
  Loop& loop;
  Finished finished;
  TimerId timer = 0;
  std::unordered_map<curl_socket_t, Handle<uv_poll_t>> polls;
  CURLM* multi = new_multi();

  Parts(Loop& on, Finished call) : loop(on), finished(std::move(call)) {
    curl().multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &on_socket);
    curl().multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl().multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &on_timer);
    curl().multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    curl().multi_setopt(multi, CURLMOPT_MAXCONNECTS, kIdleConnections);
  }

  ~Parts() {
    curl().multi_cleanup(multi);
    loop.cancel(timer);
  }

  static int on_socket(CURL*, curl_socket_t socket, int wants, void* self, void*) {
    static_cast<Parts*>(self)->watch(socket, wants);
    return 0;
  }

  static int on_timer(CURLM*, long milliseconds, void* self) {
    static_cast<Parts*>(self)->wake_after(milliseconds);
    return 0;
  }

  void watch(curl_socket_t socket, int wants) {
    if (wants == CURL_POLL_REMOVE) {
      polls.erase(socket);
      return;
    }
    auto& poll = polls[socket];
    if (!poll) poll = open_poll(socket);
    const auto on_event = [](uv_poll_t* handle, int status, int events) {
      uv_os_fd_t ready = -1;
      uv_fileno(reinterpret_cast<uv_handle_t*>(handle), &ready);
      static_cast<Parts*>(handle->data)->act(ready, curl_events_of(status, events));
    };
    if (uv_poll_start(poll.get(), events_of(wants), on_event) != 0) std::abort();
  }

  Handle<uv_poll_t> open_poll(curl_socket_t socket) {
    Handle<uv_poll_t> poll(new uv_poll_t);
    if (uv_poll_init_socket(loop.raw(), poll.get(), socket) != 0) std::abort();
    poll->data = this;
    return poll;
  }

  void wake_after(long milliseconds) {
    loop.cancel(std::exchange(timer, 0));
    if (milliseconds < 0) return;
    timer = loop.after(dns::Milliseconds(milliseconds), [this] {
      timer = 0;
      act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  void act(curl_socket_t socket, int events) {
    int running = 0;
    curl().multi_socket_action(multi, socket, events, &running);
    int left = 0;
    while (const CURLMsg* message = curl().multi_info_read(multi, &left)) {
      if (message->msg == CURLMSG_DONE) finished(message->easy_handle, message->data.result);
    }
  }
};

CurlSockets::CurlSockets(Loop& loop, Finished finished)
    : parts_(std::make_unique<Parts>(loop, std::move(finished))) {}

CurlSockets::~CurlSockets() = default;

void CurlSockets::add(CURL* transfer) {
  if (curl().multi_add_handle(parts_->multi, transfer) != CURLM_OK) std::abort();
}

void CurlSockets::remove(CURL* transfer) {
  curl().multi_remove_handle(parts_->multi, transfer);
}

}  // namespace net
