"""What stands at each of many paths below one folder: kind, size, times and inode, asked without the GIL.

In: the columns of a StringTable of paths. Out: a column for each thing asked. Compiled because a large repository has a
hundred thousand files, and os.lstat() takes as long to make its Python object as the system takes to answer. Any
number of threads may call it at once, each for rows of its own; where paths are sorted, each folder is looked up once.
"""
from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memchr, memcpy, memset

cdef extern from "platform.h" nogil:
    enum:
        REPOMAP_KIND_MISSING
        REPOMAP_KIND_FILE
        REPOMAP_KIND_FOLDER
        REPOMAP_KIND_OTHER
    ctypedef struct RepomapInode:
        int64_t size_bytes
        int64_t mtime_ns
        int64_t ctime_ns
        uint64_t inode
        uint8_t kind
    ctypedef struct RepomapFolder:
        pass
    bint repomap_folder_open(RepomapFolder *folder, const char *path)
    void repomap_folder_close(RepomapFolder *folder)
    void repomap_folder_look_up(RepomapFolder *folder, const char *path, RepomapInode *inode_out)

cdef enum:
    KIND_BEHIND_LINK = REPOMAP_KIND_OTHER + 1

ctypedef struct Way:
    RepomapFolder root
    char *path             # borrowed; room for the longest path with a slash, and for a rule file in its folder
    uint64_t size          # bytes of the path that was last looked up
    uint64_t real_size     # its first bytes that are folders, down to the last slash
    uint64_t unreal_size   # its first bytes that are no folder, with the slash; 0 if there is no such part
    const char *rule_file  # borrowed; a name
    uint64_t rule_file_size
    bint has_rule_file     # one was met


cdef bint is_name(const char *name, uint64_t size) noexcept nogil:
    """Return whether a path may go on with this name: not if it leads out of the root, as in a forged index."""
    if size == 1:
        return name[0] != c"."
    return size > 2 or (size == 2 and not (name[0] == c"." and name[1] == c"."))


cdef void look_for_rule_file(Way *way) noexcept nogil:
    """Look for a rule file in the folder path[:real_size]; the rest of the path is overwritten."""
    cdef RepomapInode inode
    if way.rule_file_size and not way.has_rule_file:
        memcpy(way.path + way.real_size, way.rule_file, way.rule_file_size + 1)
        repomap_folder_look_up(&way.root, way.path, &inode)
        way.has_rule_file = inode.kind == REPOMAP_KIND_FILE


cdef bint is_folder(Way *way, uint64_t end) noexcept nogil:
    """Return whether path[:end] is a folder; a slash is put at its end."""
    cdef RepomapInode inode
    way.path[end] = 0
    repomap_folder_look_up(&way.root, way.path, &inode)
    way.path[end] = c"/"
    return inode.kind == REPOMAP_KIND_FOLDER


cdef void look_up_path(Way *way, const char *path, uint64_t size, RepomapInode *inode_out) noexcept nogil:
    """Look up one path; what is known of the folders of the one before is not asked again."""
    cdef uint64_t common = 0, name, end
    while common < size and common < way.size and path[common] == way.path[common]:
        common += 1
    if way.unreal_size > common:
        way.unreal_size = 0
    way.real_size = min(way.real_size, common)
    while way.real_size and path[way.real_size - 1] != c"/":
        way.real_size -= 1
    memcpy(way.path, path, size)
    way.path[size] = 0
    way.size = size
    memset(inode_out, 0, sizeof(RepomapInode))
    inode_out.kind = REPOMAP_KIND_MISSING
    if memchr(path, 0, size) != NULL:
        return
    name = end = way.real_size
    while end < size and not way.unreal_size:
        if path[end] == c"/":
            if is_name(path + name, end - name) and is_folder(way, end):
                way.real_size = name = end + 1
                look_for_rule_file(way)
                memcpy(way.path + name, path + name, size - name)
                way.path[size] = 0
            else:
                way.unreal_size = end + 1
        end += 1
    if way.unreal_size:
        inode_out.kind = KIND_BEHIND_LINK
    elif is_name(path + name, size - name):
        repomap_folder_look_up(&way.root, way.path, inode_out)
        if inode_out.kind == REPOMAP_KIND_FOLDER and not way.rule_file_size:
            # What is in it comes next, if paths are sorted.
            way.path[size] = c"/"
            way.size = way.real_size = size + 1


cdef int64_t longest_size(const uint64_t *offsets, Py_ssize_t n, uint64_t n_bytes) noexcept nogil:
    """Return the length of the longest path, or -1 where the offsets do not fit the data."""
    cdef uint64_t longest = 0
    cdef Py_ssize_t i
    for i in range(n):
        if offsets[i] > offsets[i + 1] or offsets[i + 1] > n_bytes:
            return -1
        longest = max(longest, offsets[i + 1] - offsets[i])
    return longest


def look_up(
    bytes root not None,
    const uint64_t[::1] offsets,
    const uint8_t[::1] data,
    bytes rule_file not None,
    uint8_t[::1] kinds,
    int64_t[::1] sizes_bytes,
    int64_t[::1] mtimes_ns,
    int64_t[::1] ctimes_ns,
    uint64_t[::1] inodes,
):
    """Fill one row for each path; return whether any folder on the way to one, the root included, has a rule file.

    root       absolute path of a folder.
    offsets    (n + 1,) uint64: path i is data[offsets[i]:offsets[i + 1]], below the root; the first need not be 0.
    data       (n_bytes,) uint8.
    rule_file  a name to look for in the folders, as a regular file; empty: for none.
    kinds      (n,) uint8, out: 0 missing, 1 regular file, 2 folder, 3 symbolic link, 4 other, 5 behind a symbolic link
               or something else that is no folder.
    sizes_bytes, mtimes_ns, ctimes_ns, inodes
               (n,) out: zeros for what is missing or behind a link.

    Releases the GIL for all of it. Raises ValueError for columns that do not fit together, MemoryError.
    """
    cdef Py_ssize_t n = kinds.shape[0], i
    cdef uint64_t n_bytes = data.shape[0]
    cdef int64_t longest = -1
    cdef Way way
    cdef RepomapInode inode
    cdef const char *root_path = root
    if offsets.shape[0] == n + 1 and (
        sizes_bytes.shape[0] == mtimes_ns.shape[0] == ctimes_ns.shape[0] == inodes.shape[0] == n
    ):
        longest = longest_size(&offsets[0], n, n_bytes)
    if longest < 0:
        raise ValueError("columns must be of one length, and offsets never fall and stay within the data")
    if n == 0:
        return False
    way.rule_file = rule_file
    way.rule_file_size = len(rule_file)
    way.has_rule_file = False
    way.size = way.real_size = way.unreal_size = 0
    way.path = <char *>malloc(longest + way.rule_file_size + 2)
    if way.path == NULL:
        raise MemoryError("no memory for a path")
    # Where there are no bytes, any pointer will do that is none to nowhere.
    cdef const char *paths = root_path
    if n_bytes:
        paths = <const char *>&data[0]
    with nogil:
        if repomap_folder_open(&way.root, root_path):
            look_for_rule_file(&way)
            for i in range(n):
                look_up_path(&way, paths + offsets[i], offsets[i + 1] - offsets[i], &inode)
                kinds[i] = inode.kind
                sizes_bytes[i] = inode.size_bytes
                mtimes_ns[i] = inode.mtime_ns
                ctimes_ns[i] = inode.ctime_ns
                inodes[i] = inode.inode
            repomap_folder_close(&way.root)
        else:
            kinds[:] = REPOMAP_KIND_MISSING
            sizes_bytes[:] = 0
            mtimes_ns[:] = 0
            ctimes_ns[:] = 0
            inodes[:] = 0
        free(way.path)
    return way.has_rule_file
