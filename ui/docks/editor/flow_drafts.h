// FlowDrafts: texts of flows that were changed and not saved, kept in the window's settings, so that they are
// there again after another flow, a close or a crash. One for each file of a project. GUI thread.
#pragma once

#include "core/base/strong_id.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace muster {

class WindowSettings;

struct UnsavedFlow {
    QString path;     // as FlowDocument has it
    QString baseHash; // of the file that it was made from; empty: there was none
    QString text;
};

// "survey" of ".../flows/survey.flow.yaml".
[[nodiscard]] QString flowNameOf(const QString &path);
// In the window's settings: which flow is open in a project.
[[nodiscard]] QString openFlowKey(ProjectId project);

class FlowDrafts {
public:
    // nullptr: nothing is kept.
    explicit FlowDrafts(WindowSettings *settings)
        : m_settings(settings)
    {
    }

    void keep(ProjectId project, const UnsavedFlow &draft);
    void drop(ProjectId project, const QString &path);
    [[nodiscard]] std::optional<UnsavedFlow> find(ProjectId project, const QString &path) const;
    [[nodiscard]] std::vector<UnsavedFlow> all(ProjectId project) const;

private:
    WindowSettings *m_settings;
};

} // namespace muster
