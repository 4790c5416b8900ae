#include "core/node/flows/flow_files.h"

#include "core/node/flows/flow_library.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostBytes = 1024 * 1024; // what the parser takes
constexpr auto builtInFolder = ":/muster/flows"_L1;

QString hashOf(const QByteArray &text)
{
    return QString::fromLatin1(QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex());
}

struct Folder {
    QString path;
    LookupPlace place = LookupPlace::Project;
};

// Those that may be written to. A folder of flows that is a link out of its project is not one.
std::vector<Folder> foldersOf(const FlowPlaces &places)
{
    std::vector<Folder> folders;
    for (const auto &[root, place] : {std::pair(places.projectRoot, LookupPlace::Project),
                                      std::pair(places.personFolder, LookupPlace::User)}) {
        const QString canonical = root.isEmpty() ? QString() : QFileInfo(root).canonicalFilePath();
        if (canonical.isEmpty())
            continue;
        const QFileInfo flows(canonical + u"/flows"_s);
        if (!flows.exists() || flows.canonicalFilePath() == flows.absoluteFilePath())
            folders.push_back({flows.absoluteFilePath(), place});
    }
    return folders;
}

bool isFlowName(const QString &fileName)
{
    static const QRegularExpression pattern(u"^[A-Za-z_][A-Za-z0-9_-]{0,63}\\.flow\\.yaml$"_s);
    return pattern.match(fileName).hasMatch();
}

Result<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, file.errorString(), path);
    if (file.size() > mostBytes)
        return fail(ErrorCode::TooLarge, QString::number(file.size()), path);
    return file.readAll();
}

Result<api::FlowTextInfo> textOf(const NamedFile &file)
{
    const auto content = contentOf(file.path);
    if (!content)
        return std::unexpected(content.error());
    return api::FlowTextInfo{.name = file.name,
                             .path = file.path,
                             .origin = enumName(file.place),
                             .text = QString::fromUtf8(*content),
                             .hash = hashOf(*content),
                             .writable =
                                 file.place != LookupPlace::BuiltIn && QFileInfo(file.path).isWritable()};
}

// In which of the folders a path is, with links followed: what is there, or where it would be.
Result<NamedFile> placed(const FlowPlaces &places, const QString &path)
{
    const QFileInfo info(QDir(places.projectRoot), path);
    const QString parent = info.absoluteDir().exists() ? info.absoluteDir().canonicalPath()
                                                       : QDir::cleanPath(info.absolutePath());
    const bool leadsAway = info.isSymLink() || (info.exists() && !info.isFile());
    for (const Folder &folder : foldersOf(places)) {
        if (parent == folder.path && !leadsAway && info.fileName().endsWith(".flow.yaml"_L1))
            return NamedFile{.name = info.fileName().section(u'.', 0, 0),
                             .path = folder.path + u'/' + info.fileName(),
                             .place = folder.place};
    }
    return fail(ErrorCode::PermissionDenied, path, u"flow_folder"_s);
}

} // namespace

Result<api::FlowTextInfo> readFlowText(const FlowPlaces &places, const QString &nameOrPath)
{
    if (QFileInfo(nameOrPath).path() == builtInFolder)
        return textOf({.name = QFileInfo(nameOrPath).fileName().section(u'.', 0, 0),
                       .path = nameOrPath,
                       .place = LookupPlace::BuiltIn});
    if (nameOrPath.contains(u'/')) {
        const auto file = placed(places, nameOrPath);
        return file ? textOf(*file) : std::unexpected(file.error());
    }
    const auto found = FlowLibrary(places.projectRoot, places.personFolder, true).find(nameOrPath);
    return found ? textOf(found->file) : std::unexpected(found.error());
}

Result<WrittenFlow> writeFlowText(const FlowPlaces &places, const FlowWrite &write)
{
    const auto file = placed(places, write.path);
    if (!file)
        return std::unexpected(file.error());
    if (write.expectedHash.isEmpty() && !isFlowName(QFileInfo(file->path).fileName()))
        return fail(ErrorCode::InvalidArgument, QFileInfo(file->path).fileName(), u"flow_name"_s);
    if (write.text.size() > mostBytes)
        return fail(ErrorCode::TooLarge, QString::number(write.text.size()), file->path);
    if (!QDir().mkpath(QFileInfo(file->path).absolutePath()))
        return fail(ErrorCode::Io, u"mkpath"_s, file->path);
    QSaveFile out(file->path);
    if (!out.open(QIODevice::WriteOnly) || out.write(write.text) != write.text.size())
        return fail(ErrorCode::Io, out.errorString(), file->path);
    // Looked at last, so that what another program wrote meanwhile is not written over.
    const auto there = contentOf(file->path);
    const QString hash = there ? hashOf(*there) : QString();
    if (hash != write.expectedHash) {
        out.cancelWriting();
        return fail(ErrorCode::Conflict, u"flow_changed"_s, hash);
    }
    if (!out.commit())
        return fail(ErrorCode::Io, out.errorString(), file->path);
    return WrittenFlow{.path = file->path, .hash = hashOf(write.text)};
}

} // namespace muster
