// The loops of kernel.h for one width of vector. Included only by kernel_*.cpp, each of which is compiled for one
// width; neither this file nor what it includes may define a function that a linker could share between them, so
// everything here is a template over the width or always inlined (tests/models/kernel_symbols.py watches it).
#pragma once

#include "models/cell_step.h"
#include "models/kernel.h"
#include "models/lanes.h"
#include "models/parallel_group.h"

namespace packbench::models {

template <int Width>
class KernelBody {
 public:
  static void advance(const KernelCells& cells, const StepPlan& plan) {
    switch (plan.pairs) {
      case 0:
        return with_pairs<0>(cells, plan);
      case 1:
        return with_pairs<1>(cells, plan);
      case 2:
        return with_pairs<2>(cells, plan);
      default:
        return with_pairs<3>(cells, plan);
    }
  }

  static void hold(double* out, int count, double value) {
    for (int i = 0; i < count; ++i) out[i] = value;
  }
  static void hold_flags(double* out, const unsigned char* on, int count, int members, double value) {
    if (members == 1) {
      for (int i = 0; i < count; ++i) out[i] = on[i] != 0 ? value : 0.0;
    } else {
      for (int i = 0; i < count; ++i) hold(out + i * members, members, on[i] != 0 ? value : 0.0);
    }
  }

  static bool moves_too_far(const KernelCells& c, const StepLimits& limits) {
    V worst{};
    int k = 0;
    for (; k + Width <= c.cells; k += Width) worst = larger(worst, excess(c, limits, At{k, Width}));
    alignas(8 * Width) double lane[2][Width];
    store(lane[0], worst);
    if (k < c.cells) store(lane[1], excess(c, limits, At{k, c.cells - k}));
    bool far = false;
    for (int i = 0; i < Width; ++i) far |= lane[0][i] > 0.0 || (i < c.cells - k && lane[1][i] > 0.0);
    return far;
  }

 private:
  using V = typename Lanes<Width>::V;
  using I = typename Lanes<Width>::I;

  // Where a vector lies: its first cell, and how many cells are left from there on.
  struct At {
    int first, left;
    bool whole() const { return left >= Width; }
  };

  // Of an array that is not padded.
  [[gnu::always_inline]] static V read(const double* array, At at) {
    return at.whole() ? load<V>(array + at.first) : load_first<Width>(array + at.first, at.left);
  }
  [[gnu::always_inline]] static void write(double* array, At at, V v) {
    at.whole() ? store(array + at.first, v) : store_first<Width>(array + at.first, v, at.left);
  }
  // Of a padded one.
  [[gnu::always_inline]] static V padded(const double* array, At at) { return load<V>(array + at.first); }

  struct Prediction {
    V soc_per_A, mid_core_degC;
    V beyond;  // SOC 0 or 1, in steps of the grid
    V electrode_A, leak_S;
  };

  // `act` sees a constant: whole vectors first, then what is left.
  template <class Act>
  [[gnu::always_inline]] static void for_each_vector(int first, int cells, Act act) {
    int k = first;
    for (; k + Width <= first + cells; k += Width) act(At{k, Width});
    if (k < first + cells) act(At{k, first + cells - k});
  }

  template <int Pairs>
  static void with_pairs(const KernelCells& cells, const StepPlan& plan) {
    plan.rated ? with_rate<Pairs, true>(cells, plan) : with_rate<Pairs, false>(cells, plan);
  }

  // Cells are taken in tiles through short loops, so that the processor works on several vectors at once.
  struct Tile {
    alignas(64) long long offset[kKernelTile];  // of the node below, in doubles
    alignas(64) double to_warmer[kKernelTile], to_fuller[kKernelTile];
    Prediction prediction[kKernelTile / Width];
    TablePoint<V> point[kKernelTile / Width];
  };

  template <int Pairs, bool Rated>
  static void with_rate(const KernelCells& cells, const StepPlan& plan) {
    const KernelCells c = cells;  // so that no store can change it
    for_each_vector(
        0, c.cells, [&](At at) __attribute__((always_inline)) {
          store(c.surface_before_degC + 1 + at.first, read(c.surface_degC, at));
        });
    close_ends(c.surface_before_degC, c.cells);
    const int groups = kKernelTile / c.members;
    const int tile_cells = c.members * (groups > 0 ? groups : 1);
    for (int first = 0; first < c.cells; first += tile_cells) {
      const int count = tile_cells < c.cells - first ? tile_cells : c.cells - first;
      Tile tile;
      predict_tile(c, plan, first, count, tile);
      look_up_tile(c, first, count, tile);
      c.members == 1 ? advance_tile<Pairs, Rated>(c, plan, first, count, tile)
                     : advance_groups<Pairs, Rated>(c, plan, first, count, tile);
    }
    close_ends(c.surface_mid_degC, c.cells);
    for_each_vector(
        0, c.cells, [&](At at) __attribute__((always_inline)) { warm(c, plan, at); });
  }

  // Nothing flows there (left_W_per_K is 0), but what is read must be a number.
  [[gnu::always_inline]] static void close_ends(double* degC, int cells) { degC[0] = degC[1 + cells] = 0.0; }

  // Where a cell's tables are to be read: with an even share of the pack's current, and the heat of the sub-step
  // before.
  [[gnu::always_inline]] static void predict_tile(const KernelCells& c, const StepPlan& plan, int first, int count,
                                                  Tile& tile) {
    const double per_member = 1.0 / c.members;
    for_each_vector(
        first, count, [&](At at) __attribute__((always_inline)) {
          const int i = at.first - first;
          const V pack_A = padded(c.pack_A, at);
          const V even_A = pack_A * per_member;
          const V leak_S = padded(c.bleed_S, at) + read(c.internal_S, at);
          const V soc_per_A = plan.soc_Ah / read(c.capacity_Ah, at);
          const V electrode_A = even_A - leak_S * plan.nominal_V;
          const V soc = mid_soc(plan, read(c.soc, at), electrode_A, soc_per_A);
          const V surface_W = read(c.joint_ohm, at) * even_A * even_A + read(c.heater_W, at);
          store(c.surface_W + at.first, surface_W);
          const Temperatures<V> mid =
              warmed(plan.flow, plan.half, read(c.core_degC, at), read(c.surface_degC, at), read(c.heat_W, at),
                     surface_W + from_neighbours(c, c.surface_before_degC, at), c.ambient_degC, c.coolant_degC);
          store(c.surface_mid_degC + 1 + at.first, mid.surface_degC);
          const V beyond = find_nodes(soc, mid.core_degC, pack_A, tile, i);
          tile.prediction[i / Width] = {soc_per_A, mid.core_degC, beyond, electrode_A, leak_S};
        });
  }

  // A cell between the reading of its tables and the knowledge of its current.
  struct Pending {
    CellVariables<V> cell;
    V resistance_factor;
    MeanSource<V> source;
  };

  template <int Pairs, bool Rated>
  [[gnu::always_inline]] static Pending begin(const KernelCells& c, const StepPlan& plan, At at,
                                              const Prediction& prediction, const TablePoint<V>& point) {
    Pending p;
    p.cell.soc = read(c.soc, at);
    for (int k = 0; k < Pairs; ++k) p.cell.rc_V[k] = read(c.rc_V[k], at);
    p.cell.hysteresis = read(c.hysteresis, at);
    p.resistance_factor = read(c.resistance_factor, at);
    p.source = mean_source<Pairs, Rated>(plan, p.cell, point, prediction.mid_core_degC, p.resistance_factor,
                                         read(c.ocv_factor, at));
    return p;
  }

  template <int Pairs, bool Rated>
  [[gnu::always_inline]] static void finish(const KernelCells& c, const StepPlan& plan, At at, V terminal_A,
                                            const Prediction& prediction, const TablePoint<V>& point, Pending p) {
    const CircuitConditions<V> held{terminal_A, prediction.leak_S, prediction.soc_per_A, p.resistance_factor,
                                    read(c.internal_S, at)};
    const CircuitResult<V> result =
        advance_circuit<Pairs, Rated>(plan, p.cell, held, point, p.source, prediction.mid_core_degC);
    store(c.electrode_A + at.first, result.electrode_A);
    write(c.heat_W, at, result.heat_W);
    write(c.soc, at, p.cell.soc);
    for (int k = 0; k < Pairs; ++k) write(c.rc_V[k], at, p.cell.rc_V[k]);
    write(c.hysteresis, at, p.cell.hysteresis);
  }

  template <int Pairs, bool Rated>
  [[gnu::always_inline]] static void advance_tile(const KernelCells& c, const StepPlan& plan, int first, int count,
                                                  const Tile& tile) {
    for_each_vector(
        first, count, [&](At at) __attribute__((always_inline)) {
          const Prediction& prediction = tile.prediction[(at.first - first) / Width];
          const TablePoint<V>& point = tile.point[(at.first - first) / Width];
          finish<Pairs, Rated>(c, plan, at, padded(c.pack_A, at), prediction, point,
                               begin<Pairs, Rated>(c, plan, at, prediction, point));
        });
  }

  // Whole groups: their members share the pack's current.
  template <int Pairs, bool Rated>
  [[gnu::always_inline]] static void advance_groups(const KernelCells& c, const StepPlan& plan, int first, int count,
                                                    const Tile& tile) {
    Pending pending[kKernelTile / Width];
    alignas(64) double emf_V[kKernelTile], conductance_S[kKernelTile], current_A[kKernelTile];
    for_each_vector(
        first, count, [&](At at) __attribute__((always_inline)) {
          const int i = at.first - first;
          const Prediction& prediction = tile.prediction[i / Width];
          Pending p = begin<Pairs, Rated>(c, plan, at, prediction, tile.point[i / Width]);
          // The OCV follows the current that the cell will get, not the even share that its tables were read with.
          const V ohm = (0.5 * ocv_slope(c.grid, tile, i)) * read(c.ocv_factor, at) * prediction.soc_per_A;
          p.source.emf_V = p.source.emf_V - ohm * prediction.electrode_A;
          p.source.ohm = p.source.ohm + ohm;
          const V divider = 1.0 + prediction.leak_S * p.source.ohm;
          store(emf_V + i, p.source.emf_V / divider);
          store(conductance_S + i, divider / (p.source.ohm + read(c.joint_ohm, at) * divider));
          pending[i / Width] = p;
        });
    for (int i = 0; i < count; i += c.members) {
      share_current(emf_V + i, conductance_S + i, c.members, c.pack_A[first + i], current_A + i);
    }
    for_each_vector(
        first, count, [&](At at) __attribute__((always_inline)) {
          const int i = at.first - first;
          const V terminal_A = load<V>(current_A + i);
          store(c.surface_W + at.first, read(c.joint_ohm, at) * terminal_A * terminal_A + read(c.heater_W, at));
          finish<Pairs, Rated>(c, plan, at, terminal_A, tile.prediction[i / Width], tile.point[i / Width],
                               pending[i / Width]);
        });
  }

  // Heat into each surface from the two beside it. A flow that does not exist carries nothing, whatever is beyond.
  [[gnu::always_inline]] static V from_neighbours(const KernelCells& c, const double* surface_degC, At at) {
    const V own = load<V>(surface_degC + 1 + at.first);
    const V to_left = padded(c.left_W_per_K, at), to_right = load<V>(c.left_W_per_K + 1 + at.first);
    const V from_left = to_left * (load<V>(surface_degC + at.first) - own);
    const V from_right = to_right * (load<V>(surface_degC + 2 + at.first) - own);
    return select(to_left > 0.0, from_left, V()) + select(to_right > 0.0, from_right, V());
  }

  [[gnu::always_inline]] static void warm(const KernelCells& c, const StepPlan& plan, At at) {
    const V surface_W = padded(c.surface_W, at) + from_neighbours(c, c.surface_mid_degC, at);
    const Temperatures<V> end = warmed(plan.flow, plan.whole, read(c.core_degC, at), read(c.surface_degC, at),
                                       read(c.heat_W, at), surface_W, c.ambient_degC, c.coolant_degC);
    write(c.core_degC, at, end.core_degC);
    write(c.surface_degC, at, end.surface_degC);
  }

  static constexpr double kRoundToInteger = 0x1.8p52;

  // The node below x (0 <= x <= nodes) that has one above it.
  [[gnu::always_inline]] static V node_below(V x, double last) {
    const V nearest = (x + kRoundToInteger) - kRoundToInteger;
    const V below = select(nearest > x, nearest - 1.0, nearest);
    return select(below < last, below, V() + last);
  }
  [[gnu::always_inline]] static V held_within(V x, double most) {
    const V above = select(x > 0.0, x, V());
    return select(above < most, above, V() + most);
  }

  // The node below each cell in SOC and temperature, and how far it is from there; returns how far it is beyond the
  // grid.
  [[gnu::always_inline]] static V find_nodes(V soc, V degC, V pack_A, Tile& tile, int i) {
    const V steps = soc * static_cast<double>(NodeGrid::kSocSteps);
    const V row_at = held_within(steps, NodeGrid::kSocSteps);
    const V column_at =
        held_within((degC - NodeGrid::kColdest_degC) * (1.0 / NodeGrid::kStep_K), NodeGrid::kTemperatureSteps);
    const V row = node_below(row_at, NodeGrid::kSocSteps - 1.0);
    const V column = node_below(column_at, NodeGrid::kTemperatureSteps - 1.0);
    constexpr double kDoubles = sizeof(Node) / sizeof(double);
    const V sheet = select(pack_A > 0.0, V() + kDoubles * NodeGrid::kSheet, V());
    const V offset = sheet + row * (kDoubles * NodeGrid::kRow) + column * kDoubles;
    const I bits = same_bits<I>(offset + kRoundToInteger) - same_bits<long long>(kRoundToInteger);
    __builtin_memcpy(tile.offset + i, &bits, sizeof bits);
    store(tile.to_warmer + i, column_at - column);
    store(tile.to_fuller + i, row_at - row);
    return steps - row_at;
  }

  // Each cell's four nodes, interpolated as they lie in memory, then transposed into one vector for each table.
  [[gnu::always_inline]] static void look_up_tile(const KernelCells& c, int first, int count, Tile& tile) {
    for (int i = 0; i < count; i += Width) {
      constexpr int kPieces = 8 / Width;  // vectors of a node
      V piece[kPieces][Width];
      const int lanes = count - i < Width ? count - i : Width;
      if (lanes == Width) {
#pragma GCC unroll 8
        for (int lane = 0; lane < Width; ++lane) interpolate(c.grid.nodes, tile, i + lane, piece, lane);
      } else {
        for (auto& part : piece) {
          for (V& row : part) row = V();
        }
        for (int lane = 0; lane < lanes; ++lane) interpolate(c.grid.nodes, tile, i + lane, piece, lane);
      }
#pragma GCC unroll 8
      for (int n = 0; n < kPieces; ++n) transpose(piece[n]);
      const auto table = [&](int n) __attribute__((always_inline)) { return piece[n / Width][n % Width]; };
      TablePoint<V>& point = tile.point[i / Width];
      const V beyond = tile.prediction[i / Width].beyond;
      point.ocv_V = table(0) + beyond * select(beyond < 0.0, V() + c.grid.low_slope_V, V() + c.grid.high_slope_V);
      point.half_gap_V = table(1);
      point.entropy_V_per_K = table(2);
      for (int k = 0; k <= kMaxPairs; ++k) point.r_ohm[k] = table(3 + k);
      point.rate = table(7);
    }
    (void)first;
  }

  template <int Pieces>
  [[gnu::always_inline]] static void interpolate(const Node* nodes, const Tile& tile, int i, V (&piece)[Pieces][Width],
                                                 int lane) {
    const double* corner = &nodes->ocv_V + tile.offset[i];
    const V warmer = V() + tile.to_warmer[i], fuller = V() + tile.to_fuller[i];
#pragma GCC unroll 8
    for (int n = 0; n < Pieces; ++n) {
      const double* cold = corner + n * Width;
      const double* cold_fuller = cold + 8 * NodeGrid::kRow;
      const V low = between(load<V>(cold), load<V>(cold + 8), warmer);
      const V high = between(load<V>(cold_fuller), load<V>(cold_fuller + 8), warmer);
      piece[n][lane] = between(low, high, fuller);
    }
  }
  [[gnu::always_inline]] static V ocv_slope(const NodeGrid& grid, const Tile& tile, int i) {
    alignas(8 * Width) double slope_V[Width];
    for (int lane = 0; lane < Width; ++lane) {
      const double* corner = &grid.nodes->ocv_V + tile.offset[i + lane];
      slope_V[lane] = (corner[8 * NodeGrid::kRow] - corner[0]) * NodeGrid::kSocSteps;
    }
    return load<V>(slope_V);
  }
  [[gnu::always_inline]] static V between(V a, V b, V share) { return a + share * (b - a); }

  [[gnu::always_inline]] static V larger(V a, V b) { return select(a > b, a, b); }
  [[gnu::always_inline]] static V size_of(V x) { return larger(x, V() - x); }

  // Above 0 for a cell that would move too far.
  [[gnu::always_inline]] static V excess(const KernelCells& c, const StepLimits& limits, At at) {
    const V most_A =
        size_of(padded(c.pack_A, at)) * (1.0 / c.members) + limits.most_V * (read(c.internal_S, at) + limits.bleed_S);
    return larger(most_A * limits.Ah_per_A - read(c.capacity_Ah, at), size_of(read(c.heat_W, at)) - limits.most_heat_W);
  }
};

}  // namespace packbench::models
