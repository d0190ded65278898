# Function bodies, inlined into _tagger: writes a block: the tags, terms, imports, uses and facts of one file (block.h).
from libc.stdint cimport uint8_t, uint32_t, uint64_t, UINT32_MAX
from libc.stdlib cimport free
from libc.string cimport memcpy, memset

from block cimport (
    BLOCK_COLUMNS, BLOCK_LENGTHS, BLOCK_MOST_COUNTED, BLOCK_NAME_IDS, BLOCK_REFERENCE, BLOCK_ROWS, BLOCK_SCOPES,
    BLOCK_SEAL_BYTES, BLOCK_SPANS, Block, block_lay_out, block_put, block_seal, block_size, block_width,
    block_write_header,
)
from columns cimport Columns, reserve
from core cimport RepomapBytes, repomap_bytes_free, repomap_bytes_reserve
from interner cimport Interner
from word_counts cimport TermCount, WordCounter, word_counter_add, word_counter_finish, word_counter_start


cdef struct BlockWriter:
    RepomapBytes out             # the blocks, one after another
    uint32_t *local_ids          # (local_ids_capacity,) number in the block of each of the worker's strings; UINT32_MAX
    size_t local_ids_capacity
    uint32_t *names              # of the block at hand, as ids of the worker's strings
    size_t names_capacity
    uint32_t *uses               # (n_names,) how many definitions have each
    size_t uses_capacity


cdef inline void free_block_writer(BlockWriter *writer) noexcept nogil:
    repomap_bytes_free(&writer.out)
    free(writer.local_ids)
    free(writer.names)
    free(writer.uses)
    memset(writer, 0, sizeof(BlockWriter))


cdef struct FileRecords:
    const uint8_t *imports       # records, see import_records.h
    uint32_t import_bytes
    uint32_t use_bytes
    const uint8_t *uses          # records, see use_records.h
    const uint8_t *facts         # records, see fact_records.h
    uint32_t fact_bytes


cdef enum BlockVerdict:
    BLOCK_WRITTEN
    BLOCK_TOO_LARGE         # its names are longer than they may be, or than its format can say
    BLOCK_NO_MEMORY


cdef inline BlockVerdict write_block(
    BlockWriter *writer, const Columns *tags, size_t first, uint32_t n_tags, const Interner *strings,
    const TermCount *terms, uint32_t n_terms, WordCounter *counter, FileRecords records, uint8_t status,
    const uint8_t *key, uint64_t name_room,
) noexcept nogil:
    """Append the block of one file, whose tags are n_tags rows from first on; unless it is BLOCK_WRITTEN, nothing.

    terms      (n_terms,) of the whole text, by rising hash.
    counter    to count the terms of names with.
    records    of its imports, uses and facts.
    name_room  bytes that its distinct names may have together.
    """
    cdef Block block
    cdef size_t i, old_capacity = writer.local_ids_capacity
    cdef uint32_t name_id, length
    cdef uint32_t[6] largest
    cdef uint64_t size, name_bytes = 0
    cdef uint8_t *data
    if not reserve(<void **>&writer.local_ids, &writer.local_ids_capacity, strings.count, 4):
        return BLOCK_NO_MEMORY
    if writer.local_ids_capacity > old_capacity:
        memset(&writer.local_ids[old_capacity], 0xFF, (writer.local_ids_capacity - old_capacity) * 4)
    if not (
        reserve(<void **>&writer.names, &writer.names_capacity, <size_t>n_tags + 1, 4)
        and reserve(<void **>&writer.uses, &writer.uses_capacity, <size_t>n_tags + 1, 4)
    ):
        return BLOCK_NO_MEMORY
    memset(&block, 0, sizeof(Block))
    memset(largest, 0, sizeof(largest))
    block.status = status
    block.n_tags = n_tags
    block.import_bytes, block.use_bytes = records.import_bytes, records.use_bytes
    block.fact_bytes = records.fact_bytes
    for i in range(first, first + n_tags):
        name_id = tags.name_ids[i]
        if writer.local_ids[name_id] == UINT32_MAX:
            writer.local_ids[name_id] = block.n_names
            writer.names[block.n_names] = name_id
            writer.uses[block.n_names] = 0
            block.n_names += 1
            length = <uint32_t>(strings.offsets[name_id + 1] - strings.offsets[name_id])
            name_bytes += length
            largest[<int>BLOCK_LENGTHS] = max(largest[<int>BLOCK_LENGTHS], length)
        if tags.roles[i] == 0:
            block.n_definitions += 1
            writer.uses[writer.local_ids[name_id]] += i == first or not is_same_name(tags, i - 1, i)
        largest[<int>BLOCK_ROWS] = max(largest[<int>BLOCK_ROWS], tags.rows[i])
        largest[<int>BLOCK_COLUMNS] = max(largest[<int>BLOCK_COLUMNS], tags.columns[i])
        largest[<int>BLOCK_SPANS] = max(largest[<int>BLOCK_SPANS], tags.end_rows[i] - tags.rows[i])
        largest[<int>BLOCK_SCOPES] = max(largest[<int>BLOCK_SCOPES], <uint32_t>(tags.scope_tag_ids[i] + 1))
    if name_bytes > min(name_room, <uint64_t>UINT32_MAX):
        forget_names(writer, block.n_names)
        return BLOCK_TOO_LARGE
    block.name_bytes = <uint32_t>name_bytes
    largest[<int>BLOCK_NAME_IDS] = block.n_names - 1 if block.n_names else 0
    count_names(writer, &block, strings, counter)
    measure_terms(&block, terms, n_terms, counter)
    for i in range(6):
        block.widths[i] = block_width(largest[i])
    size = block_size(&block)
    cdef size_t start = writer.out.size
    cdef size_t wanted = start + size
    if wanted > writer.out.capacity and not repomap_bytes_reserve(&writer.out, wanted + wanted // 2):
        forget_names(writer, block.n_names)
        return BLOCK_NO_MEMORY
    data = writer.out.contents + start
    block_write_header(&block, data)
    block_lay_out(&block, data)
    cdef uint8_t *names = <uint8_t *>block.names
    for i in range(block.n_names):
        name_id = writer.names[i]
        length = <uint32_t>(strings.offsets[name_id + 1] - strings.offsets[name_id])
        block_put(<uint8_t *>block.lengths, i, block.widths[<int>BLOCK_LENGTHS], length)
        memcpy(names, strings.bytes.contents + strings.offsets[name_id], length)
        names += length
    for i in range(n_tags):
        name_id = writer.local_ids[tags.name_ids[first + i]]
        block_put(<uint8_t *>block.name_ids, i, block.widths[<int>BLOCK_NAME_IDS], name_id)
        (<uint8_t *>block.kinds)[i] = tags.kind_ids[first + i] | (BLOCK_REFERENCE if tags.roles[first + i] else 0)
        block_put(<uint8_t *>block.rows, i, block.widths[<int>BLOCK_ROWS], tags.rows[first + i])
        block_put(<uint8_t *>block.columns, i, block.widths[<int>BLOCK_COLUMNS], tags.columns[first + i])
        block_put(
            <uint8_t *>block.spans, i, block.widths[<int>BLOCK_SPANS], tags.end_rows[first + i] - tags.rows[first + i]
        )
        block_put(
            <uint8_t *>block.scopes, i, block.widths[<int>BLOCK_SCOPES], <uint32_t>(tags.scope_tag_ids[first + i] + 1)
        )
    write_terms(&block, terms, n_terms, counter)
    if records.import_bytes:
        memcpy(<uint8_t *>block.imports, records.imports, records.import_bytes)
    if records.use_bytes:
        memcpy(<uint8_t *>block.uses, records.uses, records.use_bytes)
    if records.fact_bytes:
        memcpy(<uint8_t *>block.facts, records.facts, records.fact_bytes)
    block_seal(key, data, size - BLOCK_SEAL_BYTES, data + size - BLOCK_SEAL_BYTES)
    writer.out.size = wanted
    forget_names(writer, block.n_names)
    return BLOCK_WRITTEN


cdef inline bint is_same_name(const Columns *tags, size_t a, size_t b) noexcept nogil:
    """Whether two tags are of one name at one place, which may be defined as two kinds at once."""
    return (
        tags.roles[a] == tags.roles[b] and tags.name_ids[a] == tags.name_ids[b] and tags.rows[a] == tags.rows[b]
        and tags.columns[a] == tags.columns[b]
    )


cdef inline void count_names(
    const BlockWriter *writer, const Block *block, const Interner *strings, WordCounter *counter
) noexcept nogil:
    """Count the terms of the names, each name as often as there are definitions of it."""
    cdef uint32_t i, name_id
    cdef size_t position, size
    word_counter_start(counter, block.name_bytes, NULL)
    for i in range(block.n_names):
        if writer.uses[i]:
            name_id = writer.names[i]
            position = 0
            size = strings.offsets[name_id + 1] - strings.offsets[name_id]
            word_counter_add(
                counter, strings.bytes.contents + strings.offsets[name_id], size, &position, size, writer.uses[i]
            )
    word_counter_finish(counter)


cdef struct Merged:
    uint32_t hash
    uint32_t n_in_rest
    uint32_t n_in_names


cdef inline bint merge_next(
    const TermCount *terms, uint32_t n_terms, const WordCounter *names, uint32_t *i, uint32_t *j, Merged *out
) noexcept nogil:
    """Take the next term of the whole text, of names, or of both; False when there is none."""
    cdef bint is_in_names = j[0] < names.n_terms
    if i[0] == n_terms and not is_in_names:
        return False
    cdef bint is_in_text = i[0] < n_terms and (not is_in_names or terms[i[0]].hash <= names.terms[j[0]].hash)
    is_in_names = is_in_names and not (is_in_text and terms[i[0]].hash < names.terms[j[0]].hash)
    out.hash = terms[i[0]].hash if is_in_text else names.terms[j[0]].hash
    out.n_in_names = names.terms[j[0]].n if is_in_names else 0
    # A name that is a keyword too was not counted in the text.
    out.n_in_rest = terms[i[0]].n - min(terms[i[0]].n, out.n_in_names) if is_in_text else 0
    i[0] += is_in_text
    j[0] += is_in_names
    return True


cdef inline void measure_terms(
    Block *block, const TermCount *terms, uint32_t n_terms, const WordCounter *names
) noexcept nogil:
    """Count the terms of a block, and how often they are there."""
    cdef uint32_t i = 0, j = 0
    cdef Merged merged
    cdef uint64_t name_length = 0, rest_length = 0
    while merge_next(terms, n_terms, names, &i, &j, &merged):
        block.n_terms += 1
        name_length += merged.n_in_names
        rest_length += merged.n_in_rest
    block.name_length = <uint32_t>min(name_length, <uint64_t>UINT32_MAX)
    block.rest_length = <uint32_t>min(rest_length, <uint64_t>UINT32_MAX)


cdef inline void write_terms(
    const Block *block, const TermCount *terms, uint32_t n_terms, const WordCounter *names
) noexcept nogil:
    cdef uint32_t i = 0, j = 0, n = 0
    cdef Merged merged
    while merge_next(terms, n_terms, names, &i, &j, &merged):
        block_put(<uint8_t *>block.term_hashes, n, 4, merged.hash)
        (<uint8_t *>block.rest_counts)[n] = <uint8_t>min(merged.n_in_rest, <uint32_t>BLOCK_MOST_COUNTED)
        (<uint8_t *>block.name_counts)[n] = <uint8_t>min(merged.n_in_names, <uint32_t>BLOCK_MOST_COUNTED)
        n += 1


cdef inline void forget_names(BlockWriter *writer, uint32_t n_names) noexcept nogil:
    cdef size_t i
    for i in range(n_names):
        writer.local_ids[writer.names[i]] = UINT32_MAX
