#include "core/agent/runtime_catalog.h"

#include "core/agent/runtime_reader.h"

#include <QDir>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

Result<RuntimeCatalog> RuntimeCatalog::load(const QString &folder, const QString &binFolder)
{
    RuntimeCatalog catalog;
    const QDir dir(folder);
    const QStringList names = dir.entryList({u"*.json"_s}, QDir::Files, QDir::Name);
    for (const QString &name : names) {
        auto record = runtimeFromFile(dir.filePath(name), binFolder);
        if (!record)
            return std::unexpected(record.error());
        record->builtIn = true;
        catalog.add(std::move(*record));
    }
    return catalog;
}

std::vector<Error> RuntimeCatalog::addPersonal(const QString &folder, const QString &binFolder)
{
    std::vector<Error> problems;
    const QDir dir(folder);
    const QStringList names = dir.entryList({u"*.json"_s}, QDir::Files, QDir::Name);
    for (const QString &name : names) {
        if (auto record = runtimeFromFile(dir.filePath(name), binFolder))
            add(std::move(*record));
        else
            problems.push_back(record.error());
    }
    return problems;
}

void RuntimeCatalog::add(RuntimeRecord record)
{
    const auto same = std::ranges::find(m_records, record.id, &RuntimeRecord::id);
    if (same == m_records.end())
        m_records.push_back(std::move(record));
    else
        *same = std::move(record);
}

QStringList RuntimeCatalog::ids() const
{
    QStringList out;
    for (const RuntimeRecord &record : m_records)
        out += record.id;
    return out;
}

const RuntimeRecord *RuntimeCatalog::find(const QString &id) const
{
    const auto found = std::ranges::find(m_records, id, &RuntimeRecord::id);
    return found == m_records.end() ? nullptr : &*found;
}

} // namespace muster
