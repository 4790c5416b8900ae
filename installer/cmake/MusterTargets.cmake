# The ways a target is made here, so that a folder's CMakeLists.txt says only what is in it.
#
#   muster_library(core_store SOURCES … DEPENDS core_base … QT Sql … LIBS …)   one folder, one static library
#   muster_program(muster-guard SOURCES … DEPENDS …)                           an executable in bin/
#   muster_test(tst_x SOURCES … DEPENDS … LABELS kill …)                       a Qt Test program and its ctest entry

add_library(muster_options INTERFACE)
target_include_directories(muster_options INTERFACE ${CMAKE_SOURCE_DIR})
if(NOT MUSTER_MOC)
    # A source that ends with its own moc file finds an empty one.
    file(GLOB_RECURSE sources RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/app/*.cpp ${CMAKE_SOURCE_DIR}/core/*.cpp
        ${CMAKE_SOURCE_DIR}/tests/*.cpp ${CMAKE_SOURCE_DIR}/ui/*.cpp)
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/moc)
    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        file(TOUCH ${CMAKE_BINARY_DIR}/moc/${name}.moc)
    endforeach()
    target_include_directories(muster_options INTERFACE ${CMAKE_BINARY_DIR}/moc)
endif()
target_compile_definitions(muster_options INTERFACE
    QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    QT_USE_QSTRINGBUILDER QT_DISABLE_DEPRECATED_UP_TO=0x060800 MUSTER_VERSION="${PROJECT_VERSION}")
target_compile_options(muster_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2
    -Wnull-dereference -Wimplicit-fallthrough -Wextra-semi -fno-omit-frame-pointer
    # A designated initializer names what differs from the default; the rest is meant to be the default.
    -Wno-missing-field-initializers)
if(CMAKE_UNITY_BUILD)
    # A coroutine's frame counts as a type of an included file there.
    target_compile_options(muster_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
option(MUSTER_WERROR "Warnings are errors (all presets say so)" OFF)
if(MUSTER_WERROR)
    # GCC's flow analysis follows coroutines and Qt's hash into null pointers and unset values that cannot be: warnings, not
    # errors.
    target_compile_options(muster_options INTERFACE -Werror -Wno-error=null-dereference $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>)
endif()
if(MUSTER_SANITIZE)
    target_compile_options(muster_options INTERFACE -fsanitize=${MUSTER_SANITIZE} -fno-sanitize-recover=undefined)
    target_link_options(muster_options INTERFACE -fsanitize=${MUSTER_SANITIZE})
    # GCC's flow analysis reports invented null pointers under the sanitizers' instrumentation.
    target_compile_options(muster_options INTERFACE -Wno-null-dereference -Wno-maybe-uninitialized)
endif()
# Each of some two hundred test programs holds the whole core: linking them took longer than compiling their tests. What is
# shipped is linked as the compiler does by itself.
if(MUSTER_TESTS AND NOT MUSTER_SANITIZE)
    find_program(MUSTER_MOLD mold)
    if(MUSTER_MOLD)
        target_link_options(muster_options INTERFACE -fuse-ld=mold)
    endif()
endif()
if(MUSTER_SANITIZE MATCHES thread)
    # Each function that the file defines as __wrap_NAME is called in place of NAME.
    set(tsan_qt ${CMAKE_SOURCE_DIR}/tests/support/tsan_qt.cpp)
    file(STRINGS ${tsan_qt} wrapped REGEX "_ZN")
    string(REGEX MATCHALL "_ZN?K?[0-9][A-Za-z0-9_]+" wrapped "${wrapped}")
    list(REMOVE_DUPLICATES wrapped)
    list(TRANSFORM wrapped PREPEND "LINKER:--wrap=")
    add_library(muster_tsan_qt OBJECT ${tsan_qt})
    target_link_libraries(muster_tsan_qt PRIVATE Qt6::Core)
    target_compile_options(muster_tsan_qt PRIVATE -fsanitize=thread)
    target_link_options(muster_options INTERFACE ${wrapped})
endif()

# One precompiled header for all: the Qt and standard headers, never ours, so that a change here stays cheap.
if(MUSTER_PCH)
    file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp "")
    add_library(muster_pch STATIC ${CMAKE_BINARY_DIR}/pch.cpp)
    target_link_libraries(muster_pch PUBLIC muster_options Qt6::Core)
    target_precompile_headers(muster_pch PRIVATE
        <algorithm> <array> <chrono> <compare> <expected> <functional> <memory> <optional> <ranges> <string>
        <string_view> <tuple> <utility> <variant> <vector>
        <QByteArray> <QDateTime> <QDir> <QElapsedTimer> <QFile> <QFileInfo> <QHash> <QJsonArray>
        <QJsonDocument> <QJsonObject> <QList> <QLoggingCategory> <QObject> <QPointer> <QProcess> <QSet>
        <QString> <QStringList> <QThread> <QTimer> <QVariant>)
    set_target_properties(muster_pch PROPERTIES AUTOMOC OFF)
endif()

function(muster_common target)
    target_link_libraries(${target} PUBLIC muster_options)
    if(MUSTER_PCH)
        target_precompile_headers(${target} REUSE_FROM muster_pch)
    endif()
endfunction()

# ONE_BY_ONE: its files have local names in common, so they are never compiled several at once (CMAKE_UNITY_BUILD).
function(muster_library name)
    cmake_parse_arguments(A "ONE_BY_ONE" "" "SOURCES;DEPENDS;QT;LIBS" ${ARGN})
    add_library(${name} STATIC ${A_SOURCES})
    if(A_ONE_BY_ONE)
        set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
    endif()
    list(TRANSFORM A_QT PREPEND Qt6::)
    target_link_libraries(${name} PUBLIC Qt6::Core ${A_QT} ${A_DEPENDS} ${A_LIBS})
    muster_common(${name})
endfunction()

function(muster_program name)
    cmake_parse_arguments(A "" "" "SOURCES;DEPENDS;QT;LIBS" ${ARGN})
    add_executable(${name} ${A_SOURCES})
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF) # the files of a command or a test are small worlds
    list(TRANSFORM A_QT PREPEND Qt6::)
    target_link_libraries(${name} PRIVATE Qt6::Core ${A_QT} ${A_DEPENDS} ${A_LIBS})
    if(TARGET muster_tsan_qt)
        target_link_libraries(${name} PRIVATE muster_tsan_qt)
    endif()
    muster_common(${name})
endfunction()

# Automatic moc starts a program and compiles one more file for each target, which for some two hundred tests took minutes.
# Here moc reads what is known to need it: the test itself, which includes what is made of it, and headers with Q_OBJECT, named or beside a source.
function(muster_test_moc name)
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name}_moc)
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
    target_include_directories(${name} PRIVATE ${folder})
    foreach(source ${ARGN})
        get_filename_component(path ${source} ABSOLUTE)
        get_filename_component(base ${source} NAME_WE)
        if(source MATCHES "(tst|bench)_[^/]*[.]cpp$")
            set(made ${folder}/${base}.moc)
        else()
            set(made ${folder}/moc_${base}.cpp)
            string(REGEX REPLACE "[.]cpp$" ".h" path ${path})
            if(NOT EXISTS ${path})
                continue()
            endif()
            file(STRINGS ${path} objects REGEX "^ *Q_OBJECT" LIMIT_COUNT 1)
            if(NOT objects)
                continue()
            endif()
        endif()
        qt_generate_moc(${path} ${made} TARGET ${name})
        target_sources(${name} PRIVATE ${made})
    endforeach()
endfunction()

# Tests run without a display and on a home of their own; what needs a program says so with NEEDS. A warning that
# the test did not announce with QTest::ignoreMessage() fails it.
function(muster_test name)
    cmake_parse_arguments(A "" "TIMEOUT" "SOURCES;DEPENDS;QT;LIBS;LABELS;NEEDS" ${ARGN})
    muster_program(${name} SOURCES ${A_SOURCES} DEPENDS ${A_DEPENDS} QT ${A_QT} Test LIBS ${A_LIBS})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    if(MUSTER_MOC)
        muster_test_moc(${name} ${A_SOURCES})
    endif()
    target_compile_definitions(${name} PRIVATE
        MUSTER_SOURCE_DIR="${CMAKE_SOURCE_DIR}" MUSTER_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
    if(A_NEEDS)
        add_dependencies(${name} ${A_NEEDS})
    endif()
    add_test(NAME ${name} COMMAND ${name})
    if(NOT A_TIMEOUT)
        set(A_TIMEOUT 120)
    endif()
    if(MUSTER_SANITIZE)
        math(EXPR A_TIMEOUT "${A_TIMEOUT} * 4")
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${A_TIMEOUT} LABELS "${A_LABELS}"
        FAIL_REGULAR_EXPRESSION "QWARN  :|QCRITICAL:|QSYSTEM:"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_FATAL_WARNINGS=0;LC_ALL=C.UTF-8;TZ=UTC")
endfunction()
