"""Computes resistance.csv of the sodium-ion cell from published electrode parameters (SOURCE.md): python3 derive.py"""
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
F, R, T = 96485.33212, 8.31446261815324, 298.15
CAPACITY_AH, CURRENT_A = 10.0, 5.0  # of the scaled cell; 0.5C, at which the chord of the Butler-Volmer equation is taken

# Chayambuka et al. (2022): negative electrode n (hard carbon), separator s, positive electrode p (NVPF)
MEASURED_AH, MEASURED_AREA = 2.8801436e-3, 2.54e-4
AREA = MEASURED_AREA * CAPACITY_AH / MEASURED_AH
L_N, L_S, L_P = 64e-6, 25e-6, 68e-6
POROSITY_N, POROSITY_S, POROSITY_P = 0.51, 0.55, 0.23
RADIUS_N, RADIUS_P = 3.48e-6, 0.59e-6
C_N, C_P = 14540.0, 15320.0
SURFACE_N = 3 * 0.489 / RADIUS_N * L_N * AREA
SURFACE_P = 3 * 0.55 / RADIUS_P * L_P * AREA
CONDUCTIVITY, SIGMA_P = 0.883, 50.0
# Stoichiometry of an empty and of a full cell, from the full-cell curve
X_EMPTY, X_FULL, Y_EMPTY, Y_FULL = 9.30232972e-05, 0.929847751, 0.955109945, 0.216710465
NARROWEST, WIDEST = 0.025, 0.2  # half a chord of a potential, in stoichiometry
LEAST_OHM, SOC_WINDOW = 2e-3, 0.05  # of a pair's resistance, which is averaged over this much SOC on both sides


def table(name):
    return np.genfromtxt(HERE / name, delimiter=",", skip_header=1).T


def at(curve, where):
    return np.interp(where, *curve)


def chord(curve, where, half):
    low, high = np.maximum(where - half, curve[0][0]), np.minimum(where + half, curve[0][-1])
    return np.abs(at(curve, high) - at(curve, low)) / (high - low)


def charge_transfer(rate, concentration, most, surface):
    exchange = F * at(rate, concentration) * np.sqrt(concentration * (most - concentration)) / 2
    return 2 * R * T / F * np.arcsinh(CURRENT_A / (2 * exchange * surface)) / CURRENT_A


def diffusion(potential, stoichiometry, diffusivity, most, radius, surface):
    """Slope of the potential times what the surface is ahead of the mean, per ampere, in a sphere at constant flux."""
    ahead = radius / (5 * at(diffusivity, stoichiometry * most) * F * most * surface)
    ohm = chord(potential, stoichiometry, np.clip(ahead * CURRENT_A, NARROWEST, WIDEST)) * ahead
    near = np.abs(soc[:, None] - soc[None, :]) <= SOC_WINDOW + 1e-9
    return np.maximum((near * ohm).sum(axis=1) / near.sum(axis=1), LEAST_OHM)


soc = np.linspace(0, 1, 41)
x, y = X_EMPTY + (X_FULL - X_EMPTY) * soc, Y_EMPTY + (Y_FULL - Y_EMPTY) * soc
ohmic = (L_N / 3 / POROSITY_N**1.5 + L_S / POROSITY_S**1.5 + L_P / 3 / POROSITY_P**1.5) / CONDUCTIVITY / AREA
ohmic += L_P / 3 / SIGMA_P / AREA
r0 = (ohmic + charge_transfer(table("k_n.csv"), np.maximum(x * C_N, 60), C_N, SURFACE_N)
      + charge_transfer(table("k_p.csv"), y * C_P, C_P, SURFACE_P))
r1 = diffusion(table("U_n.csv"), x, table("D_n.csv"), C_N, RADIUS_N, SURFACE_N)
r2 = diffusion(table("U_p.csv"), y, table("D_p.csv"), C_P, RADIUS_P, SURFACE_P)
rows = [",".join(f"{value:.6g}" for value in row) for row in zip(soc, r0, r1, r2)]
(HERE / "resistance.csv").write_text("\n".join(["soc,r0,r1,r2", *rows]) + "\n")
