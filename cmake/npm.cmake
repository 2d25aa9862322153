# Packages from npm, as package-lock.json pins them, without touching the source tree.
# An installed node_modules/ at the repository root is used as it is (for builds without network).

# packbench_npm_package(NAME VARIABLE): VARIABLE becomes the package's folder, VARIABLE_READY a file to depend on.
function(packbench_npm_package name variable)
  set(installed ${PROJECT_SOURCE_DIR}/node_modules/${name})
  if(EXISTS ${installed}/package.json)
    set(${variable} ${installed} PARENT_SCOPE)
    set(${variable}_READY ${installed}/package.json PARENT_SCOPE)
    return()
  endif()
  set(folder ${CMAKE_BINARY_DIR}/npm)
  set(stamp ${folder}/installed.stamp)
  get_property(known GLOBAL PROPERTY PACKBENCH_NPM_RULE)
  if(NOT known)
    set_property(GLOBAL PROPERTY PACKBENCH_NPM_RULE TRUE)
    find_program(PACKBENCH_NPM npm REQUIRED)
    add_custom_command(OUTPUT ${stamp}
      COMMAND ${CMAKE_COMMAND} -DNPM=${PACKBENCH_NPM} -DFROM=${PROJECT_SOURCE_DIR} -DTO=${folder} -DSTAMP=${stamp}
              -P ${PROJECT_SOURCE_DIR}/cmake/npm_install.cmake
      DEPENDS ${PROJECT_SOURCE_DIR}/package.json ${PROJECT_SOURCE_DIR}/package-lock.json
      COMMENT "installing npm packages into ${folder}" VERBATIM)
  endif()
  set(${variable} ${folder}/node_modules/${name} PARENT_SCOPE)
  set(${variable}_READY ${stamp} PARENT_SCOPE)
endfunction()
