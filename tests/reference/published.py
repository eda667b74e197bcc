"""Numbers of other programs and of papers, each with where it comes from.

The tests of `analysis` hold our functions to these. A number stays as it was published, with as
many digits as it was published with.
"""

from __future__ import annotations

# Newcombe, R. G. (1998). Two-sided confidence intervals for the single proportion: comparison of
# seven methods. Statistics in Medicine 17, 857-872, method 3 (score, no continuity correction):
# favourable, base, lower, upper. These two are the rows that the tests of the R package propint
# quote from the paper (github.com/m-Py/propint, tests/testthat/test_Single_Proportion_CI.R).
NEWCOMBE_SINGLE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
]

# R, package binom: binom.confint(x = c(18, 4), n = 20, methods = "wilson", tol = 1e-8)
BINOM_WILSON = [
    (18, 20, 0.6989663547715128, 0.972133518786232),
    (4, 20, 0.0806576625797981, 0.4160174322518935),
]

# R, package samplingbook (Kauermann and Kuechenhoff 2010), up to version 1.2.3: the exact numbers
# in the population that its own tests expect, as in Sprop(m = 45, n = 100, N = 300)$nr$exact:
# m, n, N, lower, upper. Those versions step one person beyond the inverted tests on either side
# where that is possible; the line that did so is commented out in the package's later code.
SPROP_EXACT = [
    (45, 100, 300, 110, 161),
    (2, 100, 300, 2, 19),
    (10, 20, 20, 10, 10),
    (50, 60, 61, 50, 51),
]

# Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions:
# comparison of eleven methods. Statistics in Medicine 17, 873-890, method 10: favourable and base
# of the first and of the second group, lower, upper. These two are the rows that the tests of the
# R package propint quote (tests/testthat/test_Two_Independent_Props_CI.R). Edges are held to
# statsmodels, in the tests themselves.
NEWCOMBE_DIFFERENCE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
]

# R, package metafor, as printed in the tests of MetidaFreq.jl:
# rma.mh(measure = "RD", ai = c(21, 14, 11), bi = c(20, 17, 12), ci = c(2, 12, 9),
#        di = c(10, 22, 7))
METAFOR_STRATA = [(21, 41, 2, 12), (14, 31, 12, 34), (11, 23, 9, 16)]
METAFOR_DIFFERENCE = (0.114863, 0.082751, -0.047325, 0.277052)
"""Estimate, standard error, lower, upper."""

# UCBAdmissions, the data set of R (Bickel, Hammel and O'Connell 1975): admitted and applied, men
# then women, departments A to F. What a test makes of them is computed by statsmodels in the test.
BERKELEY = [
    (512, 825, 89, 108),
    (353, 560, 17, 25),
    (120, 325, 202, 593),
    (138, 417, 131, 375),
    (53, 191, 94, 393),
    (22, 373, 24, 341),
]
# Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
# Statistical Society B 57, 289-300. Section 4.1: fifteen p-values, of which four are rejected.
BENJAMINI_HOCHBERG = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
    0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip

# R, package agrmt, on the vector of its manual, V <- c(30, 40, 210, 130, 530, 50, 10):
# agreement(V), consensus(V), Leik(V)
AGRMT_VECTOR = (30, 40, 210, 130, 530, 50, 10)
AGRMT = {"agreement": 0.6113333, "consensus": 0.7256876, "leik": 0.287}

# Van der Eijk, C. (2001), on A: 1 for unanimity, 0 for an even spread, -1 for opposite camps.
AGREEMENT_ANCHORS = [
    ((5, 0, 0, 0, 5), -1.0),
    ((1, 1, 1, 1, 1), 0.0),
    ((0, 0, 0, 10, 0), 1.0),
]
