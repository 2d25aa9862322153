// The types of values that stand in scenarios and profiles; what a type offers is in field_table.h.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "sim/language/field_table.h"
#include "sim/quantity.h"
#include "sim/time.h"

namespace packbench::sim {

// Text that is not empty.
struct Text {
  using value_type = std::string;
  std::string meaning = "text";

  std::string words() const { return meaning; }
  nlohmann::json schema() const;
  std::optional<std::string> read(const Value& value) const;
};

// One text or a list of texts.
struct Texts {
  using value_type = std::vector<std::string>;
  std::string meaning = "text or a list of texts";

  std::string words() const { return meaning; }
  nlohmann::json schema() const;
  std::optional<std::vector<std::string>> read(const Value& value) const;
};

// A quantity of one dimension in [least, most], in SI.
struct Amount {
  using value_type = double;
  Dimension dimension = Dimension::one;
  std::string example;
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool above_least = false;  // least itself is not allowed

  std::string words() const;
  nlohmann::json schema() const;
  std::optional<double> read(const Value& value) const;
};

Amount voltage(double least = 0, double most = 1000);
Amount current();                                 // any sign
Amount magnitude_A();                             // above zero
Amount share(double least = 0, double most = 1);  // 0..1 or percent
Amount number(double least, double most, std::string example = "1.5");
Amount temperature();
Amount seconds(double least = 0, double most = 3.2e8);

// A time as integer nanoseconds.
struct Duration {
  using value_type = TimeNs;
  bool zero_allowed = false;

  std::string words() const { return "a time, such as 2 s"; }
  nlohmann::json schema() const;
  std::optional<TimeNs> read(const Value& value) const;
};

// A positive current: "50 A", or "0.5 C" for a C-rate of the pack.
struct CurrentOrRate {
  using value_type = double;
  std::string words() const { return "a positive current or C-rate, such as 50 A or 0.5 C"; }
  nlohmann::json schema() const;
  std::optional<double> read(const Value& value) const;
};

struct Integer {
  using value_type = std::int64_t;
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();

  std::string words() const;
  nlohmann::json schema() const;
  std::optional<std::int64_t> read(const Value& value) const;
};

// true or false.
struct Flag {
  using value_type = bool;
  std::string words() const { return "true or false"; }
  nlohmann::json schema() const { return {{"type", "boolean"}}; }
  std::optional<bool> read(const Value& value) const;
};

// One word of a fixed set.
template <class E>
struct Choice {
  using value_type = E;
  std::vector<std::pair<std::string, E>> choices;

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& choice : choices) out.push_back(choice.first);
    return out;
  }
  std::string words() const { return (choices.size() == 1 ? "the word " : "one of ") + joined(names()); }
  nlohmann::json schema() const { return {{"enum", names()}}; }
  std::optional<E> read(const Value& value) const {
    if (value.is(YamlNode::Kind::scalar))
      for (const auto& [name, code] : choices)
        if (name == value.node().text) return code;
    if (value.is(YamlNode::Kind::scalar))
      value.problem(value.shown() + " is not known here", expected_one_of(value.node().text, names()));
    else
      value.wrong_type(words());
    return std::nullopt;
  }
};

// A formula (sim/checks/expression.h).
struct Formula {
  using value_type = Expression;
  std::string words() const { return "a formula, such as max(sensed.cell_voltage) > 3.65 V"; }
  nlohmann::json schema() const { return {{"type", "string"}, {"minLength", 1}}; }
  std::optional<Expression> read(const Value& value) const;
};

// A mapping, read by the table that `make_table` returns. A function and not a table, so that tables can be static.
template <class T>
struct Object {
  using value_type = T;
  const FieldTable<T>& (*table)();
  T initial{};

  std::string words() const { return table().what + ", a mapping"; }
  nlohmann::json schema() const { return object_schema(table().infos(), table().schema_rules); }
  std::optional<T> read(const Value& value) const {
    T out = initial;
    read_fields(value, table(), out);
    return out;
  }
};

// A list of at least `least` items.
template <class Item>
struct ListOf {
  using value_type = std::vector<typename Item::value_type>;
  Item item;
  std::size_t least = 0;

  std::string words() const { return "a list; each item is " + item.words(); }
  nlohmann::json schema() const { return {{"type", "array"}, {"minItems", least}, {"items", item.schema()}}; }
  std::optional<value_type> read(const Value& value) const {
    if (!value.is(YamlNode::Kind::list)) {
      value.wrong_type(words());
      return std::nullopt;
    }
    const std::size_t count = value.node().items.size();
    if (count < least)
      value.problem("the list has " + std::to_string(count) + " items", "expected at least " + std::to_string(least));
    value_type out;
    for (std::size_t i = 0; i < count; ++i)
      if (auto one = item.read(value.item(i))) out.push_back(std::move(*one));
    return out;
  }
};

// The quantity that stands here, of one of the dimensions, or nothing with the problem noted.
std::optional<Quantity> read_quantity(const Value& value, const std::vector<Dimension>& dimensions,
                                      const std::string& wanted);
nlohmann::json quantity_schema(const std::vector<Dimension>& dimensions);
TimeNs to_ns(double time_s);
std::string time_text(TimeNs time);  // "0.03 s"

}  // namespace packbench::sim
