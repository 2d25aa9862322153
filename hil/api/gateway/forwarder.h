// Takes records from an outbox to the Device API: in order, one batch under way, each stored once.
//
// A batch carries the ids that its records have had since they were accepted and, as Idempotency-Key, the digest of its
// body; so whatever was lost, the request or its answer, sending again stores nothing twice.
//
//   5xx                         the same batch again after 1 s, 2 s, 4 s ... 60 s (a quarter of it at random)
//   nobody answers, 408         likewise, and half as many at a time: a slow line gets through too
//   429, 503 with Retry-After   not before that, at most 1 h
//   401, 403                    again after 60 s at most: a key can be made valid again; nothing is lost meanwhile
//   404                         the device is registered, then again
//   413                         half as many at a time
//   400, 409, 422               one at a time; the one that is refused alone is set aside with the reason
//   anything else               like 5xx; also an answer that is not the API's own: a proxy's page of status 400, a 200
//                               that does not say that it has as many records as were sent
//
// The clock of the API is read from its Date and compared with this machine's: clock_ahead_ms says by how much this one
// is ahead, and nothing is corrected: measurement times stay what this machine said.
#pragma once

#include <chrono>
#include <functional>

#include "hil/api/client/client.h"
#include "hil/api/gateway/outbox.h"
#include "hil/api/values/clock.h"

namespace packbench::hil::api {

struct ForwarderOptions {
  Device device;  // as it is registered
  std::size_t batch = 500;
  std::chrono::milliseconds first_wait{1000}, longest_wait{60'000}, key_wait{60'000};
  Clock clock = system_clock();
  // Called for each record that leaves the outbox, in order: with an empty text when the API has it, else why not.
  std::function<void(const Waiting&, const std::string& refusal)> settled{};
};

struct ForwarderState {
  std::int64_t delivered = 0, duplicates = 0, refused = 0;  // records; duplicates: the API had them already
  std::string refusal;                                      // why the last one was set aside
  std::string trouble;                                      // why the last attempt did not succeed; empty: it did
  std::optional<std::int64_t> clock_ahead_ms;               // unknown within 1 s, the resolution of Date
};

class Forwarder {
 public:
  Forwarder(Outbox& outbox, Client& client, ForwarderOptions options);

  // One exchange with the API when something waits; returns how long to wait before the next step: zero when more
  // waits and all is well. Throws SqliteError when the outbox cannot be read.
  std::chrono::milliseconds step();
  const ForwarderState& state() const { return state_; }

 private:
  std::chrono::milliseconds back_off(const std::string& trouble, std::optional<std::int64_t> asked_ms);
  std::chrono::milliseconds failed(const Answer<Posted>& answer, const std::vector<Waiting>& batch);
  std::chrono::milliseconds refused(const Answer<Posted>& answer, const std::vector<Waiting>& batch);
  std::chrono::milliseconds register_device();
  void remove(const std::vector<Waiting>& batch);
  void remove_delivered();
  void set_aside(const Waiting& record, const std::string& why);
  void compare_clocks(std::optional<std::int64_t> date_ms);

  Outbox& outbox_;
  Client& client_;
  ForwarderOptions options_;
  ForwarderState state_;
  std::size_t at_once_;
  std::chrono::milliseconds wait_;
  std::string unregistered_;  // what a registration that was answered 404 was told
  bool registered_ = false, to_remove_ = false;
  std::int64_t done_through_ = -1;  // the last sequence that the API has
};

}  // namespace packbench::hil::api
