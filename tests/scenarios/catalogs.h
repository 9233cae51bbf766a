// The catalog's sources in a scenario: files whose text the script gives, and
// HTTP catalogs that the script answers for. What they say goes through the
// real catalog and AskedNames; only files and HTTP are played.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cache/catalog.h"
#include "conf/config.h"
#include "dnsd/catalog_desk.h"
#include "dnsd/net/timers.h"
#include "tests/scenarios/scenario.h"
#include "upstream/asked_names.h"

namespace scenario {

class Catalogs final : public signpost::CatalogDesk {
 public:
  /// `published` hears each new table, `asked` each question to an HTTP catalog.
  Catalogs(net::Timers& timers, const conf::Config& config,
           std::function<void(cache::CatalogSnapshot)> published,
           std::function<void(CatalogIsAsked)> asked);

  void start();
  /// What is wrong, or "".
  std::string file_says(const FileSays& file);
  /// Answers the oldest question that waits. What is wrong, or "".
  std::string answer(const CatalogAnswers& answers);

  void consult(const signpost::CatalogName& name, std::function<void()> done) override;
  void refresh(const signpost::CatalogName& name) override;

 private:
  struct Asking {
    bool versions = false;
    std::string default_version;
    std::vector<upstream::LookupKey> configured;
    std::unique_ptr<upstream::AskedNames> names;
  };
  struct Question {
    upstream::LookupKey key;
    upstream::AskingSource::Done done;
  };
  class PlayedSource;

  void add_asking(const conf::Catalog& catalog);
  void publish();

  net::Timers& timers_;
  conf::Config config_;
  std::function<void(cache::CatalogSnapshot)> published_;
  std::function<void(CatalogIsAsked)> asked_;
  cache::Catalog catalog_;
  std::map<std::string, cache::SourceId> files_;
  std::vector<Question> questions_;
  std::vector<Asking> asking_;
};

}  // namespace scenario
