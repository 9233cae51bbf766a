#include "upstream/etcd_watch.h"

#include <algorithm>
#include <utility>

#include "upstream/etcd_request.h"

namespace upstream {
namespace {

// etcd itself says something every 10 minutes; asking tells earlier.
constexpr dns::Milliseconds kStreamSilence{1'800'000};

}  // namespace

EtcdWatch::EtcdWatch(EtcdClient& client, net::Timers& timers, const SkydnsRange& range,
                     EtcdHeader from, Hearer hearer)
    : client_(client),
      timers_(timers),
      range_(range),
      reached_(std::move(from)),
      hearer_(std::move(hearer)) {}

EtcdWatch::~EtcdWatch() {
  client_.cancel(stream_);
  client_.cancel(question_);
  timers_.cancel(timer_);
}

void EtcdWatch::start() {
  open();
}

void EtcdWatch::open() {
  client_.cancel(stream_);
  bytes_ = EtcdWatchStream();
  stands_ = false;
  last_word_ = timers_.now();
  EtcdRequest request;
  request.path = kEtcdWatch;
  request.body = etcd_watch_body(range_, reached_.revision + 1);
  request.timeout = kStreamSilence;
  request.on_part = [this](std::string_view part) { take_part(part); };
  stream_ = client_.send(std::move(request), [this](const dns::Result<std::string>& over) {
    stream_ = 0;
    if (stands_) heard_ = timers_.now();
    end(End::lost, over.ok() ? "etcd ended the watch" : over.error().message);
  });
  look_after(kWatchStandsWithin);
}

void EtcdWatch::take_part(std::string_view part) {
  heard_ = last_word_ = timers_.now();
  bytes_.take(part);
  while (!ending_ && bytes_.has_message()) {
    const auto message = bytes_.next();
    if (!message.ok()) return end_soon(End::lost, message.error().message);
    take(message.value());
  }
}

void EtcdWatch::take(const EtcdWatchMessage& message) {
  if (message.canceled || message.compacted > 0) return take_end(message);
  if (message.created) return take_created(message.header);
  if (!message.events.empty()) return take_events(message);
  // A word that all up to here was told.
  reached_.revision = std::max(reached_.revision, message.header.revision);
}

/// A member that lags behind may say a lower revision too: the majority knows.
void EtcdWatch::take_created(const EtcdHeader& header) {
  stands_ = true;
  look_when_silent();
  if (header.cluster == reached_.cluster && header.revision >= reached_.revision) {
    hearer_.stands();
  } else {
    ask_revision();
  }
}

void EtcdWatch::take_end(const EtcdWatchMessage& message) {
  if (message.compacted > 0) {
    return end_soon(End::gone, "etcd has compacted its history up to revision " +
                                   std::to_string(message.compacted));
  }
  if (wants_new_token(message.reason)) client_.forget_token();
  end_soon(End::lost, "etcd ended the watch: " +
                          (message.reason.empty() ? "it does not say why" : message.reason));
}

void EtcdWatch::take_events(const EtcdWatchMessage& message) {
  // Not the header's revision: there may be more to come before that.
  if (!message.is_fragment) {
    reached_.revision = std::max(reached_.revision, message.events.back().pair.revision);
  }
  hearer_.changed(message.events);
}

void EtcdWatch::look_after(dns::Milliseconds delay) {
  timers_.cancel(timer_);
  timer_ = timers_.after(delay, [this] {
    timer_ = 0;
    look();
  });
}

void EtcdWatch::look() {
  if (!stands_) {
    return end(End::lost, "etcd did not begin the watch within " +
                              std::to_string(kWatchStandsWithin.count()) + " ms");
  }
  if (timers_.now() - heard_ < kWatchSilence) return look_when_silent();
  if (question_ == 0) ask_revision();
  look_after(kWatchSilence);
}

void EtcdWatch::look_when_silent() {
  look_after(std::chrono::ceil<dns::Milliseconds>(heard_ + kWatchSilence - timers_.now()));
}

void EtcdWatch::ask_revision() {
  client_.cancel(question_);
  EtcdRequest request;
  request.path = kEtcdRange;
  request.body = etcd_revision_body(range_);
  question_ = client_.send(std::move(request), [this](const dns::Result<std::string>& body) {
    question_ = 0;
    if (!body.ok()) return end(End::lost, body.error().message);
    const auto page = read_etcd_page(body.value(), [](const EtcdPair&) {});
    if (!page.ok()) return end(End::lost, page.error().message);
    judge(page.value().header);
  });
}

void EtcdWatch::judge(const EtcdHeader& header) {
  heard_ = timers_.now();
  if (header.cluster != reached_.cluster) {
    return end(End::gone, "etcd is another cluster than before");
  }
  if (header.revision < reached_.revision) {
    return end(End::gone, "etcd was restored: it is at revision " +
                              std::to_string(header.revision) + ", after " +
                              std::to_string(reached_.revision));
  }
  const auto silence = timers_.now() - last_word_;
  if (header.revision > reached_.revision && silence >= kWatchRenewal) return open();
  hearer_.stands();
}

/// A part of a stream is no moment to cancel it.
void EtcdWatch::end_soon(End how, std::string why) {
  ending_ = true;
  timers_.cancel(timer_);
  timer_ = timers_.after(dns::Milliseconds(0), [this, how, why = std::move(why)] {
    timer_ = 0;
    end(how, why);
  });
}

void EtcdWatch::end(End how, const std::string& why) {
  ending_ = true;
  const auto over = hearer_.over;
  over(how, why);
}

}  // namespace upstream
