#include "hil/api/service/read_cache.h"

namespace packbench::hil::api {

void ReadCache::refresh() {
  const std::optional<std::uint64_t> now = store_.version();
  if (now && now == version_) return;
  version_ = now;
  keys_.clear();
  devices_.clear();
  bodies_.clear();
}

template <class Value>
const Value& ReadCache::keep(Kept<Value>& kept, const std::string& name, Value value) {
  if (kept.size() >= kMost) kept.clear();
  return kept.insert_or_assign(name, std::move(value)).first->second;
}

std::optional<StoredKey> ReadCache::find_key(const std::string& id) {
  if (const auto kept = keys_.find(id); kept != keys_.end()) return kept->second;
  std::optional<StoredKey> found = store_.find_key(id);
  if (found) keep(keys_, id, *found);
  return found;
}

std::optional<Device> ReadCache::find_device(std::int64_t organization, const std::string& device_id) {
  const std::string name = std::to_string(organization) + "\n" + device_id;
  if (const auto kept = devices_.find(name); kept != devices_.end()) return kept->second;
  std::optional<Device> found = store_.find_device(organization, device_id);
  if (found) keep(devices_, name, *found);
  return found;
}

const ReadCache::Body* ReadCache::find_body(const std::string& name) const {
  const auto kept = bodies_.find(name);
  return kept == bodies_.end() ? nullptr : &kept->second;
}

const ReadCache::Body& ReadCache::keep_body(const std::string& name, Body body) {
  return keep(bodies_, name, std::move(body));
}

}  // namespace packbench::hil::api
