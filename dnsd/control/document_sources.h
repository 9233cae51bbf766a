// The list of sources of a services document: which entry each instance and
// record points at.
//
// Pure; belongs to one document.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dnsd/control/services_document.h"

namespace signpost {

class DocumentSources {
 public:
  explicit DocumentSources(const DocumentContent& content);

  /// The entry of who told it. Nothing: it is from another daemon, heard of in an earlier
  /// run; whose it is, is not known, so it is not handed on.
  std::optional<std::size_t> entry(cache::Teller teller) const;

  /// All entries that there are, by source and origin.
  using Places = std::vector<std::vector<std::optional<std::size_t>>>;
  const Places& places() const { return places_; }

  /// Some source reads another daemon.
  bool reads_another() const { return reads_another_; }

  /// What of them an entry tells: all, or what a reader acts on, which makes the tag.
  enum class Detail : std::uint8_t { all, tag };
  void write(std::string& out, Detail detail) const;

 private:
  struct Entry {
    std::string name;
    const std::vector<std::string>* via;  // null: none
    const cache::SourceInfo* info;
    bool loaded;
    bool stale;
  };

  void add(const cache::SourceInfo& info);
  void add(const cache::SourceInfo& info, const std::vector<upstream::Origin>& origins);
  bool is_old(const cache::SourceInfo& info) const { return now_ >= info.old_from; }
  static void write_via(std::string& out, const std::vector<std::string>& via);
  void write_state(std::string& out, const Entry& entry, Detail detail) const;

  dns::Time now_;
  bool reads_another_ = false;
  std::vector<Entry> entries_;
  Places places_;
};

}  // namespace signpost
