# The portable sources, for the host's library and for every image; and what the bench adds on its side.
file(GLOB PACKBENCH_FIRMWARE_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/core/*.cpp ${CMAKE_CURRENT_LIST_DIR}/app/*.cpp)
file(GLOB PACKBENCH_FIRMWARE_HOST_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/host/*.cpp)
list(FILTER PACKBENCH_FIRMWARE_HOST_SOURCES EXCLUDE REGEX profile_image)
