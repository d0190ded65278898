# Function bodies, inlined into _tagger: writes the tags of one file as a block (block.h).
from libc.stdint cimport uint8_t, uint32_t, uint64_t, UINT32_MAX
from libc.stdlib cimport free
from libc.string cimport memcpy, memset

from block cimport (
    BLOCK_COLUMNS, BLOCK_LENGTHS, BLOCK_NAME_IDS, BLOCK_REFERENCE, BLOCK_ROWS, BLOCK_SCOPES, BLOCK_SEAL_BYTES,
    BLOCK_SPANS, Block, block_lay_out, block_put, block_seal, block_size, block_width, block_write_header,
)
from columns cimport Columns, reserve
from core cimport RepomapBytes, repomap_bytes_free, repomap_bytes_reserve
from interner cimport Interner


cdef struct BlockWriter:
    RepomapBytes out             # the blocks, one after another
    uint32_t *local_ids          # (local_ids_capacity,) number in the block of each of the worker's strings; UINT32_MAX
    size_t local_ids_capacity
    uint32_t *names              # of the block at hand, as ids of the worker's strings
    size_t names_capacity


cdef inline void free_block_writer(BlockWriter *writer) noexcept nogil:
    repomap_bytes_free(&writer.out)
    free(writer.local_ids)
    free(writer.names)
    memset(writer, 0, sizeof(BlockWriter))


cdef enum BlockVerdict:
    BLOCK_WRITTEN
    BLOCK_TOO_LARGE         # its names are longer than they may be, or than its format can say
    BLOCK_NO_MEMORY


cdef inline BlockVerdict write_block(
    BlockWriter *writer, const Columns *tags, size_t first, uint32_t n_tags, const Interner *strings, uint8_t status,
    const uint8_t *key, uint64_t name_room,
) noexcept nogil:
    """Append the block of one file, whose tags are n_tags rows from first on; unless it is BLOCK_WRITTEN, nothing.

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
    if not reserve(<void **>&writer.names, &writer.names_capacity, <size_t>n_tags + 1, 4):
        return BLOCK_NO_MEMORY
    memset(&block, 0, sizeof(Block))
    memset(largest, 0, sizeof(largest))
    block.status = status
    block.n_tags = n_tags
    for i in range(first, first + n_tags):
        name_id = tags.name_ids[i]
        if writer.local_ids[name_id] == UINT32_MAX:
            writer.local_ids[name_id] = block.n_names
            writer.names[block.n_names] = name_id
            block.n_names += 1
            length = <uint32_t>(strings.offsets[name_id + 1] - strings.offsets[name_id])
            name_bytes += length
            largest[<int>BLOCK_LENGTHS] = max(largest[<int>BLOCK_LENGTHS], length)
        block.n_definitions += tags.roles[i] == 0
        largest[<int>BLOCK_ROWS] = max(largest[<int>BLOCK_ROWS], tags.rows[i])
        largest[<int>BLOCK_COLUMNS] = max(largest[<int>BLOCK_COLUMNS], tags.columns[i])
        largest[<int>BLOCK_SPANS] = max(largest[<int>BLOCK_SPANS], tags.end_rows[i] - tags.rows[i])
        largest[<int>BLOCK_SCOPES] = max(largest[<int>BLOCK_SCOPES], <uint32_t>(tags.scope_tag_ids[i] + 1))
    if name_bytes > min(name_room, <uint64_t>UINT32_MAX):
        forget_names(writer, block.n_names)
        return BLOCK_TOO_LARGE
    block.name_bytes = <uint32_t>name_bytes
    largest[<int>BLOCK_NAME_IDS] = block.n_names - 1 if block.n_names else 0
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
    block_seal(key, data, size - BLOCK_SEAL_BYTES, data + size - BLOCK_SEAL_BYTES)
    writer.out.size = wanted
    forget_names(writer, block.n_names)
    return BLOCK_WRITTEN


cdef inline void forget_names(BlockWriter *writer, uint32_t n_names) noexcept nogil:
    cdef size_t i
    for i in range(n_names):
        writer.local_ids[writer.names[i]] = UINT32_MAX
