# Function bodies, inlined into _tagger: what patterns say of the place of a tag, carried out on a file's candidates.
#
# They are the `#set!` lines that rules.py reads. They need to know what is around a tag, which no pattern can ask.
from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memchr, memset

from candidates cimport NAME_COPIES, NO_OWNER, ROLE_DEFINITION, Candidate, Candidates
from columns cimport kept_scope
from conditions cimport Conditions, add_contested_tag
from core cimport ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, arena_take, merge_sort
from interner cimport INTERNER_FULL, Interner, interner_intern
from query cimport (
    PLACE_FUNCTION, PLACE_NONE, PLACE_TYPE, RULE_CONTESTED, RULE_KIND_IN_TYPE, RULE_MEMBER_OF_TYPE,
    RULE_NOT_IN_FUNCTION, RULE_ONCE_IN_FILE, RULE_ONCE_IN_TYPE, RULE_UNLESS_DEFINED,
)


cdef enum:
    UNKNOWN = -2
    RULES_OF_PLACES = RULE_KIND_IN_TYPE | RULE_MEMBER_OF_TYPE | RULE_NOT_IN_FUNCTION | RULE_ONCE_IN_TYPE
    MOST_AROUND = 256       # scopes that are followed to see that those of an owner end
    LONGEST_OWNER = 255     # bytes of the name of an owner that is no tag
    IS_NO_TYPE = 0x80000000  # of a row, so that types come first

cdef struct Member:
    uint32_t around         # the type; above all rows, the kind of what is to be once in the file
    uint32_t name_id
    uint32_t order          # its row; those that give way to others come behind all of them
    uint32_t row


cdef inline int32_t innermost(
    const Candidate *items, const int32_t *scopes, int32_t *known, int32_t row, uint8_t places
) noexcept nogil:
    """Return the innermost definition around a row that is one of these places, or -1.

    known  (n,) what was found for rows on the way, or UNKNOWN: each row is passed once.
    """
    cdef int32_t found, step, start = scopes[row]
    found = start
    while found >= 0 and not items[found].place & places and known[found] == UNKNOWN:
        found = scopes[found]
    if found >= 0 and not items[found].place & places:
        found = known[found]
    step = start
    while step >= 0 and not items[step].place & places and known[step] == UNKNOWN:
        known[step] = found
        step = scopes[step]
    return found


cdef inline bint is_pending(const Candidate *candidate) noexcept nogil:
    """Whether regexes, which are asked after the batch, decide if there is such a tag."""
    return candidate.condition != 0 or candidate.rules & RULE_CONTESTED != 0


cdef inline int32_t defined_there(const Candidate *items, size_t n, size_t row) noexcept nogil:
    """Return another definition whose name starts where that of a row does, or -1: definitions come first there.

    Of definitions that give way to others, none gives way to another such. One that a regex may still drop is returned
    only where there is no other.
    """
    cdef uint32_t start = items[row].name_start
    cdef bint is_reference = items[row].role != ROLE_DEFINITION
    cdef size_t other = row
    cdef int32_t pending = -1
    while other > 0 and items[other - 1].name_start == start:
        other -= 1
    while other < n and items[other].name_start == start and items[other].role == ROLE_DEFINITION:
        if other != row and (is_reference or not items[other].rules & RULE_UNLESS_DEFINED):
            if not is_pending(&items[other]):
                return <int32_t>other
            if pending < 0:
                pending = <int32_t>other
        other += 1
    return pending


cdef inline void leave_to_siblings(
    int32_t *siblings, size_t n, int32_t *scopes, const uint8_t *is_dropped
) noexcept nogil:
    """Put what is within a marked definition into the next one of its extent that stays, if there is one."""
    cdef size_t row = n
    cdef int32_t sibling
    while row > 0:
        row -= 1
        sibling = siblings[row]
        if sibling >= 0 and is_dropped[sibling]:
            # That comes later: its own next one is known.
            sibling = siblings[sibling]
            siblings[row] = sibling
        if sibling >= 0 and is_dropped[row]:
            scopes[row] = sibling


cdef inline void drop_marked(
    Candidates *candidates, int32_t *scopes, const uint8_t *is_dropped, int32_t *new_rows, int32_t *new_scopes
) noexcept nogil:
    """Take marked candidates out; what was within one is then within its next sibling, or what was around it."""
    cdef size_t row, n_kept = 0
    cdef int32_t scope, sibling
    if candidates.has_siblings:
        leave_to_siblings(candidates.siblings, candidates.n, scopes, is_dropped)
    for row in range(candidates.n):
        new_rows[row] = <int32_t>n_kept
        n_kept += not is_dropped[row]
    for row in range(candidates.n):
        scope = kept_scope(scopes, is_dropped, scopes[row])
        new_scopes[row] = new_rows[scope] if scope >= 0 else -1
    n_kept = 0
    for row in range(candidates.n):
        if not is_dropped[row]:
            candidates.items[n_kept] = candidates.items[row]
            if candidates.has_siblings:
                sibling = candidates.siblings[row]
                candidates.siblings[n_kept] = new_rows[sibling] if sibling >= 0 else -1
            scopes[n_kept] = new_scopes[row]
            n_kept += 1
    candidates.n = n_kept


cdef inline void settle_places(Candidates *candidates, int32_t *scopes) noexcept nogil:
    """Carry out the rules that ask where a tag is: some are dropped, some are of another kind or in another scope.

    scopes  (n,) of the sorted candidates; changed with them.
    """
    cdef Candidate *items = candidates.items
    cdef size_t row, n = candidates.n
    cdef bint is_any_dropped = False
    # Both have room for three of these columns, and are not needed any more.
    cdef int32_t *places = <int32_t *>candidates.extents
    cdef int32_t *types = places + n
    cdef int32_t *owners = types + n
    cdef int32_t *new_rows = <int32_t *>candidates.around
    cdef uint8_t *is_dropped = <uint8_t *>(new_rows + n)
    cdef int32_t around, other
    for row in range(n):
        places[row] = types[row] = UNKNOWN
    memset(is_dropped, 0, n)
    for row in range(n):
        other = defined_there(items, n, row) if items[row].rules & RULE_UNLESS_DEFINED else -1
        if other >= 0:
            if is_pending(&items[other]):
                items[row].rules |= RULE_CONTESTED
                candidates.has_contested = True
            else:
                is_dropped[row] = is_any_dropped = True
    if is_any_dropped and candidates.has_siblings:
        leave_to_siblings(candidates.siblings, n, scopes, is_dropped)
    for row in range(n):
        if items[row].rules & RULES_OF_PLACES == 0:
            continue
        if items[row].rules & RULE_ONCE_IN_TYPE:
            owners[row] = innermost(items, scopes, types, <int32_t>row, PLACE_TYPE)
            is_dropped[row] |= owners[row] < 0
        elif items[row].rules & RULE_MEMBER_OF_TYPE:
            owners[row] = innermost(items, scopes, types, <int32_t>row, PLACE_TYPE)
            if owners[row] < 0:
                owners[row] = scopes[row]
        if items[row].rules & (RULE_NOT_IN_FUNCTION | RULE_KIND_IN_TYPE):
            around = innermost(items, scopes, places, <int32_t>row, PLACE_TYPE | PLACE_FUNCTION)
            owners[row] = around
            if around >= 0 and items[around].place == PLACE_FUNCTION:
                is_dropped[row] |= items[row].rules & RULE_NOT_IN_FUNCTION != 0
            elif around >= 0 and items[row].rules & RULE_KIND_IN_TYPE:
                items[row].kind_id = items[row].kind_in_type
        is_any_dropped |= is_dropped[row]
    # What is bound belongs to the type or function, not to another name that is bound around it.
    for row in range(n):
        if items[row].rules & RULES_OF_PLACES and not is_dropped[row]:
            scopes[row] = owners[row]
    if is_any_dropped:
        drop_marked(candidates, scopes, is_dropped, new_rows, places)


cdef inline int compare_members(const void *left, const void *right) noexcept nogil:
    cdef const Member *a = <const Member *>left
    cdef const Member *b = <const Member *>right
    if a.around != b.around:
        return -1 if a.around < b.around else 1
    if a.name_id != b.name_id:
        return -1 if a.name_id < b.name_id else 1
    return (a.order > b.order) - (a.order < b.order)


cdef inline bint are_of_one_group(const Member *a, const Member *b) noexcept nogil:
    return a.around == b.around and a.name_id == b.name_id


cdef inline size_t mark_repeated(
    const Candidate *items, const Member *members, size_t n_members, uint8_t *is_dropped, Member *contested
) noexcept nogil:
    """Mark each member that repeats one before it; return how many members are contested.

    members    (n_members,) sorted.
    contested  room for n_members; filled with members of groups in which regexes decide what is repeated.
    """
    cdef size_t i, first = 0, n_contested = 0, n_known = 0
    cdef bint is_settled = False
    for i in range(n_members):
        if not are_of_one_group(&members[first], &members[i]):
            first, is_settled = i, False
        if i > first and members[i].order != members[i].row:
            if is_settled:
                is_dropped[members[i].row] = True
                continue
            # All before it are pending: each of them is contested, too.
            n_known = max(n_known, first)
            while n_known <= i:
                contested[n_contested] = members[n_known]
                n_contested += 1
                n_known += 1
        is_settled |= not is_pending(&items[members[i].row])
    return n_contested


cdef inline int drop_repeated(
    Candidates *candidates, Arena *arena, int32_t *scopes, Conditions *conditions, uint64_t first_row
) noexcept nogil:
    """Keep one definition of a name in a type, and one of a kind in the file, of those that are to be there once.

    first_row  of the columns, where the candidates will be.

    Where a regex may still drop the one that would be kept, all are noted as contested. Return an ArenaVerdict.
    """
    cdef Candidate *items = candidates.items
    cdef size_t row, n = candidates.n, n_members = 0, n_contested, i
    cdef uint32_t rank = 0
    cdef bint is_once
    cdef int verdict
    # A candidate is larger than three members: one half of the room is for them, the other for sorting.
    cdef Member *members = <Member *>candidates.scratch
    cdef Member *scratch = members + n
    cdef int32_t *new_rows = <int32_t *>candidates.around
    cdef uint8_t *is_dropped = <uint8_t *>(new_rows + n)
    memset(is_dropped, 0, n)
    for row in range(n):
        if items[row].role == ROLE_DEFINITION and items[row].rules & RULE_ONCE_IN_FILE:
            # One that gives way to others at its place does so to those of its name, too. Rows have fewer bits.
            is_once = items[row].rules & RULE_UNLESS_DEFINED != 0
            members[n_members] = Member(
                <uint32_t>1 << 31 | items[row].kind_id, items[row].name_id,
                <uint32_t>row | (<uint32_t>3 << 30 if is_once else <uint32_t>1 << 31), <uint32_t>row,
            )
            n_members += 1
            continue
        if items[row].role != ROLE_DEFINITION or scopes[row] < 0 or items[scopes[row]].place != PLACE_TYPE:
            continue
        is_once = items[row].rules & RULE_ONCE_IN_TYPE != 0
        members[n_members] = Member(
            <uint32_t>scopes[row], items[row].name_id, <uint32_t>row | (<uint32_t>1 << 31 if is_once else 0),
            <uint32_t>row,
        )
        n_members += 1
    verdict = merge_sort(arena, members, scratch, n_members, sizeof(Member), compare_members)
    if verdict != ARENA_RUNNING:
        return verdict
    n_contested = mark_repeated(items, members, n_members, is_dropped, scratch)
    if n_contested or memchr(is_dropped, True, n) != NULL:
        drop_marked(candidates, scopes, is_dropped, new_rows, <int32_t *>candidates.extents)
    for i in range(n_contested):
        if i == 0 or not are_of_one_group(&scratch[i - 1], &scratch[i]):
            conditions.n_groups += 1
            rank = 0
        elif scratch[i].order != scratch[i].row:
            rank += 1
        if not add_contested_tag(conditions, arena, first_row + new_rows[scratch[i].row], rank, True):
            return ARENA_OUT_OF_MEMORY
    return ARENA_RUNNING


cdef inline int note_contested_places(
    const Candidates *candidates, Arena *arena, Conditions *conditions, uint64_t first_row
) noexcept nogil:
    """Note the tags of each place at which regexes decide what gives way to what; return an ArenaVerdict."""
    cdef const Candidate *items = candidates.items
    cdef size_t row = 0, end, n = candidates.n
    cdef uint32_t rank
    cdef bint is_contested
    while row < n:
        end, is_contested = row, False
        while end < n and items[end].name_start == items[row].name_start:
            is_contested |= items[end].rules & RULE_CONTESTED != 0
            end += 1
        conditions.n_groups += is_contested
        while row < end:
            rank = 2 if items[row].role != ROLE_DEFINITION else items[row].rules & RULE_UNLESS_DEFINED != 0
            if is_contested and (rank < 2 or items[row].rules & RULE_CONTESTED) and not add_contested_tag(
                conditions, arena, first_row + row, rank, False
            ):
                return ARENA_OUT_OF_MEMORY
            row += 1
    return ARENA_RUNNING


cdef inline int compare_keys(uint64_t a, uint64_t b) noexcept nogil:
    return (a > b) - (a < b)


cdef inline int compare_owners(const void *left, const void *right) noexcept nogil:
    return compare_keys((<const uint64_t *>left)[0], (<const uint64_t *>right)[0])


cdef inline bint has_types_alone_around(const Candidate *items, const int32_t *scopes, int32_t row) noexcept nogil:
    """Whether all that is around a type is types that have no owner, so that the way up from it cannot lead back."""
    cdef int n_left = MOST_AROUND
    while row >= 0 and n_left > 0:
        if items[row].place != PLACE_TYPE or items[row].owner_start != NO_OWNER:
            return False
        row = scopes[row]
        n_left -= 1
    return row < 0


cdef inline int32_t find_name_at(const Candidates *candidates, uint32_t start) noexcept nogil:
    """Return the first candidate whose name starts at this byte, or -1."""
    cdef size_t lower = 0, upper = candidates.n, middle
    while lower < upper:
        middle = lower + (upper - lower) // 2
        if candidates.items[middle].name_start < start:
            lower = middle + 1
        else:
            upper = middle
    return <int32_t>lower if lower < candidates.n and candidates.items[lower].name_start == start else -1


cdef inline void give_to(
    const Candidate *items, int32_t *scopes, int32_t row, int32_t owner, int32_t named
) noexcept nogil:
    """Put a definition into the scope of its owner: a type of the file, or the tag that names it in the declaration."""
    cdef int32_t around = scopes[row], cut = -1, step = named
    cdef int n_left = MOST_AROUND
    if owner >= 0 and owner != row:
        scopes[row] = owner
        return
    # The name is within the definition: its own way up leads through it, and is cut there.
    while step >= 0 and n_left > 0:
        if scopes[step] == row:
            cut = step
            break
        step = scopes[step]
        n_left -= 1
    if cut >= 0:
        scopes[cut] = around
    scopes[row] = named
    step, n_left = row, MOST_AROUND
    while step >= 0 and n_left > 0:
        step = scopes[step]
        n_left -= 1
    if step >= 0:
        scopes[row] = around
        if cut >= 0:
            scopes[cut] = row


cdef inline uint32_t owner_name(
    const Candidates *candidates, const Arena *arena, const uint8_t *text, Interner *strings, const Candidate *owned,
    int32_t named,
) noexcept nogil:
    """Return the id of the name of what a candidate belongs to; INTERNER_FULL where it is too long, or on no memory.

    named  the tag that stands there, or -1.
    """
    cdef uint32_t size = owned.owner_end - owned.owner_start
    if named >= 0:
        return candidates.items[named].name_id
    if size > LONGEST_OWNER or not arena_take(arena, NAME_COPIES * <size_t>size):
        return INTERNER_FULL
    return interner_intern(strings, text + owned.owner_start, size)


cdef inline int settle_owners(
    Candidates *candidates, const Arena *arena, const uint8_t *text, Interner *strings, int32_t *scopes
) noexcept nogil:
    """Put each definition that names its owner into the scope of it; return an ArenaVerdict.

    The owner is the type of that name in the file, if there is one; else another definition that no other is around;
    else the tag that stands where it is named.
    """
    cdef Candidate *items = candidates.items
    cdef size_t row, n = candidates.n, n_owners = 0, lower, upper, middle
    cdef uint64_t *owners = <uint64_t *>candidates.scratch
    cdef uint64_t wanted
    cdef int32_t named, owner
    cdef uint32_t name_id
    cdef int verdict
    for row in range(n):
        if items[row].role != ROLE_DEFINITION:
            continue
        if items[row].place == PLACE_TYPE:
            if has_types_alone_around(items, scopes, <int32_t>row):
                owners[n_owners] = <uint64_t>items[row].name_id << 32 | row
                n_owners += 1
        elif scopes[row] < 0 and items[row].owner_start == NO_OWNER:
            owners[n_owners] = <uint64_t>items[row].name_id << 32 | <uint32_t>IS_NO_TYPE | row
            n_owners += 1
    verdict = merge_sort(arena, owners, owners + n, n_owners, sizeof(uint64_t), compare_owners)
    if verdict != ARENA_RUNNING:
        return verdict
    for row in range(n):
        if items[row].owner_start == NO_OWNER:
            continue
        named = find_name_at(candidates, items[row].owner_start)
        if named == <int32_t>row:
            continue
        # An owner may have an owner: `Panel` of `Sub` in `Panel::Sub::open`.
        if named >= 0 and items[row].role == ROLE_DEFINITION and (
            items[named].name_start < items[row].extent_start or items[named].name_end > items[row].extent_end
        ):
            if items[named].place == PLACE_TYPE and items[row].place == PLACE_NONE:
                scopes[row] = named
            continue
        name_id = owner_name(candidates, arena, text, strings, &items[row], named)
        if name_id == INTERNER_FULL:
            continue
        lower, upper, owner = 0, n_owners, -1
        wanted = <uint64_t>name_id << 32
        while lower < upper:
            middle = lower + (upper - lower) // 2
            if owners[middle] < wanted:
                lower = middle + 1
            else:
                upper = middle
        if lower < n_owners and <uint32_t>(owners[lower] >> 32) == name_id:
            owner = <int32_t>(<uint32_t>owners[lower] & ~<uint32_t>IS_NO_TYPE)
        if named < 0:
            # A definition that no other is around may be within none: it cannot be in the one that it is given to.
            if owner >= 0 and owner != <int32_t>row:
                scopes[row] = owner
        elif items[row].role == ROLE_DEFINITION:
            give_to(items, scopes, <int32_t>row, owner, named)
        elif owner >= 0 or named < <int32_t>row:
            scopes[row] = owner if owner >= 0 else named
    return verdict
