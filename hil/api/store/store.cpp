#include "hil/api/store/store.h"

#include "hil/api/store/postgres_store.h"
#include "hil/api/store/sqlite_store.h"

namespace packbench::hil::api {
namespace {

constexpr std::string_view kScheme = "sqlite:";

std::string path_of(const std::string& uri) {
  if (!uri.starts_with(kScheme) || uri.size() == kScheme.size()) {
    throw std::invalid_argument(  // without the URI, which may hold a password
        "The store's URI is not understood (expected sqlite:FILE or postgresql://USER@HOST/DATABASE).");
  }
  return uri.substr(kScheme.size());
}

}  // namespace

bool Store::add_device(const Device& device) {
  const Change change{device.organization, device.created_ms, device, std::nullopt};
  return apply(std::span(&change, 1)).front().outcome == Outcome::made;
}

InsertCount Store::insert(std::int64_t organization, const std::string& device_id, std::span<const Record> records,
                          std::int64_t arrival_ms) {
  const Change change{organization, arrival_ms, Ingest{device_id, {records.begin(), records.end()}}, std::nullopt};
  return apply(std::span(&change, 1)).front().count;
}

void each_slice(const Ingest& ingest, const std::function<void(std::span<const Record>)>& visit) {
  visit(ingest.records);
  if (!ingest.rest) return;
  std::size_t number = 0;
  while (const auto* slice = ingest.rest->slice(number++)) visit(*slice);
}

void Store::visit(std::int64_t organization, const std::string& device_id, const RangeQuery& query,
                  const std::function<void(const Record&)>& visitor) {
  for (const Record& record : range(organization, device_id, query)) visitor(record);
}

std::string store_file(const std::string& uri) {
  if (is_postgres_uri(uri)) return parse_postgres_uri(uri), "";
  const std::string path = path_of(uri);
  return path == ":memory:" ? "" : path;
}

bool store_stays(const std::string& uri) { return is_postgres_uri(uri) || !store_file(uri).empty(); }

std::unique_ptr<Store> open_store(const std::string& uri) {
  if (is_postgres_uri(uri)) return std::make_unique<PostgresStore>(uri);
  return std::make_unique<SqliteStore>(path_of(uri));
}

}  // namespace packbench::hil::api
