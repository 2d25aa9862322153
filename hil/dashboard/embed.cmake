# cmake -DOUT=... -DPAGE=... -DUPLOT=... "-DSCRIPTS=a.js;b.js" -P embed.cmake : the dashboard's files as a C++ source.
set(table "")
function(asset name path type)
  set(text "")
  foreach(file ${ARGN})
    file(READ "${file}" content)
    string(APPEND text "${content}\n")
  endforeach()
  file(APPEND "${OUT}" "constexpr std::string_view ${name} = R\"part(${text})part\";\n")
  set(table "${table}    api::Asset{\"${path}\", \"${type}; charset=utf-8\", ${name}},\n" PARENT_SCOPE)
endfunction()

file(WRITE "${OUT}" "#include <array>\n\n#include \"hil/dashboard/dashboard.h\"\n\nnamespace packbench::hil {\nnamespace {\n\n")
asset(kPage / text/html "${PAGE}/index.html")
asset(kIcon /favicon.svg image/svg+xml "${PAGE}/favicon.svg")
asset(kStyle /dashboard.css text/css "${UPLOT}/dist/uPlot.min.css" "${PAGE}/dashboard.css")
asset(kScript /dashboard.js text/javascript "${UPLOT}/dist/uPlot.iife.min.js" ${SCRIPTS})
file(APPEND "${OUT}" "\nconstexpr std::array kAssets{\n${table}};\n\n}  // namespace\n\n"
  "std::span<const api::Asset> dashboard_assets() { return kAssets; }\n\n}  // namespace packbench::hil\n")
