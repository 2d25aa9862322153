// The store in a PostgreSQL database, which many services and benches may share.
//
// What it acknowledges was committed with synchronous_commit; a commit whose answer was lost is reported as trouble,
// and a repetition is recognised as with any store. While the database is away every call fails at once, and the store
// goes on by itself when it is back. The longest that a call waits is five seconds, for a database that hangs.
#pragma once

#include <string>

#include "hil/api/store/postgres_link.h"
#include "hil/api/store/postgres_place.h"
#include "hil/api/store/store.h"

namespace packbench::hil::api {

class PostgresStore : public Store {
 public:
  // Throws std::invalid_argument for a URI that is not understood, StoreError when the database cannot be written.
  explicit PostgresStore(const std::string& uri);

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
  void check_writable() override;

 private:
  template <class Work>
  auto guarded(Work&& work);

  PostgresLink link_;
};

}  // namespace packbench::hil::api
