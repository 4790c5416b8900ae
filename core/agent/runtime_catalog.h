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

    // Adds the person's own from `folder`, which need not be there; one with the id of a built-in one takes
    // its place. A file that does not fit is left out and told of, never fatal.
    [[nodiscard]] std::vector<Error> addPersonal(const QString &folder, const QString &binFolder);

    void add(RuntimeRecord record); // replaces one with the same id
    [[nodiscard]] const RuntimeRecord *find(const QString &id) const;
    [[nodiscard]] QStringList ids() const;
    [[nodiscard]] const std::vector<RuntimeRecord> &all() const { return m_records; }

private:
    std::vector<RuntimeRecord> m_records;
};

} // namespace muster
