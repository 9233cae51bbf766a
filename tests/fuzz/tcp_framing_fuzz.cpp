// A stream of messages, cut where the input says, comes out as when it is not cut.
#include "dnsd/net/tcp_framing.h"

#include <cstdlib>
#include <vector>

namespace {

using Messages = std::vector<dns::Wire>;

void feed(net::TcpFraming& framing, dns::WireView bytes, Messages& out) {
  framing.feed(bytes, [&](dns::WireView message) {
    out.emplace_back(message.begin(), message.end());
    return true;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const dns::WireView stream(data + 1, size - 1);
  Messages whole;
  net::TcpFraming at_once;
  feed(at_once, stream, whole);
  Messages pieces;
  net::TcpFraming cut;
  const std::size_t step = 1 + data[0] % 17;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    feed(cut, stream.subspan(at, std::min(step, stream.size() - at)), pieces);
  }
  if (whole != pieces || at_once.between_messages() != cut.between_messages()) std::abort();
  return 0;
}
