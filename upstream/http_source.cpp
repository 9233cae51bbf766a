#include "upstream/http_source.h"

#include <utility>

#include "upstream/http_catalog_reply.h"
#include "upstream/http_lookup_url.h"

namespace upstream {
namespace {

constexpr int kTooManyRequests = 429;

}  // namespace

HttpSource::~HttpSource() {
  for (const auto& [number, request] : requests_) client_.cancel(request);
  for (const auto& [number, timer] : absences_) timers_.cancel(timer);
}

void HttpSource::ask(const LookupKey& key, Done done) {
  if (const auto url = http_lookup_url(catalog_, key)) {
    fetch(*url, key, std::move(done));
  } else {
    answer_absent(std::move(done));
  }
}

void HttpSource::answer_absent(Done done) {
  const std::uint64_t number = ++last_;
  absences_[number] = timers_.after(dns::Milliseconds(0), [this, number, done = std::move(done)] {
    absences_.erase(number);
    done(Absent{});
  });
}

void HttpSource::fetch(const std::string& url, const LookupKey& key, Done done) {
  const std::uint64_t number = ++last_;
  net::HttpRequest request;
  request.url = url;
  request.headers = {"Accept: application/json"};
  request.timeout = catalog_.timeout;
  ++counters_.requests;
  requests_[number] =
      client_.send(std::move(request),
                   [this, number, key, done = std::move(done)](const net::HttpOutcome& outcome) {
                     requests_.erase(number);
                     done(read(outcome, key));
                   });
}

LookupOutcome HttpSource::read(const net::HttpOutcome& outcome, const LookupKey& key) {
  if (const auto* failure = std::get_if<net::HttpFailure>(&outcome)) {
    return Unavailable{failure->connected, failure->why};
  }
  const auto& reply = std::get<net::HttpReply>(outcome);
  if (reply.status == kTooManyRequests) ++counters_.throttles;
  return read_http_catalog_reply(reply.status, reply.body, catalog_.dialect, key);
}

}  // namespace upstream
