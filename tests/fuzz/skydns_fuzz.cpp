// Keys and values of an etcd that anybody may write to: the first line is the
// path below the zone, the rest the value.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "upstream/skydns_key.h"
#include "upstream/skydns_tree.h"

namespace {

void check(const cache::Service& service) {
  if (service.instances.empty() || service.name.empty()) std::abort();
  for (const cache::Instance& instance : service.instances) {
    if (instance.id.empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view path = input.substr(0, input.find('\n'));
  const std::string_view json = input.substr(std::min(size, path.size() + 1));
  upstream::SkydnsTree tree;
  tree.put("web/x1", upstream::read_skydns_value(R"({"host":"10.0.0.1"})").value(), 1);
  auto value = upstream::read_skydns_value(json);
  if (!value.ok()) {
    if (value.error().message.empty()) std::abort();
    return 0;
  }
  tree.put(path, std::move(value).value(), 2);
  for (const auto& service : tree.part().services) check(service);
  const auto services = upstream::services_of(path);
  for (const auto& service : tree.delta(services).services) check(service);
  if (!tree.erase(path, 3)) std::abort();
  tree.delta(services);
  return 0;
}
