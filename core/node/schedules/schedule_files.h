// ScheduleFiles: keeps the schedules that files in projects say the same as those files. Looks again when a
// project is opened or trusted and every half minute; a file that is wrong changes nothing, and is told of.
// Only a trusted project's files count; where the trust was taken back, its schedules are paused. Core
// thread.
#pragma once

#include "core/base/async.h"
#include "core/node/projects/project_service.h"
#include "core/node/schedules/schedule_file.h"
#include "core/store/schedule_rows.h"

#include <QTimer>

namespace muster {

class ScheduleFiles final : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    ScheduleFiles(Ledger &ledger, ProjectService &projects, QObject *parent = nullptr);

    void start();
    void stop();
    void lookSoon() { m_soon.start(); }
    // What is wrong, as it was when it was last looked at; `project` empty: of all.
    [[nodiscard]] std::vector<api::ScheduleFileProblem> problems(const QString &project) const;
    // The same, looked at now.
    [[nodiscard]] Async<std::vector<api::ScheduleFileProblem>> check(api::CheckSchedules query);

signals:
    void looked();

private:
    struct Known {
        QByteArray stamp;
        bool trusted = false;
        std::vector<api::ScheduleFileProblem> problems;
    };

    void onEvents(const std::vector<Event> &events);
    [[nodiscard]] Async<bool> look();
    [[nodiscard]] Async<bool> lookAt(ProjectRow row, bool anew);
    [[nodiscard]] Async<bool> forgetGone(ProjectId project, std::vector<ScheduleFile> files);
    [[nodiscard]] Async<bool> apply(OpenedProject project);
    void setProblems(const ProjectRow &project, std::vector<api::ScheduleFileProblem> problems);

    Ledger &m_ledger;
    ProjectService &m_projects;
    QTimer m_every;
    QTimer m_soon;
    QHash<QString, Known> m_known; // by path
    bool m_anew = false;           // trust may have changed
    bool m_looking = false;
};

} // namespace muster
