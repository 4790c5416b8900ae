#include "core/workspace/trust_hash.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaxFiles = 10'000;
constexpr qint64 kMaxBytes = 64LL * 1024 * 1024;
constexpr int kMaxDepth = 16;

bool canAct(const QString &name)
{
    return name.endsWith(u".flow.yaml") || name.endsWith(u".flow.yml") || name.endsWith(u".agent.md") ||
           name.endsWith(u".team.md") || name.endsWith(u".schedule.yaml") || name == u"SKILL.md";
}

// Collects the files below one folder; links count as files.
class Collector {
public:
    explicit Collector(QString root)
        : m_root(std::move(root))
    {
    }

    Status collect(const QString &folder, bool everything, int depth = 0)
    {
        if (depth > kMaxDepth)
            return fail(ErrorCode::TooLarge, folder);
        const QFileInfo info(m_root + u'/' + folder);
        if (info.isSymLink()) {
            m_found << folder;
            return {};
        }
        const QDir dir(info.filePath());
        const auto filter = QDir::Files | QDir::Dirs | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot;
        const QFileInfoList entries = dir.entryInfoList(filter, QDir::Name);
        for (const QFileInfo &entry : entries) {
            const QString path =
                folder.isEmpty() ? entry.fileName() : QString(folder + u'/' + entry.fileName());
            if (entry.isDir() && !entry.isSymLink()) {
                if (!folder.isEmpty()) {
                    if (Status inside = collect(path, everything, depth + 1); !inside)
                        return inside;
                }
            } else if (everything || canAct(entry.fileName()) || (entry.isSymLink() && !folder.isEmpty())) {
                m_found << path;
            }
            if (m_found.size() > kMaxFiles)
                return fail(ErrorCode::TooLarge, folder);
        }
        return {};
    }
    [[nodiscard]] QStringList found()
    {
        m_found.sort();
        return m_found;
    }

private:
    QString m_root;
    QStringList m_found;
};

// Each part with its length before it, so that no two lists of parts look the same.
void add(QCryptographicHash &hash, QByteArrayView part)
{
    hash.addData(QByteArray(QByteArray::number(part.size()) + ':'));
    hash.addData(part);
}

Status addFile(QCryptographicHash &hash, const QString &path, qint64 &left)
{
    const QFileInfo info(path);
    if (info.isSymLink()) {
        add(hash, "link");
        add(hash, QFile::encodeName(info.readSymLink()));
        return {};
    }
    if (!info.isFile()) { // a pipe or socket: opening it would wait
        add(hash, "other");
        return {};
    }
    left -= info.size();
    if (left < 0)
        return fail(ErrorCode::TooLarge, path);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, file.errorString(), path);
    add(hash, "file");
    add(hash, file.read(kMaxBytes));
    return {};
}

} // namespace

Result<QStringList> trustedFiles(const QString &projectRoot)
{
    if (!QFileInfo(projectRoot).isDir())
        return fail(ErrorCode::NotFound, projectRoot);
    Collector collector(projectRoot);
    struct Place {
        QString folder;
        bool everything;
    };
    const std::array places{Place{QString(), false},   Place{u"flows"_s, false},
                            Place{u"agents"_s, false}, Place{u"profiles"_s, false},
                            Place{u"teams"_s, false},  Place{u"skills"_s, true},
                            Place{u".muster"_s, true}, Place{u"schedules"_s, false}};
    for (const Place &place : places) {
        const QFileInfo info(projectRoot + u'/' + place.folder);
        if (!info.exists() && !info.isSymLink())
            continue;
        if (Status collected = collector.collect(place.folder, place.everything); !collected)
            return std::unexpected(collected.error());
    }
    return collector.found();
}

Result<QString> trustHash(const QString &projectRoot, const QByteArrayList &gitDrivers)
{
    const auto files = trustedFiles(projectRoot);
    if (!files)
        return std::unexpected(files.error());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    qint64 left = kMaxBytes;
    for (const QString &file : *files) {
        add(hash, QFile::encodeName(file));
        if (Status added = addFile(hash, projectRoot + u'/' + file, left); !added)
            return std::unexpected(added.error());
    }
    for (const QByteArray &driver : gitDrivers) {
        add(hash, "driver");
        add(hash, driver);
    }
    return QString::fromLatin1(hash.result().toHex());
}

} // namespace muster
