# Tests of the STM32 images, and the firmware's tests on their processors; where the cross compiler is.
if(PACKBENCH_ARM_GXX)
  foreach(image stm32h753:39 stm32f405:37)
    string(REPLACE ":" ";" image ${image})
    list(GET image 0 name)
    list(GET image 1 interrupt)
    add_test(NAME FirmwareImage.${name}
      COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/images_test.py ${PROJECT_BINARY_DIR}/firmware/packbench-${name}.elf
        ${PROJECT_BINARY_DIR}/firmware/CMakeFiles/packbench-${name}.dir ${interrupt})
    set_tests_properties(FirmwareImage.${name} PROPERTIES ENVIRONMENT "PYTHONDONTWRITEBYTECODE=1")
  endforeach()
endif()

# The same tests compiled for the processors of the images, run by QEMU.
find_program(PACKBENCH_QEMU qemu-system-arm)
mark_as_advanced(PACKBENCH_QEMU)
if(PACKBENCH_ARM_GXX AND PACKBENCH_QEMU)
  include(ExternalProject)
  ExternalProject_Add(firmware_tests_on_target
    SOURCE_DIR ${CMAKE_CURRENT_SOURCE_DIR}/on_target
    BINARY_DIR ${PROJECT_BINARY_DIR}/firmware_tests
    PREFIX ${PROJECT_BINARY_DIR}/firmware_tests/prefix
    CMAKE_GENERATOR Ninja
    CMAKE_ARGS -DCMAKE_TOOLCHAIN_FILE=${PROJECT_SOURCE_DIR}/hil/firmware/board/toolchain.cmake -DPACKBENCH_ROOT=${PROJECT_SOURCE_DIR}
      -DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER} -DCMAKE_C_COMPILER_LAUNCHER=${CMAKE_C_COMPILER_LAUNCHER}
    INSTALL_COMMAND ""
    BUILD_ALWAYS ON)
  foreach(target m4f:mps2-an386 m7:mps2-an500)
    string(REPLACE ":" ";" target ${target})
    list(GET target 0 processor)
    list(GET target 1 machine)
    add_test(NAME FirmwareOnTarget.${processor}
      COMMAND timeout -s KILL 290 ${PACKBENCH_QEMU} -M ${machine} -display none -monitor none -serial none
        -semihosting-config enable=on,target=native -kernel ${PROJECT_BINARY_DIR}/firmware_tests/tests-${processor}.elf)
    set_tests_properties(FirmwareOnTarget.${processor} PROPERTIES TIMEOUT 300 LABELS qemu)
  endforeach()
endif()
