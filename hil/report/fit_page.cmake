# The page of `packbench fit`: its parts as a C++ source, made anew when one of them changes.
set(fit_page ${CMAKE_CURRENT_SOURCE_DIR}/fit_page)
file(READ ${fit_page}/fit.css FIT_CSS)
file(READ ${fit_page}/fit.js FIT_SCRIPT)
configure_file(fit_page.cpp.in fit_page.cpp @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${fit_page}/fit.css ${fit_page}/fit.js)
target_sources(packbench_report PRIVATE fit_html.cpp fit_json.cpp fit_summary.cpp ${CMAKE_CURRENT_BINARY_DIR}/fit_page.cpp)
target_link_libraries(packbench_report PUBLIC packbench_fit packbench_sim_language PRIVATE fmt::fmt)
