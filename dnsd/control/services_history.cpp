#include "dnsd/control/services_history.h"

#include <algorithm>
#include <utility>

#include "dnsd/control/services_text.h"

namespace signpost {
namespace {

std::string head_of(const ServicesText& pieces) {
  std::string head;
  pieces.add_head(head, DocumentSources::Detail::tag);
  return head;
}

/// What a node tells; it may be none.
struct Told {
  std::string service, records;

  Told(const ServicesText& pieces, const cache::Node* node) {
    if (node == nullptr) return;
    pieces.add_service(service, *node);
    pieces.add_records(records, *node);
  }
};

/// From one table to the next.
class Difference {
 public:
  explicit Difference(const ServicesText& pieces) : pieces_(pieces) {}

  /// False: so many are others that a whole document is made sooner.
  bool add(const cache::Node* was, const cache::Node* is, ContentPrint& print) {
    if (++looked_at_ > kMostRemembered) return false;
    const Told before(pieces_, was);
    const Told now(pieces_, is);
    exchange(before.records, now.records, print);
    if (before.records != now.records) only_services_ = false;
    if (before.service == now.service) return true;
    exchange(before.service, now.service, print);
    const cache::Node& node = now.service.empty() ? *was : *is;
    services_.push_back({std::string(node.name), node.service->told.front()->name});
    return true;
  }

  bool is_too_much() const { return looked_at_ > kMostRemembered; }
  bool can_be_told() const { return only_services_; }
  std::vector<ServiceAt> take() { return std::move(services_); }

 private:
  static void exchange(const std::string& before, const std::string& now, ContentPrint& print) {
    print.take_off(before);
    print.add(now);
  }

  const ServicesText& pieces_;
  std::size_t looked_at_ = 0;
  bool only_services_ = true;
  std::vector<ServiceAt> services_;
};

}  // namespace

void ServicesHistory::begin(const DocumentContent& content, cache::CatalogSnapshot table,
                            ContentPrint print) {
  const ServicesText pieces(content);
  forget();
  table_ = std::move(table);
  places_ = pieces.sources().places();
  head_ = head_of(pieces);
  print_ = print;
  tag_ = services_tag(head_, print_);
}

bool ServicesHistory::go_on(const DocumentContent& content, cache::CatalogSnapshot table) {
  const ServicesText pieces(content);
  if (!begun() || pieces.sources().places() != places_) return false;
  Difference difference(pieces);
  table->each_change(*table_, [&](const cache::Node* was, const cache::Node* is) {
    return difference.add(was, is, print_);
  });
  if (difference.is_too_much()) return false;
  table_ = std::move(table);
  const std::string before_head = std::exchange(head_, head_of(pieces));
  std::string before = std::exchange(tag_, services_tag(head_, print_));
  if (head_ != before_head || !difference.can_be_told()) {
    steps_.clear();
    remembered_ = 0;
  } else if (tag_ != before) {
    add({std::move(before), difference.take()});
  }
  return true;
}

bool ServicesHistory::has_sources_of(const DocumentContent& content) const {
  const ServicesText pieces(content);
  return pieces.sources().places() == places_ && head_of(pieces) == head_;
}

void ServicesHistory::add(Step step) {
  remembered_ += step.services.size();
  steps_.push_back(std::move(step));
  while (remembered_ > kMostRemembered) {
    remembered_ -= steps_.front().services.size();
    steps_.pop_front();
  }
}

std::optional<std::vector<ServiceAt>> ServicesHistory::since(std::string_view tag) const {
  auto from = std::find_if(steps_.begin(), steps_.end(),
                           [tag](const Step& step) { return step.from == tag; });
  if (from == steps_.end()) return std::nullopt;
  std::vector<ServiceAt> services;
  for (; from != steps_.end(); ++from)
    services.insert(services.end(), from->services.begin(), from->services.end());
  const auto before = [](const auto& a, const auto& b) { return a.owner < b.owner; };
  const auto same = [](const auto& a, const auto& b) { return a.owner == b.owner; };
  std::sort(services.begin(), services.end(), before);
  services.erase(std::unique(services.begin(), services.end(), same), services.end());
  return services;
}

}  // namespace signpost
