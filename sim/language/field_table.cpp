#include "sim/language/field_table.h"

#include <algorithm>

namespace packbench::sim {
namespace {

bool belongs(const YamlEntry& entry, const FieldInfo& field) {
  if (!field.indexed()) return entry.key == field.key;
  const auto name = split_indexed(entry.key);
  return name && name->number && name->name == field.word();
}

std::vector<std::string> key_words(const std::vector<FieldInfo>& fields) {
  std::vector<std::string> out;
  for (const FieldInfo& field : fields) out.push_back(field.indexed() ? field.word() + "[1]" : field.key);
  return out;
}

}  // namespace

bool check_keys(const Value& value, const std::string& what, const std::vector<FieldInfo>& fields) {
  if (!value.is(YamlNode::Kind::map)) {
    value.wrong_type(what + ", a mapping with the keys " + joined(key_words(fields)));
    return false;
  }
  for (const YamlEntry& entry : value.node().entries) {
    const bool known = std::ranges::any_of(fields, [&](const FieldInfo& field) { return belongs(entry, field); });
    if (!known)
      value.of(entry).problem_at(entry.mark, "unknown key '" + entry.key + "'",
                                 expected_one_of(entry.key, key_words(fields)));
  }
  for (const FieldInfo& field : fields)
    if (field.need == Need::required && values_of(value, field).empty())
      value.problem("the key '" + field.key + "' is missing", "expected " + field.words);
  return true;
}

std::vector<Value> values_of(const Value& value, const FieldInfo& field) {
  std::vector<Value> out;
  for (const YamlEntry& entry : value.node().entries) {
    if (!belongs(entry, field)) continue;
    const Value found = value.of(entry);
    out.push_back(field.indexed() ? found.with_index(*split_indexed(entry.key)->number - 1) : found);
  }
  return out;
}

nlohmann::json object_schema(const std::vector<FieldInfo>& fields, const nlohmann::json& rules) {
  nlohmann::json out = {{"type", "object"}, {"additionalProperties", false}, {"properties", nlohmann::json::object()}};
  for (const FieldInfo& field : fields) {
    nlohmann::json schema = field.schema();
    schema["description"] = field.description;
    if (field.indexed())
      out["patternProperties"]["^" + field.word() + "\\[[0-9]+\\]$"] = std::move(schema);
    else
      out["properties"][field.key] = std::move(schema);
    if (field.need == Need::required) out["required"].push_back(field.key);
  }
  if (rules.is_object()) out.update(rules);
  return out;
}

}  // namespace packbench::sim
