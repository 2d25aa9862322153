// Who waits for new records, and what they get: server-sent events.
//
//   id: RECORD_ID
//   event: record
//   data: {the record, as a page has it}
//
// A client gets the newest record when it comes and then whenever there is a newer one. An event is made when the
// client can take it, so a slow one misses records and never gets old ones: nothing waits for it but the event under
// way. One that comes back begins with the newest again, whatever its Last-Event-ID: what it missed is read as a range.
//
// Records that this service stores are told at once. Those that another service stores in the same place are found when
// the connection is silent, before its sign of life: within FeedTimes::silence, 5 s.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "hil/api/http/http_message.h"
#include "hil/api/service/metrics.h"
#include "hil/api/store/store.h"
#include "hil/api/values/record_json.h"

namespace packbench::hil::api {

inline constexpr std::chrono::milliseconds kLookAgain{100};  // no sooner without news
inline constexpr std::size_t kMostLive = 128;                // clients; so many connections are not left to the others

// Tells those who wait for a device that it has new records. Used by any thread.
class Live {
 public:
  explicit Live(Metrics& metrics) : metrics_(metrics) {}

  void changed(std::int64_t organization, const std::string& device_id);
  std::size_t clients() const;
  Metrics& metrics() { return metrics_; }

 private:
  friend class LiveFeed;
  struct Waiting {
    std::int64_t organization;
    std::string device_id;
    std::function<void()> wake;
  };
  using Place = std::list<Waiting>::iterator;
  Place enter(Waiting waiting);
  void leave(Place place);

  Metrics& metrics_;
  mutable std::mutex mutex_;
  std::list<Waiting> waiting_;
};

// One client's events.
class LiveFeed : public Feed {
 public:
  struct Of {
    std::int64_t organization;
    std::string device_id;
    RecordForm form;
  };
  // Live and store are not owned. The feed is over when `allowed` is false.
  LiveFeed(Live& live, Store& store, Of of, std::function<bool()> allowed);
  ~LiveFeed() override;

  bool ends() const override { return false; }
  void on_news(const std::function<void()>& wake) override;
  Step next(std::string& out) override;
  std::string_view sign_of_life() const override { return ":\n\n"; }

 private:
  bool time_to_look();

  Live& live_;
  Store& store_;
  Of of_;
  std::function<bool()> allowed_;
  std::atomic<bool> news_{true};
  std::chrono::steady_clock::time_point looked_{};
  std::string last_id_;
  std::optional<Live::Place> place_;
};

}  // namespace packbench::hil::api
