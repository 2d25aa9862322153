# cmake -DNPM=npm -DFROM=repository -DTO=folder -DSTAMP=file [-DWITH_DEV=ON] -P npm_install.cmake
# Installs what FROM/package-lock.json pins into TO/node_modules, unless STAMP is newer than the lock file.
set(lock ${FROM}/package-lock.json)
if(EXISTS ${STAMP} AND NOT ${lock} IS_NEWER_THAN ${STAMP} AND NOT ${FROM}/package.json IS_NEWER_THAN ${STAMP})
  return()
endif()
file(MAKE_DIRECTORY ${TO})
file(COPY ${FROM}/package.json ${lock} DESTINATION ${TO})
set(omit --omit=dev)
if(WITH_DEV)
  set(omit)
endif()
execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error ${omit}
  WORKING_DIRECTORY ${TO} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "npm ci could not install the packages of ${lock} into ${TO}. It needs the npm registry once; "
    "without network, run npm ci where there is one and copy node_modules to the repository root.\n${output}")
endif()
file(TOUCH ${STAMP})
