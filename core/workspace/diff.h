// What changed between two states of a tree, as values for views and codecs. Names come from git's -z
// output; text that is not UTF-8 is shown with replacement characters. All sizes are bounded by DiffLimits.
#pragma once

#include "core/base/enum_names.h"
#include "core/base/json_codec.h"

#include <QString>

#include <vector>

namespace muster {

enum class FileStatus : std::uint8_t { Added, Modified, Deleted, Renamed, TypeChanged };
enum class DiffLineKind : std::uint8_t { Context, Added, Removed, NoNewline };

struct DiffLine {
    DiffLineKind kind = DiffLineKind::Context;
    int oldNo = 0; // 1, 2, …; 0 where the line is not on that side
    int newNo = 0;
    QString text; // without the leading mark and the line end

    friend bool operator==(const DiffLine &, const DiffLine &) = default;
};

struct DiffHunk {
    QString header; // "@@ -1,3 +1,4 @@ function"
    std::vector<DiffLine> lines;

    friend bool operator==(const DiffHunk &, const DiffHunk &) = default;
};

struct FileDiff {
    QString path;
    QString oldPath; // only when renamed
    FileStatus status = FileStatus::Modified;
    int added = 0; // lines, counted by git over the whole file
    int removed = 0;
    bool binary = false;
    bool truncated = false; // hunks hold only the beginning
    std::vector<DiffHunk> hunks;

    friend bool operator==(const FileDiff &, const FileDiff &) = default;
};

struct DiffSet {
    QString base; // commit or tree ids that were compared
    QString head;
    std::vector<FileDiff> files;
    bool truncated = false; // more files than the limit
};

struct DiffLimits {
    int files = 3000;
    qint64 patchBytes = 16 * 1024 * 1024; // of all files together
    qint64 fileBytes = 1024 * 1024;       // of one file's patch
    int lineBytes = 4096;
    qint64 untrackedBytes = 32 * 1024 * 1024; // larger untracked files are listed without content
};

template <> struct EnumNames<FileStatus> {
    static constexpr std::array table{
        std::pair{FileStatus::Added, "added"},
        std::pair{FileStatus::Modified, "modified"},
        std::pair{FileStatus::Deleted, "deleted"},
        std::pair{FileStatus::Renamed, "renamed"},
        std::pair{FileStatus::TypeChanged, "type_changed"},
    };
};

template <> struct EnumNames<DiffLineKind> {
    static constexpr std::array table{
        std::pair{DiffLineKind::Context, "context"},
        std::pair{DiffLineKind::Added, "added"},
        std::pair{DiffLineKind::Removed, "removed"},
        std::pair{DiffLineKind::NoNewline, "no_newline"},
    };
};

template <> struct Fields<DiffLine> {
    static constexpr auto list = std::tuple{field("kind", &DiffLine::kind), field("old", &DiffLine::oldNo),
                                            field("new", &DiffLine::newNo), field("text", &DiffLine::text)};
};

template <> struct Fields<DiffHunk> {
    static constexpr auto list =
        std::tuple{field("header", &DiffHunk::header), field("lines", &DiffHunk::lines)};
};

template <> struct Fields<FileDiff> {
    static constexpr auto list =
        std::tuple{field("path", &FileDiff::path),           field("old_path", &FileDiff::oldPath),
                   field("status", &FileDiff::status),       field("added", &FileDiff::added),
                   field("removed", &FileDiff::removed),     field("binary", &FileDiff::binary),
                   field("truncated", &FileDiff::truncated), field("hunks", &FileDiff::hunks)};
};

template <> struct Fields<DiffSet> {
    static constexpr auto list =
        std::tuple{field("base", &DiffSet::base), field("head", &DiffSet::head),
                   field("files", &DiffSet::files), field("truncated", &DiffSet::truncated)};
};

} // namespace muster
