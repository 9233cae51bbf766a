#include "upstream/etcd_watch_stream.h"

#include <utility>

#include "upstream/etcd_fields.h"
#include "upstream/printable.h"

namespace upstream {
namespace {

/// {"result":{"header":{...},"events":[{"type":"DELETE","kv":{...}}]}} or {"error":...}
class MessageReader final : public JsonWalk {
 public:
  EtcdWatchMessage message;
  bool is_message = false;

 private:
  bool in_result() const { return depth() > 1 && at(1) == "result"; }
  bool in_events() const { return in_result() && depth() > 2 && at(2) == "events"; }

  bool on_open(bool object) override {
    if (depth() == 2 && in_result()) is_message = object;
    if (depth() == 4 && in_events()) message.events.emplace_back();
    return depth() > 1 || object;
  }
  bool on_scalar(const JsonScalar& scalar) override {
    if (in_events()) return take_event(scalar);
    if (in_result() && depth() == 3 && at(2) == "header") {
      return read_etcd_header(at(3), scalar, message.header);
    }
    if (in_result() && depth() == 2) return take_field(at(2), scalar);
    return depth() > 0;
  }

  bool take_event(const JsonScalar& scalar) {
    if (message.events.empty()) return false;
    EtcdEvent& event = message.events.back();
    if (depth() == 5 && at(4) == "kv") return read_etcd_pair(at(5), scalar, event.pair);
    if (depth() == 4 && at(4) == "type") event.gone = scalar.text == "DELETE";
    return true;
  }
  bool take_field(std::string_view name, const JsonScalar& scalar) {
    if (name == "created") message.created = is_true(scalar);
    if (name == "canceled") message.canceled = is_true(scalar);
    if (name == "fragment") message.is_fragment = is_true(scalar);
    if (name == "cancel_reason") message.reason = printable(scalar.text, 160);
    return name != "compact_revision" || read_etcd_number(scalar, message.compacted);
  }
};

}  // namespace

dns::Result<EtcdWatchMessage> read_etcd_watch_message(std::string_view line) {
  MessageReader reader;
  if (reader.walk(line) && reader.is_message) return std::move(reader.message);
  if (line.find("\"error\"") != std::string_view::npos) return dns::Error{etcd_reason(line)};
  return dns::Error{R"(expected etcd's {"result":{...}} in the watch, found )" + in_quotes(line)};
}

void EtcdWatchStream::take(std::string_view part) {
  const std::size_t from = bytes_.size();
  bytes_ += part;
  if (end_ == std::string::npos) find_end(from);
  too_long_ = end_ == std::string::npos && bytes_.size() - at_ > kMaxWatchMessage;
}

dns::Result<EtcdWatchMessage> EtcdWatchStream::next() {
  if (too_long_) {
    return dns::Error{"expected messages of at most " + std::to_string(kMaxWatchMessage) +
                      " bytes in the watch, found a longer one"};
  }
  auto message = read_etcd_watch_message(std::string_view(bytes_).substr(at_, end_ - at_));
  at_ = end_ + 1;
  find_end(at_);
  if (end_ != std::string::npos) return message;
  bytes_.erase(0, std::exchange(at_, 0));
  if (bytes_.empty()) bytes_.shrink_to_fit();
  return message;
}

}  // namespace upstream
