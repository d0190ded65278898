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
set(bundled_core ${CMAKE_CURRENT_SOURCE_DIR}/third_party/tree-sitter)
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

# Some of the core's sources are compiled as copies, repomap_NAME, with lines put in: repomap_copy(NAME LINES BEFORE …).
set(changed_core ${CMAKE_CURRENT_BINARY_DIR}/tree-sitter-changed)
function(repomap_copy name)
  file(READ ${core}/src/${name} text)
  math(EXPR last "${ARGC} - 1")
  foreach(i RANGE 1 ${last} 2)
    math(EXPR next "${i} + 1")
    string(FIND "${text}" "${ARGV${next}}" position)
    if(position EQUAL -1)
      message(FATAL_ERROR "${core}/src/${name} is not that of the tree-sitter core ${TREE_SITTER_VERSION}: there is no "
        "'${ARGV${next}}' in it. Give the folder lib/ of that version.")
    endif()
    string(REPLACE "${ARGV${next}}" "${ARGV${i}}\n${ARGV${next}}" text "${text}")
  endforeach()
  file(CONFIGURE OUTPUT ${changed_core}/repomap_${name} CONTENT "@text@" @ONLY)
endfunction()

# The core proves of each query that its patterns can match, by a search through the whole parse table: 5 to 600 ms a
# query, longer than many a repository takes to parse. Ours were proved before they were released, so the copy can be
# told to leave that out; a user's own are still proved.
# The buffer for a text must be there even for an empty one, which is otherwise copied and compared at NULL.
# The proof is within a budget of looks, and its loops allocate little.
# A field, a branch of an alternation and a quantifier each belong to a step, and a predicate is none: in its place, the
# core wrote behind the last step, or went round for ever.
repomap_copy(query.c
  "    if (starting_step_index >= self->steps.size) {
      capture_quantifiers_delete(&field_capture_quantifiers);
      return TSQueryErrorSyntax;
    }" "    uint32_t step_index = starting_step_index;\n    QueryStep *step = array_get(&self->steps, step_index);"
  "      if (self->steps.size == start_index) {
        capture_quantifiers_delete(&branch_capture_quantifiers);
        array_delete(&branch_step_indices);
        return TSQueryErrorSyntax;
      }" "      if (start_index == starting_step_index) {"
  "    if (self->steps.size == starting_step_index && stream->next && strchr(\"+*?@\", stream->next)) {
      return TSQueryErrorSyntax;
    }" "    if (stream->next == '+') {"
  "  REPOMAP_LOOK_IF_WATCHED" "  *new_item = *borrowed_item;"
  "  REPOMAP_LOOK_IF_WATCHED" "  if ((*self)->depth < (*other)->depth) return 1;"
  "      REPOMAP_LOOK_IF_WATCHED" "      const TSStateId parse_state = analysis_state__top(state)->parse_state;"
  "        REPOMAP_LOOK_IF_WATCHED" "        TSSymbol sym = lookahead_iterator.symbol;"
  "        REPOMAP_LOOK_IF_WATCHED" "        step = array_get(&self->steps, step->alternative_index);"
  "  REPOMAP_BEFORE_PROOF" "  // For every parent symbol in the query, initialize an 'analysis subgraph'."
  "  array_reserve(&self->string_buffer, 1);" "  array_clear(&self->string_buffer);")

# A function that calls itself, without bounds, for which we have another; a shorter way for the pops that a parse
# consists of; and loops over a whole stack or tree that allocate nothing, so that a file's budget is not looked at.
repomap_copy(stack.c
  "#include \"stack_pop.h\"" "forceinline StackAction pop_count_callback("
  "  if (stack_pop_chain(self, version, count)) return self->slices;"
  "  return stack__iter(self, version, pop_count_callback"
  "#include \"stack_release.h\"\n#if 0" "static void stack_node_release("
  "#endif" "/// Get the number of nodes in the subtree, for the purpose of measuring"
  "  REPOMAP_LOOK" "  return iterator->node->link_count == 0 ? StackActionPop : StackActionNone;")
repomap_copy(subtree.c
  "    REPOMAP_LOOK" "    MutableSubtree child = ts_subtree_to_mut_unsafe(ts_subtree_children(tree)[0]);"
  "    REPOMAP_LOOK" "    right = ts_subtree_from_mut(array_pop(&pool->tree_stack));")

# Where a parse has made its scanner, which may need to be told its first state.
repomap_copy(parser.c
  "    REPOMAP_BEGIN_SCANNER" "    if (self->has_scanner_error) goto exit;\n\n    if (old_tree) {")

set(TREE_SITTER_INCLUDE_DIRS ${core}/include ${core}/src ${changed_core})
set(TREE_SITTER_SOURCE_DIR ${core}/src)
set(TREE_SITTER_LICENSES ${core}/LICENSE)
set(TREE_SITTER_UNICODE_LICENSES ${core}/src/unicode/LICENSE)
