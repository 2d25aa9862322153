// Writes XML elements with attributes, indented, escaped. Text between elements is not needed here.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packbench::fmi {

class XmlWriter {
 public:
  using Attributes = std::vector<std::pair<std::string_view, std::string>>;

  void open(std::string_view element, const Attributes& attributes = {});
  void close();  // the innermost open element
  void empty(std::string_view element, const Attributes& attributes = {});
  std::string take() { return std::move(text_); }

 private:
  void begin(std::string_view element, const Attributes& attributes);

  std::string text_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  std::vector<std::string> open_;
};

// With the five characters of XML replaced, and line breaks and tabs kept as references.
std::string xml_escaped(std::string_view text);

}  // namespace packbench::fmi
