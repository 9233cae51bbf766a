// Queries in, replies out, no sockets: what one reply costs beside the kernel's
// work, as a worker does it (dnsd/pipeline.h). `tests/bench/run --only replay`
// runs it under valgrind, which counts the instructions of replay_all().
//
//   replay srv|a|fwd ROUNDS    each round asks every question of the load once
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "dnsd/pipeline.h"
#include "tests/bench/known_world.h"
#include "tests/support/fake_clock.h"

namespace {

constexpr std::size_t kServices = 1000;
constexpr std::size_t kInstances = 3;
constexpr std::size_t kRemembered = 10'000;

/// Nobody is asked: every query of a load is answered from memory.
struct Nobody final : signpost::Resolver, signpost::CatalogDesk, signpost::Listener {
  void resolve(const signpost::Asked&, const Done&) override { std::abort(); }
  bool is_down(dns::NameView) const override { return false; }
  void consult(const signpost::CatalogName&, std::function<void()>) override { std::abort(); }
  void refresh(const signpost::CatalogName&) override { std::abort(); }
  void send(const net::Peer&, dns::WireView) override { std::abort(); }
};

/// A worker's pipeline, and one client.
class Replay {
 public:
  void answer(const dns::Wire& query) {
    const auto handled = pipeline_.handle(query, client_, peer_, nobody_, room_);
    replies_ += handled.size > 0 ? 1 : 0;
    bytes_ += handled.size;
  }

  std::size_t replies() const { return replies_; }
  std::size_t bytes() const { return bytes_; }

 private:
  bench::KnownWorld world_{kServices, kInstances, kRemembered};
  signpost::Published published_{{world_.table, world_.settings}};
  support::FakeClock clock_;
  Nobody nobody_;
  signpost::Pipeline pipeline_{{published_, world_.answers, clock_, nobody_, nobody_, 1,
                                [] { return std::uint32_t{1'700'000'000}; }}};
  signpost::Client client_{world_.local, false};
  net::Peer peer_;
  dns::Wire room_ = dns::Wire(dns::kUdpAnswerSize);
  std::size_t replies_ = 0;
  std::size_t bytes_ = 0;
};

std::optional<std::vector<dns::Wire>> queries_of(std::string_view load) {
  if (load == "srv") return bench::service_queries(kServices, "SRV");
  if (load == "a") return bench::service_queries(kServices, "A");
  if (load == "fwd") return bench::remembered_queries(kRemembered);
  return {};
}

/// What is counted: valgrind finds it by this name.
[[gnu::noinline]] void replay_all(Replay& replay, const std::vector<dns::Wire>& queries,
                                  std::size_t rounds) {
  for (std::size_t i = 0; i < rounds; ++i)
    for (const dns::Wire& query : queries) replay.answer(query);
}

}  // namespace

int main(int count, char** arguments) {
  const auto queries = count == 3 ? queries_of(arguments[1]) : std::nullopt;
  if (!queries) {
    std::fputs("usage: replay srv|a|fwd ROUNDS\n", stderr);
    return 2;
  }
  Replay replay;
  const auto rounds = static_cast<std::size_t>(std::atoi(arguments[2]));
  replay_all(replay, *queries, rounds);
  const std::size_t asked = queries->size() * rounds;
  std::printf("%zu queries, %zu replies, %zu bytes\n", asked, replay.replies(), replay.bytes());
  return replay.replies() == asked ? 0 : 1;
}
