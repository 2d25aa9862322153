#include "fmi/documentation.h"

#include <fmt/format.h>

#include "fmi/variables.h"
#include "fmi/xml_writer.h"

namespace packbench::fmi {
namespace {

constexpr char kHead[] = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{0}</title>
<style>
body {{ font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; }}
table {{ border-collapse: collapse; }}
td, th {{ border-bottom: 1px solid #ccc; padding: 0.2em 0.8em 0.2em 0; text-align: left; vertical-align: top; }}
</style>
</head>
<body>
<h1>{0}</h1>
<p>A battery pack of {1} positions in series, {2} per position, cells of {3} Ah, as a functional mock-up unit for
co-simulation (FMI 3.0, 64-bit Linux). Made by packbench {4}.</p>
)";

constexpr char kBehaviour[] = R"(<h2>How it behaves</h2>
<ul>
<li>Each cell is an equivalent circuit with RC pairs, hysteresis and heat in core and surface; <code>resources/pack.json</code>
holds its tables. <code>outside_validity</code> says when a cell is used beyond the range its tables were measured in.</li>
<li>Inputs are held during a step. Any step size above 0 is good: the library divides a long step by itself.</li>
<li>Outputs are those of the instant: a new current shows in the voltages before any step. At no current the
resistances of discharge apply.</li>
<li>Heat in a cell is what flowed in the last step, as a mean.</li>
<li>The same inputs give the same bits on every x86-64 processor.</li>
<li>A call that FMI does not allow, or a value that makes no sense, returns <code>fmi3Error</code>, says why in the log
category <code>logStatusError</code>, and changes nothing.</li>
</ul>
)";

std::string shape_text(Shape shape, const Layout& layout) {
  if (shape == Shape::scalar) return "";
  if (shape == Shape::per_position || layout.parallel == 1) return fmt::format("[{}]", layout.cells);
  return fmt::format("[{}][{}]", layout.cells, layout.parallel);
}

std::string_view word(Causality causality) {
  switch (causality) {
    case Causality::independent:
      return "time";
    case Causality::parameter:
      return "parameter";
    case Causality::input:
      return "input";
    case Causality::output:
      return "output";
  }
  return "";
}

std::string rows(const Layout& layout) {
  std::string text;
  for (const Variable& variable : variables()) {
    text += fmt::format("<tr><td><code>{}{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        variable.name, shape_text(variable.shape, layout), word(variable.causality),
                        type_name(variable.type), xml_escaped(variable.unit), xml_escaped(variable.description));
  }
  return text;
}

std::string document_list(const Export& what) {
  std::string text = "<h2>More</h2>\n<ul>\n<li><a href=\"licenses/license.txt\">licences</a></li>\n";
  for (const auto& [name, content] : what.documents)
    text += fmt::format("<li><a href=\"{0}\">{0}</a></li>\n", xml_escaped(name));
  return text + "</ul>\n";
}

}  // namespace

std::string documentation_page(const Export& what) {
  const Layout layout{what.pack.cells, what.pack.parallel};
  const std::string members = layout.parallel == 1 ? "one cell" : fmt::format("{} parallel cells", layout.parallel);
  return fmt::format(kHead, xml_escaped(what.name), layout.cells, members, what.pack.cell.capacity_Ah,
                     xml_escaped(what.version)) +
         "<h2>Variables</h2>\n<table>\n<tr><th>name</th><th></th><th>type</th><th>unit</th><th></th></tr>\n" +
         rows(layout) + "</table>\n" + kBehaviour + document_list(what) + "</body>\n</html>\n";
}

}  // namespace packbench::fmi
