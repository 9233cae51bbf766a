#include "upstream/etcd_reply.h"

#include <utility>

#include "upstream/etcd_fields.h"
#include "upstream/printable.h"

namespace upstream {
namespace {

constexpr std::size_t kReasonMost = 160;  // of a body, in a sentence

/// {"header":{...},"kvs":[{"key":...,"value":...,"mod_revision":...}],"more":true}
class PageReader final : public JsonWalk {
 public:
  explicit PageReader(const std::function<void(EtcdPair)>& hear) : hear_(hear) {}

  EtcdPage page;
  bool has_header() const { return has_header_; }

 private:
  bool in_pair() const { return depth() == 3 && at(1) == "kvs"; }

  bool on_open(bool object) override {
    if (depth() == 2 && at(1) == "header") has_header_ = object;
    if (in_pair()) pair_ = EtcdPair();
    return depth() > 1 || object;
  }
  bool on_close(bool object) override {
    if (!object || !in_pair()) return true;
    page.last_key = pair_.key;
    hear_(std::move(pair_));
    return true;
  }
  bool on_scalar(const JsonScalar& scalar) override {
    if (in_pair()) return read_etcd_pair(at(3), scalar, pair_);
    if (depth() == 2 && at(1) == "header") return read_etcd_header(at(2), scalar, page.header);
    if (depth() == 1 && at(1) == "more") page.more = is_true(scalar);
    return depth() > 0;
  }

  const std::function<void(EtcdPair)>& hear_;
  bool has_header_ = false;
  EtcdPair pair_;
};

/// {"token":"..."}
class TokenReader final : public JsonWalk {
 public:
  std::string token;

 private:
  bool on_scalar(const JsonScalar& scalar) override {
    if (depth() == 1 && at(1) == "token") token = scalar.text;
    return depth() > 0;
  }
};

/// {"error":"...","message":"..."}, or {"error":{"message":"..."}} of a stream.
class ReasonReader final : public JsonWalk {
 public:
  std::string reason;

 private:
  bool on_scalar(const JsonScalar& scalar) override {
    const bool is_message = depth() == 1 ? at(1) == "error" || at(1) == "message"
                                         : depth() == 2 && at(1) == "error" && at(2) == "message";
    if (is_message && scalar.kind == JsonScalar::Kind::text) reason = scalar.text;
    return depth() > 0;
  }
};

dns::Error unexpected(std::string_view expected, std::string_view body, const JsonWalk& walk) {
  return {"expected " + std::string(expected) + ", found " + in_quotes(body) +
          (walk.problem().empty() ? "" : ": " + walk.problem())};
}

}  // namespace

dns::Result<EtcdPage> read_etcd_page(std::string_view body,
                                     const std::function<void(EtcdPair)>& hear) {
  PageReader reader(hear);
  const bool whole = reader.walk(body) && reader.has_header() && reader.page.header.revision > 0;
  const bool leads_on = !reader.page.more || !reader.page.last_key.empty();
  if (whole && leads_on) return std::move(reader.page);
  return unexpected(R"(etcd's {"header":{"revision":...},"kvs":[...]})", body, reader);
}

dns::Result<std::string> read_etcd_token(std::string_view body) {
  TokenReader reader;
  if (reader.walk(body) && !reader.token.empty()) return std::move(reader.token);
  return dns::Error{
      R"(expected etcd's {"token":"..."}, found no token)"};  // nothing secret is quoted
}

std::string etcd_reason(std::string_view body) {
  ReasonReader reader;
  if (reader.walk(body) && !reader.reason.empty()) return printable(reader.reason, kReasonMost);
  return body.empty() ? "an empty body" : in_quotes(body, kReasonMost);
}

bool wants_new_token(std::string_view reason) {
  for (std::string_view sign : {"invalid auth token", "auth store is old", "user name is empty"}) {
    if (reason.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace upstream
