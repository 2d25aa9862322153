#include "sim/fault_catalogue.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "sim/plant/cell_faults.h"

namespace packbench::sim {
namespace {

TEST(FaultCatalogue, EveryRowIsFoundByItsNamesAndOnlyOnce) {
  std::set<std::string> names;
  for (const FaultKind& row : fault_catalogue()) {
    EXPECT_EQ(find_fault(row.target, row.channel, row.kind), &row);
    const std::string name =
        std::string(target_name(row.target)) + " " + std::string(row.channel) + " " + std::string(row.kind);
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(FaultCatalogue, UnknownNamesAreNotFound) {
  EXPECT_EQ(find_fault(FaultTarget::sensor, "cell_voltage", "weld"), nullptr);
  EXPECT_EQ(find_fault(FaultTarget::line, "cell_voltage", "offset"), nullptr);
  EXPECT_EQ(find_fault(FaultTarget::actuator, "precharge", "feedback_stuck_open"), nullptr)
      << "it has no auxiliary contact";
}

TEST(FaultCatalogue, RowsWithoutValueHaveNoDimension) {
  for (const FaultKind& row : fault_catalogue()) {
    if (row.value != FaultValue::none) continue;
    EXPECT_EQ(row.dimension, Dimension::one) << row.channel << " " << row.kind;
  }
}

TEST(FaultCatalogue, EveryFaultOfACellIsKnownToThePlantAndBounded) {
  int kinds = 0;
  for (const FaultKind& row : fault_catalogue()) {
    if (row.target != FaultTarget::plant || row.channel != "cell") continue;
    ++kinds;
    EXPECT_TRUE(cell_fault(row.kind)) << row.kind;
    EXPECT_TRUE(std::isfinite(row.least) && std::isfinite(row.most)) << row.kind;
  }
  EXPECT_EQ(kinds, 7);
}

TEST(FaultCatalogue, DescriptionsAreThere) {
  for (const FaultKind& row : fault_catalogue())
    EXPECT_GT(row.description.size(), 10u) << row.channel << " " << row.kind;
}

}  // namespace
}  // namespace packbench::sim
