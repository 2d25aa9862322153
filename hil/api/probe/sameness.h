// A record is the same wherever it is given: what has one id has one set of values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "hil/api/values/json_value.h"

namespace packbench::hil::api::probe {

class Sameness {
 public:
  // Whether the record is one that was not given before; `other` says in what it differs from itself, if it does.
  // Members beyond the document's are compared where both have them.
  bool is_new(const std::string& id, const std::string& answer, const JsonValue& record, std::string& other);

 private:
  static constexpr std::size_t kMembers = 17;
  struct Seen {
    std::array<std::size_t, kMembers> digests;  // 0: it has none
    std::string answer;                         // where it was seen first
  };

  std::unordered_map<std::string, Seen> seen_;  // by id
};

}  // namespace packbench::hil::api::probe
