// The records of one window of a device, page after page.
#pragma once

#include <string>
#include <vector>

#include "hil/api/probe/record_rules.h"
#include "hil/api/probe/session.h"

namespace packbench::hil::api::probe {

struct Window {
  std::string name;        // "last5mins"
  bool good = false;       // every page could be read
  bool whole = false;      // and they were all
  bool paged = false;      // there was more than one
  bool too_large = false;  // an answer was larger than is taken
  int status = 0;          // of the last answer
  std::size_t first_page = 0;
  std::vector<Reading> readings;
  std::int64_t server_ms = 0, end_ms = 0;  // the instance's clock at the first page and at the last
  std::string problem;
};

// Where the next page is: the part of the query that asks for it, empty when there is none. Of X-Next-Cursor,
// meta.nextCursor, or the cursor in a Link with rel="next"; a link is never followed as such.
std::string next_page(const Got& got);

// `query` without "?": "timeRange=last5mins". `asked`: what meta.timeRange must say, empty: anything. What is wrong
// with an envelope is noted in `meta`. Pages that go round or bring nothing new end the reading.
Window read_window(Session& session, const std::string& device_id, const std::string& name, const std::string& query,
                   const std::string& asked, RecordJudge& records, Tally& meta);

std::string telemetry_target(const std::string& device_id, const std::string& query);

// The form of an answer with records; empty, or what is wrong with it.
std::string envelope_trouble(const Got& got, const std::string& device_id, const std::string& asked,
                             const Quirks& quirks);

}  // namespace packbench::hil::api::probe
