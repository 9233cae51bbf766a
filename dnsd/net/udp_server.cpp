#include "dnsd/net/udp_server.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "dnsd/dns/opt.h"
#include "dnsd/net/handle.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/sockets.h"

namespace net {
namespace {

constexpr std::size_t kBatch = kDatagramBatch;
constexpr std::size_t kQueryRoom = 4096;  // the largest query taken
constexpr int kRounds = 4;                // full batches a wake-up, before others get their turn
constexpr std::size_t kControlRoom = CMSG_SPACE(sizeof(in6_pktinfo));

struct Slot {
  iovec piece{};
  Peer peer;
  alignas(cmsghdr) std::array<char, kControlRoom> control{};
};

/// Reads the address that the datagram came to.
void read_local(const msghdr& header, Peer& peer) {
  peer.local_size = 0;
  for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr;
       item = CMSG_NXTHDR(const_cast<msghdr*>(&header), item)) {
    if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(item), sizeof info);
      std::memcpy(peer.local.data(), &info.ipi_addr, 4);
      peer.local_size = 4;
    } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(item), sizeof info);
      std::memcpy(peer.local.data(), &info.ipi6_addr, 16);
      peer.interface = info.ipi6_ifindex;
      peer.local_size = 16;
    }
  }
}

template <typename Info>
void put_control(msghdr& header, Slot& slot, int level, int type, const Info& info) {
  header.msg_control = slot.control.data();
  header.msg_controllen = CMSG_SPACE(sizeof info);
  cmsghdr* item = CMSG_FIRSTHDR(&header);
  item->cmsg_level = level;
  item->cmsg_type = type;
  item->cmsg_len = CMSG_LEN(sizeof info);
  std::memcpy(CMSG_DATA(item), &info, sizeof info);
}

void write_local(msghdr& header, Slot& slot) {
  header.msg_control = nullptr;
  header.msg_controllen = 0;
  if (slot.peer.local_size == 4) {
    in_pktinfo info{};
    std::memcpy(&info.ipi_spec_dst, slot.peer.local.data(), 4);
    put_control(header, slot, IPPROTO_IP, IP_PKTINFO, info);
  } else if (slot.peer.local_size == 16) {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, slot.peer.local.data(), 16);
    info.ipi6_ifindex = slot.peer.interface;
    put_control(header, slot, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

}  // namespace

struct UdpServer::Parts {
  int socket = -1;
  dns::SocketAddress local;
  DatagramHandler& handler;
  UdpCounters counters;
  bool any_address;        // bound to a wildcard
  std::size_t queued = 0;  // replies in `out`
  std::size_t heard = 0;   // queries in `in`, of the last batch
  std::array<mmsghdr, kBatch> in{}, out{};
  std::array<Slot, kBatch> in_slots, out_slots;
  std::unique_ptr<std::uint8_t[]> queries =
      std::make_unique_for_overwrite<std::uint8_t[]>(kBatch * kQueryRoom);
  std::unique_ptr<std::uint8_t[]> replies =
      std::make_unique_for_overwrite<std::uint8_t[]>(kBatch * dns::kUdpAnswerSize);
  Handle<uv_poll_t> poll;  // closed before the socket

  Parts(Loop& loop, int opened, const dns::SocketAddress& address, DatagramHandler& hears)
      : socket(opened), local(address), handler(hears), any_address(address.ip.is_wildcard()) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      in_slots[i].piece = {&queries[i * kQueryRoom], kQueryRoom};
      out_slots[i].piece.iov_base = &replies[i * dns::kUdpAnswerSize];
      in[i].msg_hdr.msg_name = in_slots[i].peer.address.data();
      in[i].msg_hdr.msg_iov = &in_slots[i].piece;
      out[i].msg_hdr.msg_name = out_slots[i].peer.address.data();
      out[i].msg_hdr.msg_iov = &out_slots[i].piece;
      in[i].msg_hdr.msg_iovlen = out[i].msg_hdr.msg_iovlen = 1;
      make_ready(i);
    }
    poll.reset(new uv_poll_t);
    uv_poll_init(loop.raw(), poll.get(), socket);
    poll->data = this;
    uv_poll_start(poll.get(), UV_READABLE,
                  [](uv_poll_t* ready, int, int) { static_cast<Parts*>(ready->data)->hear(); });
  }

  ~Parts() {
    flush();
    poll.reset();
    ::close(socket);
  }

  void hear() {
    for (int round = 0; round < kRounds; ++round) {
      const int count = receive();
      if (count <= 0) return;
      hand_over_all(static_cast<std::size_t>(count));
      flush();
      if (count < static_cast<int>(kBatch)) return;
    }
  }

  int receive() {
    for (std::size_t i = 0; i < heard; ++i) make_ready(i);
    const int count = recvmmsg(socket, in.data(), kBatch, MSG_DONTWAIT, nullptr);
    heard = count > 0 ? static_cast<std::size_t>(count) : 0;
    return count;
  }

  /// The kernel wrote over what it may fill.
  void make_ready(std::size_t i) {
    in[i].msg_hdr.msg_namelen = sizeof in_slots[i].peer.address;
    in[i].msg_hdr.msg_control = any_address ? in_slots[i].control.data() : nullptr;
    in[i].msg_hdr.msg_controllen = any_address ? kControlRoom : 0;
  }

  void hand_over_all(std::size_t count) {
    std::array<dns::WireView, kBatch> batch;
    for (std::size_t i = 0; i < count; ++i)
      batch[i] = dns::WireView(&queries[i * kQueryRoom], in[i].msg_len);
    handler.batch_begins({batch.data(), count});
    for (std::size_t i = 0; i < count; ++i) hand_over(i);
  }

  void hand_over(std::size_t i) {
    ++counters.received;
    Peer& peer = in_slots[i].peer;
    peer.address_size = static_cast<std::uint8_t>(in[i].msg_hdr.msg_namelen);
    if (any_address) read_local(in[i].msg_hdr, peer);
    const auto client =
        dns::SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(peer.address.data()));
    const dns::WireSpan room(&replies[queued * dns::kUdpAnswerSize], dns::kUdpAnswerSize);
    const Handled handled = handler.datagram(i, client, peer, room);
    if (handled.size > 0) queue(peer, handled.size);
  }

  /// The reply is in the next free slot's room already.
  void queue(const Peer& peer, std::size_t size) {
    Slot& slot = out_slots[queued];
    slot.peer = peer;
    slot.piece.iov_len = size;
    out[queued].msg_hdr.msg_namelen = peer.address_size;
    write_local(out[queued].msg_hdr, slot);
    if (++queued == kBatch) flush();
  }

  void flush() {
    std::size_t done = 0;
    while (done < queued) {
      const int sent = sendmmsg(socket, &out[done], static_cast<unsigned>(queued - done), 0);
      if (sent > 0) {
        counters.sent += static_cast<std::uint64_t>(sent);
        done += static_cast<std::size_t>(sent);
      } else if (errno != EINTR) {
        ++counters.not_sent;  // this one; those behind it may still go
        ++done;
      }
    }
    queued = 0;
  }
};

dns::Result<std::unique_ptr<UdpServer>> UdpServer::open(Loop& loop,
                                                        const dns::SocketAddress& address,
                                                        DatagramHandler& handler, bool first) {
  auto socket = bind_socket(SocketKind::datagram, address, first);
  if (!socket.ok()) return socket.error();
  const dns::SocketAddress local = local_address(socket.value());
  return std::unique_ptr<UdpServer>(
      new UdpServer(std::make_unique<Parts>(loop, socket.value(), local, handler)));
}

UdpServer::UdpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
UdpServer::~UdpServer() = default;

dns::SocketAddress UdpServer::local() const {
  return parts_->local;
}

void UdpServer::send(const Peer& peer, dns::WireView reply) {
  std::memcpy(parts_->out_slots[parts_->queued].piece.iov_base, reply.data(), reply.size());
  parts_->queue(peer, reply.size());
}

void UdpServer::flush() {
  parts_->flush();
}

void UdpServer::stop_listening() {
  parts_->hear();
  uv_poll_stop(parts_->poll.get());
}

const UdpCounters& UdpServer::counters() const {
  return parts_->counters;
}

}  // namespace net
