#include "core/store/log_file_mark.h"

#include <QString>

#include <system_error>
#include <utility>

namespace muster {

using namespace Qt::StringLiterals;

LogFileMark::LogFileMark(const QString &storeFile)
    : m_file(QString(storeFile + u"-wal"_s).toStdU16String())
{
}

bool LogFileMark::mayHaveChanged()
{
    const Mark now = markOfFile();
    const bool changed = std::exchange(m_seen, now) != now;
    return m_looks++ % looksBetween == 0 || changed;
}

// A log that is not there has no time.
LogFileMark::Mark LogFileMark::markOfFile() const
{
    std::error_code error;
    Mark mark{.time = std::filesystem::last_write_time(m_file, error)};
    mark.bytes = std::filesystem::file_size(m_file, error);
    return error ? Mark() : mark;
}

} // namespace muster
