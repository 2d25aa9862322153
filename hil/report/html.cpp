#include "hil/report/html.h"

#include "hil/report/page_parts.h"
#include "hil/report/plot_data.h"
#include "hil/report/report.h"
#include "hil/report/results_json.h"
#include "hil/report/text.h"

namespace packbench::hil {
namespace {

std::string data_script(const std::string& id, const std::string& json) {
  return "<script type=\"application/json\" id=\"" + id + "\">" + script_safe(json) + "</script>\n";
}

std::string data_scripts(const SessionResult& session) {
  const auto results = results_json(session).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  std::string text = data_script("results", results);
  for (std::size_t i = 0; i < session.runs.size(); ++i) {
    text += data_script("plots-" + std::to_string(i), plot_json(session.runs[i].plots));
  }
  return text;
}

// The value of @NAME@ in page/page.html.
std::string part(std::string_view name, const SessionResult& session) {
  if (name == "VERDICT") {
    const sim::Verdict verdict = session_verdict(session);
    return verdict == sim::Verdict::skipped ? "simulated" : std::string(sim::verdict_name(verdict));
  }
  if (name == "CSS") return std::string(kUplotCss) + "\n" + std::string(kPageCss);
  if (name == "SCRIPTS") return std::string(kUplotScript) + "\n" + std::string(kPageScripts);
  if (name == "DATA") return data_scripts(session);
  return {};
}

}  // namespace

std::string html_text(const SessionResult& session) {
  std::string page;
  std::string_view rest = kPageHtml;
  for (auto from = rest.find('@'); from != std::string_view::npos; from = rest.find('@')) {
    const auto to = rest.find('@', from + 1);
    page += rest.substr(0, from);
    page += part(rest.substr(from + 1, to - from - 1), session);
    rest.remove_prefix(to + 1);
  }
  return page.append(rest);
}

}  // namespace packbench::hil
