// What changes the world: writing a file and running a command, each only after the client allowed it.
// Used from the turn's thread.
#pragma once

#include "app/demo_agent/answer/edit.h"
#include "app/demo_agent/serve/narrator.h"

#include <QSet>

namespace muster::demo {

// What was allowed or refused for the rest of the session, by "edit:path" and "run:command".
struct Standing {
    QSet<QString> allowed;
    QSet<QString> refused;
    bool readOnly = false; // the session's mode
};

class Actions {
public:
    Actions(QString root, Narrator &narrator, Standing &standing);

    // Each gives the sentence that tells what came of it. `within` is the folder that the file may not leave,
    // the root if empty.
    [[nodiscard]] QString write(const Edit &edit, const QString &within = {});
    [[nodiscard]] QString run(const QString &command);
    [[nodiscard]] bool lastWasDone() const { return m_done; }

private:
    [[nodiscard]] Permission permissionFor(const QString &key, const QJsonObject &toolCall);
    void announce(QJsonObject call);
    void settle(const QString &id, const QString &status, const QString &text,
                const QJsonObject &rawOutput = {});
    [[nodiscard]] QString refusal(Permission answer, const QString &what) const;
    [[nodiscard]] QString execute(const QString &id, const QString &command);

    QString m_root;
    Narrator &m_narrator;
    Standing &m_standing;
    bool m_done = false;
};

} // namespace muster::demo
