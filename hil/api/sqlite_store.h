// The store on SQLite: a file with a write-ahead log, where an acknowledged record survives a crash, or memory for one
// run.
#pragma once

#include <string>

#include "hil/api/sqlite.h"
#include "hil/api/store.h"

namespace packbench::hil::api {

class SqliteStore : public Store {
 public:
  // Path of a file or ":memory:". Throws StoreError.
  explicit SqliteStore(const std::string& path);

  std::vector<Device> devices(std::int64_t organization, const std::string& after_id, std::int64_t limit) override;
  std::optional<Device> find_device(std::int64_t organization, const std::string& device_id) override;
  bool add_device(const Device& device) override;
  Replay replay(std::int64_t organization, const std::string& key, const std::string& body_digest) override;
  void remember(std::int64_t organization, const std::string& key, const std::string& body_digest) override;
  InsertCount insert(std::int64_t organization, const std::string& device_id, std::span<const Record> records,
                     std::int64_t arrival_ms) override;
  std::optional<Record> latest(std::int64_t organization, const std::string& device_id) override;
  std::vector<Record> range(std::int64_t organization, const std::string& device_id, const RangeQuery& query) override;

 private:
  struct Opened {  // the connection, configured and with its tables, before statements are prepared on it
    explicit Opened(const std::string& path);
    Database database;
  };
  std::optional<std::int64_t> device_row(std::int64_t organization, const std::string& device_id);
  void insert_one(std::int64_t device, const Record& record);

  Opened opened_;
  Database& database_ = opened_.database;
  Statement find_device_, list_devices_, add_device_, device_row_, connected_, find_key_, add_key_, insert_, latest_;
  Statement ascending_, descending_;
};

}  // namespace packbench::hil::api
