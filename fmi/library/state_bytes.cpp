#include "fmi/library/state_bytes.h"

#include <bit>
#include <cmath>
#include <stdexcept>

#include "fmi/member_count.h"

namespace packbench::fmi {
namespace {

constexpr char kMagic[] = "packbench-fmu-state 1\n";

static_assert(member_count<models::PackState>() == 16 && member_count<models::CellAge>() == 8,
              "models::PackState has other members than the lists below: a saved state would lose one");

// Every array of a pack's state, in the order of the bytes.
template <class Pack, class Visit>
void each_array(Pack& pack, Visit&& visit) {
  visit(pack.soc);
  for (auto& pair : pack.rc_V) visit(pair);
  for (auto* array : {&pack.hysteresis, &pack.core_degC, &pack.surface_degC, &pack.capacity_Ah, &pack.resistance_factor,
                      &pack.internal_S, &pack.grown_S, &pack.joint_ohm, &pack.heater_W, &pack.ocv_factor})
    visit(*array);
  for (auto& reaction : pack.reacted) visit(reaction);
  for (auto* array : {&pack.plated_Ah, &pack.heat_W}) visit(*array);
}

class ByteWriter {
 public:
  explicit ByteWriter(const std::string& token) {
    text(kMagic);
    text(token.c_str());
    bytes_.push_back(0);
  }
  void operator()(std::uint64_t word) {
    for (int shift = 0; shift < 64; shift += 8) bytes_.push_back(static_cast<std::uint8_t>(word >> shift));
  }
  void operator()(double number) { (*this)(std::bit_cast<std::uint64_t>(number)); }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  void text(const char* letters) {
    while (*letters != '\0') bytes_.push_back(static_cast<std::uint8_t>(*letters++));
  }
  std::vector<std::uint8_t> bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> words) : rest_(words) {}

  void operator()(std::uint64_t& word) {
    if (rest_.size() < 8) throw std::invalid_argument("the bytes of the state end too early");
    word = 0;
    for (std::size_t i = 0; i < 8; ++i) word |= static_cast<std::uint64_t>(rest_[i]) << (8 * i);
    rest_ = rest_.subspan(8);
  }
  void operator()(double& number) {
    std::uint64_t word;
    (*this)(word);
    number = std::bit_cast<double>(word);
    if (std::isnan(number)) throw std::invalid_argument("the bytes of the state hold something that is not a number");
  }
  void finish() const {
    if (!rest_.empty()) throw std::invalid_argument("the bytes of the state go on after its end");
  }

 private:
  std::span<const std::uint8_t> rest_;
};

template <class Number, class Values, class Visit>
void each(Values& values, Visit& visit) {
  for (auto& value : values) {
    Number number = static_cast<Number>(value);
    visit(number);
    value = static_cast<std::remove_reference_t<decltype(value)>>(number);
  }
}

// Writing takes a copy, so that one list of numbers serves both ways.
template <class Visit>
void each_number(State& state, Visit& visit) {
  auto mode = static_cast<std::uint64_t>(state.mode);
  visit(mode);
  if (mode > static_cast<std::uint64_t>(Mode::terminated)) throw std::invalid_argument("the state has no known mode");
  state.mode = static_cast<Mode>(mode);
  visit(state.time_s);
  visit(state.stop_time_s);
  visit(state.parameters.soc);
  visit(state.parameters.temperature_K);
  visit(state.parameters.seed);
  visit(state.inputs.pack_current_A);
  visit(state.inputs.ambient_K);
  visit(state.inputs.coolant_K);
  each<std::uint64_t>(state.inputs.bleed, visit);
  each<double>(state.inputs.external_heat_W, visit);
  each<double>(state.inputs.short_S, visit);
  each_array(state.pack, [&](Eigen::ArrayXd& array) { each<double>(array, visit); });
  for (models::CellAge& age : state.pack.age) {
    for (double* number : {&age.calendar_loss_square, &age.cycle_loss_square, &age.resistance_rise, &age.turn_soc,
                           &age.furthest_soc, &age.moved_Ah, &age.moved_A_Ah, &age.pending_s})
      visit(*number);
  }
}

}  // namespace

std::vector<std::uint8_t> state_bytes(const State& state, const std::string& token) {
  ByteWriter writer(token);
  State copy = state;
  each_number(copy, writer);
  return writer.take();
}

void read_state(std::span<const std::uint8_t> bytes, const std::string& token, State& state) {
  const std::string head = kMagic + token + '\0';
  if (bytes.size() < head.size() || !std::equal(head.begin(), head.end(), bytes.begin()))
    throw std::invalid_argument("the bytes are not a state of this FMU");
  ByteReader reader(bytes.subspan(head.size()));
  each_number(state, reader);
  reader.finish();
}

}  // namespace packbench::fmi
