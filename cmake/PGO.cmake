# Profile-guided optimisation (PGO) of the core with GCC: a first build counts how often each branch is taken, and the
# second is laid out by these counts, which takes about a tenth off every scan.
#
# The first build is a library that pgo.py runs over Python and C that are at hand, our own sources and the core's, with
# grammars of tree-sitter-language-pack. The counts depend on these files alone, not on the clock.
#
# repomap_profile_guided(TARGET) does it for core.c in TARGET. Where PGO is impossible, it says why, and the core is
# compiled without it.

option(REPOMAP_PGO "Profile-guided optimisation of the core (release builds with GCC)" ON)

# Why PGO is impossible; empty where it is possible.
function(repomap_find_obstacle_to_pgo variable)
  set(obstacle "")
  if(NOT REPOMAP_PGO)
    set(obstacle "REPOMAP_PGO is ${REPOMAP_PGO}")
  elseif(NOT REPOMAP_BUILD_MODE STREQUAL "release")
    set(obstacle "this is not a release build")
  elseif(WIN32 OR NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
    set(obstacle "the compiler is not GCC for POSIX")
  elseif(CMAKE_CROSSCOMPILING)
    set(obstacle "a cross-compiled program does not run here")
  else()
    set(load_grammars "import tree_sitter_language_pack as pack; [pack.get_binding(name) for name in ('c', 'python')]")
    execute_process(
      COMMAND ${Python_EXECUTABLE} -c "${load_grammars}" RESULT_VARIABLE failure OUTPUT_QUIET ERROR_QUIET
    )
    if(failure)
      set(obstacle "there is no tree-sitter-language-pack below 1.0 for ${Python_EXECUTABLE}")
    endif()
  endif()
  set(${variable} "${obstacle}" PARENT_SCOPE)
endfunction()

function(repomap_profile_guided target)
  repomap_find_obstacle_to_pgo(obstacle)
  if(obstacle)
    message(STATUS "No PGO: ${obstacle}")
    return()
  endif()

  # Both builds must number the core's functions alike, though they make different objects of it.
  set(numbering --param=profile-func-internal-id=1)
  add_library(repomap_pgo MODULE EXCLUDE_FROM_ALL cext/tagging/core/pgo.c cext/tagging/core/core.c)
  target_include_directories(repomap_pgo PRIVATE ${cext_folders} ${TREE_SITTER_INCLUDE_DIRS})
  target_compile_definitions(repomap_pgo PRIVATE TREE_SITTER_HIDE_SYMBOLS)
  target_compile_options(repomap_pgo PRIVATE -O3 -fprofile-generate -fprofile-update=single ${numbering})
  target_link_options(repomap_pgo PRIVATE -fprofile-generate)
  set_property(TARGET repomap_pgo PROPERTY INTERPROCEDURAL_OPTIMIZATION ${has_link_time_optimisation})

  # GCC writes the counts beside the object that counted, and reads them beside the one that it compiles.
  set(counted ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/repomap_pgo.dir/cext/tagging/core/core.c.gcda)
  set(counts ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/cext/tagging/core/core.c.gcda)
  set(package ${CMAKE_CURRENT_SOURCE_DIR}/src/repomap_fast)
  add_custom_command(
    OUTPUT ${counts}
    # New counts would be added to old ones.
    COMMAND ${CMAKE_COMMAND} -E rm -f ${counted}
    COMMAND ${Python_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/cmake/pgo.py $<TARGET_FILE:repomap_pgo>
      ${package}/languages/queries python=${package} c=${TREE_SITTER_SOURCE_DIR}
    COMMAND ${CMAKE_COMMAND} -E copy ${counted} ${counts}
    DEPENDS repomap_pgo cmake/pgo.py
    COMMENT "PGO: counting branches of the core" VERBATIM
  )
  add_custom_target(repomap_counts DEPENDS ${counts})
  add_dependencies(${target} repomap_counts)
  target_compile_options(${target} PRIVATE -fprofile-use -Wno-missing-profile ${numbering})
endfunction()
