#include <algorithm>
#include <cmath>

#include "hil/report/fit_page.h"
#include "hil/report/fit_result.h"
#include "hil/report/page_parts.h"
#include "hil/report/text.h"

namespace packbench::hil {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostPoints = 4000;  // of a line

double rounded(double value, double unit) { return std::round(value / unit) * unit; }

// Every n-th sample, so that a line stays drawable; the last one too.
Json lines(const std::vector<double>& soc, const std::vector<double>& measured_V,
           const std::vector<double>& modelled_V) {
  const std::size_t n = soc.size(), each = std::max<std::size_t>(1, n / kMostPoints);
  Json x = Json::array(), measured = Json::array(), misfit = Json::array();
  for (std::size_t i = 0; i < n; i += each) {
    x.push_back(rounded(100 * soc[i], 1e-4));
    measured.push_back(rounded(measured_V[i], 1e-5));
    misfit.push_back(rounded(1e3 * (measured_V[i] - modelled_V[i]), 1e-3));
  }
  return {{"soc", x}, {"measured_V", measured}, {"misfit_mV", misfit}};
}

Json data_of(const FitReport& report) {
  Json data = fit_json(report);
  data["name"] = report.cell.cell.name;
  data["plots"] = Json::array();
  for (std::size_t i = 0; i < report.records.size(); ++i) {
    const auto& fit = report.result.records[i];
    data["plots"].push_back(lines(fit.soc, report.records[i].voltage_V, fit.own_V));
  }
  data["replays"] = Json::array();
  for (const Validation& one : report.validations)
    data["replays"].push_back(lines(one.soc, one.measured_V, one.modelled_V));
  return data;
}

}  // namespace

std::string fit_html(const FitReport& report) {
  const std::string data = data_of(report).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'unsafe-inline'; img-src data:\">\n<link rel=\"icon\" href=\"data:,\">\n"
      "<title>Identified cell · packbench</title>\n<style>\n";
  page.append(kUplotCss).append("\n").append(kPageCss).append(kFitCss);
  page +=
      "</style>\n</head>\n<body>\n<main id=\"report\">\n<noscript><p>This page draws itself with JavaScript, which is "
      "switched off here.</p></noscript>\n</main>\n<script type=\"application/json\" id=\"fit\">";
  page += script_safe(data);
  page += "</script>\n<script>\n";
  page.append(kUplotScript).append("\n").append(kFitScript);
  return page + "\n</script>\n</body>\n</html>\n";
}

}  // namespace packbench::hil
