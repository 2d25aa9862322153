// One transaction of the PostgreSQL store: changes decided in their order and written in three round trips.
//
// Locks are taken in one order by everyone: Idempotency-Keys by their hash, the devices that are written by their row,
// new devices by their id. So two writers wait for each other and never in a circle.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hil/api/store/postgres.h"
#include "hil/api/store/store.h"

namespace packbench::hil::api {

class PostgresApply {
 public:
  PostgresApply(PostgresConnection& connection, std::span<const Change> changes);
  // Throws PostgresError, and std::invalid_argument for records of a device that does not exist.
  std::vector<Changed> run();
  // Once this is true nobody knows, after an error, whether the changes were made.
  bool committing() const { return committing_; }

 private:
  using Name = std::pair<std::int64_t, std::string>;  // of an organization: a device's id, or an Idempotency-Key
  struct Known {
    std::int64_t row = 0;
    std::optional<std::int64_t> connected_ms;
    std::int64_t added = 0;
    bool changed = false;
  };
  struct Used {  // an Idempotency-Key
    std::string digest;
    Changed changed;            // of a transaction before this one
    std::size_t by = kEarlier;  // the change of this one
  };
  static constexpr std::size_t kEarlier = static_cast<std::size_t>(-1);

  void wait_for_records();
  void lock();
  void read_used(const PostgresResult& rows);
  void read_devices(const PostgresResult& rows);
  void decide();
  bool repeats(std::size_t i);
  void decide(std::size_t i, const Device& device);
  void decide(std::size_t i, const Ingest& ingest);
  void add_devices();
  void insert_records();
  void send_changes();

  PostgresConnection& connection_;
  std::span<const Change> changes_;
  std::vector<Changed> done_;
  std::vector<std::size_t> same_as_;                 // the change whose answer a repetition gets
  std::vector<std::vector<const Record*>> records_;  // of the changes that insert, and
  std::vector<std::int64_t> arrivals_ms_;            // when they arrived
  std::map<Name, Known> devices_;
  std::map<Name, const Device*> new_devices_;
  std::map<Name, Used> used_;
  bool committing_ = false;
};

}  // namespace packbench::hil::api
