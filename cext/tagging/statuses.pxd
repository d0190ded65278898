# Function bodies, inlined into _tagger: the status of a file.
from core cimport ARENA_OUT_OF_TIME, ARENA_RUNNING, ARENA_STOPPED, ARENA_TOO_DEEP


cdef enum Status:  # tables.FileStatus
    TAGGED = 0
    NO_TAGS = 1
    UNKNOWN_LANGUAGE = 2
    TOO_LARGE = 3
    BINARY = 4
    UNREADABLE = 5
    OUT_OF_TIME = 6
    OUT_OF_MEMORY = 7
    TOO_DEEP = 8
    STOPPED = 255        # never leaves the tagger


cdef inline int status_of(int verdict) noexcept nogil:
    """The status of a file that was left with this ArenaVerdict."""
    if verdict == ARENA_RUNNING:
        return TAGGED
    if verdict == ARENA_OUT_OF_TIME:
        return OUT_OF_TIME
    if verdict == ARENA_TOO_DEEP:
        return TOO_DEEP
    return STOPPED if verdict == ARENA_STOPPED else OUT_OF_MEMORY
