// A CatalogSink that keeps what a listing source said.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "upstream/catalog_source.h"

namespace support {

class RecordingSink final : public upstream::CatalogSink {
 public:
  std::vector<std::string> heard;           // one line each, as below
  std::vector<cache::CatalogPart> parts;    // of loaded() and detailed()
  std::vector<cache::CatalogDelta> deltas;  // of changed()

  void loaded(cache::CatalogPart part) override {
    heard.push_back("loaded" + names(part.services));
    parts.push_back(std::move(part));
  }
  void changed(cache::CatalogDelta delta) override {
    heard.push_back("changed" + names(delta.services));
    for (const auto& name : delta.gone) heard.back() += " -" + name;
    deltas.push_back(std::move(delta));
  }
  void detailed(cache::CatalogPart part) override {
    heard.push_back("detailed" + names(part.services));
    parts.push_back(std::move(part));
  }
  void confirmed() override { heard.emplace_back("confirmed"); }
  void failed(const std::string& why) override { heard.push_back(why); }

 private:
  static std::string names(const std::vector<cache::Service>& services) {
    std::string names;
    for (const auto& service : services) names += " " + service.name;
    return names;
  }
};

}  // namespace support
