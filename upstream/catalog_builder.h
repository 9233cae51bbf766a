// Gathers the services of a document and makes one catalog part of them:
// blocks of one name (a service's versions) become one service.
//
// Pure; belongs to one reader.
#pragma once

#include <string>
#include <unordered_map>

#include "cache/instance.h"
#include "upstream/catalog_fields.h"

namespace upstream {

class CatalogBuilder {
 public:
  /// Takes a completed block. Of several TTLs of one name the least stands.
  void add(ServiceBlock block);
  /// The service of that name (letters fold), made if it is not there yet.
  /// Valid until the next call.
  cache::Service& service(const std::string& name);
  void add(cache::Record record) { part_.records.push_back(std::move(record)); }

  /// The whole, each service's instances made distinct. Call it once, last.
  cache::CatalogPart finish();

 private:
  cache::CatalogPart part_;
  std::unordered_map<std::string, std::size_t> places_;  // folded name to index of services
};

/// Lowers `ttl` to `other`; nothing is no bound.
void lower_ttl(std::optional<std::uint32_t>& ttl, std::optional<std::uint32_t> other);

}  // namespace upstream
