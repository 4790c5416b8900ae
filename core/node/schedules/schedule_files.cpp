#include "core/node/schedules/schedule_files.h"

#include "core/node/api/schedule_fields.h"
#include "core/node/schedules/firing_start.h"
#include "core/node/schedules/schedule_reading.h"
#include "core/node/schedules/schedule_writing.h"
#include "core/store/schedule_repository.h"

#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int checkEveryMs = 30'000;
constexpr int soonMs = 50;

std::vector<api::ScheduleFileProblem> problemsOf(const QString &project,
                                                 const std::vector<ScheduleFile> &files)
{
    std::vector<api::ScheduleFileProblem> problems;
    for (const ScheduleFile &file : files)
        for (const api::FlowProblemInfo &problem : file.problems)
            problems.push_back({.project = project, .path = file.path, .problem = problem});
    return problems;
}

api::ScheduleFileProblem problemOf(const ScheduleFile &file, const QString &project, const Error &error)
{
    return {.project = project,
            .path = file.path,
            .problem = {.code = error.code == ErrorCode::AlreadyExists ? u"name_taken"_s : error.where,
                        .line = 1,
                        .column = 1,
                        .found = error.code == ErrorCode::AlreadyExists ? file.spec->name : error.detail}};
}

api::ScheduleFileProblem notTrusted(const QString &project)
{
    return {.project = project,
            .path = QString::fromLatin1(kScheduleFolder),
            .problem = {.code = u"not_trusted"_s}};
}

// Of one file; nothing is written where nothing is new.
Status write(Connection &db, EventBatch &log, ProjectId project, const ScheduleFile &file,
             const std::vector<ScheduleRow> &rows)
{
    const auto known = std::ranges::find(rows, file.path, &ScheduleRow::file);
    api::ScheduleSpec spec = *file.spec;
    if (spec.zone.isEmpty())
        spec.zone = known != rows.end() ? known->zone : QString::fromLatin1(QTimeZone::systemTimeZoneId());
    if (known != rows.end() && spec.anchorAt == 0)
        spec.anchorAt = known->anchorMs;
    if (known != rows.end() && specOf(*known) == spec)
        return {};
    if (const Status fine = checkSpec(spec); !fine)
        return fine;
    const auto written = writeSchedule(db, log,
                                       {.schedule = known == rows.end() ? ScheduleId() : known->id,
                                        .project = project,
                                        .spec = spec,
                                        .file = file.path},
                                       u"file"_s);
    return written ? Status() : Status(std::unexpected(written.error()));
}

Status removeGone(Connection &db, EventBatch &log, const std::vector<ScheduleFile> &files,
                  const std::vector<ScheduleRow> &rows)
{
    for (const ScheduleRow &row : rows) {
        if (row.file.isEmpty() || std::ranges::contains(files, row.file, &ScheduleFile::path))
            continue;
        if (const Status removed = removeSchedule(db, log, row, u"file"_s); !removed)
            return removed;
    }
    return {};
}

Status pauseUntrusted(Connection &db, EventBatch &log, ProjectId project)
{
    ScheduleRepository schedules(db);
    const auto rows = schedules.list(project);
    if (!rows)
        return std::unexpected(rows.error());
    for (const ScheduleRow &row : *rows) {
        if (row.file.isEmpty() || row.state != ScheduleState::Active)
            continue;
        if (const Status paused = schedules.setPaused(row.id, ScheduleState::Paused, PauseReason::None, 0);
            !paused)
            return paused;
        logSchedule(log, row, u"schedule.paused"_s, u"trust"_s);
    }
    return {};
}

} // namespace

ScheduleFiles::ScheduleFiles(Ledger &ledger, ProjectService &projects, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_projects(projects)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(soonMs);
    connect(&m_every, &QTimer::timeout, this, &ScheduleFiles::lookSoon);
    connect(&m_soon, &QTimer::timeout, this, [this] {
        if (std::exchange(m_looking, true))
            return m_soon.start();
        look().future().then(this, [this](const Result<bool> &) {
            m_looking = false;
            emit looked();
        });
    });
}

void ScheduleFiles::start()
{
    connect(&m_ledger.hub(), &EventHub::arrived, this, &ScheduleFiles::onEvents);
    m_every.start(checkEveryMs);
    lookSoon();
}

void ScheduleFiles::stop()
{
    m_every.stop();
    m_soon.stop();
    disconnect(&m_ledger.hub(), nullptr, this, nullptr);
}

void ScheduleFiles::onEvents(const std::vector<Event> &events)
{
    for (const Event &event : events) {
        if (event.kind == u"project.trusted" || event.kind == u"project.distrusted" ||
            event.kind == u"project.added") {
            m_anew = true;
            lookSoon();
        }
    }
}

Async<bool> ScheduleFiles::look()
{
    const bool anew = std::exchange(m_anew, false);
    const auto projects =
        co_await resultOf(m_ledger.readAsync([](Connection &db) { return ProjectRepository(db).list(); }));
    if (!projects)
        co_return std::unexpected(projects.error());
    for (const ProjectRow &row : *projects)
        (void)co_await lookAt(row, anew);
    co_return true;
}

Async<bool> ScheduleFiles::lookAt(ProjectRow row, bool anew)
{
    const auto stamp = co_await resultOf(onPool([path = row.path]() -> Result<QByteArray> {
        if (!QFileInfo(path).isDir())
            return fail(ErrorCode::NotFound, path); // not there now: a disk that is not mounted
        return stampOfScheduleFiles(path);
    }));
    if (!stamp)
        co_return std::unexpected(stamp.error());
    const auto known = m_known.constFind(row.path);
    const bool wasThere = known != m_known.cend();
    if (wasThere && !anew && known->stamp == *stamp)
        co_return true;
    if (!wasThere)
        m_known.insert(row.path, {});
    m_known[row.path].stamp = *stamp;
    if (stamp->isEmpty()) {
        setProblems(row, {});
        co_return co_await forgetGone(row.id, {});
    }
    if (!row.trustedMs) {
        setProblems(row, {notTrusted(row.path)});
        const auto paused =
            co_await resultOf(m_ledger.commitAsync([id = row.id](Connection &db, EventBatch &log) -> Status {
            return pauseUntrusted(db, log, id);
        }));
        co_return paused.has_value();
    }
    const auto project = co_await m_projects.open(row.path);
    if (!project)
        co_return std::unexpected(project.error());
    co_return co_await apply(*project);
}

// A store that knows of none is not written to.
Async<bool> ScheduleFiles::forgetGone(ProjectId project, std::vector<ScheduleFile> files)
{
    const auto rows = co_await resultOf(
        m_ledger.readAsync([project](Connection &db) { return ScheduleRepository(db).list(project); }));
    if (!rows)
        co_return std::unexpected(rows.error());
    if (std::ranges::all_of(*rows, [&](const ScheduleRow &row) {
        return row.file.isEmpty() || std::ranges::contains(files, row.file, &ScheduleFile::path);
    }))
        co_return true;
    const auto gone =
        co_await resultOf(m_ledger.commitAsync([project, files](Connection &db, EventBatch &log) -> Status {
        const auto now = ScheduleRepository(db).list(project);
        return now ? removeGone(db, log, files, *now) : std::unexpected(now.error());
    }));
    co_return gone.has_value();
}

Async<bool> ScheduleFiles::apply(OpenedProject project)
{
    const QString root = project.row.path;
    const auto files = co_await resultOf(
        onPool([root]() -> Result<std::vector<ScheduleFile>> { return readScheduleFiles(root); }));
    if (!files)
        co_return std::unexpected(files.error());
    std::vector<api::ScheduleFileProblem> problems = problemsOf(root, *files);
    if (!project.trusted) {
        // They have changed since they were trusted: what was trusted still holds.
        problems.push_back(notTrusted(root));
        setProblems(project.row, std::move(problems));
        co_return true;
    }
    if (const auto gone = co_await forgetGone(project.row.id, *files); !gone)
        co_return std::unexpected(gone.error());
    for (const ScheduleFile &file : *files) {
        if (!file.spec)
            continue;
        const auto written = co_await resultOf(
            m_ledger.commitAsync([id = project.row.id, file](Connection &db, EventBatch &log) -> Status {
            const auto rows = ScheduleRepository(db).list(id);
            return rows ? write(db, log, id, file, *rows) : std::unexpected(rows.error());
        }));
        if (!written)
            problems.push_back(problemOf(file, root, written.error()));
    }
    setProblems(project.row, std::move(problems));
    co_return true;
}

// They are in no table: who shows them hears of it here that they are others.
void ScheduleFiles::setProblems(const ProjectRow &project, std::vector<api::ScheduleFileProblem> problems)
{
    Known &known = m_known[project.path];
    if (std::ranges::equal(known.problems, problems, {}, toJsonObject<api::ScheduleFileProblem>,
                           toJsonObject<api::ScheduleFileProblem>))
        return;
    known.problems = std::move(problems);
    m_ledger.commit(
        this, [id = project.id, count = known.problems.size()](Connection &, EventBatch &log) -> Status {
        log.add(u"schedule.files"_s, {.project = id}, u"file"_s,
                {{u"problems"_s, static_cast<qint64>(count)}});
        return {};
    });
}

std::vector<api::ScheduleFileProblem> ScheduleFiles::problems(const QString &project) const
{
    if (!project.isEmpty())
        return m_known.value(project).problems;
    std::vector<api::ScheduleFileProblem> all;
    for (const Known &known : m_known)
        all.insert(all.end(), known.problems.begin(), known.problems.end());
    return all;
}

Async<std::vector<api::ScheduleFileProblem>> ScheduleFiles::check(api::CheckSchedules query)
{
    const auto project = co_await m_projects.open(query.project);
    if (!project)
        co_return std::unexpected(project.error());
    const QString root = project->row.path;
    auto files = co_await resultOf(
        onPool([root]() -> Result<std::vector<ScheduleFile>> { return readScheduleFiles(root); }));
    if (!files)
        co_return std::unexpected(files.error());
    if (!query.file.isEmpty()) {
        std::erase_if(*files, [&](const ScheduleFile &file) {
            return file.path != query.file && !file.path.endsWith(u'/' + query.file) &&
                   root + u'/' + file.path != query.file;
        });
        if (files->empty())
            co_return fail(ErrorCode::NotFound, query.file, u"file"_s);
    }
    co_return problemsOf(root, *files);
}

} // namespace muster
