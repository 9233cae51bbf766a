// Queries over UDP at a steady rate, whatever comes back, each reply timed: for
// how late the latest hundredth is. dnsperf tells averages alone.
//
//   timed_load PORT QUERIES RATE SECONDS     QUERIES: a file of lines `NAME TYPE`
//
// The kernel's time stamps say when a reply came, so a load that is scheduled
// late does not call the server late; nor does it make up for what it missed. Spins:
// it wants a core. Prints JSON.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/records.h"

namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kBurst = 16;  // what is later than so many others is not sent at all
constexpr std::size_t kIds = 65'536;
constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * kSecond + time.tv_nsec;
}

/// By the clock of the kernel's time stamps.
std::int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return nanoseconds(time);
}

int connected(std::uint16_t port) {
  const int out = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(port);
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  const int room = 4 << 20;
  setsockopt(out, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(out, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (connect(out, reinterpret_cast<sockaddr*>(&there), sizeof there) != 0) std::abort();
  return out;
}

std::vector<dns::Wire> read_queries(const char* path) {
  std::ifstream file(path);
  std::vector<dns::Wire> out;
  for (std::string name, type; file >> name >> type;)
    out.push_back(support::query(name + " " + type));
  return out;
}

/// When a datagram came.
std::optional<std::int64_t> arrival(msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part))
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SO_TIMESTAMPNS) {
      timespec time{};
      std::copy_n(CMSG_DATA(part), sizeof time, reinterpret_cast<unsigned char*>(&time));
      return nanoseconds(time);
    }
  return {};
}

class TimedLoad {
 public:
  TimedLoad(std::uint16_t port, std::vector<dns::Wire> queries)
      : socket_(connected(port)), queries_(std::move(queries)) {}

  void run(double rate, double seconds) {
    const auto total = static_cast<std::size_t>(rate * seconds);
    took_.reserve(total);
    const std::int64_t began = now();
    while (sent_ + missed_ < total) {
      const double elapsed = static_cast<double>(now() - began) / double{kSecond};
      const auto due = std::min(static_cast<std::size_t>(rate * elapsed), total);
      if (due > sent_ + missed_) send(std::min(due - sent_ - missed_, kBurst));
      if (due > sent_ + missed_ + kBurst) missed_ = due - sent_;
      receive();
    }
    lasted_ = static_cast<double>(now() - began) / double{kSecond};
    for (const std::int64_t until = now() + kSecond; now() < until;) receive();
  }

  void print() {
    std::sort(took_.begin(), took_.end());
    std::printf(
        "{\"sent\": %zu, \"heard\": %zu, \"rate\": %.0f, \"p50_us\": %.1f, \"p99_us\": %.1f, "
        "\"p999_us\": %.1f, \"most_us\": %.1f}\n",
        sent_, took_.size(), static_cast<double>(sent_) / lasted_, at(0.5), at(0.99), at(0.999),
        at(1));
  }

 private:
  void send(std::size_t count) {
    std::array<mmsghdr, kBatch> messages{};
    std::array<iovec, kBatch> pieces{};
    for (std::size_t i = 0; i < count; ++i) {
      dns::Wire& query = queries_[(sent_ + i) % queries_.size()];
      dns::put16(query.data(), static_cast<std::uint16_t>(sent_ + i));
      pieces[i] = {query.data(), query.size()};
      messages[i].msg_hdr.msg_iov = &pieces[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      sent_at_[(sent_ + i) % kIds] = now();
    }
    const int done = sendmmsg(socket_, messages.data(), static_cast<unsigned>(count), 0);
    if (done > 0) sent_ += static_cast<std::size_t>(done);
  }

  void receive() {
    std::array<mmsghdr, kBatch> messages{};
    std::array<iovec, kBatch> pieces{};
    for (std::size_t i = 0; i < kBatch; ++i) {
      pieces[i] = {replies_[i].data(), replies_[i].size()};
      messages[i].msg_hdr.msg_iov = &pieces[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_control = controls_[i].data();
      messages[i].msg_hdr.msg_controllen = controls_[i].size();
    }
    const int count = recvmmsg(socket_, messages.data(), kBatch, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < count; ++i) {
      const auto number = static_cast<std::size_t>(i);
      heard(dns::get16(replies_[number].data()), messages[number].msg_hdr);
    }
  }

  void heard(std::uint16_t id, msghdr& message) {
    const auto when = arrival(message);
    if (when && sent_at_[id] != 0) took_.push_back(*when - std::exchange(sent_at_[id], 0));
  }

  /// Microseconds within which so great a share was answered.
  double at(double share) const {
    if (took_.empty()) return 0;
    const auto place = static_cast<std::size_t>(share * static_cast<double>(took_.size()));
    return static_cast<double>(took_[std::min(place, took_.size() - 1)]) / 1000;
  }

  int socket_;
  std::vector<dns::Wire> queries_;
  std::vector<std::int64_t> sent_at_ = std::vector<std::int64_t>(kIds);
  std::vector<std::int64_t> took_;
  std::array<std::array<std::uint8_t, 2048>, kBatch> replies_{};
  std::array<std::array<std::uint8_t, 64>, kBatch> controls_{};
  std::size_t sent_ = 0;
  std::size_t missed_ = 0;  // while this program did not run
  double lasted_ = 1;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::fputs("usage: timed_load PORT QUERIES RATE SECONDS\n", stderr);
    return 2;
  }
  TimedLoad load(static_cast<std::uint16_t>(std::atoi(arguments[1])), read_queries(arguments[2]));
  load.run(std::atof(arguments[3]), std::atof(arguments[4]));
  load.print();
}
