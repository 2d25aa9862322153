// Build tool: writes a YAML document as JSON into a C++ source that gives it back. Plain scalars become null, true,
// false or numbers as YAML 1.2 says; quoted ones stay text.
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <regex>

namespace {

using Json = nlohmann::ordered_json;

Json scalar(const YAML::Node& node) {
  static const std::regex integer("[-+]?[0-9]+"), number("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  const std::string text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text == "true" || text == "false") return text == "true";
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  if (std::regex_match(text, integer)) return std::stoll(text);
  if (std::regex_match(text, number)) return std::stod(text);
  return text;
}

Json json_of(const YAML::Node& node) {
  if (node.IsScalar()) return scalar(node);
  if (node.IsSequence()) {
    Json array = Json::array();
    for (const YAML::Node& item : node) array.push_back(json_of(item));
    return array;
  }
  if (!node.IsMap()) return nullptr;
  Json object = Json::object();
  for (const auto& member : node) object[member.first.Scalar()] = json_of(member.second);
  return object;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "Use: yaml_to_json DOCUMENT.yaml SOURCE.cpp\n";
    return 2;
  }
  const std::string json = json_of(YAML::LoadFile(argv[1])).dump();
  std::ofstream source(argv[2]);
  source << "#include \"hil/api/service/operations.h\"\n\nnamespace packbench::hil::api {\n\n"
         << "std::string_view openapi_json() {\n  return R\"openapi(" << json << ")openapi\";\n}\n\n"
         << "}  // namespace packbench::hil::api\n";
  return source.flush() ? 0 : 1;
}
