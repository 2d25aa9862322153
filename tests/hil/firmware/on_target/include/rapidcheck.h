#pragma once

#include <rapidcheck/gtest.h>
