"""Computes resistance.csv and entropy.csv of the LG M50 from published electrode parameters (SOURCE.md): python3 derive.py"""
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
F, R, T0 = 96485.33212, 8.31446261815324, 298.15
TEMPERATURES_DEGC = [0, 10, 25, 40]
CURRENT_A = 2.5  # 0.5C, at which the chord of the Butler-Volmer equation is taken

# Chen et al. (2020): negative electrode n, separator s, positive electrode p
AREA = 0.065 * 1.58
L_N, L_S, L_P = 85.2e-6, 12e-6, 75.6e-6
POROSITY_N, POROSITY_S, POROSITY_P = 0.25, 0.47, 0.335
RADIUS_N, RADIUS_P = 5.86e-6, 5.22e-6
D_N, D_P = 3.3e-14, 4e-15
C_N, C_P = 33133.0, 63104.0
SURFACE_N = 3 * 0.75 / RADIUS_N * L_N * AREA
SURFACE_P = 3 * 0.665 / RADIUS_P * L_P * AREA
SIGMA_P = 0.18
TRANSFERENCE = 0.2594


def potential_n(x):
    return (1.9793 * np.exp(-39.3631 * x) + 0.2482 - 0.0909 * np.tanh(29.8538 * (x - 0.1234))
            - 0.04478 * np.tanh(14.9159 * (x - 0.2769)) - 0.0205 * np.tanh(30.4444 * (x - 0.6103)))


def potential_p(y):
    return (-0.8090 * y + 4.4875 - 0.0428 * np.tanh(18.5138 * (y - 0.5542))
            - 17.7326 * np.tanh(15.7890 * (y - 0.3117)) + 17.5842 * np.tanh(15.9308 * (y - 0.3120)))


def slope(potential, at, h=1e-4):
    return np.abs(potential(at + h) - potential(at - h)) / (2 * h)


def arrhenius(energy_J_per_mol, T):
    return np.exp(energy_J_per_mol / R * (1 / T0 - 1 / T))


def exchange_n(x, T):
    return 6.48e-7 * arrhenius(35000, T) * 1000**0.5 * C_N * np.sqrt(x * (1 - x))


def exchange_p(y, T):
    return 3.42e-6 * arrhenius(17800, T) * 1000**0.5 * C_P * np.sqrt(y * (1 - y))


def conductivity(T):
    """Nyman (2008) at 25 degC, its temperature as Landesfeind and Gasteiger (2019), EC:EMC 3:7, 1 mol/l."""
    def shape(t):
        return ((1 + t - 2.28e2) * (1 - 1.06 + 3.53e-1 * (1 - 3.59e-3 * np.exp(1000 / t)))
                / (1 + 1.48e-3 * np.exp(1000 / t)))
    return 0.9487 * shape(T) / shape(T0)


def electrolyte_diffusivity(T):
    return 1.769e-10 * np.exp((-1.56e3 - 4.87e2) * (1 / T - 1 / T0))


def through_cell(transport):
    return (L_N / 3 / POROSITY_N**1.5 + L_S / POROSITY_S**1.5 + L_P / 3 / POROSITY_P**1.5) / transport / AREA


def charge_transfer(exchange, surface, T):
    return 2 * R * T / F * np.arcsinh(CURRENT_A / (2 * exchange * surface)) / CURRENT_A


def resistances(x, y, T):
    ohmic = through_cell(conductivity(T)) + L_P / 3 / SIGMA_P / AREA
    r0 = ohmic + charge_transfer(exchange_n(x, T), SURFACE_N, T) + charge_transfer(exchange_p(y, T), SURFACE_P, T)
    concentration = (2 * R * T / F * (1 - TRANSFERENCE)**2 / 1000 / F * through_cell(electrolyte_diffusivity(T)))
    d_n, d_p = D_N * np.exp(2092 * (1 / T0 - 1 / T)), D_P * np.exp(1449 * (1 / T0 - 1 / T))
    r1 = slope(potential_n, x) * RADIUS_N / (5 * d_n * F * C_N * SURFACE_N) + concentration
    r2 = slope(potential_p, y) * RADIUS_P / (5 * d_p * F * C_P * SURFACE_P)
    return r0, r1, r2


def entropy(x, y):
    n = -0.1112 * x + 0.02914 + 0.3561 * np.exp(-((x - 0.08309)**2) / 0.004616)
    p = 0.04006 * np.exp(-((y - 0.2828)**2) / 0.0009855) - 0.06656 * np.exp(-((y - 0.8032)**2) / 0.02179)
    return (p - n) / 1000


def write(name, titles, columns):
    rows = [",".join(f"{value:.6g}" for value in row) for row in zip(*columns)]
    (HERE / name).write_text("\n".join([",".join(titles), *rows]) + "\n")


ocv = np.genfromtxt(HERE / "pybamm_Chen2020_NMC811_LGM50_ocv.csv", delimiter=",", names=True)
keep = np.unique(np.concatenate([np.arange(0, 21, 2), np.arange(20, 201, 5)]))
soc, x, y = ocv["soc"][keep], ocv["x_n"][keep], ocv["y_p"][keep]
sets = [resistances(x, y, t + 273.15) for t in TEMPERATURES_DEGC]
titles = ["soc"] + [f"r{k} {t} degC" for k in range(3) for t in TEMPERATURES_DEGC]
write("resistance.csv", titles, [soc] + [sets[t][k] for k in range(3) for t in range(len(sets))])
write("entropy.csv", ["soc", "dUdT_V_per_K"], [soc, entropy(x, y)])
