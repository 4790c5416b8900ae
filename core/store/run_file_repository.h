// Files that are kept with a run, so that it goes on with what it was started with: profiles, skills, teams.
// Thread of the connection; writes on the writer.
#pragma once

#include "core/base/strong_id.h"
#include "core/store/connection.h"

#include <vector>

namespace muster {

struct RunFileRow {
    QString folder; // agents, skills, teams
    QString name;
    QString origin;
    QString path;
    QString hides; // JSON
    QString content;
};

class RunFileRepository {
public:
    explicit RunFileRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Status add(RunId run, const RunFileRow &file);
    // Of the run; for a run of a flow step those of the outermost run.
    [[nodiscard]] Result<std::vector<RunFileRow>> of(RunId run);

private:
    Connection &m_db;
};

} // namespace muster
