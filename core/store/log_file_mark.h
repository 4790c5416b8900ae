// LogFileMark: whether the write-ahead log of a store may have grown since the last look, told by its file
// alone, so that a store at rest costs no thread anything. "May": our own commits are told too, and every
// tenth look says yes, because a file system's clock may be too coarse to tell two commits apart (and on
// Windows tells them late). What has changed then is asked of SQLite (StoreWriter::lookForForeignCommits).
// Blocks for one stat(2). One thread.
#pragma once

#include <filesystem>

class QString;

namespace muster {

class LogFileMark {
public:
    static constexpr int looksBetween = 10; // those that say yes whatever the file says

    explicit LogFileMark(const QString &storeFile);

    [[nodiscard]] bool mayHaveChanged();

private:
    struct Mark {
        std::filesystem::file_time_type time;
        std::uintmax_t bytes = 0;

        friend bool operator==(const Mark &, const Mark &) = default;
    };
    [[nodiscard]] Mark markOfFile() const;

    std::filesystem::path m_file;
    Mark m_seen;
    int m_looks = 0;
};

} // namespace muster
