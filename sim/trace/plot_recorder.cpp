#include "sim/trace/plot_recorder.h"

#include <algorithm>
#include <array>

namespace packbench::sim {
namespace {

constexpr std::size_t kScalarBuckets = 1000;
constexpr std::size_t kElementBuckets = 332;
constexpr std::size_t kChanges = 2048;
constexpr std::size_t kElementShare = 3;  // an element of an array gets a third of a scalar's points

constexpr std::array kNotPlotted{Signal::truth_cell_ocv,        Signal::truth_cell_capacity, Signal::truth_cell_current,
                                 Signal::truth_cell_resistance, Signal::truth_bleed,         Signal::device_balancing,
                                 Signal::device_uptime,         Signal::device_boot_count};

bool plotted(const SignalSpec& spec) {
  return spec.group != Group::link && std::ranges::find(kNotPlotted, spec.id) == kNotPlotted.end();
}

enum class Track { scalar, element, code };

Track track_of(const SignalSpec& spec) {
  if (spec.kind != SignalKind::number) return Track::code;
  return spec.shape == Shape::scalar ? Track::scalar : Track::element;
}

template <class Line>
std::vector<Line> lines_of(const SignalLayout& layout, Track track) {
  std::vector<Line> lines;
  for (const SignalSpec& spec : signal_table()) {
    if (!plotted(spec) || track_of(spec) != track) continue;
    for (int i = 0; i < layout.count(spec.id); ++i) {
      lines.push_back({spec.id, i, static_cast<std::size_t>(layout.offset(spec.id) + i)});
    }
  }
  return lines;
}

}  // namespace

PlotRecorder::PlotRecorder(const SignalLayout& layout)
    : scalars_(lines_of<Line>(layout, Track::scalar)),
      elements_(lines_of<Line>(layout, Track::element)),
      codes_(lines_of<Line>(layout, Track::code)),
      scalar_thinner_(scalars_.size(), kScalarBuckets),
      element_thinner_(elements_.size(), kElementBuckets),
      code_thinners_(codes_.size(), ChangeThinner(kChanges)) {}

void PlotRecorder::append(const Chunk& chunk) {
  for (std::size_t row = 0; row < chunk.rows(); ++row) {
    const double time_s = chunk.time_s(row);
    scalar_thinner_.add_row(time_s);
    element_thinner_.add_row(time_s);
    for (std::size_t i = 0; i < scalars_.size(); ++i) scalar_thinner_.add(i, chunk.value(row, scalars_[i].column));
    for (std::size_t i = 0; i < elements_.size(); ++i) element_thinner_.add(i, chunk.value(row, elements_[i].column));
    for (std::size_t i = 0; i < codes_.size(); ++i) code_thinners_[i].add(time_s, chunk.value(row, codes_[i].column));
  }
}

std::vector<PlotSeries> PlotRecorder::series(std::size_t points) const {
  std::vector<PlotSeries> result;
  const auto add = [&](const Line& line, BucketThinner::Line thinned) {
    result.push_back({line.signal, line.index, std::move(thinned.time_s), std::move(thinned.value)});
  };
  for (std::size_t i = 0; i < scalars_.size(); ++i) add(scalars_[i], scalar_thinner_.line(i, points));
  for (std::size_t i = 0; i < elements_.size(); ++i)
    add(elements_[i], element_thinner_.line(i, points / kElementShare));
  for (std::size_t i = 0; i < codes_.size(); ++i) add(codes_[i], code_thinners_[i].line());
  return result;
}

}  // namespace packbench::sim
