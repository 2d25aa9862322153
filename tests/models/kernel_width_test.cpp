// Every width of vector that this machine has ends in the bits of one cell at a time.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "cells.h"
#include "models/kernel.h"
#include "models/random.h"

namespace packbench::models {
namespace {

using test::constant_ohm;
using test::sony_cell;

constexpr int kPad = kWidestKernel + 2;

// The arrays of a kernel's cells, at random: SOC and temperatures far beyond the tables, shorts, dead heaters, cells of
// a tenth of their capacity.
struct RandomCells {
  static constexpr int kArrays = 20;
  std::vector<std::vector<double>> arrays;
  int cells, members;

  RandomCells(Stream& stream, int packs, int positions, int parallel)
      : cells(packs * positions * parallel), members(parallel) {
    arrays.assign(kArrays, std::vector<double>(static_cast<std::size_t>(cells + kPad), 0.0));
    fill(0, stream, -0.2, 1.3);
    for (std::size_t i : {1, 2, 3}) fill(i, stream, -0.1, 0.1);
    fill(4, stream, -1, 1);
    for (std::size_t i : {5, 6}) fill(i, stream, -60, 150);
    fill(7, stream, -5, 50);
    fill(8, stream, 10, 110);
    fill(9, stream, 0.5, 3);
    fill(10, stream, 0, 20);
    fill(11, stream, 0, 1e-3);
    fill(12, stream, -5, 20);
    fill(13, stream, 0, 1);
    fill(15, stream, 0, 0.03);
    fill(16, stream, 0.5, 0.5);
    const int pack_size = positions * parallel;
    for (int p = 0; p < packs; ++p) {
      const double current_A = p % 3 == 0 ? 0.0 : stream.uniform(-400, 400);
      for (int k = 0; k < pack_size; ++k) arrays[14][static_cast<std::size_t>(p * pack_size + k)] = current_A;
      arrays[16][static_cast<std::size_t>(p * pack_size)] = 0.0;
    }
    arrays[16][static_cast<std::size_t>(cells)] = 0.0;
  }

  void fill(std::size_t array, Stream& stream, double low, double high) {
    for (int k = 0; k < cells; ++k) arrays[array][static_cast<std::size_t>(k)] = stream.uniform(low, high);
  }

  KernelCells view(const NodeGrid& grid) {
    const auto at = [&](std::size_t i) { return arrays[i].data(); };
    return {cells,
            members,
            at(0),
            {at(1), at(2), at(3)},
            at(4),
            at(5),
            at(6),
            at(7),
            at(8),
            at(9),
            at(10),
            at(11),
            at(12),
            at(13),
            at(14),
            at(15),
            at(16),
            at(17),
            at(18),
            at(19),
            electrode_A.data(),
            grid,
            17.0,
            31.0};
  }
  std::vector<double> electrode_A = std::vector<double>(static_cast<std::size_t>(cells + kPad), 0.0);

  // What a sub-step leaves: the state of each cell, its heat and its current.
  std::vector<double> results() const {
    std::vector<double> all(electrode_A.begin(), electrode_A.begin() + cells);
    for (std::size_t i = 0; i < 8; ++i) all.insert(all.end(), arrays[i].begin(), arrays[i].begin() + cells);
    return all;
  }
};

CellParameters cell_of(int pairs, bool rated) {
  CellParameters cell = sony_cell();
  if (pairs < 2) cell.pairs.resize(static_cast<std::size_t>(pairs));
  if (pairs > 2) cell.pairs.push_back({constant_ohm(0.3e-3), 2000});
  if (rated) {
    cell.rate_soc = {0, 1};
    cell.rate_degC = {-20, 25, 60};
    cell.rate = {0.2, 1, 4, 0.3, 1.2, 6};
  }
  cell.coulomb_efficiency = 0.99;
  return cell;
}

struct Shape {
  int packs, positions, parallel;
};

class EveryWidth : public testing::TestWithParam<Shape> {};

TEST_P(EveryWidth, EndsInTheBitsOfOneCellAtATime) {
  const Kernel* kernels[4];
  const int count = runnable_kernels(kernels);
  ASSERT_GE(count, 2);
  const Shape shape = GetParam();
  Stream stream(11, "widths");
  for (const int pairs : {0, 1, 2, 3}) {
    for (const bool rated : {false, true}) {
      const CellParameters cell = cell_of(pairs, rated);
      const NodeTable table(cell);
      const StepPlan plan(cell, heat_flow(cell, 0.3, 0.4, 0.5), stream.uniform(0.001, 1.0));
      const RandomCells start(stream, shape.packs, shape.positions, shape.parallel);
      std::vector<double> scalar;
      for (int i = 0; i < count; ++i) {
        RandomCells cells = start;
        for (int n = 0; n < 3; ++n) kernels[i]->advance(cells.view(table.grid()), plan);
        const std::vector<double> results = cells.results();
        if (i == 0) scalar = results;
        for (std::size_t k = 0; k < results.size(); ++k) {
          ASSERT_EQ(std::bit_cast<std::uint64_t>(results[k]), std::bit_cast<std::uint64_t>(scalar[k]))
              << kernels[i]->name << ", " << pairs << " pairs, cell " << k % static_cast<std::size_t>(start.cells);
        }
        for (const double value : results) ASSERT_TRUE(std::isfinite(value)) << kernels[i]->name;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernel, EveryWidth,
                         testing::Values(Shape{1, 1, 1}, Shape{1, 15, 1}, Shape{3, 7, 1}, Shape{30, 16, 1},
                                         Shape{2, 5, 2}, Shape{1, 3, 100}, Shape{4, 15, 3}),
                         [](const auto& each) {
                           const Shape& s = each.param;
                           return std::to_string(s.packs) + "PacksOf" + std::to_string(s.positions) + "S" +
                                  std::to_string(s.parallel) + "P";
                         });

// A cell whose numbers are lost (not a number) leaves the packs beside its own alone.
TEST(Kernel, KeepsALostPackToItself) {
  const CellParameters cell = cell_of(2, false);
  const NodeTable table(cell);
  const StepPlan plan(cell, heat_flow(cell, 0.3, 0.0, 0.5), 1.0);
  Stream stream(3, "lost");
  const RandomCells start(stream, 3, 5, 1);
  const Kernel* kernels[4];
  for (int i = 0, count = runnable_kernels(kernels); i < count; ++i) {
    RandomCells healthy = start, lost = start;
    lost.arrays[6][9] = NAN;  // the last cell of the second pack
    for (RandomCells* cells : {&healthy, &lost}) kernels[i]->advance(cells->view(table.grid()), plan);
    for (std::size_t array : {5, 6}) {
      for (std::size_t k : {0, 4, 10, 14}) EXPECT_EQ(healthy.arrays[array][k], lost.arrays[array][k]);
    }
    EXPECT_TRUE(std::isnan(lost.arrays[6][9]));
  }
}

TEST(Kernel, SeesOneCellThatWouldMoveTooFarAmongMany) {
  const NodeTable table(sony_cell());
  const StepLimits limits{5.0, 0.03, 1.0, 100.0};  // an ampere per ampere-hour
  Stream stream(5, "far");
  const Kernel* kernels[4];
  for (int i = 0, count = runnable_kernels(kernels); i < count; ++i) {
    for (const std::size_t which : {0u, 7u, 14u}) {
      RandomCells cells(stream, 1, 15, 1);
      std::fill(cells.arrays[10].begin(), cells.arrays[10].end(), 0.0);
      std::fill(cells.arrays[14].begin(), cells.arrays[14].end(), 5.0);
      EXPECT_FALSE(kernels[i]->moves_too_far(cells.view(table.grid()), limits));
      cells.arrays[8][which] = 5.0;
      EXPECT_TRUE(kernels[i]->moves_too_far(cells.view(table.grid()), limits)) << kernels[i]->name;
      cells.arrays[8][which] = 100.0;
      cells.arrays[7][which] = -101.0;
      EXPECT_TRUE(kernels[i]->moves_too_far(cells.view(table.grid()), limits)) << kernels[i]->name;
    }
  }
}

}  // namespace
}  // namespace packbench::models
