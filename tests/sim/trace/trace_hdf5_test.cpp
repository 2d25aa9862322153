// The trace file read back with the HDF5 C library.
#include <gmock/gmock.h>
#include <hdf5.h>

#include "tests/sim/trace/example_trace.h"

namespace packbench::sim {
namespace {

class TraceHdf5 : public testing::Test {
 protected:
  void write(int rows, const SignalLayout& layout) {
    Trace trace(layout, folder_.path(), "run", {"a scenario", "native:", {{"epoch", "2025-01-01T00:00:00Z"}}});
    test::append_example(trace, layout, rows);
    trace.finish();
    hash_ = trace.hash();
    file_ = H5Fopen(trace.h5_file().c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    ASSERT_GE(file_, 0);
  }
  void TearDown() override {
    if (file_ >= 0) H5Fclose(file_);
  }

  std::vector<hsize_t> shape(const std::string& name) const {
    const hid_t set = H5Dopen2(file_, name.c_str(), H5P_DEFAULT);
    const hid_t space = H5Dget_space(set);
    std::vector<hsize_t> size(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, size.data(), nullptr);
    H5Sclose(space);
    H5Dclose(set);
    return size;
  }
  std::vector<double> values(const std::string& name) const {
    std::size_t count = 1;
    for (const hsize_t n : shape(name)) count *= n;
    std::vector<double> result(count);
    const hid_t set = H5Dopen2(file_, name.c_str(), H5P_DEFAULT);
    H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, result.data());
    H5Dclose(set);
    return result;
  }
  // Fixed-length texts, joined by commas.
  std::string attribute(const std::string& object, const std::string& name) const {
    const hid_t id = H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    if (id < 0) return "none";
    const hid_t type = H5Aget_type(id), space = H5Aget_space(id);
    const std::size_t length = H5Tget_size(type), count = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
    std::string raw(length * count, '\0');
    H5Aread(id, type, raw.data());
    std::string joined;
    for (std::size_t i = 0; i < count; ++i)
      joined += (i > 0 ? "," : "") + std::string(raw.substr(i * length, length).c_str());
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(id);
    return joined;
  }

  test::TemporaryFolder folder_;
  hid_t file_ = -1;
  std::string hash_;
};

TEST_F(TraceHdf5, HoldsEverySignalAtEverySample) {
  const SignalLayout layout(15, 4);
  write(700, layout);
  ASSERT_EQ(shape("/time"), (std::vector<hsize_t>{700}));
  EXPECT_EQ(values("/time")[3], 0.3);
  for (const SignalSpec& spec : signal_table()) {
    const std::string name = "/" + std::string(group_name(spec.group)) + "/" + std::string(spec.name);
    const auto count = static_cast<std::size_t>(layout.count(spec.id));
    const auto read = values(name);
    ASSERT_EQ(read.size(), 700 * count) << name;
    for (int row = 0; row < 700; ++row) {
      const auto expected = test::example_row(layout, row);
      for (std::size_t i = 0; i < count; ++i) {
        const double value = expected[static_cast<std::size_t>(layout.offset(spec.id)) + i];
        const double got = read[static_cast<std::size_t>(row) * count + i];
        ASSERT_TRUE(got == value || (std::isnan(got) && std::isnan(value))) << name << " row " << row;
      }
    }
  }
}

TEST_F(TraceHdf5, IsNotMuchLargerThanItsNumbers) {
  const SignalLayout layout(15, 4);
  write(2560, layout);
  const double numbers = 2560.0 * (layout.size() + 1) * sizeof(double);
  EXPECT_LT(static_cast<double>(std::filesystem::file_size(folder_.path() / "run.h5")), numbers + 1e6);
}

TEST_F(TraceHdf5, ArraysHaveAColumnPerCellOrSensor) {
  write(5, SignalLayout(1, 3));
  EXPECT_EQ(shape("/truth/cell_voltage"), (std::vector<hsize_t>{5, 1}));
  EXPECT_EQ(shape("/sensed/temperature"), (std::vector<hsize_t>{5, 3}));
  EXPECT_EQ(shape("/truth/soc"), (std::vector<hsize_t>{5}));
}

TEST_F(TraceHdf5, EveryDatasetSaysUnitAndMeaning) {
  write(1, SignalLayout(15, 4));
  for (const SignalSpec& spec : signal_table()) {
    const std::string name = "/" + std::string(group_name(spec.group)) + "/" + std::string(spec.name);
    EXPECT_EQ(attribute(name, "unit"), spec.unit);
    EXPECT_EQ(attribute(name, "description"), spec.description);
  }
  EXPECT_EQ(attribute("/time", "unit"), "s");
  EXPECT_EQ(attribute("/truth/main_contactor", "words"), "open,closed");
  EXPECT_EQ(attribute("/device/faults", "kind"), "set");
  EXPECT_THAT(attribute("/device/faults", "words"), testing::StartsWith("cell_ov,cell_ov_hard,"));
  EXPECT_EQ(attribute("/truth/soc", "words"), "none");
}

TEST_F(TraceHdf5, TheRootSaysWhichRunItIs) {
  write(1, SignalLayout(15, 4));
  EXPECT_EQ(attribute("/", "scenario"), "a scenario");
  EXPECT_EQ(attribute("/", "device"), "native:");
  EXPECT_EQ(attribute("/", "epoch"), "2025-01-01T00:00:00Z");
  EXPECT_EQ(attribute("/", "trace_hash"), hash_);
}

}  // namespace
}  // namespace packbench::sim
