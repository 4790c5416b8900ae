// RuntimeCatalog: the ways to run an agent, read from data: one JSON file each in :/muster/runtimes, checked
// as it is read. Value type; built once, then read from any thread.
#pragma once

#include "core/agent/runtime_record.h"
#include "core/base/result.h"

#include <vector>

namespace muster {

class RuntimeCatalog {
public:
    // `binFolder`: where the programs that come with Muster are; stands for "{bin}" in a command. An Error
    // names file and key.
    [[nodiscard]] static Result<RuntimeCatalog> load(const QString &folder, const QString &binFolder);

    void add(RuntimeRecord record); // replaces one with the same id
    [[nodiscard]] const RuntimeRecord *find(const QString &id) const;
    [[nodiscard]] QStringList ids() const;
    [[nodiscard]] const std::vector<RuntimeRecord> &all() const { return m_records; }

private:
    std::vector<RuntimeRecord> m_records;
};

// One file's content. InvalidArgument: `where` is the key.
[[nodiscard]] Result<RuntimeRecord> runtimeFromJson(const QByteArray &json, const QString &binFolder);

} // namespace muster
