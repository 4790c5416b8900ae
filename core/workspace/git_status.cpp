#include "core/workspace/git_status.h"

#include <QFile>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// The path follows this many fields that are separated by single spaces; 0: not a line we know.
int fieldsBeforePath(char kind)
{
    switch (kind) {
    case '1':
        return 8;
    case '2':
        return 9;
    case 'u':
        return 10;
    case '?':
        return 1;
    default:
        return 0;
    }
}

std::optional<QByteArray> pathOf(const QByteArray &record, int fields)
{
    qsizetype at = 0;
    for (int i = 0; i < fields; ++i) {
        at = record.indexOf(' ', at);
        if (at < 0)
            return std::nullopt;
        ++at;
    }
    return record.mid(at);
}

} // namespace

Result<TreeStatus> parseStatus(const QByteArray &output)
{
    TreeStatus status;
    const QList<QByteArray> records = output.split('\0');
    for (qsizetype i = 0; i < records.size(); ++i) {
        const QByteArray &record = records.at(i);
        if (record.isEmpty() || record.startsWith('#') || record.startsWith('!'))
            continue;
        const int fields = fieldsBeforePath(record.front());
        const auto path = fields == 0 ? std::nullopt : pathOf(record, fields);
        if (!path || path->isEmpty())
            return fail(ErrorCode::Protocol, QString::fromUtf8(record.left(200)), u"git status"_s);
        const bool untracked = record.front() == '?';
        if (untracked && path->endsWith('/')) {
            status.nested << QFile::decodeName(path->chopped(1));
            continue;
        }
        status.entries.push_back({.path = *path, .untracked = untracked, .unmerged = record.front() == 'u'});
        if (record.front() == '2' && ++i < records.size()) // renames are off; be right all the same
            status.entries.push_back({.path = records.at(i), .untracked = false, .unmerged = false});
    }
    return status;
}

Async<TreeStatus> readStatus(Git git, QString indexFile)
{
    const QStringList args{u"status"_s,
                           u"--porcelain=v2"_s,
                           u"-z"_s,
                           u"--untracked-files=all"_s,
                           u"--ignore-submodules=dirty"_s,
                           u"--no-renames"_s};
    GitCommand command = git.command(args);
    command.indexFile = indexFile;
    const auto output = co_await gitOutput(git, command);
    if (!output)
        co_return std::unexpected(output.error());
    co_return parseStatus(*output);
}

} // namespace muster
