// Where the Device API keeps devices, records and keys. Implementations: sqlite_store.h, postgres_store.h.
//
// Records of a device are ordered by (measured_ms, id). A store is used by one thread; several stores may be open on
// the same place. Trouble of the store itself (busy, disk full, damaged) is thrown as StoreError; the service answers
// 503 and the caller tries again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "hil/api/store/record_flow.h"
#include "hil/api/values/key.h"
#include "hil/api/values/record.h"

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

// What a reader needs of a record: every field, or those of the document's form, which saves the time for the others.
enum class Fields { all, document };

struct RangeQuery {
  std::int64_t from_ms = 0, to_ms = 0;  // [from, to)
  Order order = Order::ascending;
  std::optional<Cursor> after;  // in the direction of `order`
  std::int64_t limit = 1000;
  Fields fields = Fields::all;  // with `document` a store may leave the others out
};

struct InsertCount {
  std::int64_t accepted = 0, duplicates = 0;

  friend bool operator==(const InsertCount&, const InsertCount&) = default;
};

struct Ingest {
  std::string device_id;  // which must exist
  std::vector<Record> records;
  std::shared_ptr<RecordFlow> rest{};  // of the records, while they are still being read
};
// Calls visit(records) for all of them, slice by slice, waiting for the rest. Throws why that is refused.
void each_slice(const Ingest& ingest, const std::function<void(std::span<const Record>)>& visit);

// An Idempotency-Key and the SHA-256 of the request that it came with.
struct Once {
  std::string key, request_digest;
};

// One thing to write, made whole or not at all: a new device, or records of one. With `once`, the key is remembered
// with it, so a repetition is recognised exactly when the first one was stored.
struct Change {
  std::int64_t organization = 1;
  std::int64_t now_ms = 0;
  std::variant<Device, Ingest> what;
  std::optional<Once> once;
};

// made; exists: the organization has a device of this id; replayed: the key was used for this very request, whose count
// comes back; key_conflict: it was used for another one. Nothing is changed but by `made`.
enum class Outcome { made, exists, replayed, key_conflict };

struct Changed {
  Outcome outcome = Outcome::made;
  InsertCount count;
};

struct StoreSize {
  std::int64_t records = 0, bytes = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  virtual std::vector<Device> devices(std::int64_t organization, const std::string& after_id, std::int64_t limit) = 0;
  virtual std::optional<Device> find_device(std::int64_t organization, const std::string& device_id) = 0;

  // All changes in one transaction: when this returns they are durable, when it throws none of them is there. What a
  // rest of records throws is passed on.
  // A record whose id, or whose boot and sequence, the device has already is a duplicate and changes nothing. Records
  // arrive at now_ms, or at the device's last connection where that is later, so arrivals never go back.
  virtual std::vector<Changed> apply(std::span<const Change> changes) = 0;
  // One change each. False when the device exists.
  bool add_device(const Device& device);
  InsertCount insert(std::int64_t organization, const std::string& device_id, std::span<const Record> records,
                     std::int64_t arrival_ms);

  // The record with the greatest (measured_ms, id), however old.
  virtual std::optional<Record> latest(std::int64_t organization, const std::string& device_id) = 0;
  virtual std::vector<Record> range(std::int64_t organization, const std::string& device_id,
                                    const RangeQuery& query) = 0;
  // Shows the records of a range one by one, each only for the time of its call; the way without a copy of each.
  // Nothing else is asked of the store meanwhile.
  virtual void visit(std::int64_t organization, const std::string& device_id, const RangeQuery& query,
                     const std::function<void(const Record&)>& visitor);

  virtual void add_key(const StoredKey& key) = 0;
  virtual std::optional<StoredKey> find_key(const std::string& id) = 0;
  virtual std::vector<StoredKey> keys() = 0;
  // False when there is no such key, or it is revoked already.
  virtual bool revoke_key(const std::string& id, std::int64_t now_ms) = 0;

  // Deletes up to `most` records measured before, but never the newest of a device, and as many idempotency keys used
  // before. Returns the number of records.
  virtual std::int64_t forget_before(std::int64_t before_ms, std::int64_t most) = 0;
  virtual StoreSize size() = 0;
  // Another number than before when anything in the store may have changed since, by whatever connection or process;
  // nothing where the store cannot tell cheaply.
  virtual std::optional<std::uint64_t> version() { return std::nullopt; }
  // Writes something that changes nothing, durably; throws unless it could.
  virtual void check_writable() = 0;
};

// Opens a store by URI: "sqlite:FILE", "sqlite::memory:", or "postgresql://..." (postgres_place.h). Throws
// std::invalid_argument for another form and StoreError when it cannot be opened or written, both with a sentence for
// people that never shows a password.
std::unique_ptr<Store> open_store(const std::string& uri);
// The file behind such a URI; empty where there is none. Throws like open_store for another form.
std::string store_file(const std::string& uri);
bool store_stays(const std::string& uri);  // after the end of the process

}  // namespace packbench::hil::api
