// The loop of limit_loop.h, compiled for one width with fused products allowed.
#pragma once

#include "models/lanes.h"
#include "tests/benchmarks/limit_arrays.h"

namespace packbench::models {

template <int Width>
struct LimitBody {
  using V = typename Lanes<Width>::V;
  using I = typename Lanes<Width>::I;
  static constexpr int kTile = 64;
  static constexpr double kMagic = 0x1.8p52;

  [[gnu::always_inline]] static V floor_below(V x, double last) {
    const V nearest = (x + kMagic) - kMagic;
    const V below = nearest > x ? nearest - 1.0 : nearest;
    return below < last ? below : V() + last;
  }
  [[gnu::always_inline]] static V held(V x, double most) {
    const V above = x > 0.0 ? x : V();
    return above < most ? above : V() + most;
  }
  [[gnu::always_inline]] static V mix(V a, V b, V share) { return a + share * (b - a); }

  using N = LimitArrays;

  [[gnu::always_inline]] static V get(const N& a, int name, int k) { return load<V>(a.array[name] + N::kEnd + k); }
  [[gnu::always_inline]] static void put(const N& a, int name, int k, V v) { store(a.array[name] + N::kEnd + k, v); }

  // Where the cells of a tile stand in the tables at mid-step, and what they find there.
  struct Tile {
    alignas(64) long long offset[kTile];
    alignas(64) double warmer[kTile], fuller[kTile];
    V mid_core[kTile / Width], beyond[kTile / Width], point[kTile / Width][8];
  };

  [[gnu::always_inline]] static void predict(const N& a, int first, int last, Tile& tile) {
    const StepPlan& p = a.plan;
    const HeatFlow& f = p.flow;
    for (int k = first; k < last; k += Width) {
      const int j = (k - first) / Width;
      const V I0 = get(a, N::current, k), leak = get(a, N::bleed, k) + get(a, N::internal, k);
      const V guess = I0 - leak * p.nominal_V, half = (0.5 * p.soc_Ah) * get(a, N::per_capacity, k);
      const V soc = get(a, N::soc, k) + (guess > 0.0 ? p.charge_efficiency * guess : guess) * half;
      const V core = get(a, N::core, k), surface = get(a, N::surface, k);
      const V to_left = get(a, N::left, k), to_right = get(a, N::left, k + 1);
      const V own = get(a, N::joint, k) * I0 * I0 + get(a, N::heater, k);
      put(a, N::surface_heat, k, own);
      const V flows =
          to_left * (get(a, N::surface, k - 1) - surface) + to_right * (get(a, N::surface, k + 1) - surface);
      const V inward = f.core_surface_W_per_K * (surface - core);
      const V rc = (get(a, N::heat, k) + inward) * f.per_core_K_per_J;
      const V rs = (own + flows - inward + f.ambient_W_per_K * (a.ambient_degC - surface)) * f.per_surface_K_per_J;
      tile.mid_core[j] = core + p.half.core_core_s * rc + p.half.core_surface_s * rs;
      put(a, N::middle, k, surface + p.half.surface_core_s * rc + p.half.surface_surface_s * rs);
      const V steps = soc * 200.0, row_at = held(steps, 200.0), column_at = held(tile.mid_core[j] * 0.2 + 8.0, 28.0);
      const V row = floor_below(row_at, 199.0), column = floor_below(column_at, 27.0);
      const V place = get(a, N::sheet, k) + row * (8.0 * NodeGrid::kRow) + column * 8.0;
      const I bits = same_bits<I>(place + kMagic) - same_bits<long long>(kMagic);
      __builtin_memcpy(tile.offset + (k - first), &bits, sizeof bits);
      store(tile.warmer + (k - first), column_at - column);
      store(tile.fuller + (k - first), row_at - row);
      tile.beyond[j] = steps - row_at;
    }
  }

  [[gnu::always_inline]] static void look_up(const N& a, int first, int last, Tile& tile) {
    for (int k = 0; k < last - first; k += Width) {
      constexpr int kPieces = 8 / Width;
      V piece[kPieces][Width];
      for (int lane = 0; lane < Width; ++lane) {
        const double* corner = &a.grid.nodes->ocv_V + tile.offset[k + lane];
        const V w = V() + tile.warmer[k + lane], s = V() + tile.fuller[k + lane];
        for (int n = 0; n < kPieces; ++n) {
          const double *low = corner + n * Width, *high = low + 8 * NodeGrid::kRow;
          piece[n][lane] = mix(mix(load<V>(low), load<V>(low + 8), w), mix(load<V>(high), load<V>(high + 8), w), s);
        }
      }
      for (int n = 0; n < kPieces; ++n) transpose(piece[n]);
      for (int n = 0; n < 8; ++n) tile.point[k / Width][n] = piece[n / Width][n % Width];
    }
  }

  [[gnu::always_inline]] static void advance(const N& a, int first, int last, const Tile& tile) {
    const StepPlan& p = a.plan;
    const double e1 = p.x[0] * p.phi[0], e2 = p.x[1] * p.phi[1];
    const double m1 = 1.0 - 0.5 * e1, m2 = 1.0 - 0.5 * e2;
    const double swing_per_soc = 0.5 * p.per_hysteresis_soc;
    for (int k = first; k < last; k += Width) {
      const int j = (k - first) / Width;
      const V* t = tile.point[j];
      const V entropy = t[2], factor = get(a, N::factor, k), I0 = get(a, N::current, k);
      const V internal = get(a, N::internal, k), leak = get(a, N::bleed, k) + internal;
      const V raw = t[0] +
                    tile.beyond[j] * (tile.beyond[j] < 0.0 ? V() + a.grid.low_slope_V : V() + a.grid.high_slope_V) +
                    (tile.mid_core[j] - 25.0) * entropy;
      const V low = raw < 0.0 ? V() : raw;
      const V ocv = (low > 5.0 ? V() + 5.0 : low) * get(a, N::ocv_factor, k);
      const V h = get(a, N::hysteresis, k), a1 = get(a, N::v1, k), a2 = get(a, N::v2, k);
      const V r1 = factor * t[4], r2 = factor * t[5], r0 = factor * t[3];
      const V emf = ocv + h * t[1] + a1 * p.phi[0] + a2 * p.phi[1];
      const V ohm = r0 + r1 * (1.0 - p.phi[0]) + r2 * (1.0 - p.phi[1]);
      const V divider = 1.0 + leak * ohm, both = r1 * r2, inverse = 1.0 / (divider * both);
      const V volt = (emf + ohm * I0) * (inverse * both), i = I0 - leak * volt;
      const V size = i > 0.0 ? i : -i, stored = i > 0.0 ? p.charge_efficiency * i : i;
      const V d1 = a1 - r1 * i, d2 = a2 - r2 * i, w1 = r1 * i, w2 = r2 * i;
      const V q1 = w1 * w1 + (d1 * p.phi[0]) * (2.0 * w1 + d1 * m1);
      const V q2 = w2 * w2 + (d2 * p.phi[1]) * (2.0 * w2 + d2 * m2);
      put(a, N::v1, k, a1 - e1 * d1);
      put(a, N::v2, k, a2 - e2 * d2);
      const V moved = p.soc_Ah * get(a, N::per_capacity, k), x = size * moved * swing_per_soc;
      const V half = x * small_mean_decay(x), branch = i > 0.0 ? V() + 1.0 : V() - 1.0;
      const V middle = h + (branch - h) * half;
      put(a, N::hysteresis, k, middle + (branch - middle) * half);
      put(a, N::soc, k, get(a, N::soc, k) + stored * moved);
      const V ohmic = r0 * (i * i) + (q1 * r2 + q2 * r1) * (inverse * divider);
      const V chemical = (i - stored) * ocv + (stored * (tile.mid_core[j] + 273.15)) * entropy;
      put(a, N::heat, k, ohmic + (chemical + ((size * t[1]) * (middle * middle) + (volt * volt) * internal)));
      put(a, N::electrode, k, i);
    }
  }

  [[gnu::always_inline]] static void warm(const N& a) {
    const StepPlan& p = a.plan;
    const HeatFlow& f = p.flow;
    for (int k = 0; k < a.cells; k += Width) {
      const V core = get(a, N::core, k), surface = get(a, N::surface, k), mid = get(a, N::middle, k);
      const V flows = get(a, N::left, k) * (get(a, N::middle, k - 1) - mid) +
                      get(a, N::left, k + 1) * (get(a, N::middle, k + 1) - mid);
      const V inward = f.core_surface_W_per_K * (surface - core);
      const V rc = (get(a, N::heat, k) + inward) * f.per_core_K_per_J;
      const V rs = (get(a, N::surface_heat, k) + flows - inward + f.ambient_W_per_K * (a.ambient_degC - surface)) *
                   f.per_surface_K_per_J;
      put(a, N::core, k, core + p.whole.core_core_s * rc + p.whole.core_surface_s * rs);
      put(a, N::surface, k, surface + p.whole.surface_core_s * rc + p.whole.surface_surface_s * rs);
    }
  }

  static void step(const N& arrays) {
    const N a = arrays;  // its own: what the loops store cannot change where the arrays are
    Tile tile;
    for (int first = 0; first < a.cells; first += kTile) {
      const int last = first + kTile < a.cells ? first + kTile : a.cells;
      predict(a, first, last, tile);
      look_up(a, first, last, tile);
      advance(a, first, last, tile);
    }
    warm(a);
  }

  static void step_in_blocks(const N& arrays) {
    constexpr int kBlock = 480;  // whole packs of 15 and whole vectors; stays in the first cache between its two loops
    for (int first = 0; first < arrays.cells; first += kBlock) {
      N block = arrays;
      block.cells = kBlock < arrays.cells - first ? kBlock : arrays.cells - first;
      for (double*& array : block.array) array += first;
      step(block);
    }
  }
};

}  // namespace packbench::models
