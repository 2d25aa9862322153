// Counters and gauges as Prometheus reads them from a file (text format 0.0.4, textfile collector of its node
// exporter).
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace packbench::hil {

// Of the files of one collector, families of one name must have one help: that of frames stands here.
inline constexpr const char* kFramesHelp = "Frames of the line by direction and result.";

class MetricsText {
 public:
  // `labels` stand on every sample: "device=\"PACK-1\"", or none.
  explicit MetricsText(std::string labels = "") : labels_(std::move(labels)) {}

  void family(const char* name, const char* type, const char* help) {
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  // Of the last family.
  template <class Value>
  void sample(const Value& value, const std::string& labels = "") {
    const std::string both = labels_ + (labels_.empty() || labels.empty() ? "" : ",") + labels;
    text_ += fmt::format("{}{}{}{} {}\n", name_, both.empty() ? "" : "{", both, both.empty() ? "" : "}", value);
  }
  template <class Value>
  void gauge(const char* name, const char* help, const Value& value) {
    family(name, "gauge", help);
    sample(value);
  }
  const std::string& text() const { return text_; }

 private:
  std::string labels_, text_;
  const char* name_ = "";
};

}  // namespace packbench::hil
