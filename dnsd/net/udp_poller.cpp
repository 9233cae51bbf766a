#include "dnsd/net/udp_poller.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "dnsd/net/loop.h"

namespace net {
namespace {

constexpr int kEventsAtOnce = 64;
// Then the loop's other handles have their turn.
constexpr int kBatchesMost = 16;

}  // namespace

UdpPoller::UdpPoller(Loop& loop) : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  auto* watch = new uv_poll_t;
  if (epoll_ < 0 || uv_poll_init(loop.raw(), watch, epoll_) != 0) std::abort();
  watch->data = this;
  watch_.reset(watch);
  uv_poll_start(watch, UV_READABLE, [](uv_poll_t* handle, int, int) {
    static_cast<UdpPoller*>(handle->data)->drain();
  });
}

UdpPoller::~UdpPoller() {
  watch_.reset();
  ::close(epoll_);
}

UdpSocket* UdpPoller::add(int fd, DatagramReceiver& receiver) {
  auto socket = std::make_unique<UdpSocket>(UdpSocket{fd, ++last_id_, &receiver, 0});
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.ptr = socket.get();
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &wanted) != 0) return nullptr;
  ++sockets_;
  return socket.release();
}

void UdpPoller::close(UdpSocket* socket) {
  ::close(socket->fd);  // which takes it out of the epoll set
  socket->receiver = nullptr;
  --sockets_;
  std::unique_ptr<UdpSocket> dead(socket);
  if (draining_) buried_.push_back(std::move(dead));
}

void UdpPoller::drain() {
  epoll_event events[kEventsAtOnce];
  draining_ = true;
  for (int batch = 0; batch < kBatchesMost; ++batch) {
    const int count = epoll_wait(epoll_, events, kEventsAtOnce, 0);
    for (int i = 0; i < count; ++i) read_one(*static_cast<UdpSocket*>(events[i].data.ptr));
    buried_.clear();
    if (count < kEventsAtOnce) break;
  }
  draining_ = false;
}

/// Once for each event: what is left makes the set readable again.
void UdpPoller::read_one(UdpSocket& socket) {
  if (socket.receiver == nullptr) return;
  const ssize_t size = recv(socket.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (size >= 0) {
    socket.receiver->datagram(socket.id, {buffer_.data(), static_cast<std::size_t>(size)});
  } else if (errno != EAGAIN && errno != EINTR) {
    socket.receiver->unreachable(socket.id);
  }
}

}  // namespace net
