// Each row of the catalogue that is a sensor's: what it does to the reading, and that it leaves the others alone.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "rig.h"
#include "sim/plant/sensing.h"
#include "sim/plant/thermistor.h"

namespace packbench::sim {
namespace {

constexpr double kCellStep_V = 154e-6 + 1e-4;  // converter and wire
constexpr double kVoltStep_V = 1e-3 + 1e-4;
constexpr double kCurrentStep_A = 2e-3;
constexpr double kTemperatureStep_K = 2e-3;

FaultSpec fault(const char* channel, std::optional<int> index, const char* kind, double value = 0) {
  FaultSpec spec;
  spec.target = FaultTarget::sensor;
  spec.channel = channel;
  spec.index = index;
  spec.kind = kind;
  spec.value = value;
  return spec;
}

// Two benches with the same seed, one of them with faults: the difference is the fault.
class SensorFault : public testing::Test {
 protected:
  SensorFault() : healthy_(scenario_, 3), faulty_(scenario_, 3), clean_(layout_), hurt_(layout_) {
    for (Frame* frame : {&clean_, &hurt_}) {
      for (int i = 0; i < test::kCells; ++i)
        frame->array(Signal::truth_cell_voltage)[static_cast<std::size_t>(i)] = 2.1 + 0.05 * i;
      for (double& value : frame->array(Signal::truth_cell_temperature)) value = 25.0;
      (*frame)[Signal::truth_pack_voltage] = 8.7;
      (*frame)[Signal::truth_bus_voltage] = 8.7;
      (*frame)[Signal::truth_pack_current] = -50.0;
    }
  }
  void step() {
    healthy_.sample(now_, {}, clean_);
    faulty_.sample(now_, {}, hurt_);
    now_ += 100 * kMillisecond;
  }
  double change(Signal signal, std::size_t element = 0) {
    return hurt_.array(signal)[element] - clean_.array(signal)[element];
  }
  double reading(Signal signal, std::size_t element = 0) { return hurt_.array(signal)[element]; }
  void expect_others_unchanged(Signal signal, std::size_t but) {
    for (std::size_t i = 0; i < hurt_.array(signal).size(); ++i) {
      if (i != but) {
        EXPECT_EQ(change(signal, i), 0.0) << i;
      }
    }
  }

  Scenario scenario_ = test::scenario();
  SignalLayout layout_ = test::layout_of(scenario_);
  Sensing healthy_, faulty_;
  Frame clean_, hurt_;
  TimeNs now_ = 0;
};

TEST_F(SensorFault, OffsetOfOneCell) {
  const FaultSpec spec = fault("cell_voltage", 2, "offset", 0.020);
  faulty_.activate(spec, true);
  step();
  EXPECT_NEAR(change(Signal::sensed_cell_voltage, 2), 0.020, kCellStep_V);
  expect_others_unchanged(Signal::sensed_cell_voltage, 2);
  faulty_.activate(spec, false);
  step();
  EXPECT_EQ(change(Signal::sensed_cell_voltage, 2), 0.0);
}

TEST_F(SensorFault, WithoutIndexActsOnAllElements) {
  const FaultSpec spec = fault("cell_voltage", std::nullopt, "offset", -0.1);
  faulty_.activate(spec, true);
  step();
  for (std::size_t i = 0; i < test::kCells; ++i) EXPECT_NEAR(change(Signal::sensed_cell_voltage, i), -0.1, kCellStep_V);
}

TEST_F(SensorFault, GainOfOneCell) {
  const FaultSpec spec = fault("cell_voltage", 0, "gain", 0.01);
  faulty_.activate(spec, true);
  step();
  EXPECT_NEAR(change(Signal::sensed_cell_voltage, 0), 0.01 * 2.1, kCellStep_V + 0.01 * 0.005);
}

TEST_F(SensorFault, DriftGrowsFromTheStartOfTheFault) {
  step();
  const FaultSpec spec = fault("cell_voltage", 1, "drift", 0.1);  // V/s
  faulty_.activate(spec, true);
  for (int i = 0; i <= 10; ++i) {
    step();
    EXPECT_NEAR(change(Signal::sensed_cell_voltage, 1), 0.01 * i, kCellStep_V);
  }
}

TEST_F(SensorFault, StuckReadsItsValue) {
  const FaultSpec spec = fault("cell_voltage", 1, "stuck", 3.123);
  faulty_.activate(spec, true);
  step();
  EXPECT_EQ(reading(Signal::sensed_cell_voltage, 1), 3.123);
}

TEST_F(SensorFault, FrozenKeepsTheLastReadingOfEachElement) {
  step();
  const std::vector<double> before(hurt_.array(Signal::sensed_cell_voltage).begin(),
                                   hurt_.array(Signal::sensed_cell_voltage).end());
  const FaultSpec spec = fault("cell_voltage", std::nullopt, "frozen");
  faulty_.activate(spec, true);
  for (double& value : hurt_.array(Signal::truth_cell_voltage)) value += 0.5;
  for (int i = 0; i < 3; ++i) {
    step();
    EXPECT_TRUE(std::ranges::equal(hurt_.array(Signal::sensed_cell_voltage), before));
  }
}

TEST_F(SensorFault, FrozenFromTheFirstSampleKeepsThatOne) {
  const FaultSpec spec = fault("pack_current", std::nullopt, "frozen");
  faulty_.activate(spec, true);
  step();
  const double first = reading(Signal::sensed_pack_current);
  step();
  EXPECT_EQ(reading(Signal::sensed_pack_current), first);
}

TEST_F(SensorFault, SpikeLastsOneSample) {
  const FaultSpec spec = fault("cell_voltage", 3, "spike", 3.8);
  faulty_.activate(spec, true);
  step();
  EXPECT_EQ(reading(Signal::sensed_cell_voltage, 3), 3.8);
  for (int i = 0; i < 5; ++i) {
    step();
    EXPECT_EQ(change(Signal::sensed_cell_voltage, 3), 0.0);
  }
}

TEST_F(SensorFault, NoiseHasItsSigma) {
  const FaultSpec spec = fault("cell_voltage", 0, "noise", 0.05);
  faulty_.activate(spec, true);
  double square = 0;
  constexpr int kMany = 5000;
  for (int i = 0; i < kMany; ++i) {
    step();
    square += change(Signal::sensed_cell_voltage, 0) * change(Signal::sensed_cell_voltage, 0);
  }
  EXPECT_NEAR(square / kMany, 0.0025, 0.0025 * 5 * std::sqrt(2.0 / kMany));
  expect_others_unchanged(Signal::sensed_cell_voltage, 0);
}

TEST_F(SensorFault, OpenWireReadsZeroAndTheCellAboveReadsBoth) {
  const FaultSpec spec = fault("cell_voltage", 1, "open_wire");
  faulty_.activate(spec, true);
  step();
  EXPECT_EQ(reading(Signal::sensed_cell_voltage, 1), 0.0);
  EXPECT_NEAR(reading(Signal::sensed_cell_voltage, 2), 2.15 + 2.20, 0.01);
  EXPECT_EQ(change(Signal::sensed_cell_voltage, 0), 0.0);
  EXPECT_EQ(change(Signal::sensed_cell_voltage, 3), 0.0);
}

TEST_F(SensorFault, OpenWireAtTheTopHasNoCellAbove) {
  const FaultSpec spec = fault("cell_voltage", 3, "open_wire");
  faulty_.activate(spec, true);
  step();
  EXPECT_EQ(reading(Signal::sensed_cell_voltage, 3), 0.0);
  expect_others_unchanged(Signal::sensed_cell_voltage, 3);
}

TEST_F(SensorFault, DropoutGivesNoReading) {
  const std::vector<std::pair<const char*, Signal>> channels{{"cell_voltage", Signal::sensed_cell_voltage},
                                                             {"pack_current", Signal::sensed_pack_current},
                                                             {"temperature", Signal::sensed_temperature},
                                                             {"pack_voltage", Signal::sensed_pack_voltage},
                                                             {"bus_voltage", Signal::sensed_bus_voltage}};
  for (const auto& [channel, signal] : channels) {
    const FaultSpec spec = fault(channel, std::nullopt, "dropout");
    faulty_.activate(spec, true);
    step();
    for (const double value : hurt_.array(signal)) EXPECT_TRUE(std::isnan(value)) << channel;
    faulty_.activate(spec, false);
    step();
    for (std::size_t i = 0; i < hurt_.array(signal).size(); ++i) EXPECT_EQ(change(signal, i), 0.0) << channel;
  }
}

TEST_F(SensorFault, CurrentOffsetGainStuckAndReversed) {
  const FaultSpec offset = fault("pack_current", std::nullopt, "offset", 5),
                  gain = fault("pack_current", std::nullopt, "gain", -0.1),
                  stuck = fault("pack_current", std::nullopt, "stuck", 0),
                  reversed = fault("pack_current", std::nullopt, "reversed");
  faulty_.activate(offset, true);
  step();
  EXPECT_NEAR(change(Signal::sensed_pack_current), 5.0, kCurrentStep_A);
  faulty_.activate(offset, false);
  faulty_.activate(gain, true);
  step();
  EXPECT_NEAR(change(Signal::sensed_pack_current), 5.0, 0.1 * 0.5 + kCurrentStep_A);
  faulty_.activate(gain, false);
  faulty_.activate(reversed, true);
  step();
  EXPECT_NEAR(reading(Signal::sensed_pack_current), -clean_[Signal::sensed_pack_current], kCurrentStep_A);
  faulty_.activate(reversed, false);
  faulty_.activate(stuck, true);
  step();
  EXPECT_EQ(reading(Signal::sensed_pack_current), 0.0);
}

TEST_F(SensorFault, OpenAndShortedThermistorsAreToldApart) {
  const FaultSpec open = fault("temperature", 0, "ntc_open"), shorted = fault("temperature", 1, "ntc_short");
  faulty_.activate(open, true);
  faulty_.activate(shorted, true);
  step();
  EXPECT_LT(reading(Signal::sensed_temperature, 0), -40.0);
  EXPECT_GT(reading(Signal::sensed_temperature, 1), 120.0);
  EXPECT_EQ(change(Signal::sensed_temperature, 2), 0.0);
}

TEST_F(SensorFault, TemperatureOffsetStuckAndFrozen) {
  const FaultSpec offset = fault("temperature", 2, "offset", 10), stuck = fault("temperature", 3, "stuck", 70);
  faulty_.activate(offset, true);
  faulty_.activate(stuck, true);
  step();
  EXPECT_NEAR(change(Signal::sensed_temperature, 2), 10.0, kTemperatureStep_K);
  EXPECT_EQ(reading(Signal::sensed_temperature, 3), 70.0);
  const FaultSpec frozen = fault("temperature", 0, "frozen");
  const double before = reading(Signal::sensed_temperature, 0);
  faulty_.activate(frozen, true);
  step();
  EXPECT_EQ(reading(Signal::sensed_temperature, 0), before);
}

TEST_F(SensorFault, PackAndBusOffsetAndGain) {
  for (const auto& [channel, signal] :
       {std::pair{"pack_voltage", Signal::sensed_pack_voltage}, {"bus_voltage", Signal::sensed_bus_voltage}}) {
    const FaultSpec offset = fault(channel, std::nullopt, "offset", -3.0),
                    gain = fault(channel, std::nullopt, "gain", -0.1);
    faulty_.activate(offset, true);
    step();
    EXPECT_NEAR(change(signal), -3.0, kVoltStep_V);
    faulty_.activate(offset, false);
    faulty_.activate(gain, true);
    step();
    EXPECT_NEAR(change(signal), -0.87, kVoltStep_V + 0.1 * 0.06);
    faulty_.activate(gain, false);
  }
}

TEST_F(SensorFault, FaultsOfOneChannelAddUp) {
  const FaultSpec first = fault("cell_voltage", 0, "offset", 0.02), second = fault("cell_voltage", 0, "offset", 0.03);
  faulty_.activate(first, true);
  faulty_.activate(second, true);
  step();
  EXPECT_NEAR(change(Signal::sensed_cell_voltage, 0), 0.05, kCellStep_V);
}

TEST_F(SensorFault, EverySensorRowOfTheCatalogueIsAccepted) {
  for (const FaultKind& row : fault_catalogue()) {
    if (row.target != FaultTarget::sensor) continue;
    const FaultSpec spec = fault(std::string(row.channel).c_str(), std::nullopt, std::string(row.kind).c_str(), 0.1);
    EXPECT_NO_THROW(faulty_.activate(spec, true)) << row.channel << " " << row.kind;
    step();
    faulty_.activate(spec, false);
  }
}

TEST_F(SensorFault, UnknownFaultIsRefusedInWords) {
  const FaultSpec spec = fault("pack_current", std::nullopt, "open_wire");
  try {
    faulty_.activate(spec, true);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "'pack_current open_wire' is not a fault of a sensor.");
  }
}

}  // namespace
}  // namespace packbench::sim
