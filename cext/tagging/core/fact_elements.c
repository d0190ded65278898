/* Included by core.c, behind fact_nodes.c: elements of JSX, and what their attributes are members of. */

/* Whether a name is that of an element of HTML: all others begin with a capital letter. */
static bool fact_is_of_html(const uint8_t *name) { return *name >= 'a' && *name <= 'z'; }

/* What all elements of HTML are members of: the type JSX.IntrinsicElements. */
static bool fact_elements_of_html(UseFinder *finder, Arena *arena, uint32_t *chain_out) {
  static const char space[] = "JSX", type[] = "IntrinsicElements";
  uint32_t space_name = fact_intern(finder, arena, (const uint8_t *)space, sizeof space - 1);
  uint32_t type_name = fact_intern(finder, arena, (const uint8_t *)type, sizeof type - 1);
  uint32_t chain = FACT_NONE;
  return space_name != INTERNER_FULL && type_name != INTERNER_FULL &&
         fact_chain(&finder->facts, arena, FACT_NAME, 0, space_name, &chain) &&
         fact_chain_on(&finder->facts, arena, FACT_MEMBER, chain, type_name, chain_out);
}

/* What the attributes of an element are members of: the type of an element of HTML, or what a component takes. */
static bool fact_attributes_of(UseFinder *finder, Arena *arena, uint32_t element, uint32_t *chain_out) {
  size_t size;
  const uint8_t *name = fact_last_name(finder, element, &size);
  *chain_out = FACT_NONE;
  if (!name) return true;
  FactChain known = finder->facts.chains[element - 1];
  if (known.op != FACT_NAME || !size || !fact_is_of_html(name)) {
    return fact_chain(&finder->facts, arena, FACT_PARAMETER, element, 0, chain_out);
  }
  uint32_t elements = FACT_NONE;
  return fact_elements_of_html(finder, arena, &elements) &&
         fact_chain_on(&finder->facts, arena, FACT_MEMBER, elements, known.second, chain_out);
}
