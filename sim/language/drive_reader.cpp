#include "sim/language/phase_reader.h"
#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

// One level for all, or a list with one per cell.
struct Levels {
  using value_type = std::vector<double>;
  Amount one;

  std::string words() const { return one.words() + ", or a list with one per cell"; }
  nlohmann::json schema() const {
    return {{"oneOf", {one.schema(), {{"type", "array"}, {"minItems", 1}, {"items", one.schema()}}}}};
  }
  std::optional<value_type> read(const Value& value) const {
    if (!value.is(YamlNode::Kind::list)) {
      const auto level = one.read(value);
      return level ? std::optional(value_type{*level}) : std::nullopt;
    }
    const auto& symbols = value.context().symbols;
    const std::size_t count = value.node().items.size();
    if (symbols && count != static_cast<std::size_t>(symbols->layout.cells()))
      value.problem("the list has " + std::to_string(count) + " values",
                    "expected " + std::to_string(symbols->layout.cells()) + ", one per cell of the pack");
    return ListOf<Amount>{one}.read(value);
  }
};

using Targets = std::vector<DriveTarget>;
using Quantity_ = DriveTarget::Quantity;

Field<Targets> whole(std::string key, Quantity_ quantity, Amount amount, std::string description) {
  const auto store = [quantity](Targets& targets, std::vector<double> values, const Value& value) {
    targets.push_back({quantity, std::nullopt, std::move(values), 0, value.mark()});
  };
  return field<Targets>(std::move(key), Levels{std::move(amount)}, store, std::move(description));
}

Field<Targets> of_cell(std::string key, Quantity_ quantity, Amount amount, std::string description) {
  const auto store = [quantity](Targets& targets, double level, const Value& value) {
    const auto& symbols = value.context().symbols;
    const int cell = value.index().value_or(-1);
    const int cells = symbols ? symbols->layout.cells() : kMaxCells;
    if (cell < 0 || cell >= cells)
      return value.problem("there is no cell " + std::to_string(cell + 1), "expected 1 to " + std::to_string(cells));
    targets.push_back({quantity, cell, {level}, 0, value.mark()});
  };
  return field<Targets>(std::move(key), std::move(amount), store, std::move(description));
}

Field<Targets> pack_current() {
  const auto store = [](Targets& targets, double level, const Value& value) {
    targets.push_back({Quantity_::pack_current, std::nullopt, {level}, 0, value.mark()});
  };
  return field<Targets>("pack_current", current(), store, "current into the pack, positive charges");
}

}  // namespace

const FieldTable<std::vector<DriveTarget>>& drive_fields() {
  static const FieldTable<Targets> table{
      "driven quantities",
      {whole("cell_voltage", Quantity_::cell_voltage, voltage(-5, 10), "voltage of all cells"),
       of_cell("cell_voltage[]", Quantity_::cell_voltage, voltage(-5, 10), "voltage of one cell, counted from 1"),
       whole("temperature", Quantity_::cell_temperature, temperature(), "temperature of all cells"),
       of_cell("temperature[]", Quantity_::cell_temperature, temperature(), "temperature of one cell, counted from 1"),
       pack_current()},
      [](const Value& value, Targets&) {
        if (value.node().entries.empty()) value.problem("nothing is driven", "expected at least one quantity");
      },
      {{"minProperties", 1}}};
  return table;
}

}  // namespace packbench::sim
