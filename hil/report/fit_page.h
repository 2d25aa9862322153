// The files of fit_page/ as text, compiled in (fit_page.cpp.in).
#pragma once

#include <string_view>

namespace packbench::hil {

extern const std::string_view kFitCss;
extern const std::string_view kFitScript;

}  // namespace packbench::hil
