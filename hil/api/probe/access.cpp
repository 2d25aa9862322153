// Reach, keys, the device list.
#include <set>

#include "hil/api/probe/groups.h"
#include "hil/api/probe/json_read.h"

namespace packbench::hil::api::probe {
namespace {

std::string whole_ms(double ms) { return std::to_string(static_cast<long>(ms + 0.5)) + " ms"; }

void judge_tls(const Session& session, Findings& findings) {
  const auto tls = session.tls();
  if (!session.endpoint().encrypted) {
    return session.endpoint().loopback()
               ? findings.pass("reach.tls", "Plain HTTP, on this machine only.")
               : findings.warn("reach.tls", "Plain HTTP: the key and the data go over the network unencrypted.");
  }
  const std::string version = tls ? tls->version : "TLS";
  if (!session.options().verify) {
    return findings.warn("reach.tls", version + "; the certificate was not verified, as --insecure asks.");
  }
  constexpr std::int64_t kDay_ms = 86'400'000, kSoon_ms = 14 * kDay_ms;
  const std::int64_t left_ms = tls && tls->valid_until_ms ? *tls->valid_until_ms - session.options().clock() : kSoon_ms;
  const std::string days = std::to_string(left_ms / kDay_ms) + " days";
  left_ms < kSoon_ms ? findings.warn("reach.tls", version + "; the certificate ends in " + days + ".")
                     : findings.pass("reach.tls", version + " with a valid certificate, for " + days + " more.");
}

// 401 is the answer to who has no valid key.
void judge_refusal(Findings& findings, const std::string& check, const std::string& who, const Got& got) {
  if (got.status == 401) return findings.pass(check, who + " is answered 401.");
  if (got.status == 403) return findings.warn(check, who + " is answered 403 (expected 401).");
  if (got.ok()) return findings.fail(check, who + " is served: the data are open to everybody.");
  findings.fail(check, who + " is not refused with 401: " + got.request + " " + got.problem + ".");
}

// The body of a 401, in the form of the service or with `success`.
std::string body_trouble(const Got& got) {
  if (got.status != 401) return "";
  if (!got.has_json) return "has no JSON object as its body";
  if (text(got.json, "message").empty()) return "has no text \"message\" in its body";
  const auto code = whole(got.json, "statusCode");
  return code == 401 || member(got.json, "success", Kind::boolean)
             ? ""
             : "has neither statusCode 401 nor success in its body";
}

}  // namespace

bool judge_reach(Session& session, Findings& findings, Report& report) {
  const Got got = session.get("/devices");
  if (got.trouble == Reply::Trouble::unreachable ||
      (got.trouble == Reply::Trouble::timeout && !session.endpoint().encrypted)) {
    report.unreached = got.problem.substr(std::string("got no answer: ").size());
    return false;
  }
  if (got.trouble == Reply::Trouble::certificate) {
    findings.fail("reach.tls", got.problem.substr(std::string("got no answer: ").size()));
    return false;
  }
  if (got.status == 0) {
    findings.fail("reach.http", got.request + " " + got.problem);
    return false;
  }
  findings.pass("reach.http", "It answers over HTTP, the first time within " + whole_ms(got.elapsed_ms) + ".");
  judge_tls(session, findings);
  return true;
}

bool judge_auth(Session& session, Findings& findings) {
  const Got own = session.get("/devices");
  const bool let_in = own.status != 401 && own.status != 403;
  let_in ? findings.pass("auth.key", "The key is accepted.")
         : findings.fail("auth.key", "The key is not accepted: " + own.request + " " + own.problem + ".");
  const Got none = session.get("/devices", Key::none), wrong = session.get("/devices", Key::wrong);
  judge_refusal(findings, "auth.no_key", "A request without a key", none);
  judge_refusal(findings, "auth.wrong_key", "A request with a wrong key", wrong);
  Tally body("auth.body", Grade::warn, "The body of a 401 says so and why.");
  body.note("The answer to a request without a key", body_trouble(none));
  body.note("The answer to a request with a wrong key", body_trouble(wrong));
  body.report(findings);
  if (!let_in) return false;
  const Got lower = session.get("/devices", Key::own_in_lower_case);
  lower.status == own.status
      ? findings.pass("auth.header_case", "The name of the key's header counts in any case of letters.")
      : findings.fail("auth.header_case", "The key under 'apikey' is not accepted: " + lower.problem + ".");
  return true;
}

namespace {

struct DeviceRow {
  std::string where, id;
};

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
  Tally rows("devices.fields", Grade::fail, "Every device has the document's fields with their types.");
  Tally twice("devices.unique", Grade::fail, "No device is there twice.");
  std::set<std::string> ids;
  std::vector<std::string> order;
  std::string stamp_form;
  for (std::size_t i = 0; i < data->items.size(); ++i) {
    const std::string where = "Device " + std::to_string(i + 1), id = text(data->items[i], "DeviceId");
    rows.note(where, row_trouble(data->items[i], options, stamp_form));
    if (id.empty()) continue;
    if (!ids.insert(id).second)
      twice.note(where, "is '" + shown(id) + "' again");
    else
      order.push_back(id);
  }
  rows.report(findings);
  twice.report(findings);
  if (!stamp_form.empty() && !options.quirks.both_stamp_forms) {
    findings.warn("devices.stamps", stamp_form + " is not in the document's form, as in 20250220T102405.103Z.");
  } else {
    findings.pass("devices.stamps", "Times are in a form of ISO 8601 that is expected.");
  }
  for (const std::string& wanted : options.devices) {
    if (!ids.contains(wanted)) findings.warn("devices.known", "The device '" + shown(wanted) + "' is not in the list.");
  }
  if (!options.devices.empty()) return options.devices;
  if (order.size() > options.most_devices) order.resize(options.most_devices);
  return order;
}

}  // namespace packbench::hil::api::probe
