#include "core/node/flows/kept_files.h"

#include "core/store/run_file_repository.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

LookupPlace placeOf(const QString &name)
{
    return enumFromName<LookupPlace>(name).value_or(LookupPlace::User);
}

QString hidesToText(const std::vector<NamedFile> &hides)
{
    QJsonArray list;
    for (const NamedFile &file : hides)
        list.append(QJsonObject{{u"path"_s, file.path}, {u"place"_s, enumName(file.place)}});
    return QString::fromUtf8(QJsonDocument(list).toJson(QJsonDocument::Compact));
}

std::vector<NamedFile> hidesFromText(const QString &name, const QString &text)
{
    std::vector<NamedFile> hides;
    const QJsonArray list = QJsonDocument::fromJson(text.toUtf8()).array();
    for (const auto &one : list)
        hides.push_back(
            {.name = name, .path = one[u"path"].toString(), .place = placeOf(one[u"place"].toString())});
    return hides;
}

} // namespace

Status keepFiles(Connection &db, RunId run, const std::vector<KeptFile> &files)
{
    for (const KeptFile &file : files) {
        const NamedFile &named = file.found.file;
        const Status added = RunFileRepository(db).add(run, {.folder = file.folder,
                                                             .name = named.name,
                                                             .origin = enumName(named.place),
                                                             .path = named.path,
                                                             .hides = hidesToText(file.found.hides),
                                                             .content = QString::fromUtf8(file.text)});
        if (!added)
            return added;
    }
    return {};
}

Result<std::vector<KeptFile>> keptFiles(Connection &db, RunId run)
{
    const auto rows = RunFileRepository(db).of(run);
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<KeptFile> files;
    for (const RunFileRow &row : *rows)
        files.push_back({.folder = row.folder,
                         .found = {.file = {.name = row.name, .path = row.path, .place = placeOf(row.origin)},
                                   .hides = hidesFromText(row.name, row.hides)},
                         .text = row.content.toUtf8()});
    return files;
}

} // namespace muster
