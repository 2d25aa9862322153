// The requests of a probe: each within its limits, timed, and looked at for what holds of every answer.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "hil/api/client/connection.h"
#include "hil/api/probe/findings.h"
#include "hil/api/values/json_value.h"

namespace packbench::hil::api::probe {

// What came back. `problem`: why there is no JSON object of a good answer, as the rest of a sentence after the request;
// empty when there is.
struct Got {
  std::string request;  // "GET /devices"
  int status = 0;       // 0: no answer
  Reply::Trouble trouble = Reply::Trouble::none;
  Response response;
  JsonValue json;
  bool has_json = false;
  std::string problem;
  double elapsed_ms = 0;
  std::int64_t answered_ms = 0;  // by this machine's clock
  std::optional<std::int64_t> date_ms;

  bool good() const { return problem.empty(); }
  bool ok() const { return status >= 200 && status < 300; }
  bool redirected() const { return status >= 300 && status < 400; }
};

// Ends a probe from within: what was found until then stands.
struct EndOfProbe {
  std::string why;  // a sentence
};

enum class Key { own, none, wrong, own_in_lower_case };

class Session {
 public:
  explicit Session(const Options& options);

  // After 429 and 5xx it waits as asked, or a moment, and asks again, three times in all. Throws EndOfProbe when it was
  // interrupted, is asked to wait for more than 30 s, or the instance goes on with 429.
  Got get(const std::string& target, Key key = Key::own);
  Got post(const std::string& target, const std::string& body);

  // The instance's clock as an answer tells it: of Date and meta.timestamp the one that is nearer to this machine's,
  // which stands in for both.
  std::int64_t told_ms(const Got& got) const;
  // The instance's clock now, by the last answer that told it.
  std::int64_t now_ms() const { return options_.clock() + ahead_ms_; }
  // How far meta.timestamp was behind this machine's clock at most.
  std::optional<std::int64_t> meta_behind_ms() const { return meta_behind_ms_; }

  bool stopped() const { return options_.interrupted != nullptr && *options_.interrupted != 0; }
  const Options& options() const { return options_; }
  const Endpoint& endpoint() const { return endpoint_; }
  std::optional<TlsFacts> tls() const { return connection_.tls(); }
  Latency latency() const;
  // What holds of every answer: its content type, no redirect, no key in it, few refusals for too many requests.
  void judge_all(Findings& findings) const;

 private:
  Got exchange(Request request, Key key);
  Got attempt(const Request& request);
  void wait_for(const Got& got);
  void look_at(Got& got);
  void look_for_key(Got& got);
  void note_clock(const Got& got);
  void pause(std::chrono::milliseconds time) const;

  const Options& options_;
  Endpoint endpoint_;
  Connection connection_;
  std::vector<double> times_ms_;
  std::int64_t ahead_ms_ = 0;
  std::optional<std::int64_t> meta_behind_ms_;
  int throttled_ = 0, recovered_ = 0;
  std::string given_up_;  // the answer that asked to wait for too long, as a sentence
  Tally types_{"http.content_type", Grade::fail, "Every answer with JSON says application/json."};
  Tally redirects_{"http.redirect", Grade::fail, "No request was sent elsewhere."};
  Tally keys_{"http.key_kept", Grade::fail, "No answer repeats the key."};
};

}  // namespace packbench::hil::api::probe
