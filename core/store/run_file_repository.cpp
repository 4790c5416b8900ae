#include "core/store/run_file_repository.h"

#include "core/store/statement.h"

namespace muster {

using namespace Qt::StringLiterals;

Status RunFileRepository::add(RunId run, const RunFileRow &file)
{
    return m_db
        .run(u"INSERT INTO run_files(run_id, folder, name, origin, path, hides, content) "
             "VALUES (?, ?, ?, ?, ?, ?, ?)"_s,
             run, file.folder, file.name, file.origin, file.path, file.hides, file.content)
        .transform([](qint64) {});
}

Result<std::vector<RunFileRow>> RunFileRepository::of(RunId run)
{
    return m_db.rows<RunFileRow>(
        [](RunFileRow &f) { return std::tie(f.folder, f.name, f.origin, f.path, f.hides, f.content); },
        u"WITH RECURSIVE up(id, depth) AS (SELECT ?, 0 UNION ALL SELECT r.parent_run, up.depth + 1 "
        "FROM up JOIN runs r ON r.id = up.id WHERE r.parent_run IS NOT NULL) "
        "SELECT folder, name, origin, path, hides, content FROM run_files "
        "WHERE run_id = (SELECT id FROM up ORDER BY depth DESC LIMIT 1) ORDER BY folder, name"_s,
        run);
}

} // namespace muster
