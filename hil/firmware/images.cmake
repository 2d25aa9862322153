# The STM32 images: a build of its own with the cross compiler, part of the normal build where there is one.
find_program(PACKBENCH_ARM_GXX arm-none-eabi-g++)
mark_as_advanced(PACKBENCH_ARM_GXX)
set(PACKBENCH_IMAGES ${PROJECT_BINARY_DIR}/firmware)
set(PACKBENCH_F405_ELF ${PACKBENCH_IMAGES}/packbench-stm32f405.elf)
set(PACKBENCH_H753_ELF ${PACKBENCH_IMAGES}/packbench-stm32h753.elf)
if(NOT PACKBENCH_ARM_GXX)
  message(STATUS "No STM32 images: arm-none-eabi-g++ was not found (packages gcc-arm-none-eabi libnewlib-arm-none-eabi "
    "libstdc++-arm-none-eabi-newlib, or ./bench firmware).")
  add_custom_target(firmware_images
    COMMAND ${CMAKE_COMMAND} -E echo "No STM32 images: install gcc-arm-none-eabi and configure again, or run ./bench firmware.")
  return()
endif()

set(default_profile ${PROJECT_BINARY_DIR}/generated/firmware/default_profile.cpp)
set(default_profile_yaml ${PROJECT_SOURCE_DIR}/scenarios/bms/lfp-15s-100ah.yaml)
add_custom_command(OUTPUT ${default_profile}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/generated/firmware
  COMMAND packbench-profile-image ${default_profile_yaml} ${default_profile}
  DEPENDS packbench-profile-image ${default_profile_yaml} VERBATIM)
add_custom_target(default_profile DEPENDS ${default_profile})

# Without a compiler cache: it would not bring back the call graphs that the compiler writes beside its objects.
include(ExternalProject)
ExternalProject_Add(firmware_images
  SOURCE_DIR ${CMAKE_CURRENT_SOURCE_DIR}/board
  BINARY_DIR ${PACKBENCH_IMAGES}
  PREFIX ${PACKBENCH_IMAGES}/prefix
  DEPENDS default_profile
  CMAKE_GENERATOR Ninja
  CMAKE_ARGS -DCMAKE_TOOLCHAIN_FILE=${CMAKE_CURRENT_SOURCE_DIR}/board/toolchain.cmake
    -DPACKBENCH_ROOT=${PROJECT_SOURCE_DIR} -DPACKBENCH_VERSION=${PROJECT_VERSION} -DPACKBENCH_BUILD=${firmware_commit}
    -DPACKBENCH_DEFAULT_PROFILE=${default_profile}
  INSTALL_COMMAND ""
  BUILD_ALWAYS ON
  BUILD_BYPRODUCTS ${PACKBENCH_F405_ELF} ${PACKBENCH_H753_ELF})
set_target_properties(firmware_images PROPERTIES EXCLUDE_FROM_ALL OFF)
