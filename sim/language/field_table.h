// Tables of keys. One table of a struct does three jobs: it reads a YAML mapping into the struct, it becomes the JSON
// Schema for editors, and it becomes the reference of keys for people.
//
// A value type (value_types.h) offers:
//   using value_type = ...;
//   std::string words() const;                            "a voltage, such as 3.65 V"
//   nlohmann::json schema() const;                        JSON Schema 2020-12
//   std::optional<value_type> read(const Value&) const;   or nothing, with the problems noted in the context
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "sim/language/value.h"
#include "sim/spelling.h"

namespace packbench::sim {

enum class Need { optional, required };

// early: read first. late: read when the profiles are known (formulas, C-rates and windows depend on them).
enum class Stage { early, late };

// What a key is, apart from the struct it is stored in.
struct FieldInfo {
  std::string key;  // "soc", or "cell_voltage[]" for a key with a number in brackets
  std::string words;
  std::string description;
  Need need = Need::optional;
  Stage stage = Stage::early;
  std::function<nlohmann::json()> schema;

  bool indexed() const { return key.ends_with("[]"); }
  // The bare word of an indexed key.
  std::string word() const { return indexed() ? key.substr(0, key.size() - 2) : key; }
};

template <class T>
struct Field {
  FieldInfo info;
  std::function<void(const Value&, T&)> read;

  Field late() && {
    info.stage = Stage::late;
    return std::move(*this);
  }
};

// `store` is a member of T, or a function (T&, value), or a function (T&, value, const Value& where).
template <class T, class Type, class Store>
Field<T> field(std::string key, Type type, Store store, std::string description, Need need = Need::optional) {
  Field<T> out;
  out.info = {std::move(key), type.words(), std::move(description),
              need,           Stage::early, [type] { return type.schema(); }};
  out.read = [type, store](const Value& value, T& target) {
    auto read = type.read(value);
    if (!read) return;
    if constexpr (std::is_member_object_pointer_v<Store>)
      target.*store = std::move(*read);
    else if constexpr (std::is_invocable_v<Store, T&, typename Type::value_type, const Value&>)
      store(target, std::move(*read), value);
    else
      store(target, std::move(*read));
  };
  return out;
}

template <class T>
struct FieldTable {
  std::string what;  // "a phase"
  std::vector<Field<T>> fields;
  std::function<void(const Value&, T&)> check;             // rules between keys, after all are read
  nlohmann::json schema_rules = nlohmann::json::object();  // the same for the schema (oneOf, dependentRequired, ...)

  std::vector<FieldInfo> infos() const {
    std::vector<FieldInfo> out;
    for (const Field<T>& field : fields) out.push_back(field.info);
    return out;
  }
};

// Whether `value` is a mapping; notes unknown keys, keys without a number that need one, and missing required keys.
bool check_keys(const Value& value, const std::string& what, const std::vector<FieldInfo>& fields);
// The entries of `value` that belong to a field.
std::vector<Value> values_of(const Value& value, const FieldInfo& field);
// {"type": "object", "properties": ..., "additionalProperties": false} with `rules` merged in, if there are any.
nlohmann::json object_schema(const std::vector<FieldInfo>& fields, const nlohmann::json& rules);

template <class T>
void read_stage(const Value& value, const FieldTable<T>& table, Stage stage, T& target) {
  for (const Field<T>& field : table.fields) {
    if (field.info.stage != stage) continue;
    for (const Value& found : values_of(value, field.info)) field.read(found, target);
  }
}

template <class T>
void read_fields(const Value& value, const FieldTable<T>& table, T& target) {
  if (!check_keys(value, table.what, table.infos())) return;
  read_stage(value, table, Stage::early, target);
  read_stage(value, table, Stage::late, target);
  if (table.check) table.check(value, target);
}

}  // namespace packbench::sim
