// Reads all keys below the zone from etcd: page by page, all as they stood at
// one revision.
//
// Control thread only. Each page is read in a wake-up of its own.
#pragma once

#include <functional>
#include <string>

#include "upstream/etcd_client.h"
#include "upstream/etcd_reply.h"
#include "upstream/skydns_key.h"
#include "upstream/skydns_tree.h"

namespace upstream {

// etcd looks at all keys that are left for each page, so few large pages are
// better than many small ones; a page of these takes some 20 ms to read.
constexpr std::int64_t kEtcdPageKeys = 10'000;
// etcd takes requests of at most 1.5 MiB, and so single values.
constexpr std::size_t kMaxEtcdPage = std::size_t{64} << 20;
constexpr dns::Milliseconds kEtcdPageTime{15'000};

class EtcdListing {
 public:
  struct Listed {
    SkydnsTree tree;
    EtcdHeader header;  // of the revision at which the tree was so
  };
  using Done = std::function<void(dns::Result<Listed>)>;
  using Complain = std::function<void(const std::string& sentence)>;  // of one key

  /// `client` and `range` must outlive it. It is destroyed to give up, or when done.
  EtcdListing(EtcdClient& client, const SkydnsRange& range, Complain complain)
      : client_(client), range_(range), complain_(std::move(complain)) {}
  ~EtcdListing() { client_.cancel(request_); }
  EtcdListing(const EtcdListing&) = delete;
  EtcdListing& operator=(const EtcdListing&) = delete;

  /// Once. `done` may destroy the listing.
  void start(Done done);

 private:
  void ask(const std::string& first);
  void take(const dns::Result<std::string>& body);

  EtcdClient& client_;
  const SkydnsRange& range_;
  Complain complain_;
  Done done_;
  Listed so_far_;
  EtcdClient::Id request_ = 0;
};

}  // namespace upstream
