#include "tests/scenarios/catalogs.h"

#include "upstream/catalog_document.h"
#include "upstream/http_lookup_url.h"

namespace scenario {

/// Keeps each question until the script answers it.
class Catalogs::PlayedSource final : public upstream::AskingSource {
 public:
  explicit PlayedSource(Catalogs& catalogs) : catalogs_(catalogs) {}
  void ask(const upstream::LookupKey& key, Done done) override {
    catalogs_.questions_.push_back({key, std::move(done)});
    catalogs_.asked_({key.service, key.version});
  }

 private:
  Catalogs& catalogs_;
};

Catalogs::Catalogs(net::Timers& timers, const conf::Config& config,
                   std::function<void(cache::CatalogSnapshot)> published,
                   std::function<void(CatalogIsAsked)> asked)
    : timers_(timers),
      config_(config),
      published_(std::move(published)),
      asked_(std::move(asked)),
      catalog_(config.zone) {
  for (const conf::Catalog& catalog : config.catalogs) {
    if (catalog.type == conf::Catalog::Type::http) {
      add_asking(catalog);
    } else {
      files_[catalog.path] = catalog_.add_listing_source(catalog.name);
    }
  }
}

void Catalogs::add_asking(const conf::Catalog& catalog) {
  Asking made;
  made.versions = catalog.dialect == conf::Catalog::Dialect::catalog;
  if (made.versions) made.default_version = catalog.default_version;
  const auto id = catalog_.add_asking_source(
      catalog.name, made.versions ? std::optional(made.default_version) : std::nullopt);
  made.configured = upstream::configured_keys(catalog);
  made.names = std::make_unique<upstream::AskedNames>(
      std::make_unique<PlayedSource>(*this), timers_, dns::Random(1), config_.zone.negative_ttl,
      [this, id](const upstream::LookupKey& key, cache::AskedState state) {
        catalog_.set_asked(id, key.service, key.version, std::move(state));
        publish();
      });
  asking_.push_back(std::move(made));
}

void Catalogs::start() {
  for (Asking& one : asking_) one.names->start(one.configured);
  publish();
}

void Catalogs::publish() {
  published_(catalog_.table(timers_.now()));
}

std::string Catalogs::file_says(const FileSays& file) {
  const auto known = files_.try_emplace(file.file, 0);
  if (known.second) known.first->second = catalog_.add_listing_source("file:" + file.file);
  auto read = upstream::read_catalog_document(
      file.text,
      {file.file, config_.zone.name, static_cast<std::uint32_t>(config_.zone.ttl.count())});
  if (read.ok() == file.broken) return read.ok() ? "it can be read" : read.error().message;
  if (read.ok()) {
    catalog_.set_part(known.first->second, std::move(read).value(), timers_.now());
  } else {
    catalog_.set_failure(known.first->second, read.error().message);
  }
  publish();
  return "";
}

std::string Catalogs::answer(const CatalogAnswers& answers) {
  using Answer = CatalogAnswers::What;
  if (questions_.empty()) return "no question waits for the catalog";
  const Question question = std::move(questions_.front());
  questions_.erase(questions_.begin());
  switch (answers.what) {
    case Answer::absent:
      question.done(upstream::Absent{});
      return "";
    case Answer::unavailable:
    case Answer::unreachable:
      question.done(upstream::Unavailable{answers.what == Answer::unavailable, answers.why});
      return "";
    case Answer::found:
      break;
  }
  const std::string version =
      question.key.version.empty() ? "" : "version = \"" + question.key.version + "\"\n";
  const auto read = upstream::read_catalog_document(
      "[[service]]\nname = \"" + question.key.service + "\"\n" + version + answers.text,
      {"found.toml", config_.zone.name, answers.ttl});
  if (!read.ok()) return read.error().message;
  question.done(upstream::Found{read.value().services.front(), answers.ttl});
  return "";
}

void Catalogs::consult(const signpost::CatalogName& name, std::function<void()> done) {
  const auto left = std::make_shared<std::size_t>(1);
  const auto one_done = [left, done = std::move(done)] {
    if (--*left == 0) done();
  };
  for (const Asking& one : asking_) {
    if (!one.versions && !name.version.empty()) continue;
    ++*left;
    one.names->consult({name.service, name.version.empty() ? one.default_version : name.version},
                       one_done);
  }
  one_done();
}

void Catalogs::refresh(const signpost::CatalogName& name) {
  for (const Asking& one : asking_) {
    if (!one.versions && !name.version.empty()) continue;
    one.names->refresh({name.service, name.version.empty() ? one.default_version : name.version});
  }
}

}  // namespace scenario
