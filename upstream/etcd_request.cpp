#include "upstream/etcd_request.h"

#include <nlohmann/json.hpp>

#include "upstream/base64.h"

namespace upstream {
namespace {

using nlohmann::json;

std::string text_of(const json& body) {
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string etcd_page_body(std::string_view first, std::string_view end, std::int64_t limit,
                           std::int64_t revision) {
  return text_of({{"key", to_base64(first)},
                  {"range_end", to_base64(end)},
                  {"limit", std::to_string(limit)},
                  {"revision", std::to_string(revision)}});
}

std::string etcd_revision_body(const SkydnsRange& range) {
  return text_of({{"key", to_base64(range.folder)}, {"count_only", true}});
}

std::string etcd_watch_body(const SkydnsRange& range, std::int64_t from) {
  return text_of({{"create_request",
                   {{"key", to_base64(range.folder)},
                    {"range_end", to_base64(range.end)},
                    {"start_revision", std::to_string(from)},
                    {"progress_notify", true},
                    {"fragment", true}}}});
}

std::string etcd_authenticate_body(const std::string& user, const std::string& password) {
  return text_of({{"name", user}, {"password", password}});
}

}  // namespace upstream
