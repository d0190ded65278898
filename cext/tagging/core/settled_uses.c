/* Included by core.c, behind uses.c: which of the uses that were found stay, when the tags of the file are known. */
#include "uses.h"

/* Give the tags their receivers, and note which uses they are at: those are left out. */
static void use_drop_tagged(UseFinder *finder, bool expects) {
  size_t n_kept = 0, first = 0;
  for (size_t i = 0; i < finder->n; i++) {
    const Use *use = &finder->uses[i];
    while (first < finder->n_tags && finder->tags[first].start < use->start) first++;
    size_t tag = first;
    bool is_reference = false;
    for (; !use->is_element && tag < finder->n_tags && finder->tags[tag].start == use->start; tag++) {
      finder->tags[tag].receiver = use->receiver;
      finder->tags[tag].name = 1 + use->name;
      is_reference |= finder->tags[tag].is_reference;
    }
    /* What defines a member of an object may stand for one of what the object has to be. */
    bool is_of_another = expects && use->receiver > FACT_UNKNOWN &&
                         finder->facts.chains[use->receiver - 2].op != FACT_SELF;
    bool is_both = !is_reference && use->kind != USE_KIND_READ && is_of_another;
    if (tag > first && !is_reference && use->kind == USE_KIND_WRITE) use_define(finder, use->scope, use->name);
    if (tag == first || is_both) finder->uses[n_kept++] = *use;
  }
  finder->n = n_kept;
}

/* Find the names of functions that definitions are bound to: const name = () => {}. */
static void use_find_defined(const UseFinder *finder) {
  size_t tag = 0;
  for (size_t i = 0; i < finder->facts.n_bindings; i++) {
    const FactBinding *binding = &finder->facts.bindings[i];
    if (binding->kind != FACT_LOCAL) continue;
    while (tag < finder->n_tags && finder->tags[tag].start < binding->start) tag++;
    if (tag == finder->n_tags) return;
    if (finder->tags[tag].start == binding->start && !finder->tags[tag].is_reference) {
      use_define(finder, binding->scope, binding->name);
    }
  }
}

/* Leave out names that are bound in the part of the text that they stand in. */
static bool use_drop_ranged(UseFinder *finder, Arena *arena) {
  if (!finder->n_ranges || !finder->n) return true;
  if (!arena_take(arena, finder->names.count * sizeof(uint32_t))) return false;
  uint32_t *ends = (uint32_t *)calloc(finder->names.count, sizeof(uint32_t)); /* of what binds each name last */
  if (!ends) return false;
  size_t n_kept = 0, range = 0;
  for (size_t i = 0; i < finder->n; i++) {
    const Use *use = &finder->uses[i];
    for (; range < finder->n_ranges && finder->ranges[range].start <= use->start; range++) {
      const UseRange *at = &finder->ranges[range];
      if (at->end > ends[at->name]) ends[at->name] = at->end;
    }
    bool is_bound = use->start < ends[use->name] && use->receiver == FACT_BARE && use->kind != USE_KIND_MEMBER;
    if (!is_bound) finder->uses[n_kept++] = *use;
  }
  finder->n = n_kept;
  free(ends);
  return true;
}

ArenaVerdict repomap_settle_uses(UseFinder *finder, Arena *arena, const UseRules *rules) {
  use_drop_tagged(finder, rules->expects);
  use_find_defined(finder);
  if (!use_drop_ranged(finder, arena)) return ARENA_OUT_OF_MEMORY;
  size_t n_kept = 0;
  for (size_t i = 0; i < finder->n; i++) {
    Use use = finder->uses[i];
    const UseBinding *bound_by = use_bound_by(finder, use.scope, use.name);
    bool is_bound = bound_by && !(bound_by->is & USE_IS_DEFINED);
    if (is_bound && use.is_member) {
      use.kind = USE_KIND_MEMBER;
      if (use.receiver == FACT_BARE) use.receiver = FACT_UNKNOWN;
    }
    if (!is_bound || use.is_member) finder->uses[n_kept++] = use;
    if (i % USE_STEPS_BETWEEN_CHECKS == USE_STEPS_BETWEEN_CHECKS - 1) {
      ArenaVerdict verdict = arena_verdict(arena);
      if (verdict != ARENA_RUNNING) return verdict;
    }
  }
  finder->n = n_kept;
  return ARENA_RUNNING;
}
