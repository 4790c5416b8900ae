#include "core/workspace/diff_parser.h"

#include <QFile>
#include <QHash>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Reads fields that end with NUL.
class Fields0 {
public:
    explicit Fields0(const QByteArray &bytes)
        : m_bytes(bytes)
    {
    }
    [[nodiscard]] bool atEnd() const { return m_at >= m_bytes.size(); }
    [[nodiscard]] QByteArray next()
    {
        qsizetype end = m_bytes.indexOf('\0', m_at);
        if (end < 0)
            end = m_bytes.size();
        const QByteArray part = m_bytes.mid(m_at, end - m_at);
        m_at = end + 1;
        return part;
    }

private:
    const QByteArray &m_bytes;
    qsizetype m_at = 0;
};

std::optional<FileStatus> statusOf(char letter)
{
    switch (letter) {
    case 'A':
    case 'C':
        return FileStatus::Added;
    case 'M':
        return FileStatus::Modified;
    case 'D':
        return FileStatus::Deleted;
    case 'R':
        return FileStatus::Renamed;
    case 'T':
        return FileStatus::TypeChanged;
    default:
        return std::nullopt;
    }
}

std::unexpected<Error> malformed(const QByteArray &record)
{
    return fail(ErrorCode::Protocol, QString::fromUtf8(record.left(200)), u"git diff-tree"_s);
}

// ":100644 100644 abc def R090" NUL old NUL new
Result<FileDiff> parseRaw(const QByteArray &record, Fields0 &fields)
{
    const QByteArray letters = record.mid(record.lastIndexOf(' ') + 1);
    const auto status = letters.isEmpty() ? std::nullopt : statusOf(letters.front());
    if (!status || fields.atEnd())
        return malformed(record);
    FileDiff file;
    file.status = *status;
    file.path = QFile::decodeName(fields.next());
    if (letters.front() == 'R' || letters.front() == 'C') {
        if (*status == FileStatus::Renamed)
            file.oldPath = file.path;
        file.path = QFile::decodeName(fields.next());
    }
    return file;
}

struct Counts {
    int added = 0;
    int removed = 0;
    bool binary = false;
};

// "3\t1\tpath" NUL, or for renames "3\t1\t" NUL old NUL new; "-" for binary files
Status parseNumstat(const QByteArray &record, Fields0 &fields, QHash<QString, Counts> &counts)
{
    const QList<QByteArray> parts = record.split('\t');
    if (parts.size() < 3)
        return malformed(record);
    const qsizetype nameAt = parts.at(0).size() + parts.at(1).size() + 2;
    QByteArray name = record.mid(nameAt);
    if (name.isEmpty()) {
        (void)fields.next();
        name = fields.next();
    }
    counts.insert(
        QFile::decodeName(name),
        {.added = parts.at(0).toInt(), .removed = parts.at(1).toInt(), .binary = parts.at(0) == "-"});
    return {};
}

// Cuts a patch into the parts that begin with "diff --git": content lines never begin with a letter.
std::vector<QByteArrayView> splitPatch(const QByteArray &patch)
{
    static constexpr QByteArrayView mark("diff --git ");
    std::vector<QByteArrayView> parts;
    qsizetype begin = -1;
    for (qsizetype at = 0; at < patch.size();) {
        if (QByteArrayView(patch).sliced(at).startsWith(mark)) {
            if (begin >= 0)
                parts.push_back(QByteArrayView(patch).sliced(begin, at - begin));
            begin = at;
        }
        const qsizetype newline = patch.indexOf('\n', at);
        at = newline < 0 ? patch.size() : newline + 1;
    }
    if (begin >= 0)
        parts.push_back(QByteArrayView(patch).sliced(begin));
    return parts;
}

int numberAt(QByteArrayView text, qsizetype at)
{
    qint64 number = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && number < 100'000'000)
        number = number * 10 + (text[at++] - '0');
    return static_cast<int>(number);
}

class HunkReader {
public:
    HunkReader(FileDiff &file, const DiffLimits &limits)
        : m_file(file)
        , m_limits(limits)
    {
    }

    void read(QByteArrayView part)
    {
        QByteArrayView rest = part.first(std::min(part.size(), m_limits.fileBytes));
        m_file.truncated = m_file.truncated || rest.size() < part.size();
        m_inHunk = false;
        while (!rest.isEmpty()) {
            const qsizetype newline = rest.indexOf('\n');
            line(newline < 0 ? rest : rest.first(newline));
            rest = newline < 0 ? QByteArrayView() : rest.sliced(newline + 1);
        }
    }

private:
    void line(QByteArrayView text)
    {
        if (text.startsWith("@@ ")) {
            startHunk(text);
        } else if (!m_inHunk) {
            if (text.startsWith("Binary files "))
                m_file.binary = true;
        } else if (!text.isEmpty()) {
            contentLine(text);
        }
    }

    void startHunk(QByteArrayView text)
    {
        m_inHunk = true;
        m_oldNo = numberAt(text, 4);
        m_newNo = numberAt(text, text.indexOf('+') + 1);
        m_file.hunks.push_back({.header = decoded(text), .lines = {}});
    }

    void contentLine(QByteArrayView text)
    {
        DiffLine line{.kind = DiffLineKind::Context, .oldNo = 0, .newNo = 0, .text = decoded(text.sliced(1))};
        switch (text.front()) {
        case '+':
            line.kind = DiffLineKind::Added;
            line.newNo = m_newNo++;
            break;
        case '-':
            line.kind = DiffLineKind::Removed;
            line.oldNo = m_oldNo++;
            break;
        case '\\':
            line.kind = DiffLineKind::NoNewline;
            line.text.clear();
            break;
        default:
            line.oldNo = m_oldNo++;
            line.newNo = m_newNo++;
        }
        m_file.hunks.back().lines.push_back(std::move(line));
    }

    [[nodiscard]] QString decoded(QByteArrayView text)
    {
        if (text.size() > m_limits.lineBytes) {
            m_file.truncated = true;
            text = text.first(m_limits.lineBytes);
        }
        return QString::fromUtf8(text);
    }

    FileDiff &m_file;
    const DiffLimits &m_limits;
    int m_oldNo = 0;
    int m_newNo = 0;
    bool m_inHunk = false;
};

} // namespace

Result<std::vector<FileDiff>> parseFileList(const QByteArray &output)
{
    std::vector<FileDiff> files;
    QHash<QString, Counts> counts;
    Fields0 fields(output);
    while (!fields.atEnd()) {
        const QByteArray record = fields.next();
        if (record.startsWith(':')) {
            auto file = parseRaw(record, fields);
            if (!file)
                return std::unexpected(file.error());
            files.push_back(std::move(*file));
        } else if (!record.isEmpty()) {
            if (Status parsed = parseNumstat(record, fields, counts); !parsed)
                return std::unexpected(parsed.error());
        }
    }
    for (FileDiff &file : files) {
        const Counts count = counts.value(file.path);
        file.added = count.added;
        file.removed = count.removed;
        file.binary = count.binary;
    }
    return files;
}

void fillHunks(std::vector<FileDiff> &files, const QByteArray &patch, const DiffLimits &limits)
{
    const std::vector<QByteArrayView> parts = splitPatch(patch);
    std::size_t next = 0;
    for (FileDiff &file : files) {
        // A file that became a link (or back) is shown as its removal and its return.
        const std::size_t wanted = file.status == FileStatus::TypeChanged ? 2 : 1;
        if (next + wanted > parts.size()) {
            file.truncated = true;
            next = parts.size();
            continue;
        }
        HunkReader reader(file, limits);
        for (std::size_t i = 0; i < wanted; ++i)
            reader.read(parts[next + i]);
        next += wanted;
    }
}

} // namespace muster
