#include "sim/language/value_types.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace packbench::sim {
namespace {

constexpr double kLongest_s = 3.2e8;  // ten years

std::string range_words(const Amount& amount) {
  const bool below = std::isfinite(amount.least), above = std::isfinite(amount.most);
  const bool percent = amount.example.ends_with('%');
  const auto shown = [&](double v) {
    return percent ? quantity_text({v * 100, Dimension::one}) + " %" : quantity_text({v, amount.dimension});
  };
  const std::string least = shown(amount.least), most = shown(amount.most);
  if (amount.above_least) return "more than " + least + (above ? " and at most " + most : "");
  if (below && above) return least + " to " + most;
  return below ? "at least " + least : "at most " + most;
}

}  // namespace

nlohmann::json Text::schema() const { return {{"type", "string"}, {"minLength", 1}}; }

std::optional<std::string> Text::read(const Value& value) const {
  if (value.is(YamlNode::Kind::scalar) && !value.node().text.empty()) return value.node().text;
  value.wrong_type(meaning);
  return std::nullopt;
}

nlohmann::json Texts::schema() const {
  const nlohmann::json one = {{"type", "string"}, {"minLength", 1}};
  return {{"oneOf", {one, {{"type", "array"}, {"items", one}}}}};
}

std::optional<std::vector<std::string>> Texts::read(const Value& value) const {
  const Text text{meaning};
  if (!value.is(YamlNode::Kind::list)) {
    const auto one = text.read(value);
    return one ? std::optional(std::vector<std::string>{*one}) : std::nullopt;
  }
  return ListOf<Text>{text}.read(value);
}

std::optional<Quantity> read_quantity(const Value& value, const std::vector<Dimension>& dimensions,
                                      const std::string& wanted) {
  if (!value.is(YamlNode::Kind::scalar)) {
    value.wrong_type(wanted);
    return std::nullopt;
  }
  const auto parsed = parse_quantity(value.node().text);
  if (const auto* sentence = std::get_if<std::string>(&parsed)) {
    const std::size_t end = std::min(sentence->find(" (expected"), sentence->size());
    value.problem(sentence->substr(0, end), "expected " + wanted);
    return std::nullopt;
  }
  const Quantity quantity = std::get<Quantity>(parsed);
  if (std::ranges::find(dimensions, quantity.dimension) != dimensions.end()) return quantity;
  value.problem(value.shown() + " is " + std::string(dimension_name(quantity.dimension)), "expected " + wanted);
  return std::nullopt;
}

nlohmann::json quantity_schema(const std::vector<Dimension>& dimensions) {
  std::string units;
  bool bare = false;
  for (Dimension dimension : dimensions) {
    bare = bare || dimension == Dimension::one;
    const std::string known = dimension == Dimension::one ? "%" : known_units(dimension);
    for (std::size_t from = 0; from < known.size();) {
      const std::size_t comma = std::min(known.find(", ", from), known.size());
      units += (units.empty() ? "" : "|") + known.substr(from, comma - from);
      from = comma + 2;
    }
  }
  const std::string number = "^\\s*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?\\s*";
  const nlohmann::json text = {{"type", "string"},
                               {"pattern", number + "(" + units + ")" + (bare ? "?" : "") + "\\s*$"}};
  if (!bare) return text;
  return {{"oneOf", {text, {{"type", "number"}}}}};
}

std::string Amount::words() const { return std::string(dimension_name(dimension)) + ", such as " + example; }

nlohmann::json Amount::schema() const { return quantity_schema({dimension}); }

std::optional<double> Amount::read(const Value& value) const {
  const auto quantity = read_quantity(value, {dimension}, words());
  if (!quantity) return std::nullopt;
  const double v = quantity->value;
  if (v >= least && v <= most && !(above_least && v == least)) return v;
  value.problem(value.shown() + " is out of range", "expected " + range_words(*this));
  return std::nullopt;
}

Amount voltage(double least, double most) { return {Dimension::voltage, "3.65 V", least, most}; }
Amount current() { return {Dimension::current, "50 A", -1e5, 1e5}; }
Amount magnitude_A() { return {Dimension::current, "50 A", 0, 1e5, true}; }
Amount share(double least, double most) { return {Dimension::one, "80 %", least, most}; }
Amount number(double least, double most, std::string example) {
  return {Dimension::one, std::move(example), least, most};
}
Amount temperature() { return {Dimension::temperature, "25 degC", -80, 250}; }
Amount seconds(double least, double most) { return {Dimension::time, "2 s", least, most}; }

TimeNs to_ns(double time_s) { return std::llround(time_s * 1e9); }

std::string time_text(TimeNs time) { return quantity_text({static_cast<double>(time) / 1e9, Dimension::time}); }

nlohmann::json Duration::schema() const { return quantity_schema({Dimension::time}); }

std::optional<TimeNs> Duration::read(const Value& value) const {
  Amount amount = seconds(0, kLongest_s);
  amount.above_least = !zero_allowed;
  const auto time_s = amount.read(value);
  return time_s ? std::optional(to_ns(*time_s)) : std::nullopt;
}

nlohmann::json CurrentOrRate::schema() const { return quantity_schema({Dimension::current, Dimension::c_rate}); }

std::optional<double> CurrentOrRate::read(const Value& value) const {
  const auto quantity = read_quantity(value, {Dimension::current, Dimension::c_rate}, words());
  if (!quantity) return std::nullopt;
  if (!(quantity->value > 0 && quantity->value < 1e5)) {
    value.problem(value.shown() + " is out of range", "expected " + words());
    return std::nullopt;
  }
  if (quantity->dimension == Dimension::current) return quantity->value;
  // Without a capacity the pack profile could not be read, which has its own problem.
  return quantity->value * value.context().capacity_Ah.value_or(1);
}

std::string Integer::words() const {
  if (most == std::numeric_limits<std::int64_t>::max()) return "a whole number from " + std::to_string(least);
  return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
}

nlohmann::json Integer::schema() const {
  nlohmann::json out = {{"type", "integer"}, {"minimum", least}};
  if (most != std::numeric_limits<std::int64_t>::max()) out["maximum"] = most;
  return out;
}

std::optional<std::int64_t> Integer::read(const Value& value) const {
  std::int64_t number = 0;
  const std::string& text = value.node().text;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = value.is(YamlNode::Kind::scalar) && error == std::errc() && end == text.data() + text.size();
  if (is_number && number >= least && number <= most) return number;
  value.wrong_type(words());
  return std::nullopt;
}

std::optional<bool> Flag::read(const Value& value) const {
  return Choice<bool>{{{"true", true}, {"false", false}}}.read(value);
}

std::optional<Expression> Formula::read(const Value& value) const {
  const auto text = Text{words()}.read(value);
  if (!text || !value.context().symbols) return std::nullopt;  // without profiles there is a problem already
  auto parsed = parse_formula(*text, *value.context().symbols);
  if (auto* expression = std::get_if<Expression>(&parsed)) {
    if (!expression->names_a_signal())
      value.problem("the formula '" + *text + "' names no signal", "expected one, such as truth.pack_current");
    return std::move(*expression);
  }
  for (const ExpressionError& error : std::get<std::vector<ExpressionError>>(parsed)) {
    Mark mark = value.mark();
    std::string where;
    if (value.node().text_column > 0)
      mark.column = value.node().text_column + error.column - 1;
    else
      where = " at character " + std::to_string(error.column) + " of the formula";
    value.problem_at(mark, error.what + where, error.expected);
  }
  return std::nullopt;
}

}  // namespace packbench::sim
