// Is there a Device API at this URL, over which encryption, and whom does it let in.
#include "hil/api/probe/groups.h"
#include "hil/api/probe/json_read.h"

namespace packbench::hil::api::probe {
namespace {

std::string whole_ms(double ms) { return std::to_string(static_cast<long>(ms + 0.5)) + " ms"; }

// Without its "got no answer: ".
std::string what_hindered(const Got& got) { return got.problem.substr(std::string("got no answer: ").size()) + "."; }

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

// An answer to GET /devices that may be a Device API's: its list, or no for the key.
bool judge_api(const Session& session, Findings& findings, const Got& got) {
  if (got.good() || got.status == 401 || got.status == 403) return true;
  if (got.redirected()) return false;  // said by http.redirect
  if (got.status >= 500) {
    findings.fail("reach.api", "It does not work: " + got.request + " " + got.problem + ".");
    return false;
  }
  const bool hint = got.status == 404 && !session.endpoint().path.ends_with("/v1");
  findings.fail("reach.api", "There is no Device API at this URL: " + got.request + " " + got.problem +
                                 (hint ? "; is /v1 missing at its end?" : "."));
  return false;
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
  using Trouble = Reply::Trouble;
  const Got got = session.get("/devices");
  if (got.trouble == Trouble::unreachable || got.trouble == Trouble::timeout) {
    report.unreached = what_hindered(got);
    return false;
  }
  if (got.trouble == Trouble::certificate) {
    findings.fail("reach.tls", what_hindered(got));
    return false;
  }
  if (got.status == 0) {
    findings.fail("reach.http", got.request + " " + got.problem + ".");
    return false;
  }
  findings.pass("reach.http", "It answers over HTTP, the first time within " + whole_ms(got.elapsed_ms) + ".");
  judge_tls(session, findings);
  return judge_api(session, findings, got);
}

bool judge_auth(Session& session, Findings& findings) {
  const Got own = session.get("/devices");
  own.good() ? findings.pass("auth.key", "The key is accepted.")
             : findings.fail("auth.key", "The key is not accepted: " + own.request + " " + own.problem + ".");
  const Got none = session.get("/devices", Key::none), wrong = session.get("/devices", Key::wrong);
  judge_refusal(findings, "auth.no_key", "A request without a key", none);
  judge_refusal(findings, "auth.wrong_key", "A request with a wrong key", wrong);
  Tally body("auth.body", Grade::warn, "The body of a 401 says so and why.");
  body.note("The answer to a request without a key", body_trouble(none));
  body.note("The answer to a request with a wrong key", body_trouble(wrong));
  body.report(findings);
  if (!own.good()) return false;
  const Got lower = session.get("/devices", Key::own_in_lower_case);
  lower.status == own.status
      ? findings.pass("auth.header_case", "The name of the key's header counts in any case of letters.")
      : findings.fail("auth.header_case", "The key under 'apikey' is not accepted: " + lower.problem + ".");
  return true;
}

}  // namespace packbench::hil::api::probe
