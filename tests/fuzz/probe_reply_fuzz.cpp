// What any server may answer to a probe over HTTP; the first byte says how it is cut.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "upstream/probe_reply.h"

namespace {

struct Heard {
  bool enough = false;
  int status = 0;
  std::string fault;
};

Heard hear(std::string_view bytes, std::size_t step) {
  upstream::ProbeReply reply;
  Heard out;
  for (std::size_t at = 0; at < bytes.size() && !out.enough; at += step) {
    out.enough = reply.read(bytes.substr(at, step));
  }
  if (!out.enough) reply.ended();
  out.status = reply.status();
  out.fault = reply.fault();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Heard whole = hear(bytes, bytes.size() + 1);
  const Heard pieces = hear(bytes, 1U + data[0] % 64U);
  if (whole.status < 0 || whole.status > 999) std::abort();
  if (whole.fault.empty() && whole.status < 101) std::abort();
  // How it is cut changes nothing.
  if (whole.fault != pieces.fault || whole.status != pieces.status) std::abort();
  return 0;
}
