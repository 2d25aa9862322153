#include "hil/api/probe/sameness.h"

#include <cstdlib>
#include <functional>

#include "hil/api/probe/findings.h"

namespace packbench::hil::api::probe {
namespace {

using Kind = JsonValue::Kind;

// The document's first; "ocv_soc" is also looked for as "ocv soc".
constexpr const char* kNames[] = {"pack_voltage", "cell_voltage", "temperature",
                                  "pack_current", "soc",          "ocv_soc",
                                  "soh",          "bms_state",    "main_contactor_state",
                                  "deviceId",     "_ts",          "charger_contactor_state",
                                  "Device_id",    "ts",           "boot",
                                  "seq",          "faults"};
constexpr std::size_t kRequired = 12;

std::size_t mixed(std::size_t digest, std::size_t more) { return (digest ^ more) * 0x9E3779B97F4A7C15u + 1; }

// Of the value, not of how it is written: 2.5 is 2.50.
std::size_t digest_of(const JsonValue& value) {
  const std::hash<std::string> of_text;
  std::size_t digest = static_cast<std::size_t>(value.kind) + 1;
  if (value.kind == Kind::boolean) return mixed(digest, value.boolean ? 1 : 2);
  if (value.kind == Kind::number) return mixed(digest, std::hash<double>()(std::strtod(value.text.c_str(), nullptr)));
  if (value.kind == Kind::string) return mixed(digest, of_text(value.text));
  for (const std::string& key : value.keys) digest = mixed(digest, of_text(key));
  for (const JsonValue& item : value.items) digest = mixed(digest, digest_of(item));
  return digest;
}

const JsonValue* named(const JsonValue& record, const std::string& name) {
  const JsonValue* value = record.find(name);
  return !value && name == "ocv_soc" ? record.find("ocv soc") : value;
}

}  // namespace

bool Sameness::is_new(const std::string& id, const std::string& answer, const JsonValue& record, std::string& other) {
  static_assert(std::size(kNames) == kMembers);
  if (id.empty()) return true;
  Seen now{{}, answer};
  for (std::size_t i = 0; i < kMembers; ++i) {
    const JsonValue* value = named(record, kNames[i]);
    now.digests[i] = value ? digest_of(*value) : 0;
  }
  const auto [before, is_new] = seen_.emplace(id, now);
  for (std::size_t i = 0; !is_new && other.empty() && i < kMembers; ++i) {
    const std::size_t then = before->second.digests[i], here = now.digests[i];
    if (then == here || (i >= kRequired && (then == 0 || here == 0))) continue;
    other = "with the id " + shown(id) + " has another " + kNames[i] + " than in " + before->second.answer;
  }
  return is_new;
}

}  // namespace packbench::hil::api::probe
