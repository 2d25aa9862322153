#include "hil/report/plot_data.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hil/report/text.h"

namespace packbench::hil {
namespace {

using Json = nlohmann::ordered_json;

std::string packed(const std::vector<double>& numbers, int digits) {
  std::string text, previous;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::string item = std::isfinite(numbers[i]) ? rounded(numbers[i], digits) : "x";
    if (i > 0) text += ',';
    if (item != previous) text += item;
    previous = std::move(item);
  }
  return text;
}

std::string packed_times(const std::vector<double>& times_s) { return packed(times_s, 8); }

bool has_values(const sim::PlotSeries& series) {
  return std::ranges::any_of(series.value, [](double value) { return std::isfinite(value); });
}

Json words_json(sim::Vocabulary vocabulary) {
  Json list = Json::array();
  for (const std::string_view word : sim::words(vocabulary)) list.push_back(word);
  return list;
}

// Lines of one run share few grids; each distinct one is written once.
class Grids {
 public:
  std::size_t index_of(const std::vector<double>& time_s) {
    for (std::size_t i = 0; i < known_.size(); ++i) {
      if (*known_[i] == time_s) return i;
    }
    known_.push_back(&time_s);
    return known_.size() - 1;
  }
  Json json() const {
    Json list = Json::array();
    for (const auto* grid : known_) list.push_back(packed_times(*grid));
    return list;
  }

 private:
  std::vector<const std::vector<double>*> known_;
};

}  // namespace

std::string plot_json(const std::vector<sim::PlotSeries>& plots) {
  Grids grids;
  Json lines = Json::array(), codes = Json::array();
  for (const sim::PlotSeries& series : plots) {
    if (!has_values(series)) continue;
    const sim::SignalSpec& spec = sim::spec_of(series.signal);
    if (spec.kind == sim::SignalKind::number) {
      lines.push_back({{"signal", spec.full_name()},
                       {"index", series.index},
                       {"times", grids.index_of(series.time_s)},
                       {"values", packed(series.value, 6)}});
      continue;
    }
    codes.push_back({{"signal", spec.full_name()},
                     {"kind", spec.kind == sim::SignalKind::set ? "set" : "code"},
                     {"words", words_json(spec.vocabulary)},
                     {"times", packed_times(series.time_s)},
                     {"values", packed(series.value, 17)}});
  }
  return Json{{"times", grids.json()}, {"lines", lines}, {"codes", codes}}.dump();
}

}  // namespace packbench::hil
