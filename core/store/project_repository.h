// Projects and trust, worktrees and salvage refs, settings. Paths are canonical. Thread of the connection;
// writes on the writer.
#pragma once

#include "core/base/strong_id.h"
#include "core/store/connection.h"

#include <QJsonValue>
#include <QMap>

namespace muster {

struct ProjectRow {
    ProjectId id;
    QString path;
    QString name;
    qint64 createdMs = 0;
    qint64 openedMs = 0;
    std::optional<qint64> trustedMs; // none: not trusted
    QString trustedBy;
    QString trustHash; // of what was trusted; anything else is not trusted
};

class ProjectRepository {
public:
    explicit ProjectRepository(Connection &db)
        : m_db(db)
    {
    }

    // The same path gives the same project.
    [[nodiscard]] Result<ProjectRow> open(const QString &path, const QString &name, qint64 nowMs);
    [[nodiscard]] Result<ProjectRow> find(ProjectId id); // NotFound
    [[nodiscard]] Result<std::optional<ProjectRow>> findByPath(const QString &path);
    [[nodiscard]] Result<std::vector<ProjectRow>> list(); // last opened first
    [[nodiscard]] Status trust(ProjectId id, const QString &hash, const QString &by, qint64 nowMs);
    [[nodiscard]] Status distrust(ProjectId id);

private:
    Connection &m_db;
};

enum class WorktreeState : std::uint8_t { Active, Merged, Dropped, Kept };

template <> struct EnumNames<WorktreeState> {
    static constexpr std::array table{
        std::pair{WorktreeState::Active, "active"}, std::pair{WorktreeState::Merged, "merged"},
        std::pair{WorktreeState::Dropped, "dropped"}, std::pair{WorktreeState::Kept, "kept"}};
};

struct WorktreeRow {
    WorktreeId id;
    ProjectId project;
    RunId run;
    StepRunId step;
    QString projectRoot; // of the main tree
    QString path;
    QString gitDir; // the true one; the worktree's own .git file is not trusted
    QString commonDir;
    QString branch;
    QString target; // branch that it would be merged into
    QString result; // merge commit, or the ref under which a dropped one is kept
    QString baseCommit;
    QString headCommit; // the last commit made by Muster; empty: none
    WorktreeState state = WorktreeState::Active;
    qint64 createdMs = 0;
    std::optional<qint64> endedMs;
};

struct SalvageRow {
    qint64 id = 0;
    WorktreeId worktree;
    StepRunId step;
    int attempt = 0;
    QString ref;
    QString commit;
    qint64 createdMs = 0;
};

class WorktreeRepository {
public:
    explicit WorktreeRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Result<WorktreeId> insert(const WorktreeRow &worktree);
    [[nodiscard]] Status setResult(WorktreeId id, const QString &result);
    [[nodiscard]] Status setHead(WorktreeId id, const QString &commit);
    // Conflict: it is not active any more, so somebody else merged or dropped it.
    [[nodiscard]] Status end(WorktreeId id, WorktreeState state, qint64 nowMs);
    [[nodiscard]] Result<WorktreeRow> find(WorktreeId id);
    [[nodiscard]] Result<std::vector<WorktreeRow>> ofRun(RunId run);
    [[nodiscard]] Result<std::vector<WorktreeRow>> active(ProjectId project); // none: of all projects
    [[nodiscard]] Result<std::vector<WorktreeRow>> list(ProjectId project);   // newest first; none: of all
    [[nodiscard]] Status addSalvage(const SalvageRow &salvage);
    [[nodiscard]] Result<std::vector<SalvageRow>> salvage(WorktreeId worktree);

private:
    Connection &m_db;
};

class SettingsRepository {
public:
    explicit SettingsRepository(Connection &db)
        : m_db(db)
    {
    }

    [[nodiscard]] Result<std::optional<QJsonValue>> get(const QString &key);
    [[nodiscard]] Status set(const QString &key, const QJsonValue &value, qint64 nowMs);
    [[nodiscard]] Status remove(const QString &key); // harmless if there is none
    [[nodiscard]] Result<QMap<QString, QJsonValue>> all();

private:
    Connection &m_db;
};

} // namespace muster
