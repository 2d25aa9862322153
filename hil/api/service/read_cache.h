// What the store said lately, for as long as nothing in it has changed.
//
// Each request begins with refresh(), which asks the store once whether anything was written since the last time, by
// whatever connection or process, and forgets everything if so. What is read later in the request is as new as that or
// newer. So an answer never misses what was acknowledged before its request came, and a key that is revoked elsewhere
// ends at once. Of a store that cannot tell, what a request reads is kept until the next one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "hil/api/store/store.h"

namespace packbench::hil::api {

class ReadCache {
 public:
  // Not owned; used by the thread that uses the store.
  explicit ReadCache(Store& store) : store_(store) {}

  void refresh();

  // As the store's; what is not there is asked for again.
  std::optional<StoredKey> find_key(const std::string& id);
  std::optional<Device> find_device(std::int64_t organization, const std::string& device_id);

  // An answer's body around the time of the answer, and its tag; by a name that says what else it depends on.
  struct Body {
    std::string before_time, after_time, tag;
  };
  const Body* find_body(const std::string& name) const;
  const Body& keep_body(const std::string& name, Body body);

  static constexpr std::size_t kMost = 1000;  // of each kind

 private:
  template <class Value>
  using Kept = std::unordered_map<std::string, Value>;
  template <class Value>
  const Value& keep(Kept<Value>& kept, const std::string& name, Value value);

  Store& store_;
  std::optional<std::uint64_t> version_;
  Kept<StoredKey> keys_;
  Kept<Device> devices_;
  Kept<Body> bodies_;
};

}  // namespace packbench::hil::api
