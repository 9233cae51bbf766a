// One pointer that the control thread swaps and every worker picks up: the
// catalog table and the settings, always as a consistent pair.
//
// Readers take the lock only when something was published since they last
// looked. What nobody holds any more is destroyed on the control thread, so a
// worker never pays for taking a large table apart.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "cache/catalog_table.h"
#include "dnsd/settings.h"

namespace signpost {

struct World {
  cache::CatalogSnapshot table;
  SettingsPointer settings;
};
using WorldPointer = std::shared_ptr<const World>;

class Published {
 public:
  explicit Published(World first) : current_(std::make_shared<const World>(std::move(first))) {}

  /// Control thread.
  void publish(World next) {
    auto fresh = std::make_shared<const World>(std::move(next));
    retired_.push_back(current_);
    {
      const std::lock_guard held(lock_);
      current_.swap(fresh);
    }
    version_.fetch_add(1, std::memory_order_release);
  }

  /// Control thread: destroys the worlds that no worker holds any more. Returns
  /// how many are still held.
  std::size_t let_go() {
    std::erase_if(retired_, [](const WorldPointer& world) { return world.use_count() == 1; });
    return retired_.size();
  }

  /// Control thread: how many are waiting for let_go().
  std::size_t retired() const { return retired_.size(); }

  WorldPointer get() const {
    const std::lock_guard held(lock_);
    return current_;
  }
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex lock_;
  WorldPointer current_;  // guarded by `lock_`
  std::atomic<std::uint64_t> version_{1};
  std::vector<WorldPointer> retired_;  // control thread
};

/// One worker's hold on what is published.
class WorldReader {
 public:
  explicit WorldReader(const Published& published) : published_(published) {}

  /// Picks up what is new; true when there was something.
  bool pick_up() {
    const std::uint64_t version = published_.version();
    if (version == version_) return false;
    version_ = version;
    world_ = published_.get();
    return true;
  }
  const World& world() const { return *world_; }

 private:
  const Published& published_;
  WorldPointer world_;
  std::uint64_t version_ = 0;
};

}  // namespace signpost
