// An HttpClient that records what it was asked, and answers when a test says so.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dnsd/net/http_client.h"

namespace support {

class FakeHttp final : public net::HttpClient {
 public:
  net::HttpRequestId send(net::HttpRequest request, Done done) override {
    requests.push_back(std::move(request));
    waiting.emplace(++last_, std::move(done));
    return last_;
  }
  void cancel(net::HttpRequestId id) override { waiting.erase(id); }

  /// Answers the oldest request that waits. REQUIRES: one does.
  void answer(net::HttpOutcome outcome) {
    const Done done = waiting.begin()->second;
    waiting.erase(waiting.begin());
    done(std::move(outcome));
  }
  void reply(int status, std::string body) { answer(net::HttpReply{status, std::move(body), {}}); }

  std::vector<net::HttpRequest> requests;  // all that were asked
  std::map<net::HttpRequestId, Done> waiting;

 private:
  net::HttpRequestId last_ = 0;
};

}  // namespace support
