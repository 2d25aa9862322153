// The store on SQLite: a file with a write-ahead log, where an acknowledged change survives a crash, or memory for one
// run.
#pragma once

#include <string>

#include "hil/api/store/sqlite.h"
#include "hil/api/store/sqlite_show.h"
#include "hil/api/store/store.h"

namespace packbench::hil::api {

class SqliteStore : public Store {
 public:
  // Path of a file or ":memory:". Throws StoreError.
  explicit SqliteStore(const std::string& path);

  std::vector<Device> devices(std::int64_t organization, const std::string& after_id, std::int64_t limit) override;
  std::optional<Device> find_device(std::int64_t organization, const std::string& device_id) override;
  std::vector<Changed> apply(std::span<const Change> changes) override;
  std::optional<Record> latest(std::int64_t organization, const std::string& device_id) override;
  std::vector<Record> range(std::int64_t organization, const std::string& device_id, const RangeQuery& query) override;
  void visit(std::int64_t organization, const std::string& device_id, const RangeQuery& query,
             const std::function<void(const Record&)>& visitor) override;
  void add_key(const StoredKey& key) override;
  std::optional<StoredKey> find_key(const std::string& id) override;
  std::vector<StoredKey> keys() override;
  bool revoke_key(const std::string& id, std::int64_t now_ms) override;
  std::int64_t forget_before(std::int64_t before_ms, std::int64_t most) override;
  StoreSize size() override;
  std::optional<std::uint64_t> version() override;
  void check_writable() override;

 private:
  struct Opened {  // the connection, configured and with its tables, before statements are prepared on it
    explicit Opened(const std::string& path);
    Database database;
  };
  std::optional<std::int64_t> device_row(std::int64_t organization, const std::string& device_id);
  std::optional<Changed> earlier(const Change& change);
  Changed make(const Change& change);
  Changed add(const Device& device);
  Changed add(const Change& change, const Ingest& ingest);
  std::int64_t forget_records(std::int64_t device, std::int64_t before_ms, std::int64_t most);

  Opened opened_;
  Database& database_ = opened_.database;
  RowShow show_;
  Statement find_device_, list_devices_, add_device_, device_row_, connected_, find_once_, add_once_, insert_, latest_;
  Record visited_;  // used again, with the room that it has
  Statement ascending_, descending_, ascending_document_, descending_document_, add_key_, find_key_, list_keys_,
      revoke_key_, version_;
};

}  // namespace packbench::hil::api
