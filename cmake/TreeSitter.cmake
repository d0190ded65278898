# Where the tree-sitter core comes from: the only place that says so.
#
# Three sources, the first that is there:
#   1. -DREPOMAP_TREE_SITTER_DIR=FOLDER   a folder with include/tree_sitter/api.h and src/lib.c
#   2. third_party/tree-sitter            carried by our own source distribution, so that a build from it fetches nothing
#   3. the source distribution of the package tree-sitter, fetched by pip, checked against its sha256
#
# When our own source distribution is made, the core is put into third_party/tree-sitter (git ignores it); a copy that is
# left there from another version is passed over.
#
# Sets TREE_SITTER_INCLUDE_DIRS, TREE_SITTER_SOURCE_DIR, TREE_SITTER_LICENSES (of the core) and
# TREE_SITTER_UNICODE_LICENSES (of its part from ICU).

set(TREE_SITTER_VERSION 0.26.1)
set(TREE_SITTER_SHA256 9919cbaf02d17fa9a4cd0e6da496aecf901b758e6eacf122eee393e3ef08aacd)

set(REPOMAP_TREE_SITTER_DIR "" CACHE PATH "Folder of the tree-sitter core (with include/ and src/); empty: fetched")

set(as_a_folder "a folder that holds it (include/tree_sitter/api.h, src/lib.c, LICENSE): \
-Ccmake.define.REPOMAP_TREE_SITTER_DIR=FOLDER, or the environment variable REPOMAP_TREE_SITTER_DIR")
# Of this repository; tests/fuzz/scanners is a project of its own that includes this file.
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH repository)
set(bundled_core ${repository}/third_party/tree-sitter)
set(bundled_version none)
if(EXISTS ${bundled_core}/VERSION)
  file(STRINGS ${bundled_core}/VERSION bundled_version LIMIT_COUNT 1)
endif()

if(REPOMAP_TREE_SITTER_DIR)
  set(core ${REPOMAP_TREE_SITTER_DIR})
elseif(bundled_version STREQUAL TREE_SITTER_VERSION)
  set(core ${bundled_core})
else()
  set(download ${CMAKE_CURRENT_BINARY_DIR}/tree-sitter)
  set(core ${download}/tree_sitter-${TREE_SITTER_VERSION}/tree_sitter/core/lib)
  set(archive ${download}/tree_sitter-${TREE_SITTER_VERSION}.tar.gz)
  if(NOT EXISTS ${core}/src/lib.c)
    file(MAKE_DIRECTORY ${download})
    message(STATUS "Fetching the tree-sitter core ${TREE_SITTER_VERSION} with pip")
    # With the hash in a requirements file pip checks the archive before it runs anything of it.
    file(WRITE ${download}/requirements.txt
      "tree-sitter==${TREE_SITTER_VERSION} --hash=sha256:${TREE_SITTER_SHA256}\n")
    execute_process(
      COMMAND ${Python_EXECUTABLE} -m pip download --quiet --no-deps --no-binary tree-sitter --require-hashes
        --dest ${download} --requirement ${download}/requirements.txt
      RESULT_VARIABLE failure ERROR_VARIABLE said OUTPUT_VARIABLE said
    )
    string(STRIP "${said}" said)
    if(said MATCHES "HASHES FROM THE REQUIREMENTS FILE")
      message(FATAL_ERROR
        "The package index has another tree_sitter-${TREE_SITTER_VERSION}.tar.gz than this version was made with; expected "
        "the sha256 ${TREE_SITTER_SHA256}. Nothing of it was used. pip said:\n${said}\n"
        "Find out where it came from (pip config list), and build again with the file as it was published, or with "
        "${as_a_folder}.")
    elseif(failure OR NOT EXISTS ${archive})
      message(FATAL_ERROR
        "The tree-sitter core ${TREE_SITTER_VERSION} is missing: it is not in ${bundled_core}, and pip could not fetch the "
        "source distribution of tree-sitter:\n${said}\n"
        "Build where pip reaches a package index, or from the source distribution of repomap-fast, which carries the core, "
        "or with ${as_a_folder}.")
    endif()
    file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${download})
    file(COPY ${download}/tree_sitter-${TREE_SITTER_VERSION}/LICENSE DESTINATION ${core})
  endif()
endif()

foreach(needed include/tree_sitter/api.h src/lib.c src/unicode/LICENSE LICENSE)
  if(NOT EXISTS ${core}/${needed})
    message(FATAL_ERROR "There is no ${needed} in ${core}; expected the folder lib/ of the tree-sitter core "
      "${TREE_SITTER_VERSION}, its LICENSE beside include/ and src/. Give that folder in REPOMAP_TREE_SITTER_DIR, or leave "
      "it empty: then the core is fetched.")
  endif()
endforeach()

if(SKBUILD_STATE STREQUAL "sdist" AND NOT core STREQUAL bundled_core)
  file(REMOVE_RECURSE ${bundled_core})
  file(COPY ${core}/include ${core}/src ${core}/LICENSE DESTINATION ${bundled_core})
  file(WRITE ${bundled_core}/VERSION "${TREE_SITTER_VERSION}\n")
endif()

# Some of the core's sources are compiled as changed copies, repomap_NAME. Each change is in a file of its own,
# cext/tagging/core/patch_*.cmake, which calls insert_before() and replace().
set(changed_core ${CMAKE_CURRENT_BINARY_DIR}/tree-sitter-changed)
set(patches ${repository}/cext/tagging/core)

# Put lines in each place where `anchor` is in the source that is being patched.
function(replace anchor lines)
  string(FIND "${text}" "${anchor}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "${core}/src/${name} is not that of the tree-sitter core ${TREE_SITTER_VERSION}: there is no "
      "'${anchor}' in it. Give the folder lib/ of that version.")
  endif()
  string(REPLACE "${anchor}" "${lines}" text "${text}")
  set(text "${text}" PARENT_SCOPE)
endfunction()

# Insert lines before each of these places.
function(insert_before anchor lines)
  replace("${anchor}" "${lines}${anchor}")
  set(text "${text}" PARENT_SCOPE)
endfunction()

function(repomap_patch name patch)
  file(READ ${core}/src/${name} text)
  include(${patches}/patch_${patch}.cmake)
  file(CONFIGURE OUTPUT ${changed_core}/repomap_${name} CONTENT "@text@" @ONLY)
endfunction()

foreach(stem node parser query stack subtree tree_cursor)
  repomap_patch(${stem}.c ${stem})
endforeach()
repomap_patch(subtree.h subtree_head)

set(TREE_SITTER_INCLUDE_DIRS ${core}/include ${core}/src ${changed_core})
set(TREE_SITTER_SOURCE_DIR ${core}/src)
set(TREE_SITTER_LICENSES ${core}/LICENSE)
set(TREE_SITTER_UNICODE_LICENSES ${core}/src/unicode/LICENSE)
