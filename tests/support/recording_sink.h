// A CatalogSink that keeps what a listing source said, and knows what stands of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cache/service_name.h"
#include "upstream/catalog_source.h"

namespace support {

class RecordingSink final : public upstream::CatalogSink {
 private:
  static auto is_called(const std::string& name) {
    return [canonical = cache::canonical_service(name)](const auto& service) {
      return cache::canonical_service(service->name) == canonical;
    };
  }
  void stand(const cache::Service& service) {
    std::erase_if(stands.services, is_called(service.name));
    stands.services.push_back(std::make_shared<const cache::Service>(service));
  }
  void take(const cache::CatalogPart& part) {
    stands = {};
    stands.loaded = true;
    stands.records = part.records;
    for (const auto& service : part.services) stand(service);
  }
  static std::string in_trouble(const std::string& trouble) {
    return trouble.empty() ? "" : "; " + trouble;
  }
  static std::string names(const std::vector<cache::Service>& services) {
    std::string names;
    for (const auto& service : services) names += " " + service.name;
    return names;
  }

 public:
  std::vector<std::string> heard;           // one line each, as below
  std::vector<cache::CatalogPart> parts;    // of loaded() and detailed()
  std::vector<cache::CatalogDelta> deltas;  // of changed()
  std::function<void()> on_changed;

  void loaded(cache::CatalogPart part) override {
    heard.push_back("loaded" + names(part.services) + in_trouble(part.trouble));
    take(part);
    parts.push_back(std::move(part));
  }
  void changed(cache::CatalogDelta delta) override {
    heard.push_back("changed" + names(delta.services));
    for (const auto& name : delta.gone) heard.back() += " -" + name;
    heard.back() += in_trouble(delta.trouble);
    for (const auto& service : delta.services) stand(service);
    for (const auto& name : delta.gone) std::erase_if(stands.services, is_called(name));
    deltas.push_back(std::move(delta));
    if (on_changed) on_changed();
  }
  void detailed(cache::CatalogPart part) override {
    heard.push_back("detailed" + names(part.services));
    parts.push_back(std::move(part));
  }
  void confirmed() override { heard.emplace_back("confirmed"); }
  void failed(const std::string& why) override { heard.push_back(why); }
  cache::SourceKnowledge known() const override { return stands; }

  cache::SourceKnowledge stands;
};

}  // namespace support
