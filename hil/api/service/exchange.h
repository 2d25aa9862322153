// One request on the way to its answer: what is kept of it for every answer, for the log and for what is counted.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hil/api/values/digest.h"

namespace packbench::hil::api {

struct Exchange {
  std::string request_id = random_uuid();
  std::string method{}, peer{}, origin{};
  std::string key{};                 // as a log may show it
  std::string_view route = "other";  // the template, never the path as sent
  bool problem_json = false, gzip = false;
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  std::vector<std::pair<std::string, std::string>> fields{};  // of any answer to it
};

}  // namespace packbench::hil::api
