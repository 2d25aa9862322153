#include "fmi/xml_writer.h"

namespace packbench::fmi {

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&apos;";
        break;
      case '\n':
        escaped += "&#10;";
        break;
      case '\r':
        escaped += "&#13;";
        break;
      case '\t':
        escaped += "&#9;";
        break;
      default:
        escaped += letter;
    }
  }
  return escaped;
}

void XmlWriter::begin(std::string_view element, const Attributes& attributes) {
  text_ += std::string(2 * open_.size(), ' ');
  text_ += '<';
  text_ += element;
  for (const auto& [name, value] : attributes) {
    text_ += ' ';
    text_ += name;
    text_ += "=\"" + xml_escaped(value) + '"';
  }
}

void XmlWriter::open(std::string_view element, const Attributes& attributes) {
  begin(element, attributes);
  text_ += ">\n";
  open_.emplace_back(element);
}

void XmlWriter::close() {
  const std::string element = std::move(open_.back());
  open_.pop_back();
  text_ += std::string(2 * open_.size(), ' ') + "</" + element + ">\n";
}

void XmlWriter::empty(std::string_view element, const Attributes& attributes) {
  begin(element, attributes);
  text_ += "/>\n";
}

}  // namespace packbench::fmi
