// What an instance gives at once, discovered by asking.
#include <algorithm>
#include <set>

#include "hil/api/probe/groups.h"
#include "hil/api/probe/json_read.h"
#include "hil/api/probe/window.h"

namespace packbench::hil::api::probe {
namespace {

constexpr std::int64_t kMinute_ms = 60'000, kDay_ms = 86'400'000;

std::string span_query(std::int64_t from_ms, std::int64_t to_ms) {
  return "start=" + stamp_text(from_ms, StampForm::basic) + "&end=" + stamp_text(to_ms, StampForm::basic);
}

// Whether limit= is understood: a page of one record, and a way to the next.
enum class Paging { unsupported, ignored, works, unknown };

Paging page_of_one(Session& session, const std::string& device_id, const std::string& query) {
  const Got got = session.get(telemetry_target(device_id, query + "&limit=1"));
  const JsonValue* data = got.good() ? member(got.json, "data", Kind::array) : nullptr;
  if (!data) return Paging::unsupported;
  if (data->items.size() > 1) return Paging::ignored;
  return data->items.size() == 1 && !next_page(got).empty() ? Paging::works : Paging::unknown;
}

std::size_t largest_page(Session& session, const std::string& device_id, const std::string& query) {
  std::size_t largest = 1;
  for (const std::size_t limit : {100UL, 1000UL, 10'000UL, 100'000UL}) {
    const Got got = session.get(telemetry_target(device_id, query + "&limit=" + std::to_string(limit)));
    if (!got.good()) break;
    largest = limit;
  }
  return largest;
}

// Of the records that had arrived before.
std::vector<std::string> ids(const Window& window, std::int64_t before_ms) {
  std::vector<std::string> found;
  for (const Reading& one : window.readings) {
    if (one.arrived_s * 1000 < before_ms) found.push_back(one.id);
  }
  return found;
}

// A window that stands still, whole and in three pages: the same records in the same order.
void judge_pages(Session& session, Findings& findings, const std::string& device_id, const std::string& query) {
  RecordJudge aside(session.options(), device_id);
  Tally meta("", Grade::skip, "");
  const std::int64_t begin_ms = session.now_ms();
  const Window whole = read_window(session, device_id, "the last hour", query, "", aside, meta);
  if (!whole.whole || whole.readings.size() < 3)
    return findings.skip("limits.pages", "The last hour has fewer than three records, or too many to be read whole.");
  const std::string third = "&limit=" + std::to_string((whole.readings.size() + 2) / 3);
  const Window pages = read_window(session, device_id, "the last hour", query + third, "", aside, meta);
  if (!pages.good) return findings.fail("limits.pages", "A page of the last hour cannot be read: " + pages.problem);
  const auto all = ids(whole, begin_ms), read = ids(pages, begin_ms);
  all == read
      ? findings.pass("limits.pages", "The last hour page by page is the last hour at once.")
      : findings.fail("limits.pages", "The last hour has " + std::to_string(all.size()) + " records at once and " +
                                          std::to_string(read.size()) + " page by page, or not the same ones.");
}

std::set<std::string> ids_of(const Got& got) {
  std::set<std::string> ids;
  const JsonValue* data = member(got.json, "data", Kind::array);
  for (std::size_t i = 0; data && i < data->items.size(); ++i) ids.insert(text(data->items[i], "id"));
  return ids;
}

void judge_span(Session& session, Findings& findings, const std::string& device_id, const std::string& few,
                Report& report) {
  std::int64_t longest = 0;
  std::set<std::string> shorter;
  const std::int64_t now_ms = session.now_ms();
  for (const std::int64_t days : {1, 7, 31, 92, 366, 3660}) {
    const Got got = session.get(telemetry_target(device_id, span_query(now_ms - days * kDay_ms, now_ms) + few));
    if (got.trouble == Reply::Trouble::too_large) {
      report.limits.emplace_back("range", "up to " + std::to_string(longest) + " days; more is too large at once");
      return findings.warn("limits.range",
                           "A range of " + std::to_string(days) + " days: " + got.request + " " + got.problem + ".");
    }
    if (!got.good()) {
      report.limits.emplace_back("range", "up to " + std::to_string(longest) + " days; " + std::to_string(days) +
                                              " days are answered " + std::to_string(got.status));
      return got.status >= 400 && got.status < 500 && longest > 0
                 ? findings.pass("limits.range", "A range may be " + std::to_string(longest) + " days long; " +
                                                     std::to_string(days) + " days are refused with " +
                                                     std::to_string(got.status) + ".")
                 : findings.fail("limits.range", "A range of " + std::to_string(days) + " days: " + got.request + " " +
                                                     got.problem + ".");
    }
    const std::set<std::string> longer = ids_of(got);
    if (few.empty() && !std::ranges::includes(longer, shorter))
      return findings.fail("limits.range", "A range of " + std::to_string(days) + " days (" +
                                               std::to_string(longer.size()) + " records) lacks records of the last " +
                                               std::to_string(longest) + " days (" + std::to_string(shorter.size()) +
                                               " records).");
    shorter = longer;
    longest = days;
  }
  report.limits.emplace_back("range", "at least " + std::to_string(longest) + " days");
  findings.pass("limits.range", "A range may be " + std::to_string(longest) + " days long.");
}

// As many records as a limit that somebody may have set, and no word of more.
void judge_truncation(Session& session, Findings& findings, const std::string& device_id) {
  RecordJudge aside(session.options(), device_id);
  Tally meta("", Grade::skip, "");
  const Window window = read_window(session, device_id, "last7days", "timeRange=last7days", "", aside, meta);
  constexpr std::size_t kUsual[] = {50, 100, 200, 250, 500, 1000, 2000, 5000, 10'000};
  const bool usual = std::ranges::find(kUsual, window.readings.size()) != std::end(kUsual);
  window.good&& window.whole && !window.paged && usual
      ? findings.warn("limits.truncation", "last7days gives exactly " + std::to_string(window.readings.size()) +
                                               " records and no way to more: it may be cut off silently.")
      : findings.pass("limits.truncation", "Nothing looks cut off silently.");
}

}  // namespace

void judge_limits(Session& session, Findings& findings, const std::string& device_id, Report& report) {
  const std::int64_t now_ms = session.now_ms();
  // What arrives while it is read is not in it.
  const std::string hour = span_query(now_ms - 3'600'000 - kMinute_ms, now_ms - kMinute_ms),
                    week = span_query(now_ms - 7 * kDay_ms, now_ms);
  const Paging paging = page_of_one(session, device_id, week);
  std::string few;
  if (paging == Paging::works || paging == Paging::unknown) {
    few = "&limit=1";
    const std::size_t largest = largest_page(session, device_id, hour);
    report.limits.emplace_back("page", "limit= up to at least " + std::to_string(largest));
  } else {
    report.limits.emplace_back("page", paging == Paging::ignored ? "limit= is ignored" : "limit= is not accepted");
  }
  paging == Paging::works
      ? judge_pages(session, findings, device_id, hour)
      : findings.skip("limits.pages", paging == Paging::unknown ? "There are not enough records to see pages."
                                                                : "The instance has no pages.");
  judge_span(session, findings, device_id, few, report);
  judge_truncation(session, findings, device_id);
}

}  // namespace packbench::hil::api::probe
