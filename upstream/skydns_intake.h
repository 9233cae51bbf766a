// Lets etcd's keys into a tree, and says of those that make no sense why.
//
// Pure. A key with a bad value is as if it were not there; the others stay.
#pragma once

#include <string>

#include "upstream/etcd_watch_stream.h"
#include "upstream/skydns_key.h"
#include "upstream/skydns_tree.h"

namespace upstream {

struct Intake {
  std::string path;  // what has changed; empty: nothing
  std::string bad;   // a sentence with the key; empty: it makes sense
};

/// A key as it stands.
Intake take_in(SkydnsTree& tree, const SkydnsRange& range, const EtcdPair& pair);
/// A change of one.
Intake take_in(SkydnsTree& tree, const SkydnsRange& range, const EtcdEvent& event);

}  // namespace upstream
