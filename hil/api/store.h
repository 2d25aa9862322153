// Where the Device API keeps devices and records. One implementation: sqlite_store.h.
//
// Records of a device are ordered by (measured_ms, id). A store is used by one thread. Trouble of the store itself
// (busy, disk full, damaged) is thrown as StoreError; the service answers 503 and the caller tries again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "hil/api/record.h"

namespace packbench::hil::api {

class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A place in the order of records: the page after it begins behind it, wherever other records arrive meanwhile.
struct Cursor {
  std::int64_t measured_ms = 0;
  std::string id;

  friend bool operator==(const Cursor&, const Cursor&) = default;
};

enum class Order { ascending, descending };

struct RangeQuery {
  std::int64_t from_ms = 0, to_ms = 0;  // [from, to)
  Order order = Order::ascending;
  std::optional<Cursor> after;  // in the direction of `order`
  std::int64_t limit = 1000;
};

struct InsertCount {
  std::int64_t accepted = 0, duplicates = 0;
};

// What an Idempotency-Key was used for before.
enum class Replay { unknown_key, same_body, other_body };

class Store {
 public:
  virtual ~Store() = default;

  virtual std::vector<Device> devices(std::int64_t organization, const std::string& after_id, std::int64_t limit) = 0;
  virtual std::optional<Device> find_device(std::int64_t organization, const std::string& device_id) = 0;
  // False, and nothing changed, when the organization has a device of this id.
  virtual bool add_device(const Device& device) = 0;

  virtual Replay replay(std::int64_t organization, const std::string& key, const std::string& body_digest) = 0;
  virtual void remember(std::int64_t organization, const std::string& key, const std::string& body_digest) = 0;

  // All of them committed, or none. A record whose id, or whose boot and sequence, the device has already is a
  // duplicate and changes nothing. Sets the device's last connection to `arrival_ms`. The device must exist.
  virtual InsertCount insert(std::int64_t organization, const std::string& device_id, std::span<const Record> records,
                             std::int64_t arrival_ms) = 0;
  // The record with the greatest (measured_ms, id), however old.
  virtual std::optional<Record> latest(std::int64_t organization, const std::string& device_id) = 0;
  virtual std::vector<Record> range(std::int64_t organization, const std::string& device_id,
                                    const RangeQuery& query) = 0;
};

// Opens a store by URI: "sqlite:FILE", or "sqlite::memory:". Throws std::invalid_argument for another form and
// StoreError when it cannot be opened or written, both with a sentence for people.
std::unique_ptr<Store> open_store(const std::string& uri);

}  // namespace packbench::hil::api
