// JSON from and to plain structs whose members are listed once by an overload of
//   template <class Fields> void list(Fields& fields, Struct& value) { fields("name", value.name); ... }
// found by the writer and the reader below. Reading wants exactly the listed keys.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace packbench::fmi {

using Json = nlohmann::ordered_json;

class JsonWriter {
 public:
  template <class Value>
  void operator()(const char* name, Value& value) {
    json_[name] = to_json(value);
  }
  Json take() { return std::move(json_); }

  template <class Value>
  static Json to_json(Value& value) {
    if constexpr (std::is_arithmetic_v<Value> || std::is_same_v<Value, std::string>) {
      return value;
    } else {
      JsonWriter writer;
      list(writer, value);
      return writer.take();
    }
  }
  template <class Value>
  static Json to_json(std::vector<Value>& values) {
    Json array = Json::array();
    for (Value& value : values) array.push_back(to_json(value));
    return array;
  }
  template <class Value>
  static Json to_json(std::optional<Value>& value) {
    return value ? to_json(*value) : Json();
  }

 private:
  Json json_ = Json::object();
};

class JsonReader {
 public:
  JsonReader(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
    if (!json.is_object()) throw std::invalid_argument(path_ + " is not an object");
  }

  template <class Value>
  void operator()(const char* name, Value& value) {
    const std::string path = path_ + "." + name;
    const auto found = json_.find(name);
    if (found == json_.end()) throw std::invalid_argument(path + " is missing");
    ++read_;
    from_json(*found, path, value);
  }
  // After all members: nothing may be left.
  void finish() const {
    if (read_ != json_.size()) throw std::invalid_argument(path_ + " has members that are not known");
  }

  template <class Value>
  static void from_json(const Json& json, const std::string& path, Value& value) {
    if constexpr (std::is_arithmetic_v<Value>) {
      if (!json.is_number()) throw std::invalid_argument(path + " is not a number");
      value = json.get<Value>();
    } else if constexpr (std::is_same_v<Value, std::string>) {
      if (!json.is_string()) throw std::invalid_argument(path + " is not a text");
      value = json.get<std::string>();
    } else {
      JsonReader reader(json, path);
      list(reader, value);
      reader.finish();
    }
  }
  template <class Value>
  static void from_json(const Json& json, const std::string& path, std::vector<Value>& values) {
    if (!json.is_array()) throw std::invalid_argument(path + " is not a list");
    values.resize(json.size());
    for (std::size_t i = 0; i < values.size(); ++i) from_json(json[i], path + "[" + std::to_string(i) + "]", values[i]);
  }
  template <class Value>
  static void from_json(const Json& json, const std::string& path, std::optional<Value>& value) {
    value.reset();
    if (!json.is_null()) from_json(json, path, value.emplace());
  }

 private:
  const Json& json_;
  std::string path_;
  std::size_t read_ = 0;
};

}  // namespace packbench::fmi
