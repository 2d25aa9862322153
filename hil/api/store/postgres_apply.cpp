#include "hil/api/store/postgres_apply.h"

#include <algorithm>

#include "hil/api/store/postgres_statements.h"
#include "hil/api/values/digest.h"

namespace packbench::hil::api {
namespace {

using Integers = std::vector<std::optional<std::int64_t>>;
using Texts = std::vector<std::string_view>;

std::span<const std::optional<std::int64_t>> view(const Integers& values) { return values; }
std::span<const std::string_view> view(const Texts& values) { return values; }

// The number by which an Idempotency-Key is locked.
std::int64_t lock_of(std::int64_t organization, const std::string& key) {
  const Digest digest = sha256(std::to_string(organization) + " " + key);
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | digest[static_cast<std::size_t>(i)];
  return static_cast<std::int64_t>(number);
}

}  // namespace

PostgresApply::PostgresApply(PostgresConnection& connection, std::span<const Change> changes)
    : connection_(connection),
      changes_(changes),
      done_(changes.size()),
      same_as_(changes.size(), kEarlier),
      records_(changes.size()),
      arrivals_ms_(changes.size()) {}

std::vector<Changed> PostgresApply::run() {
  wait_for_records();
  PostgresTransaction transaction(connection_);
  lock();
  decide();
  if (!new_devices_.empty()) add_devices();
  insert_records();
  send_changes();
  committing_ = true;
  transaction.commit();
  return done_;
}

// All of them, before anything is locked.
void PostgresApply::wait_for_records() {
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const auto* ingest = std::get_if<Ingest>(&changes_[i].what);
    if (!ingest) continue;
    each_slice(*ingest, [&into = records_[i]](std::span<const Record> records) {
      for (const Record& record : records) into.push_back(&record);
    });
  }
}

void PostgresApply::lock() {
  Integers locks, key_organizations, device_organizations;
  Texts keys, devices;
  for (const Change& change : changes_) {
    if (change.once) {
      locks.emplace_back(lock_of(change.organization, change.once->key));
      key_organizations.emplace_back(change.organization);
      keys.emplace_back(change.once->key);
    }
    const auto* device = std::get_if<Device>(&change.what);
    device_organizations.emplace_back(device ? device->organization : change.organization);
    devices.emplace_back(device ? device->device_id : std::get<Ingest>(change.what).device_id);
  }
  std::ranges::sort(locks);
  if (!keys.empty()) {
    connection_.send("lock_keys", PostgresParameters().bind(view(locks)));
    connection_.send("find_once", PostgresParameters().bind(view(key_organizations)).bind(view(keys)));
  }
  connection_.send("lock_devices", PostgresParameters().bind(view(device_organizations)).bind(view(devices)));
  const auto results = connection_.receive();
  if (!keys.empty()) read_used(results[results.size() - 2]);
  read_devices(results.back());
}

void PostgresApply::read_used(const PostgresResult& rows) {
  for (int i = 0; i < rows.rows(); ++i) {
    const auto row = rows.row(i);
    used_[{row.integer(0), row.text(1)}] = {row.text(2), {Outcome::replayed, {row.integer(3), row.integer(4)}}};
  }
}

void PostgresApply::read_devices(const PostgresResult& rows) {
  for (int i = 0; i < rows.rows(); ++i) {
    const auto row = rows.row(i);
    devices_[{row.integer(0), row.text(1)}] = {row.integer(2), row.optional_integer(3)};
  }
}

// What becomes of each change, but for what the database counts.
void PostgresApply::decide() {
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    if (repeats(i)) continue;
    std::visit([&](const auto& what) { decide(i, what); }, changes_[i].what);
    const auto& once = changes_[i].once;
    if (once && done_[i].outcome == Outcome::made) {
      used_[{changes_[i].organization, once->key}] = {once->request_digest, {}, i};
    }
  }
}

bool PostgresApply::repeats(std::size_t i) {
  const auto& once = changes_[i].once;
  if (!once) return false;
  const auto found = used_.find({changes_[i].organization, once->key});
  if (found == used_.end()) return false;
  const auto& [digest, changed, by] = found->second;
  if (digest != once->request_digest) {
    done_[i].outcome = Outcome::key_conflict;
  } else {
    done_[i] = {Outcome::replayed, changed.count};
    same_as_[i] = by;
  }
  return true;
}

void PostgresApply::decide(std::size_t i, const Device& device) {
  const Name name{device.organization, device.device_id};
  if (devices_.contains(name)) {
    done_[i].outcome = Outcome::exists;
    return;
  }
  devices_[name] = {0, device.last_connected_ms};
  new_devices_[name] = &device;
}

void PostgresApply::decide(std::size_t i, const Ingest& ingest) {
  const Change& change = changes_[i];
  const auto found = devices_.find({change.organization, ingest.device_id});
  if (found == devices_.end()) throw std::invalid_argument("insert: no device " + ingest.device_id);
  Known& device = found->second;
  arrivals_ms_[i] = std::max(change.now_ms, device.connected_ms.value_or(change.now_ms));
  device.connected_ms = arrivals_ms_[i];
  device.changed = true;
}

// A device that another writer made since we looked is a reason to begin again.
void PostgresApply::add_devices() {
  for (const auto& [name, device] : new_devices_) connection_.send("add_device", parameters_of(*device));
  const auto results = connection_.receive();
  std::size_t i = 0;
  for (const auto& [name, device] : new_devices_) {
    const PostgresResult& result = results[i++];
    if (result.rows() == 0) throw PostgresError(PostgresError::Trouble::conflict, "another writer made the device");
    devices_[name].row = result.row(0).integer(0);
  }
}

void PostgresApply::insert_records() {
  std::vector<std::size_t> sent;
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const auto* ingest = std::get_if<Ingest>(&changes_[i].what);
    if (!ingest || done_[i].outcome != Outcome::made || records_[i].empty()) continue;
    const std::int64_t device = devices_.at({changes_[i].organization, ingest->device_id}).row;
    connection_.send("insert_records", parameters_of(device, records_[i], arrivals_ms_[i] / 1000));
    sent.push_back(i);
  }
  if (sent.empty()) return;
  const auto results = connection_.receive();
  for (std::size_t k = 0; k < sent.size(); ++k) {
    const auto& ingest = std::get<Ingest>(changes_[sent[k]].what);
    InsertCount& count = done_[sent[k]].count;
    count.accepted = results[k].changed();
    count.duplicates = std::ssize(records_[sent[k]]) - count.accepted;
    devices_.at({changes_[sent[k]].organization, ingest.device_id}).added += count.accepted;
  }
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    if (same_as_[i] != kEarlier) done_[i].count = done_[same_as_[i]].count;
  }
}

void PostgresApply::send_changes() {
  Integers rows, connected_ms, added;
  for (const auto& [name, device] : devices_) {
    if (!device.changed) continue;
    rows.emplace_back(device.row), connected_ms.emplace_back(device.connected_ms), added.emplace_back(device.added);
  }
  if (!rows.empty()) {
    connection_.send("connected", PostgresParameters().bind(view(rows)).bind(view(connected_ms)).bind(view(added)));
  }
  Integers organizations, used_ms, accepted, duplicates;
  Texts keys, digests;
  for (const auto& [name, used] : used_) {
    if (used.by == kEarlier) continue;
    organizations.emplace_back(name.first), keys.emplace_back(name.second), digests.emplace_back(used.digest);
    used_ms.emplace_back(changes_[used.by].now_ms);
    accepted.emplace_back(done_[used.by].count.accepted), duplicates.emplace_back(done_[used.by].count.duplicates);
  }
  if (keys.empty()) return;
  PostgresParameters parameters;
  parameters.bind(view(organizations)).bind(view(keys)).bind(view(digests)).bind(view(used_ms));
  connection_.send("add_once", parameters.bind(view(accepted)).bind(view(duplicates)));
}

}  // namespace packbench::hil::api
