// The list of devices, and which of them are looked at.
#include <algorithm>
#include <set>

#include "hil/api/probe/groups.h"
#include "hil/api/probe/json_read.h"

namespace packbench::hil::api::probe {
namespace {

std::string row_trouble(const JsonValue& row, const Options& options, std::string& stamp_form) {
  if (row.kind != Kind::object) return "is no object";
  for (const char* key : {"DeviceId", "Name", "Model", "Location", "Status"}) {
    if (!member(row, key, Kind::string)) return std::string("has no text ") + key;
  }
  if (text(row, "DeviceId").empty()) return "has an empty DeviceId";
  if (!whole(row, "OrganizationId") &&
      !(options.quirks.any_organization && member(row, "OrganizationId", Kind::string)))
    return "has no whole number OrganizationId";
  for (const char* key : {"LastConnected", "CreatedAt", "UpdatedAt"}) {
    const JsonValue* value = row.find(key);
    const bool never = value && value->kind == Kind::null && key == std::string_view("LastConnected");
    if (never) continue;
    const std::string stamp = text(row, key);
    if (!stamp_ms(stamp)) return std::string("has no time ") + key;
    if (stamp.find('-') != std::string::npos && stamp_form.empty())
      stamp_form = std::string(key) + " '" + shown(stamp) + "'";
  }
  return "";
}

// The ids of the rows, each once.
std::vector<std::string> judge_rows(const std::vector<JsonValue>& rows, const Options& options, Findings& findings) {
  Tally fields("devices.fields", Grade::fail, "Every device has the document's fields with their types.");
  Tally twice("devices.unique", Grade::fail, "No device is there twice.");
  std::set<std::string> known;
  std::vector<std::string> ids;
  std::string stamp_form;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string where = "Device " + std::to_string(i + 1), id = text(rows[i], "DeviceId");
    fields.note(where, row_trouble(rows[i], options, stamp_form));
    if (id.empty()) continue;
    if (!known.insert(id).second)
      twice.note(where, "is '" + shown(id) + "' again");
    else
      ids.push_back(id);
  }
  fields.report(findings);
  twice.report(findings);
  stamp_form.empty() || options.quirks.both_stamp_forms
      ? findings.pass("devices.stamps", "Times are in a form of ISO 8601 that is expected.")
      : findings.warn("devices.stamps", stamp_form + " is not in the document's form, as in 20250220T102405.103Z.");
  return ids;
}

}  // namespace

std::vector<std::string> judge_devices(Session& session, Findings& findings) {
  const Options& options = session.options();
  const Got got = session.get("/devices");
  const JsonValue* data = got.good() ? member(got.json, "data", Kind::array) : nullptr;
  const JsonValue* success = got.good() ? member(got.json, "success", Kind::boolean) : nullptr;
  if (!data || !success || !success->boolean) {
    findings.fail(
        "devices.list",
        got.request + " " + (got.good() ? "has no \"success\": true with an array \"data\"" : got.problem) + ".");
    return options.devices;
  }
  findings.pass("devices.list", "The list has " + std::to_string(data->items.size()) + " devices.");
  std::vector<std::string> ids = judge_rows(data->items, options, findings);
  for (const std::string& wanted : options.devices) {
    if (std::ranges::find(ids, wanted) == ids.end())
      findings.warn("devices.known", "The device '" + shown(wanted) + "' is not in the list.");
  }
  if (!options.devices.empty()) return options.devices;
  if (ids.size() > options.most_devices) ids.resize(options.most_devices);
  return ids;
}

}  // namespace packbench::hil::api::probe
