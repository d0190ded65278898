# A core that knows its usual ways: GCC counts them in a first build of it, and lays out the second by the counts, which
# takes about a tenth off every scan.
#
# The first build is a library that train.py runs over Python and C that are at hand, our own sources and the core's,
# with grammars of tree-sitter-language-pack. The counts hang on these files alone, and not on the clock.
#
# repomap_train(TARGET) does it for core.c in TARGET. Where it cannot be done, it says why, and the core is compiled as
# anything else is.

option(REPOMAP_TRAINING "Lay out the core by how often its parts are used (release builds with GCC)" ON)

# Why not; empty where it can be done.
function(repomap_find_obstacle_to_training variable)
  set(obstacle "")
  if(NOT REPOMAP_TRAINING)
    set(obstacle "REPOMAP_TRAINING is ${REPOMAP_TRAINING}")
  elseif(NOT REPOMAP_BUILD_MODE STREQUAL "release")
    set(obstacle "this is no release build")
  elseif(WIN32 OR NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
    set(obstacle "the compiler is no GCC for POSIX")
  elseif(CMAKE_CROSSCOMPILING)
    set(obstacle "what is compiled for another machine does not run on this one")
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

function(repomap_train target)
  repomap_find_obstacle_to_training(obstacle)
  if(obstacle)
    message(STATUS "The core is not trained: ${obstacle}")
    return()
  endif()

  # Both builds must number the core's functions alike, though they make different objects of it.
  set(numbering --param=profile-func-internal-id=1)
  add_library(repomap_training MODULE EXCLUDE_FROM_ALL cext/tagging/core/training.c cext/tagging/core/core.c)
  target_include_directories(repomap_training PRIVATE ${cext_folders} ${TREE_SITTER_INCLUDE_DIRS})
  target_compile_definitions(repomap_training PRIVATE TREE_SITTER_HIDE_SYMBOLS)
  target_compile_options(repomap_training PRIVATE -O3 -fprofile-generate -fprofile-update=single ${numbering})
  target_link_options(repomap_training PRIVATE -fprofile-generate)
  set_property(TARGET repomap_training PROPERTY INTERPROCEDURAL_OPTIMIZATION ${has_link_time_optimisation})

  # GCC leaves the counts beside the object that counted, and looks for them beside the one that it makes.
  set(counted ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/repomap_training.dir/cext/tagging/core/core.c.gcda)
  set(counts ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/cext/tagging/core/core.c.gcda)
  set(package ${CMAKE_CURRENT_SOURCE_DIR}/src/repomap_fast)
  add_custom_command(
    OUTPUT ${counts}
    # It would be added to.
    COMMAND ${CMAKE_COMMAND} -E rm -f ${counted}
    COMMAND ${Python_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/cmake/train.py $<TARGET_FILE:repomap_training>
      ${package}/languages/queries python=${package} c=${TREE_SITTER_SOURCE_DIR}
    COMMAND ${CMAKE_COMMAND} -E copy ${counted} ${counts}
    DEPENDS repomap_training cmake/train.py
    COMMENT "Counting the usual ways through the core" VERBATIM
  )
  add_custom_target(repomap_counts DEPENDS ${counts})
  add_dependencies(${target} repomap_counts)
  target_compile_options(${target} PRIVATE -fprofile-use -Wno-missing-profile ${numbering})
endfunction()
